"""Dates as Chinese official texts print them.

Shapes follow the standards sheet 3.4: digits with 年月日, hyphens, slashes or points, Chinese numerals with every
round sign that is taken for 〇, 元月, 廿 and 卅, years of the Republic only behind 民國, times of 24 and of 12 hours. A
day is an Asia/Shanghai day; a time without an offset is Shanghai time. What archivists type is read by `date_range`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from bulletin.text.date_ranges import Range, typed_range, whole_months
from bulletin.text.date_shapes import CANDIDATE, COMPACT, LUNAR, MARKS, NUMBERED, TIME, WEEKDAY
from bulletin.text.numerals import by_place, number_of

_YEARS = range(1800, 2100)
_SHANGHAI = "Asia/Shanghai"
_BRACKETS = "[]【】()（）〔〕［］<>〈〉"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at `start` to `end` of a text, printed as `raw`.

    `precision` is day, month or year; `day` is the first day of what is meant. `moment`, an aware UTC moment, is there
    where a time stands beside the day.
    """

    start: int
    end: int
    day: date
    precision: str
    moment: datetime | None
    raw: str


def find_dates(text: str) -> list[FoundDate]:
    """Every date in running text, in order. What looks like one but does not exist (2019-02-30) is not found.

    Nothing is found within longer runs of digits, within index numbers (016045510/2019-01578, 2026-02-00018), within
    addresses, or behind 农历: a lunar date is not silently turned into another.
    """
    return [found for found in _scan(text) if isinstance(found, FoundDate)]


def impossible_dates(text: str) -> list[str]:
    """What has the shape of a date in `text` but does not exist, as printed."""
    return [found for found in _scan(text) if isinstance(found, str)]


def parse_date(text: str) -> FoundDate | None:
    """The date `text` is, with a time or a weekday perhaps and nothing else; a year or a month will do.

    Here, where nothing else stands beside them, also 20190318, 20190318164000, 2019.3, 2019 and milliseconds since
    1970 (thirteen digits) are dates.
    """
    inner = text.strip().strip(_BRACKETS).strip()
    if not inner or len(inner) > 100:
        return None
    for found in _scan(inner):
        if isinstance(found, FoundDate) and found.start == 0 and WEEKDAY.fullmatch(inner, found.end):
            return FoundDate(0, len(inner), found.day, found.precision, found.moment, inner)
        break
    return _compact(inner)


def date_range(text: str, today: date) -> tuple[date, date]:
    """First and last day, both included, of what an archivist types.

    Days, months, quarters and years in any printed shape; yesterday, last-month and the like; `30d`, `2w`, `6m` and
    `2y` reach from that long ago to today. `A..B` reaches from the first day of A to the last of B; either end may be
    left out. UsageError says why something is no date and gives an example.
    """
    return typed_range(text, today, _printed_range)


def _printed_range(text: str) -> Range | None:
    found = parse_date(text)
    if found is None or found.moment:
        return None
    if found.precision == "day":
        return found.day, found.day
    return whole_months(found.day.year, found.day.month, 12 if found.precision == "year" else 1)


def _scan(text: str) -> Iterator[FoundDate | str]:
    position, last_end = 0, -1
    while candidate := CANDIDATE.search(text, position):
        position = candidate.end()
        if candidate["run"] or not _stands_free(text, candidate, last_end):
            continue
        found = _read(text, candidate)
        if isinstance(found, FoundDate):
            position = last_end = found.end
        if found is not None:
            yield found


def _stands_free(text: str, candidate: re.Match[str], last_end: int) -> bool:
    """Whether nothing on either side makes the candidate a part of something longer."""
    start, end = candidate.span()
    before = text[start - 1 : start]
    if candidate["han"]:
        if before.isdecimal() or LUNAR.search(text, max(0, start - 8), start):
            return False
        return not (text.startswith("代", end) and text[end - 1] == "年")
    if (before.isascii() and before.isalnum()) or before.isdecimal():
        return False
    if before and before in "-/._" and start - 1 != last_end and _is_plain(text[start - 2 : start - 1]):
        return False
    if candidate["mm"] and (candidate["sep"] not in "-－" or NUMBERED.match(text, end)):
        return False
    if text[end : end + 1] in ("-", "/", ".", "_") and _is_plain(text[end + 1 : end + 2]):
        return not candidate["mm"] and MARKS.match(text, end + 1) is not None
    return True


