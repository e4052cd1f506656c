"""WeCom (企业微信): a group robot. Its address holds its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulletin.config import AlertSettings
from desk.alerts.message import Message
from desk.alerts.robots import say


@dataclass(frozen=True, slots=True)
class WeCom:
    name: str = "wecom"
    longest: int = 2_048  # bytes, by WeCom's description of text messages

    def in_use(self, settings: AlertSettings) -> bool:
        return bool(settings.wecom_url)

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        say("WeCom", settings.wecom_url, {"msgtype": "text", "text": {"content": message.text}}, settings)


CHANNEL: Final = WeCom()
