"""DingTalk (钉钉): a group robot, with the signature it asks for where a secret is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from bulletin.config import AlertSettings
from desk.alerts.message import Message
from desk.alerts.robots import say, signed


@dataclass(frozen=True, slots=True)
class DingTalk:
    name: str = "dingtalk"
    longest: int = 20_000

    def in_use(self, settings: AlertSettings) -> bool:
        return bool(settings.dingtalk_url)

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        body = {"msgtype": "text", "text": {"content": message.text}, "at": {"isAtAll": False}}
        say("DingTalk", address(settings.dingtalk_url, settings.dingtalk_secret, now), body, settings)


def address(url: str, secret: str, now: datetime) -> str:
    """The robot's address with moment (milliseconds) and signature: the HMAC of "moment newline secret" under the
    secret."""
    if not secret:
        return url
    moment = str(round(now.timestamp() * 1000))
    sign = urlencode({"timestamp": moment, "sign": signed(secret, f"{moment}\n{secret}")})
    return f"{url}{'&' if '?' in url else '?'}{sign}"


CHANNEL: Final = DingTalk()
