"""Lists whose rows are told by the addresses of their articles, and whose pages are turned by plain links. Pure.

For families that have nothing more of their own than these addresses and a body's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.paging import page_number, stated_pages
from crawler.families.rows import rows_among
from crawler.families.shells import led_on


class Addressed(Family):
    """What a family of this kind adds: which addresses are articles', and the names of its body containers."""

    bodies: ClassVar[tuple[str, ...]] = ()

    def is_article(self, url: str) -> bool:
        """Whether an address is one of the family's articles."""
        raise NotImplementedError

    def numbered(self, url: str, number: int) -> str:
        """The address of a list's page by its number (from 2), where no link tells it; "" where nobody knows."""
        return ""

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        if says_empty(outline_of(page.root)):
            return ()
        return rows_among(page, self.is_article) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return GENERIC.next_listing(page, column) or self._counted(page)

    def total(self, page: Page, column: Column) -> int | None:
        return GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        if not rows:
            return led_on(page, asked, column.url) or Listing(total=self.total(page, column))
        onward = GENERIC.listing(page, column, asked)
        counted = None if onward.further else self._counted(page)
        if counted:
            return Listing(rows, (counted,), onward.total)
        return Listing(rows, onward.further, onward.total, onward.trouble)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, self.bodies)

    def _counted(self, page: Page) -> Ask | None:
        """The next page by its number, as long as the list says that it has more."""
        number, pages = page_number(page.url) + 1, stated_pages(page.text) or 0
        url = self.numbered(page.url, number) if number <= pages else ""
        return Ask(url) if url else None
