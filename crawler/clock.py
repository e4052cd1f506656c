"""What time it is in a crawl."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's time; or, from a given moment on, time that passes as fast as the machine's."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = start - datetime.now(UTC) if start else timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead
