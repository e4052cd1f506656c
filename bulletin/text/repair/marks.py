"""Marks that fell out at the borders of markup and can be only one thing: date marks, a bracket, a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bulletin.text.repair.offsets import Edit

_NUMBERS = "一二三四五六七八九十"
_OFFICE = "政府|办公室|辦公室|[局委厅廳院处處会會办辦组組部室站队隊]|指挥部|指揮部|小组|小組"
_BLANK = r"[ \t\u00a0\u3000]*"
#: A line of digits only, below a line that ends with the name of an office.
_DIGITS = re.compile(rf"\n{_BLANK}((?:19|20)\d{{4,6}}){_BLANK}(?=\n|\Z)")
_SIGNED = re.compile(rf"(?:{_OFFICE})[)）]?{_BLANK}(?:\n{_BLANK}){{0,4}}\Z")
#: A title's closing bracket whose opening one became a round one.
_BRACKET = re.compile(r"[（(](?=[^\n（()）《》〈〉]{2,40}》)")
_ORDINAL = re.compile(rf"(?:^|(?<=[。；;：:,，、 ]))([{_NUMBERS}])是|(?<=[。；;])是(?!否)", re.MULTILINE)


def lost_marks(text: str) -> Iterator[Edit]:
    yield from _dates(text)
    yield from _brackets(text)
    yield from _ordinals(text)


def _dates(text: str) -> Iterator[Edit]:
    """2019228 under an office can only be 2019年2月28日; where two days are possible nothing is done."""
    for found in _DIGITS.finditer(text):
        if not _SIGNED.search(text[max(0, found.start() - 200) : found.start()]):
            continue
        year, rest = int(found[1][:4]), found[1][4:]
        days = {on for cut in range(1, len(rest)) if (on := _day(year, rest[:cut], rest[cut:]))}
        if len(days) == 1:
            on = days.pop()
            yield Edit(found.start(1), found.end(1), f"{on.year}年{on.month}月{on.day}日", "lost")


def _day(year: int, month: str, day: str) -> date | None:
    if len(month) > 2 or len(day) > 2 or (len(month + day) == 3 and "0" in (month[0], day[0])):
        return None
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _brackets(text: str) -> Iterator[Edit]:
    for found in _BRACKET.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if line.count("《") == line.count("》"):
            yield Edit(found.start(), found.end(), "《", "width")


def _ordinals(text: str) -> Iterator[Edit]:
    """一是…。是…。三是: the one 是 at the beginning of a sentence between them has lost its 二."""
    if "一是" not in text:
        return
    for line in re.finditer("[^\n]+", text):
        if "一是" not in line[0]:
            continue
        marks = list(_ORDINAL.finditer(text, line.start(), line.end()))
        for before, bare, after in zip(marks, marks[1:], marks[2:], strict=False):
            if bare[1] or not before[1] or not after[1]:
                continue
            number = _NUMBERS.index(before[1]) + 1
            if number < 9 and after[1] == _NUMBERS[number + 1]:
                yield Edit(bare.start(), bare.start(), _NUMBERS[number], "lost")
