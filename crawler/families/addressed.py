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
from crawler.families.rows import rows_among
from crawler.families.shells import led_on


class Addressed(Family):
    """What a family of this kind adds: which addresses are articles', and the names of its body containers."""

    bodies: ClassVar[tuple[str, ...]] = ()

    def is_article(self, url: str) -> bool:
        """Whether an address is one of the family's articles."""
        raise NotImplementedError

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        if says_empty(outline_of(page.root)):
            return ()
        return rows_among(page, self.is_article) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return GENERIC.next_listing(page, column)

    def total(self, page: Page, column: Column) -> int | None:
        return GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        if not rows:
            return led_on(page, asked, column.url) or Listing(total=self.total(page, column))
        onward = GENERIC.listing(page, column, asked)
        return Listing(rows, onward.further, onward.total, onward.trouble)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, self.bodies)
