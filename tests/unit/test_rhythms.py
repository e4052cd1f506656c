"""How often columns publish: healthy ones raise no alarm in a year, ended ones are told in time."""

from bisect import bisect_left
from datetime import date, timedelta
from functools import cache
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rhythms import DAY, HABITS, LAST, observed, published

from desk.health.rhythm import LEAST_GAPS, TIMES, rhythm_of
from desk.health.words import ColumnHistory, judge
from desk.health.workdays import guessed, is_known, is_workday, workday_after, workdays_between

NEW_YEAR = date(2026, 1, 1)


def alarms(days, first=NEW_YEAR, last=LAST):
    """The days of a year, looked at one by one, on which a silence becomes abnormal."""
    told, broken, day = [], False, first
    while day <= last:
        rhythm = rhythm_of(days[: bisect_left(days, day)], day)
        now = rhythm is not None and rhythm.is_broken(day)
        if now and not broken:
            told.append(day)
        broken = now
        day += DAY
    return told


@cache
def alarms_in_a_year(name, seed=1):
    """How often the word of a source with this one column, crawled every night, leaves 正常 in a year; and what for."""
    days = published(name, seed)
    found = observed(name, seed, days)
    day, before, told, last = NEW_YEAR - 30 * DAY, [], [], "normal"
    while day <= LAST:
        now = found(day)
        known = days[: bisect_left(days, day)]
        column = ColumnHistory("gb", "gb", now, before[:20], known, known[-1], day, NEW_YEAR - 30 * DAY)
        word, findings = judge([column], day) if day >= NEW_YEAR else ("normal", [])
        told += [findings[0].code] if word not in ("normal", last) else []
        before, last, day = [now, *before], word, day + DAY
    return tuple(told)


@pytest.mark.parametrize("name", HABITS)
def test_a_healthy_column_raises_one_alarm_in_a_year_at_most(name):
    assert len(alarms_in_a_year(name)) <= 1


def test_hardly_any_healthy_column_raises_an_alarm():
    assert sum(len(alarms_in_a_year(name)) for name in HABITS) <= 2


@pytest.mark.more
@pytest.mark.parametrize("name", HABITS)
def test_no_habit_raises_more_than_one_alarm_in_a_year(name):
    told = [len(alarms_in_a_year(name, seed)) for seed in range(10)]
    assert max(told) <= 1
    assert sum(told) <= 4


@pytest.mark.parametrize("name", HABITS)
def test_a_column_that_ends_is_told_when_it_should(name):
    """Within the time said beforehand: after three usual gaps, or the silences it has come through before."""
    end = date(2026, 6, 10)
    days = [day for day in published(name, 1) if day <= end]
    expected = rhythm_of(days, end)
    told = alarms(days, first=days[-1])
    assert told[:1] == ([expected.broken_from] if expected.broken_from <= LAST else [])
    longest = max(workdays_between(a, b) for a, b in zip(days[-80:], days[-79:], strict=False))
    assert expected.patience <= max(TIMES * expected.usual, ceil(1.25 * longest), 60)


@pytest.mark.parametrize(
    ("name", "most"), [("daily", 3), ("most days", 8), ("weekly", 24), ("monthly", 72), ("quarterly gazette", 210)]
)
def test_patience_is_about_three_gaps(name, most):
    days = [day for day in published(name, 1) if day <= date(2026, 6, 10)]
    assert rhythm_of(days, date(2026, 6, 10)).patience <= most


def test_a_column_with_too_little_history_has_no_expectation():
    days = [date(2026, 3, 2) + timedelta(n) for n in range(LEAST_GAPS)]
    assert rhythm_of(days, date(2026, 6, 1)) is None
    assert rhythm_of([*days, date(2026, 3, 20)], date(2026, 6, 1)) is not None


def test_days_to_come_are_misprints():
    days = [date(2026, 3, 2) + timedelta(n) for n in range(14)] + [date(2035, 1, 1)]
    assert rhythm_of(days, date(2026, 6, 1)).last_on == date(2026, 3, 15)


def test_a_later_sign_of_life_counts():
    days = [date(2026, 3, 2) + timedelta(n) for n in range(14)]
    assert rhythm_of(days, date(2026, 6, 1), date(2026, 5, 29)).is_broken(date(2026, 6, 1)) is False
    assert rhythm_of(days, date(2026, 6, 1)).is_broken(date(2026, 6, 1)) is True


def test_a_slower_column_is_told_twice_at_most():
    daily = [day for day in published("daily", 1) if day < date(2026, 3, 2)]
    weekly = [day for day in published("weekly", 1) if day >= date(2026, 3, 2)]
    assert 1 <= len(alarms(daily + weekly)) <= 2


def test_holidays_and_days_worked_for_them():
    assert not is_workday(date(2026, 10, 1))  # National Day, a Thursday
    assert is_workday(date(2026, 2, 14))  # a Saturday worked for the Spring Festival
    assert workdays_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert workdays_between(date(2026, 2, 9), date(2026, 2, 28)) == 0  # the festival and the quiet weeks about it


def test_unknown_years_are_guessed_and_said():
    assert is_known(2026)
    assert not is_known(2060)
    assert guessed(date(2059, 12, 1), date(2060, 1, 5)) == (2059, 2060)
    assert workdays_between(date(2060, 1, 2), date(2060, 1, 9)) == 5


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(0, 900), st.integers(0, 900))
def test_counts_of_working_days_add_up(day, first, second):
    middle, end = day + timedelta(first), day + timedelta(first + second)
    assert workdays_between(day, middle) + workdays_between(middle, end) == workdays_between(day, end)
    later = workday_after(day, first)
    assert workdays_between(day, later) == first
    assert workdays_between(end, day) == 0 or end < day


@given(st.lists(st.dates(date(2000, 1, 1), date(2026, 6, 1)), max_size=60))
def test_any_days_make_a_rhythm_or_none(days):
    rhythm = rhythm_of(days, date(2026, 6, 1))
    if rhythm:
        assert rhythm.patience >= TIMES * rhythm.usual >= TIMES
        assert rhythm.is_broken(rhythm.broken_from)
        assert not rhythm.is_broken(rhythm.last_on)
