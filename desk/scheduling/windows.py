"""Hours of the day in which runs may begin, and spans in which they may not, on the clock of a schedule's zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bulletin.errors import UsageError
from desk.scheduling.cron import first_moment

_CLOCK: Final = r"([01]?\d|2[0-4]):([0-5]\d)"
_SPAN: Final = re.compile(rf"\s*{_CLOCK}\s*-\s*{_CLOCK}\s*")
_WEEKLY: Final = re.compile(
    rf"\s*([A-Za-z]{{3,9}}|周[一二三四五六日天]|星期[一二三四五六日天])\s+{_CLOCK}\s*-\s*{_CLOCK}\s*"
)
_DAYS: Final = (
    {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
    | {day: number for number, day in enumerate("一二三四五六日")}
    | {"天": 6}
)
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """A span of minutes of the day, over midnight if it ends before it begins; on one weekday (0 is Monday) or all."""

    start: int
    end: int
    weekday: int | None = None

    def holds(self, wall: datetime) -> bool:
        minute = wall.hour * 60 + wall.minute
        over = self.end <= self.start
        if self.start <= minute and (over or minute < self.end):
            return self.weekday in (None, wall.weekday())
        return over and minute < self.end and self.weekday in (None, (wall.weekday() - 1) % 7)


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another, once."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Windows:
    """When runs of a schedule may begin. `open_windows` makes one."""

    zone: tzinfo
    hours: Span | None
    shut: tuple[Span | Period, ...]

    def bar(self, moment: datetime) -> str:
        """Why nothing may begin at `moment`; "" if it may."""
        wall = moment.astimezone(self.zone)
        for window in self.shut:
            within = window.start <= moment < window.end if isinstance(window, Period) else window.holds(wall)
            if within:
                return "it falls into maintenance"
        if self.hours and not self.hours.holds(wall):
            return f"it falls outside the permitted hours {_shown(self.hours)}"
        return ""

    def open_from(self, moment: datetime, until: datetime) -> datetime | None:
        """The first moment from `moment` on, and before `until`, at which something may begin."""
        at = moment
        while at <= until:
            if not self.bar(at):
                return at
            at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return None


def open_windows(hours: str, maintenance: Sequence[str], zone: tzinfo) -> Windows:
    """UsageError for hours that are no span of a day, or maintenance that is neither a weekly span nor a period."""
    return Windows(zone, _hours(hours), tuple(_shut(text, zone) for text in maintenance))


def _hours(text: str) -> Span | None:
    if not text.strip():
        return None
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} are no hours of a day.", "Write them like 22:00-06:00.")
    return _span(found.groups(), text)


def _span(clock: Sequence[str], text: str, weekday: int | None = None) -> Span:
    start, end = int(clock[0]) * 60 + int(clock[1]), int(clock[2]) * 60 + int(clock[3])
    if start % _DAY == end % _DAY or max(start, end) > _DAY:
        raise UsageError(f"{text!r} is no span of a day.", "Write it like 22:00-06:00.")
    return Span(start % _DAY, end, weekday)


def _shut(text: str, zone: tzinfo) -> Span | Period:
    weekly = _WEEKLY.fullmatch(text)
    if weekly:
        day = _DAYS.get(weekly[1][-1]) if weekly[1][0] in "周星" else _DAYS.get(weekly[1][:3].lower())
        if day is not None:
            return _span(weekly.groups()[1:], text, day)
    elif _SPAN.fullmatch(text):
        span = _hours(text)
        assert span
        return span
    elif text.count("/") == 1:
        start, end = (_moment(part, zone) for part in text.split("/"))
        if start and end and start < end:
            return Period(start, end)
    raise UsageError(
        f"{text!r} is no maintenance window.",
        "Write it like 02:00-04:00, Sun 02:00-04:00 or 2026-12-01T22:00/2026-12-02T06:00.",
    )


def _moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return said.astimezone(UTC) if said.tzinfo else first_moment(said, zone)


def _shown(span: Span) -> str:
    return f"{span.start // 60:02}:{span.start % 60:02}-{span.end // 60:02}:{span.end % 60:02}"
