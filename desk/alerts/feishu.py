"""Feishu (飞书, Lark): a group robot, with the signature it asks for where a secret is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bulletin.config import AlertSettings
from desk.alerts.message import Message
from desk.alerts.robots import say, signed


@dataclass(frozen=True, slots=True)
class Feishu:
    name: str = "feishu"
    longest: int = 18_000  # of the 20 KB of a whole request

    def in_use(self, settings: AlertSettings) -> bool:
        return bool(settings.feishu_url)

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        say("Feishu", settings.feishu_url, body_of(message.text, settings.feishu_secret, now), settings)


def body_of(text: str, secret: str, now: datetime) -> dict[str, Any]:
    """The message; the signature is the HMAC of nothing under "moment (seconds) newline secret"."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        moment = str(int(now.timestamp()))
        body |= {"timestamp": moment, "sign": signed(f"{moment}\n{secret}", "")}
    return body


CHANNEL: Final = Feishu()
