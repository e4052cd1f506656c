"""Spans of time as texts print them, typed without a field's name: 2019年, 2019年1月至6月, 2019-01～2019-06."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from bulletin.errors import UsageError
from bulletin.text.dates import date_range

_NUMERALS: Final = "〇○零一二三四五六七八九十"
_N: Final = f"(?:[0-9]{{1,2}}|[{_NUMERALS}]{{1,3}})"
_Y: Final = f"(?:[0-9]{{4}}|[一二][{_NUMERALS}]{{3}})"
#: With 年 a span stands between dashes too; without it 2016-2020 is as likely a number.
_NAMED: Final = rf"{_Y}年(?:{_N}月(?:{_N}[日号]?)?|[上下]半年|第?[一二三四1-4]季度?)?"
_DOTTED: Final = r"[0-9]{4}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?"
_SINGLE: Final = re.compile(rf"{_NAMED}|[0-9]{{4}}([-/.])[0-9]{{1,2}}\1[0-9]{{1,2}}")
_SPAN: Final = re.compile(
    rf"(?:({_NAMED})(?:至|到|~|[-—–―]{{1,2}})|({_DOTTED}|[0-9]{{4}})(?:至|到|~))"
    rf"({_NAMED}|{_DOTTED}|{_N}月(?:{_N}[日号]?)?|{_N}[日号]|[0-9]{{4}})"
)
_YEAR: Final = re.compile(rf"{_Y}年?")
_MONTH: Final = re.compile(rf"{_Y}年{_N}月")
_LONGEST: Final = 40


def period(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of a day, month, quarter or year as it is printed, or of a span between two; None for what is
    none of these. What the second of the two leaves out (至6月) is the first one's."""
    if len(text) > _LONGEST:
        return None
    typed = unicodedata.normalize("NFKC", text)
    try:
        if _SINGLE.fullmatch(typed):
            return date_range(typed, today)
        if not (span := _SPAN.fullmatch(typed)):
            return None
        first = span[1] or span[2]
        start, end = date_range(first, today)[0], date_range(_completed(first, span[3]), today)[1]
    except UsageError:
        return None
    return (start, end) if start <= end else None


def _completed(first: str, last: str) -> str:
    if _YEAR.match(last) and not re.match(f"{_N}[月日号]", last):
        return last
    shared = _YEAR.match(first) if "月" in last else _MONTH.match(first)
    return (shared[0] if shared else "") + last
