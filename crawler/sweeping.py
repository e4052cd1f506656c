"""One column being read, and what the lists, read to their end, show no more. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bulletin.document import Known
from bulletin.ids import canonical_url
from bulletin.source import Column, Seed
from crawler.families.family import Ask, Listing


@dataclass(slots=True)
class Sweep:
    """How far the reading of a column's list has come."""

    column: Column
    stop_at_known: bool  # the last sweep ended, so that a whole known page means the rest is known too
    asks: deque[Ask]
    asked: set[tuple[str, str, bytes]]
    underway: bool = False
    pages: int = 0
    barren: int = 0
    skipped: int = 0  # unknown entries left alone because of `since` or `limit`
    opened: bool = False
    ended_early: bool = False
    cut: bool = False  # there is more of it than this crawl, or its source, wants
    troubled: bool = False
    total: int | None = None
    seen: set[str] = field(default_factory=set)
    last: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the list was read to its end and nothing suggests that it is longer. One that shows nothing at all
        is rather broken than empty."""
        read = not (self.asks or self.underway or self.ended_early or self.cut or self.troubled) and bool(self.seen)
        return read and (self.total is None or self.total <= len(self.seen))

    def notes(self) -> tuple[str, ...]:
        """What a person should know of the finished sweep."""
        if self.ended_early or self.total is None or self.total == len(self.seen):
            return ()
        return (f"{self.column.id}: the site counts {self.total} entries, the list showed {len(self.seen)}",)


def unlisted(
    known: Collection[Known], sweeps: Iterable[Sweep], shown: Collection[str], named: Collection[str] = ()
) -> list[str]:
    """Documents none of whose addresses is shown any more, by lists of which all they stood in were read to the end.

    `shown` are documents that a list shows under an address that was not known before, `named` addresses that the
    contents of listed issues name. Those the ledger calls missing already are left out.
    """
    read = list(sweeps)
    whole = {sweep.column.id for sweep in read if sweep.whole}

    def unseen(one: Known) -> bool:
        there = one.url in named or any(one.url in sweep.seen for sweep in read)
        return not one.missing and one.column in whole and not there

    wanting = dict.fromkeys(one.document_id for one in known if unseen(one)) if whole else {}
    there = set(shown)
    there.update(one.document_id for one in known if one.document_id in wanting and not unseen(one))
    return [document for document in wanting if document not in there]


def missed(sweep: Sweep, listing: Listing, known: Iterable[Known]) -> tuple[str, str] | None:
    """The problem of a list that ends without having shown anything, although bulletins are kept of it, or although it
    does not say that it is empty."""
    if sweep.seen or sweep.asks:
        return None
    if kept := len({one.document_id for one in known if one.column == sweep.column.id}):
        words = f"the list shows nothing, though {kept} bulletins are kept of it; has the site another system now?"
        return ("list_empty", words)
    if listing.silent:
        return ("list_empty", "no entry was found on the list, and it does not say that there is none")
    return None


def entry_changed(seed: Seed, known: Known) -> bool:
    """Whether the list now shows another title or date than when the article was last read. Only in the column it was
    read from: other columns may shorten the title in their own way."""
    if known.column != seed.column:
        return False
    titles = seed.listed_title, known.listed_title
    dates = seed.listed_date, known.listed_date
    return any(now and then and now != then for now, then in (titles, dates))


def plain_address(url: str) -> str:
    """The canonical form of a URL; an address that is none is left as it is, and will be nobody's own."""
    try:
        return canonical_url(url)
    except ValueError:
        return url
