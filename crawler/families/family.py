"""The port of a CMS family: the few questions the spider asks of a page, whatever system made it.

A family is one file in this folder with one well-known name in it, `FAMILY`. It answers from the page alone; it fetches
nothing and remembers nothing, so that every answer can be had again offline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.page import Page


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a page looks like a family's work, 0 to 1, and because of what it saw."""

    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a piece of a list. `note` is the family's own memory (a window, a page number): it comes back with
    the answer and is never sent."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one answer of a list holds, and where the list goes on.

    `further` is empty at the end of the list; more than one request stands for a tree of lists. `total` counts the
    entries of the whole column as the site itself states it. `trouble` says in words why the list cannot be followed
    although there seems to be more. `silent`: the column's page shows no entry, and does not say that there is none.
    """

    rows: tuple[Row, ...] = ()
    further: tuple[Ask, ...] = ()
    total: int | None = None
    trouble: str = ""
    silent: bool = False


class Family(Protocol):
    """A CMS dialect. `version` rises whenever its reading changes; it stands in `Harvest.read_by`.

    `resemblance`, `outlinks`, `next_listing` and `read` are the questions; the others have an answer that serves most.
    """

    name: str
    version: int

    def resemblance(self, page: Page) -> Likeness:
        """How much `page` (a home, list or article page) looks like this family."""
        ...

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        """The entries of the column on this page, in the page's order, with absolute URLs; noise boxes left out."""
        ...

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        """Where the list goes on after this page; None at its end."""
        ...

    def read(self, page: Page, source: Source) -> Harvest:
        """The bulletin on an article page. Raises ReadingError where there is nothing to read."""
        ...

    def carried(self, page: Page, url: str, source: Source) -> Harvest | None:
        """The bulletin of `url` where a list's answer holds its whole text and not only its name; None where not."""
        return None

    def first_listing(self, column: Column) -> Ask:
        """The request the column begins with."""
        return Ask(column.url)

    def columns(self, page: Page) -> Sequence[Row]:
        """The columns a page names in a way only this system knows (a tree in a script), with the addresses that a
        source file would give them. Columns that plain links lead to are nobody's secret and left out."""
        return ()

    def total(self, page: Page, column: Column) -> int | None:
        """How many entries the site says the column has, or None where it does not say."""
        return None

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        """Everything the spider wants of a list's answer; `asked` is the request that brought it."""
        onward = self.next_listing(page, column)
        return Listing(
            rows=tuple(self.outlinks(page, column)),
            further=(onward,) if onward else (),
            total=self.total(page, column),
        )
