"""Cron lines in a time zone, and what they mean where clocks are changed.

A line is read as the clock on the wall shows it. A time the wall never shows (clocks put forward) fires at the first
moment after the gap; a time it shows twice (clocks put back) fires the first time only. So a line fires as often as the
calendar has days for it, whatever the law does to the hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from functools import cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from bulletin.errors import UsageError, did_you_mean

#: Short words for whole lines.
NICKNAMES: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_ADVICE: Final = 'Five fields: minute hour day month weekday, such as "0 3 * * *", "30 2 L * *" or @daily.'
_LONGEST: Final = 200
_LONGEST_FOLD: Final = timedelta(hours=3)
_ANY_YEAR: Final = datetime(2001, 1, 1)  # noqa: DTZ001 (a time on a wall)


def fields_of(line: str) -> tuple[str, str, str, str, str]:
    """The five fields of a line, nicknames spelt out. UsageError for what is no line."""
    said = " ".join(line.split())
    if said.startswith("@"):
        if said.lower() not in NICKNAMES:
            raise UsageError(f"There is no cron word {said[:_LONGEST]!r}.", did_you_mean(said, sorted(NICKNAMES)))
        said = NICKNAMES[said.lower()]
    parts = said.upper().split()
    if len(parts) != 5 or len(said) > _LONGEST or not re.fullmatch(r"[0-9A-Z*/,#\- ]+", said.upper()):
        raise UsageError(f"{line[:_LONGEST]!r} is no cron line.", _ADVICE)
    minute, hour, day, month, weekday = parts
    return minute, hour, day, month, weekday


@cache
def zone(name: str) -> tzinfo:
    """The time zone of an IANA name. UsageError for one that does not exist."""
    if name not in _zones():
        near = get_close_matches(name, sorted(_zones()), n=1, cutoff=0.6)
        advice = f"Did you mean {near[0]}?" if near else "Write it like Asia/Shanghai, Asia/Urumqi or UTC."
        raise UsageError(f"There is no time zone {name[:80]!r}.", advice)
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


@dataclass(frozen=True, slots=True)
class Cron:
    """A line in a zone. `open_cron` makes one."""

    line: str
    zone: tzinfo

    def after(self, moment: datetime) -> datetime | None:
        """The first moment behind `moment` at which it fires, in UTC; None if there is none within fifty years."""
        return next(self.moments(moment), None)

    def moments(self, after: datetime) -> Iterator[datetime]:
        """All moments behind `after` at which it fires, in UTC, rising."""
        last = after.astimezone(UTC)
        for shown in _walls(self.line, after.astimezone(self.zone).replace(tzinfo=None)):
            moment = first_moment(shown, self.zone)
            if moment > last:
                last = moment
                yield moment

    def moments_back(self, until: datetime) -> Iterator[datetime]:
        """All moments up to and with `until` at which it fires, in UTC, falling."""
        last = until.astimezone(UTC) + timedelta(microseconds=1)
        # What the wall shows later may have been earlier, where clocks were put back.
        wall = until.astimezone(self.zone).replace(tzinfo=None) + _LONGEST_FOLD
        for shown in _walls(self.line, wall, back=True):
            moment = first_moment(shown, self.zone)
            if moment < last:
                last = moment
                yield moment

    def next_times(self, after: datetime, count: int) -> list[datetime]:
        return list(islice(self.moments(after), count))


def open_cron(line: str, zone_name: str) -> Cron:
    """A line that fires, in a zone that exists. UsageError for anything else, 31 February included."""
    made = Cron(" ".join(fields_of(line)), zone(zone_name))
    if next(_walls(made.line, _ANY_YEAR), None) is None:
        raise UsageError(f"{line!r} never comes round.", "There is no such day. " + _ADVICE)
    return made


def first_moment(wall: datetime, zone: tzinfo) -> datetime:
    """The first moment, in UTC, at which a wall clock shows `wall` or, if it never does, something later."""
    earlier = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if earlier.astimezone(zone).replace(tzinfo=None) == wall:
        return earlier
    # In a gap the two readings of `wall` lie on either side of the change.
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), earlier
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _walls(line: str, after: datetime, *, back: bool = False) -> Iterator[datetime]:
    """The times on the wall behind `after` (before it, going `back`) that fit a line. UsageError for one that cannot be
    read."""
    try:
        yield from CronSim(line, after, reverse=back)
    except CronSimError as error:
        never = str(error) == "Bad day-of-month" and re.fullmatch(r"[\d,\-/]+", line.split()[2])
        said = "never comes round, or names no day" if never else f"is no cron line ({error})"
        raise UsageError(f"{line!r} {said}.", _ADVICE) from error
    except OverflowError:  # the year 9999 is over
        return
