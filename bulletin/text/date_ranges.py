"""The dates archivists type: 2019-03-18, 2019-03, 2019, 2019年3月18日, 2019Q1, 2019-01..2019-06, last-month, 30d."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from bulletin.errors import UsageError

_EXAMPLES = "Dates are written 2019-03-18, 2019-03, 2019, 2019年3月18日, 2019Q1, 2019-01..2019-06, last-month or 30d."
# 3月 is March and 19年 a year; 3个月 and 2年内 are spans.
_AGO = re.compile(r"([0-9]{1,5})(?:([dwmy]|天|周|个月)(?:以?内|前)?|(年)(?:以?内|前))", re.ASCII)
_QUARTER = re.compile(r"([0-9]{4})-?(?:q|年第?)([1-4一二三四])(?:季度?)?", re.ASCII)
_HALF = re.compile(r"([0-9]{4})(?:年([上下])半年|-?h([12]))", re.ASCII)
_DATE = re.compile(
    r"([0-9]{4})(?:年(?:([0-9]{1,2})月(?:([0-9]{1,2})[日号]?)?)?|([-/.])([0-9]{1,2})(?:\4([0-9]{1,2}))?|([0-9]{2})([0-9]{2}))?",
    re.ASCII,
)
_PARTED = re.compile(r"\s*(?:\.\.+|…|~|～|至|到|\bto\b)\s*")
_YEARS = range(1800, 2101)
Range = tuple[date, date]


def typed_range(text: str, today: date, printed: Callable[[str], Range | None]) -> Range:
    """What `bulletin.text.dates.date_range` promises; `printed` reads the shapes that stand in official texts."""
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    if len(typed) > 60:
        raise UsageError(f"{text[:30]!r}… is no date.", _EXAMPLES)
    parts = _PARTED.split(typed)
    if not typed or len(parts) > 2 or parts == ["", ""]:
        raise UsageError(f"{text!r} is no date.", _EXAMPLES)
    if len(parts) == 1:
        return _one(typed, today, printed)
    start = _one(parts[0], today, printed)[0] if parts[0] else date.min
    end = _one(parts[1], today, printed)[1] if parts[1] else today
    if end < start:
        raise UsageError(f"{text!r} ends on {end} before it begins on {start}.", f"Write {parts[1]}..{parts[0]}.")
    return start, end


def _one(typed: str, today: date, printed: Callable[[str], Range | None]) -> Range:
    if typed in _NAMED:
        return _NAMED[typed](today)
    if ago := _AGO.fullmatch(typed):
        return _ago(int(ago[1]), ago[2] or ago[3], today), today
    if quarter := _QUARTER.fullmatch(typed):
        number = "一二三四".find(quarter[2]) + 1 or int(quarter[2])
        return whole_months(_year(quarter[1], typed), 3 * number - 2, 3)
    if half := _HALF.fullmatch(typed):
        return whole_months(_year(half[1], typed), 1 if half[2] == "上" or half[3] == "1" else 7, 6)
    if shape := _DATE.fullmatch(typed.replace(" ", "")):
        return _calendar(typed, shape)
    if found := printed(typed):
        return found
    raise UsageError(f"{typed!r} is no date.", _EXAMPLES)


def _calendar(typed: str, shape: re.Match[str]) -> Range:
    year = _year(shape[1], typed)
    month, day = shape[2] or shape[5] or shape[7], shape[3] or shape[6] or shape[8]
    if month is None:
        return whole_months(year, 1, 12)
    if not 1 <= int(month) <= 12:
        raise UsageError(f"{typed} does not exist: there is no month {int(month)}.", f"For example {year}-12.")
    if day is None:
        return whole_months(year, int(month), 1)
    last = calendar.monthrange(year, int(month))[1]
    if not 1 <= int(day) <= last:
        whole = f"{year}-{int(month):02d}"
        reason = f"{typed} does not exist: {calendar.month_name[int(month)]} {year} has {last} days."
        raise UsageError(reason, f"For example {whole}-{last}, or {whole} for the whole month.")
    only = date(year, int(month), int(day))
    return only, only


def _year(digits: str, typed: str) -> int:
    if int(digits) not in _YEARS:
        raise UsageError(f"{typed!r}: the year {digits} is out of reach.", f"Years go from 1800 to 2100. {_EXAMPLES}")
    return int(digits)


def whole_months(year: int, first: int, count: int) -> Range:
    last = first + count - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _ago(count: int, unit: str, today: date) -> date:
    if unit in ("d", "天", "w", "周"):
        days = count * (7 if unit in ("w", "周") else 1)
        return today - timedelta(days) if days < today.toordinal() else date.min
    months = today.year * 12 + today.month - 1 - count * (12 if unit in ("y", "年") else 1)
    if months < 12:
        return date.min
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _week(today: date, before: int) -> Range:
    monday = today - timedelta(today.weekday() + 7 * before)
    return monday, monday + timedelta(6)


def _month(today: date, before: int) -> Range:
    months = today.year * 12 + today.month - 1 - before
    return whole_months(months // 12, months % 12 + 1, 1)


def _day(today: date, before: int) -> Range:
    return today - timedelta(before), today - timedelta(before)


_NAMED: dict[str, Callable[[date], Range]] = {
    **dict.fromkeys(("today", "今天", "今日"), lambda t: _day(t, 0)),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), lambda t: _day(t, 1)),
    **dict.fromkeys(("this-week", "本周"), lambda t: _week(t, 0)),
    **dict.fromkeys(("last-week", "上周"), lambda t: _week(t, 1)),
    **dict.fromkeys(("this-month", "本月"), lambda t: _month(t, 0)),
    **dict.fromkeys(("last-month", "上月", "上个月"), lambda t: _month(t, 1)),
    **dict.fromkeys(("this-year", "今年"), lambda t: whole_months(t.year, 1, 12)),
    **dict.fromkeys(("last-year", "去年"), lambda t: whole_months(t.year - 1, 1, 12)),
}