def _is_plain(char: str) -> bool:
    return char.isdecimal() or (char.isascii() and char.isalnum())


def _read(text: str, candidate: re.Match[str]) -> FoundDate | str | None:
    """The date a candidate is, with the time behind it; the text itself where there is no such day.

    None for years before 1800 and after 2099: those are history, durations, and parts of numbers.
    """
    year, month, day = _numbers(candidate)
    precision = "year" if month is None else "month" if day is None else "day"
    on = _day(year, 1 if month is None else month, 1 if day is None else day)
    if on is None:
        return candidate[0] if year in _YEARS else None
    end, moment = candidate.end(), None
    if precision == "day" and (time := TIME.match(text, end)):
        end, moment = _at(on, time, end)
        if moment is not None and time["zone"]:
            on = moment.astimezone(ZoneInfo(_SHANGHAI)).date()
    return FoundDate(candidate.start(), end, on, precision, moment, text[candidate.start() : end])


def _numbers(candidate: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    part = candidate.groupdict()
    if candidate["roc"]:
        years = number_of(part["roc"])
        year = None if years is None else years + 1911
    else:
        year = by_place(part["year"] or part["y"])
    month, day = part["month"] or part["m"] or part["mm"], part["day"] or part["d"]
    return year, _small(month), _small(day)


def _small(text: str | None) -> int | None:
    """A month or a day; 0, which no calendar has, for what is none."""
    if text is None:
        return None
    return number_of(text) or by_place(text) or 0


def _day(year: int | None, month: int, day: int) -> date | None:
    if year is None or year not in _YEARS or not 1 <= month <= 12:
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _at(on: date, time: re.Match[str], otherwise: int) -> tuple[int, datetime | None]:
    """Where the time ends and the moment it is; (`otherwise`, None) for a time no clock shows."""
    hour = _hour(int(time["h"]), time["half"] or time["half2"] or "")
    minute = 30 if time["halfpast"] else int(time["mi"] or time["mi2"] or 0)
    second = int(time["s"] or time["s2"] or 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute + second):
        return otherwise, None
    local = datetime(on.year, on.month, on.day, tzinfo=_zone(time["zone"]))
    local = local.replace(hour=hour % 24, minute=minute, second=second)
    local += timedelta(days=hour // 24, microseconds=int(f"{time['f'] or 0:0<6}"[:6]))
    return time.end(), local.astimezone(UTC)


def _hour(hour: int, half: str) -> int:
    half = half.lower()
    if hour < 12 and (half in ("下午", "晚上", "晚", "pm") or (half == "中午" and hour < 4)):
        return hour + 12
    if hour == 12 and half in ("晚上", "晚"):
        return 24
    return 0 if hour == 12 and half in ("上午", "凌晨", "am") else hour


def _zone(text: str | None) -> ZoneInfo | timezone:
    if text is None:
        return ZoneInfo(_SHANGHAI)
    digits = re.sub(r"\D", "", text)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24):
        return ZoneInfo(_SHANGHAI)
    return timezone(-offset if "-" in text else offset)


def _compact(text: str) -> FoundDate | None:
    shape = COMPACT.fullmatch(text)
    if not shape:
        return None
    if shape["epoch"]:
        moment = datetime.fromtimestamp(int(shape["epoch"]) / 1000, UTC)
        return FoundDate(0, len(text), moment.astimezone(ZoneInfo(_SHANGHAI)).date(), "day", moment, text)
    month, day = _small(shape["month"] or shape["month2"]), _small(shape["day"])
    on = _day(int(shape["year"]), 1 if month is None else month, 1 if day is None else day)
    if on is None:
        return None
    precision = "year" if month is None else "month" if day is None else "day"
    if not shape["h"]:
        return FoundDate(0, len(text), on, precision, None, text)
    hour, minute, second = int(shape["h"]), int(shape["mi"]), int(shape["s"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    local = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=ZoneInfo(_SHANGHAI))
    return FoundDate(0, len(text), on, precision, local.astimezone(UTC), text)
