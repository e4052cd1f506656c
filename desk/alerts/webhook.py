"""A webhook of one's own: one JSON object for each message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulletin.config import AlertSettings
from bulletin.record import moment_record
from desk.alerts.message import Message
from desk.alerts.posting import Limits, post_json


@dataclass(frozen=True, slots=True)
class Webhook:
    name: str = "webhook"
    longest: int = 0

    def in_use(self, settings: AlertSettings) -> bool:
        return bool(settings.webhook_url)

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        body = {
            "program": "gongbao",
            "sent_at": moment_record(now),
            "subject": message.subject,
            "text": message.text,
            "alerts": [dict(record) for record in message.records],
        }
        headers = {"Authorization": f"Bearer {settings.webhook_token}"} if settings.webhook_token else {}
        post_json(settings.webhook_url, body, Limits(settings.private, settings.timeout), headers)


CHANNEL: Final = Webhook()
