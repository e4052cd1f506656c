"""When a host may be asked, how long to wait between two questions, and how much it may be asked for in a day. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final

from bulletin.errors import ConfigError
from bulletin.record import CHINA
from bulletin.source import Source
from crawler.addresses import on_loopback

_HOURS: Final = re.compile(r"\s*([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)\s*")
#: Seconds beyond which a slow answer makes us wait no longer.
LONGEST_WAIT_FOR_SLOW: Final = 60.0


class Hours:
    """The hours of the day in which a host may be asked, such as 22:00-06:00, in Asia/Shanghai; "" means always.

    Raises ConfigError for a text that is no span of hours.
    """

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        found = _HOURS.fullmatch(text) if self.text else None
        if self.text and (found is None or found[1] + found[2] == found[3] + found[4]):
            raise ConfigError(f"hours {text!r} are no span of a day.", 'Write them like "22:00-06:00" (Asia/Shanghai).')
        numbers = [int(part) for part in found.groups()] if found else [0, 0, 0, 0]
        self._start = numbers[0] % 24 * 60 + numbers[1]
        self._end = numbers[2] * 60 + numbers[3]

    def permit(self, now: datetime) -> bool:
        """Whether an aware moment lies within."""
        if not self.text:
            return True
        local: time = now.astimezone(CHINA).time()
        minute = local.hour * 60 + local.minute
        if self._start < self._end:
            return self._start <= minute < self._end
        return minute >= self._start or minute < self._end


class DailyBytes:
    """How many bytes each host has sent today (Asia/Shanghai). `spent` are those of earlier crawls of the day."""

    def __init__(self, spent: Mapping[str, int], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._day = self._today()
        self._spent: Counter[str] = Counter(spent)

    def add(self, host: str, size: int) -> None:
        self._turn()
        self._spent[host] += size

    def of(self, host: str) -> int:
        self._turn()
        return self._spent[host]

    def _turn(self) -> None:
        if self._day != (today := self._today()):
            self._day = today
            self._spent.clear()

    def _today(self) -> date:
        return self._clock().astimezone(CHINA).date()


def polite_delay(
    source: Source, url: str, least: float, robots_delay: float, took: float = 0.0, multiple: float = 0.0
) -> float:
    """Seconds between two requests to a host: the longest that anyone asks for, or `multiple` times what the last
    answer `took`. Nothing undercuts the settings' delay, except a source that asks for none and lies on this very
    machine."""
    if source.manners.delay == 0 and on_loopback(source, url):
        return robots_delay
    return max(least, source.manners.delay, robots_delay, min(multiple * took, LONGEST_WAIT_FOR_SLOW))
