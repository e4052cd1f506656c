"""How often a column publishes, learnt from the days on which it did, and how long it may be silent. Pure.

Gaps are counted in working days between days with at least one bulletin. The usual gap is the one that nine of ten do
not exceed: a median would call every quiet week of a column that publishes in bursts an outage. Silence is abnormal
when it is three times the usual gap, and longer than the column has been silent several times before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from desk.health.workdays import workday_after, workdays_between

#: Times the usual gap after which silence is abnormal.
TIMES: Final = 3
#: Gaps without which nothing is expected of a column.
LEAST_GAPS: Final = 6
#: Gaps from which the usual one is taken, the latest.
_MOST_GAPS: Final = 120
_USUAL_SHARE: Final = 0.9
#: The latest gaps, which show that a column has become slower.
_LATEST: Final = 8
#: Silences as long as the third longest of the last two years have been lived through before.
_LIVED_THROUGH: Final = 3
_TWO_YEARS: Final = timedelta(731)
_MARGIN: Final = 1.25
#: A silence that falls into one of so many working days in an earlier year is a season.
_SEASON: Final = 40
_SAME_TIME: Final = timedelta(30)
_YEARS: Final = 4
_LATE_BACK: Final = 15


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is expected of a column. Working days; `season_until` is the day up to which an off-season as in an earlier
    year may last, where there was one."""

    last_on: date
    gaps: int
    usual: int
    patience: int
    season_until: date | None = None

    def silence(self, seen_on: date) -> int:
        """Whole working days without a bulletin before a day on which the list was read."""
        return workdays_between(self.last_on, seen_on - timedelta(1))

    def is_broken(self, seen_on: date) -> bool:
        """Whether the column has been silent for too long on that day."""
        if self.season_until is not None and seen_on <= self.season_until:
            return False
        return self.silence(seen_on) >= self.patience

    @property
    def broken_from(self) -> date:
        """The first day on which silence will be abnormal."""
        over = workday_after(self.last_on, self.patience) + timedelta(1)
        return max(over, self.season_until + timedelta(1)) if self.season_until else over


def rhythm_of(days: Iterable[date], today: date, last_on: date | None = None) -> Rhythm | None:
    """The rhythm of a column that published on these days; None where they are too few. Days to come are misprints.

    `last_on` is the last sign of life where it is later than the last of the days.
    """
    published = sorted({day for day in days if today - _YEARS * timedelta(366) <= day <= today})
    gaps = [(first, workdays_between(first, then)) for first, then in pairwise(published)]
    if len(gaps) < LEAST_GAPS:
        return None
    last_on = max(published[-1], last_on) if last_on and last_on <= today else published[-1]
    usual = _usual([gap for _, gap in gaps])
    recent = [gap for begun, gap in gaps if begun >= today - _TWO_YEARS]
    lived = sorted(recent, reverse=True)[_LIVED_THROUGH - 1 : _LIVED_THROUGH]
    patience = max(TIMES * usual, *(ceil(_MARGIN * gap) for gap in lived), 0)
    return Rhythm(last_on, len(gaps), usual, patience, _season(published, last_on, patience))


def _usual(gaps: Sequence[int]) -> int:
    """The gap that nine of ten do not exceed; or, of the latest few, all but one: the column has become slower."""
    ranked = sorted(gaps[-_MOST_GAPS:])
    return max(1, ranked[ceil(_USUAL_SHARE * len(ranked)) - 1], sorted(gaps[-_LATEST:])[-2])


def _season(days: Sequence[date], last_on: date, patience: int) -> date | None:
    """Until when a silence may last that falls into a long one of an earlier year. A bulletin that strayed into the
    off-season does not end it, so the days are taken by threes."""
    ends = [
        workday_after(_later(end, years), max(_LATE_BACK, patience))
        for begun, _, end in zip(days, days[1:], days[2:], strict=False)
        if workdays_between(begun, end) >= max(_SEASON, patience)
        for years in range(1, _YEARS)
        if _later(begun, years) - _SAME_TIME <= last_on < _later(end, years)
    ]
    return max(ends, default=None)


def _later(day: date, years: int) -> date:
    """The same day of a later year; the first of March for a day that year lacks."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
