"""What a way of telling people is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bulletin.config import AlertSettings
from bulletin.errors import GongbaoError
from desk.alerts.message import Message


class UndeliveredError(GongbaoError):
    """A message did not arrive; it is worth another try."""

    http_status = 502


class Channel(Protocol):
    """One file of this folder with a CHANNEL in it. `longest` is the most text it takes, in bytes of UTF-8."""

    name: str
    longest: int

    def in_use(self, settings: AlertSettings) -> bool:
        """Whether the settings name somebody to be told this way."""
        ...

    def send(self, message: Message, settings: AlertSettings, now: datetime) -> None:
        """Returns when the message was taken. UndeliveredError if it was not; it names no secret."""
        ...
