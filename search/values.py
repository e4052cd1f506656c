"""What in a query is no text: dates, regions, numbers of documents. What cannot be read as one is left to be text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bulletin.errors import UsageError
from bulletin.query import Among, AnyOf, DateRange, Filters, Node, Words
from bulletin.text.dates import date_range
from search.characters import characters
from search.filtering import is_number, number_needles, region_codes
from search.office_names import office_needles
from search.periods import period

#: The dates a field's name may mean; "" is the one the whole question goes by.
_DATED: Final = {"date": "", "published": "published", "dated": "dated"}
#: What a field's name may mean that takes no text but a value.
VALUED: Final = frozenset((*_DATED, "region"))
_DOTS: Final = re.compile(r"\.{2,}|…+")
_SOURCE_ID: Final = re.compile(r"[a-z0-9_-]{2,60}")

Regions = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values as of one day; why one cannot be read is added to `notes`."""

    notes: list[str]
    filters: Filters
    today: date
    regions: Regions | None

    def range(self, text: str) -> Among | None:
        """`A..B`, one of which may be missing."""
        dots = _DOTS.search(text)
        first, last = (text[: dots.start()], text[dots.end() :]) if dots else ("", "")
        if not (first or last):
            return None
        try:
            start = date_range(first, self.today)[0] if first else None
            end = date_range(last, self.today)[1] if last else None
        except UsageError as error:
            if (first or last)[:4].isdecimal():
                self.notes.append(f"{text} was searched as text: {error.message}")
            return None
        if start and end and start > end:
            self.notes.append(f"{text} ends before it begins: the ends were exchanged.")
            start, end = date_range(last, self.today)[0], date_range(first, self.today)[1]
        return Among(Filters(range=replace(self.filters.range, start=start, end=end)))

    def printed(self, text: str) -> Among | None:
        """2019年, 2019年1月至6月: bulletins that bear a date within it."""
        days = period(text, self.today)
        return Among(Filters(range=DateRange(*days, self.filters.range.date, "exclude"))) if days else None

    def meant(self, text: str, where: str) -> Node | None:
        """A value of what `where`, of VALUED, means."""
        return self.region(text) if where == "region" else self.dated(text, where)

    def dated(self, text: str, where: str) -> Among | None:
        """A day or range of the date that `where`, of _DATED, means."""
        meant = replace(self.filters.range, date=_DATED[where] or self.filters.range.date)
        if ranged := self.range(text):
            asked = ranged.filters.range
            return Among(Filters(range=replace(meant, start=asked.start, end=asked.end)))
        try:
            start, end = period(text, self.today) or date_range(text, self.today)
        except UsageError as error:
            self.notes.append(f"{text} was searched as text: {error.message}")
            return None
        return Among(Filters(range=replace(meant, start=start, end=end)))

    def region(self, text: str) -> Node | None:
        """The divisions of a code or name."""
        codes = [*(self.regions(text) if self.regions else ()), *region_codes(text)] if characters(text) else []
        if not codes:
            self.notes.append(f"No region is called {text!r}: it was searched as text.")
            return None
        return any_of([Among(Filters(region=code)) for code in dict.fromkeys(codes)])

    def number(self, text: str, where: str, prefix: bool) -> Node | None:
        """A document number in any spelling, a piece of one, or anything that is looked for among numbers."""
        if where != "number" and (where or prefix or not is_number(text)):
            return None
        typed, *printed = number_needles(text)
        # 第9号 stands in many texts; the 9号 of a number is meant in numbers only.
        elsewhere = where or ("number" if text.lstrip().startswith("第") else "")
        return any_of([Words(typed, where, prefix), *(Words(needle, elsewhere, prefix) for needle in printed)])

    def office(self, text: str, prefix: bool) -> Node:
        """An office by its name, or a part of it, in any of the forms that name has."""
        needles = office_needles(text)
        if needles == (characters(text),):
            return Words(text, "office", prefix)
        return any_of([Words(needle, "office", prefix) for needle in needles])

    def source(self, text: str, prefix: bool) -> Node:
        """The source a page names, or the source of that id."""
        words = Words(text, "source_name", prefix)
        return any_of([words, Among(Filters(source=(text,)))]) if _SOURCE_ID.fullmatch(text) else words


def any_of(parts: Sequence[Node]) -> Node:
    """The parts as alternatives."""
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))
