"""Twenty healthy columns of the invented county, as the days on which they publish. Each is made by chance from a seed,
and by a habit that real columns have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import exp
from random import Random

from chinese_calendar import is_workday

from bulletin.vitals import Observed

FIRST = date(2023, 1, 2)
LAST = date(2026, 12, 31)
DAY = timedelta(1)
#: New Year's Day of the lunar calendar, about which offices are quiet.
SPRING = {2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17)}

Habit = Callable[[Random], Iterator[date]]


def _days() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += DAY


def _workdays() -> Iterator[date]:
    return (day for day in _days() if is_workday(day))


def _by_chance(chance: float) -> Habit:
    return lambda random: (day for day in _workdays() if random.random() < chance)


def _weekdays(*wanted: int, sure: float) -> Habit:
    return lambda random: (day for day in _workdays() if day.weekday() in wanted and random.random() < sure)


def _every_day_of_the_week(random: Random) -> Iterator[date]:
    return (day for day in _days() if random.random() < 0.97)


def _quiet_about_holidays(random: Random) -> Iterator[date]:
    for day in _workdays():
        near = abs((day - SPRING[day.year]).days) <= 12
        if random.random() < (0.3 if near else 0.95):
            yield day


def _on_workdays_after(random: Random, first: Callable[[date], date | None], spread: int) -> Iterator[date]:
    """Once for each month that `first` gives a day of, up to `spread` days later."""
    month = FIRST
    while month <= LAST:
        if due := first(month):
            day = due + timedelta(random.randint(0, spread))
            while not is_workday(day):
                day += DAY
            yield day
        month = (month.replace(day=1) + timedelta(32)).replace(day=1)


def _monthly(day: int, spread: int) -> Habit:
    return lambda random: _on_workdays_after(random, lambda month: month.replace(day=day), spread)


def _in_months(*months: int, spread: int) -> Habit:
    return lambda random: _on_workdays_after(
        random, lambda month: month.replace(day=5) if month.month in months else None, spread
    )


def _bursts(length: int, least: int, most: int) -> Habit:
    def made(random: Random) -> Iterator[date]:
        days, at = list(_workdays()), 0
        while at < len(days):
            yield from days[at : at + random.randint(1, length)]
            at += length + random.randint(least, most)

    return made


def _lognormal(middle: float, spread: float) -> Habit:
    """Irregular, with many short gaps and a few long ones."""

    def made(random: Random) -> Iterator[date]:
        days, at = list(_workdays()), 0.0
        while at < len(days):
            yield days[int(at)]
            at += max(1.0, middle * exp(random.gauss(0, spread)))

    return made


def _season(months: range, chance: float, rest: float) -> Habit:
    return lambda random: (day for day in _workdays() if random.random() < (chance if day.month in months else rest))


def _slower(random: Random) -> Iterator[date]:
    """Daily until the autumn of the third year, then twice a week."""
    return (
        day for day in _workdays() if day < date(2025, 10, 1) or (day.weekday() in (1, 3) and random.random() < 0.9)
    )


def _year_end_rush(random: Random) -> Iterator[date]:
    return (day for day in _workdays() if random.random() < (0.9 if day.month in (11, 12) else 0.25))


def _with_a_pause(random: Random) -> Iterator[date]:
    """Two or three a week; in the year before the site was moved, and silent for seven weeks."""
    pause = date(2025, 6, 2), date(2025, 7, 21)
    return (day for day in _workdays() if random.random() < 0.5 and not pause[0] <= day <= pause[1])


HABITS: dict[str, Habit] = {
    "daily": _by_chance(0.98),
    "daily, weekends too": _every_day_of_the_week,
    "most days": _by_chance(0.7),
    "quiet about the Spring Festival": _quiet_about_holidays,
    "two or three a week": _by_chance(0.5),
    "Tuesdays and Fridays": _weekdays(1, 4, sure=0.92),
    "weekly": _weekdays(0, sure=0.97),
    "weekly, now and then not": _weekdays(2, sure=0.8),
    "once a fortnight by chance": _by_chance(0.1),
    "monthly": _monthly(10, 3),
    "monthly, late at times": _monthly(5, 18),
    "every second month": _in_months(1, 3, 5, 7, 9, 11, spread=10),
    "quarterly gazette": _in_months(1, 4, 7, 10, spread=20),
    "short bursts": _bursts(4, 8, 20),
    "long bursts, long rests": _bursts(12, 20, 30),
    "irregular": _lognormal(4.0, 0.8),
    "very irregular": _lognormal(6.0, 1.1),
    "flood season": _season(range(5, 10), 0.8, 0.01),
    "year-end rush": _year_end_rush,
    "slower since the reform": _slower,
}


def published(name: str, seed: int) -> list[date]:
    """The days on which a column with this habit published, 2023 to 2026."""
    return sorted(set(HABITS[name](Random(f"{name} {seed}"))))


# -- what runs observe of such columns --------------------------------------------------------------------------------

LAYOUT = tuple(range(1_000, 1_064))


def observed(name: str, seed: int, days: list[date]) -> Callable[[date], Observed]:
    """What a run finds on a day: yesterday's bulletins, one to four of a publishing day and now and then a dozen alike.
    Some columns number their papers and some do not; bodies differ tenfold; a dead link or a lost date is no rarity."""
    habits = Random(f"{name} {seed} habits")
    numbered = habits.choice((0.0, 0.3, 0.6, 0.95, 1.0))
    typical = habits.choice((250, 900, 2_400))
    there = set(days)

    def found(day: date) -> Observed:
        random = Random(f"{name} {seed} {day}")
        fresh = 0 if day - DAY not in there else 12 if random.random() < 0.03 else random.randint(1, 4)
        # Papers of one day resemble each other: they have numbers, or have none, more often together.
        share = 1.0 if numbered == 1.0 else random.betavariate(4 * numbered + 0.05, 4 * (1 - numbered) + 0.05)
        bodies = [int(typical * exp(random.gauss(0, 0.7))) + 20 for _ in range(fresh)]
        rows = list(LAYOUT)
        for _ in range(random.randint(0, 4)):
            rows[random.randrange(64)] = random.randint(0, 1_063)
        return Observed(
            "gb",
            pages=1,
            rows=15,
            pairs=14,
            rising=random.choice((0, 0, 0, 1, 2)),
            read=fresh,
            unnumbered=sum(random.random() >= share for _ in range(fresh)),
            undated=sum(random.random() < 0.02 for _ in range(fresh)),
            lengths=tuple(body for body in bodies if random.random() < 0.9),
            likeness=round(random.uniform(0.8, 0.95), 2),
            layout=tuple(sorted(rows)),
            troubles=(("gone", 1),) if random.random() < 0.02 else (),
            site_codes=("6199010042",),
        )

    return found
