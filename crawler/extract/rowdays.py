"""The day a row of a list shows: in full, without its year, or as the day of a month that a heading above names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from crawler.extract.outline import Outline

_FULL = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_MONTH_DAY = re.compile(r"(?<![\d-])(\d{1,2})\s*[-/月]\s*(\d{1,2})(?![\d-])\s*日?")
_DAY_APART = re.compile(r"(?<!\d)(\d{1,2})日?\s+((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})月?(?!\d)")
_APART_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})月?\s+(\d{1,2})日?(?!\d)")
_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?\s+((?:19|20)\d\d)(?!\d)")
_DIGIT = re.compile(r"\d")
_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_URL_YEAR = re.compile(r"/((?:19|20)\d\d)/")
_EDGE: Final = "[]【】()（） \t:：0123456789-/."
_HEADING = re.compile(r"[【\[]?\s*((?:19|20)\d\d)\s*(?:年(?:度|\s*(\d{1,2})\s*月份?)?|[-/.](\d{1,2}))\s*[】\]:：]?")
_LONGEST_HEADING: Final = 12
_DAY_ALONE = re.compile(r"[\[(（【]?\s*(\d{1,2})日?\s*[\])）】]?")
#: Elements in which a day stands alone beside a row, and how many others they may hold.
_BESIDE: Final = frozenset("dt dd td th span em i b small time font p div strong".split())
_MOST_INSIDE: Final = 3
_MOST_TEXTS: Final = 8
#: Characters of a day with the time of day and brackets.
_LONGEST_DAY: Final = 30


def titled_by(text: str) -> str:
    """The title in a link's text that has the day at its beginning or end; "" where it has none there."""
    for pattern in (_FULL, _MONTH_DAY) if _DIGIT.search(text) else ():
        for found in pattern.finditer(text):
            rest = (text[: found.start()] + text[found.end() :]).strip(" []【】()（）")
            if (found.start() <= 1 or found.end() >= len(text) - 1) and len(rest) >= 4:
                return rest
    return ""


def only_day(text: str) -> bool:
    """Whether a text is a day and nothing else, in any of its forms."""
    left = text
    for pattern in (_DAY_APART, _APART_DAY, _MONTH_YEAR, _FULL, _MONTH_DAY):
        left = pattern.sub("", left)
    return not left.strip(_EDGE)


def day_of(shown: str, href: str, heading: tuple[int, int] = (0, 0)) -> str:
    """The day a row shows, ISO; the year from the link or from the heading above (year and month, 0 where it names
    none) where the row has none; "" where nothing says."""
    if not _DIGIT.search(shown):
        return ""
    for pattern, order in (
        (_FULL, (1, 2, 3)),
        (_DAY_APART, (2, 3, 1)),
        (_APART_DAY, (1, 2, 3)),
        (_MONTH_YEAR, (3, 1, 2)),
    ):
        for found in pattern.finditer(shown):
            if day := _iso(*(int(found[group]) for group in order)):
                return day
    for found in _MONTH_DAY.finditer(shown):
        year = _year(href) or heading[0]
        if day := _iso(year or 2000, int(found[1]), int(found[2])):
            return day if year else ""
    alone = _DAY_ALONE.fullmatch(shown.partition(" | ")[0].strip()) if heading[1] else None
    return _iso(*heading, int(alone[1])) if alone else ""


@dataclass(frozen=True, slots=True)
class Headings:
    """The lines of a page that are a year, or a year and a month, and nothing else."""

    lines: tuple[int, ...]
    named: tuple[tuple[int, int], ...]

    def above(self, line: int) -> tuple[int, int]:
        """Year and month of the nearest heading above a line, 0 for what it does not name."""
        at = bisect_right(self.lines, line)
        return self.named[at - 1] if at else (0, 0)


def headings_on(outline: Outline) -> Headings:
    """The headings of years and months on a page; links (archives, years to choose) are none."""
    found = {
        index: (int(match[1]), int(match[2] or match[3] or 0))
        for index, text in enumerate(outline.texts)
        if len(text) <= _LONGEST_HEADING and not outline.links[index] and (match := _HEADING.fullmatch(text))
    }
    return Headings(tuple(found), tuple(found.values()))


def days_beside(elements: Sequence[Any]) -> list[str]:
    """For every element the text that stands alone before it, or else alone behind it, where that is a day, as shown;
    all on the side on which more of them have one. Other rows and what holds much are not looked into."""
    rows = set(elements)
    before = [_alone(element.getprevious(), rows, _parent_text(element)) for element in elements]
    behind = [_alone(element.getnext(), rows, element.tail) for element in elements]
    return before if sum(map(bool, before)) > sum(map(bool, behind)) else behind


def _parent_text(element: Any) -> str | None:
    """The text right before an element."""
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or "")
    parent = element.getparent()
    return None if parent is None else str(parent.text or "")


def _alone(neighbour: Any, rows: set[Any], between: str | None) -> str:
    """The day in the text between a row and its neighbour, or in the neighbour; "" where there is something else."""
    text = (between or "").strip(" \t\r\n\u3000\u00a0·•")
    if not text and neighbour is not None and neighbour not in rows and neighbour.tag in _BESIDE:
        if len(neighbour) > _MOST_INSIDE:
            return ""
        text = " ".join(" ".join(islice(neighbour.itertext(), _MOST_TEXTS)).split())
    return text if len(text) <= _LONGEST_DAY and _DIGIT.search(text) and only_day(text) else ""


def _year(href: str) -> int:
    if found := _URL_DATE.search(href):
        return int(found[1])
    found = _URL_YEAR.search(href)
    return int(found[1]) if found else 0


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
