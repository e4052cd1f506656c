"""Days on which Chinese offices work: without weekends and public holidays, with the days worked to make up for them.

The week before and the week after the Spring Festival are not counted: offices are open, and publish little.

The State Council announces holidays a year at a time; chinesecalendar knows those announced when it was released. Of
other years only weekends are known, and `guessed` says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import chinese_calendar

_MONDAY_TO_FRIDAY = 5
_QUIET = 5


def is_workday(day: date) -> bool:
    """Whether offices work on that day; in a year whose holidays are unknown, whether it is no Saturday or Sunday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _MONDAY_TO_FRIDAY


@cache
def is_known(year: int) -> bool:
    """Whether the public holidays of a year are known."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True


def guessed(first: date, last: date) -> tuple[int, ...]:
    """The years between two days of which only the weekends are known."""
    return tuple(year for year in range(first.year, last.year + 1) if not is_known(year))


def workdays_between(after: date, until: date) -> int:
    """How many working days count after one day and up to another, that one included; 0 if it is not later."""
    if until <= after:
        return 0
    if after.year == until.year:
        days = _workdays(after.year)
        return bisect_right(days, until) - bisect_right(days, after)
    whole = sum(len(_workdays(year)) for year in range(after.year + 1, until.year))
    return len(_workdays(after.year)) - bisect_right(_workdays(after.year), after) + whole + _up_to(until)


def workday_after(day: date, count: int) -> date:
    """The day that is `count` counted working days later; the day itself for 0."""
    year, days = day.year, _workdays(day.year)
    at = bisect_right(days, day) + count - 1
    if count <= 0:
        return day
    while at >= len(days):
        at -= len(days)
        year += 1
        days = _workdays(year)
    return days[at]


def _up_to(day: date) -> int:
    return bisect_right(_workdays(day.year), day)


@cache
def _workdays(year: int) -> tuple[date, ...]:
    working = [day for day in _days(year) if is_workday(day)]
    return tuple(day for day in working if day not in _quiet(year))


@cache
def _quiet(year: int) -> frozenset[date]:
    """The working days next to the Spring Festival, on either side."""
    festival = [day for day in _days(year) if day.month < 4 and _is_spring_festival(day)]
    if not festival:
        return frozenset()
    working = [day for day in _days(year) if day.month < 4 and is_workday(day)]
    before = [day for day in working if day < festival[0]]
    after = [day for day in working if day > festival[-1]]
    return frozenset(before[-_QUIET:] + after[:_QUIET])


def _is_spring_festival(day: date) -> bool:
    try:
        _, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return name == chinese_calendar.Holiday.spring_festival.value and not is_workday(day)


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        if day == date.max:
            return
        day += timedelta(1)
