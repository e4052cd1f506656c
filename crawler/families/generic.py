"""A site whose system nobody recognised: list rows by their shape, paging by the usual ladder, and an honest "cannot go
on" at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.extract.reading import read_page
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.paging import (
    counted_on,
    first_number,
    next_file,
    next_link,
    page_number,
    pager_call,
    pager_total,
    says_last,
    scripted_next,
    stated_pages,
    stated_total,
    unpacked_pager,
)
from crawler.families.rows import best_listing
from crawler.families.shells import led_on


class Generic(Family):
    """No particular system. Never the likeliest where another family sees its signs."""

    name = "generic"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        return Likeness(0.05, ("an HTML page",)) if len(page.root) else Likeness(0.0)

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        outline = outline_of(page.root)
        found = None if says_empty(outline) else best_listing(page, outline)
        return found.rows if found else ()

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self._onward(page, None)

    def total(self, page: Page, column: Column) -> int | None:
        call = pager_call(page.text)
        if call and call.total is not None:
            return call.total
        hidden = unpacked_pager(page)
        return pager_total(hidden) if hidden else stated_total(page.text)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        if not rows and (elsewhere := led_on(page, asked, column.url)):
            return elsewhere
        onward = self._onward(page, int(asked.note) if asked.note.isdigit() else None) if rows else None
        pages = stated_pages(page.text) or 1
        ended = onward is not None or says_last(page.text)
        stuck = rows and not ended and (scripted_next(page) or (pages > 1 and asked.url == column.url))
        trouble = f"the list has {pages} pages, but no link to the next" if stuck and pages > 1 else ""
        if stuck and not trouble:
            trouble = "the link to the next page is a script"
        return Listing(rows, (onward,) if onward else (), self.total(page, column), trouble)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_page(page, source=source)

    def _onward(self, page: Page, base: int | None) -> Ask | None:
        """The ladder: a pager call, a link that says so or carries the next number, a page number to count on."""
        call = pager_call(page.text)
        if call:
            base = base if base is not None else first_number(page, call)
            onward = next_file(call, base)
            return Ask(urljoin(page.url, onward[0]), note=str(onward[1])) if onward else None
        hidden = unpacked_pager(page)
        if link := next_link(page) or (next_link(hidden) if hidden else None):
            return Ask(link)
        pages = stated_pages(page.text)
        further = counted_on(page.url)
        if further and pages and page_number(page.url) < pages:
            return Ask(further)
        return None


FAMILY: Final = Generic()
