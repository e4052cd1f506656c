"""Bring an index up to date from the archive's stream of changes. Catching up and rebuilding are one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Final

from bulletin.document import Change
from bulletin.errors import SearchError
from search.engines import engine_for
from search.entry import Entry, entry_of
from search.ports import Index
from search.proving import QueryPack

Changes = Callable[[int], Iterable[Change]]
_AGAIN: Final = "Run it again; check the disk if it happens twice."
#: Entries written before other processes are started, which takes as long as a few hundred.
_ALONE: Final = 2000


def catch_up(
    index: Index,
    changes: Changes,
    *,
    batch: int = 500,
    workers: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write what changed after the index's checkpoint, `batch` entries to a commit; the number of entries written.

    `changes(after)` gives the newest revision of each document changed after a sequence number, in ascending order. A
    run that is cut off has lost at most its last batch, and the next one goes on there. Where much is to be written, an
    engine may use `workers` processes. `on_progress` is told the number written so far after each commit.
    """
    written = 0
    batches = _batches(changes(index.checkpoint()), batch)
    few = islice(batches, max(1, _ALONE // batch))
    for count in chain(index.take_in(few, 1), index.take_in(batches, workers)):
        written += count
        if on_progress:
            on_progress(written)
    return written


def _batches(changes: Iterable[Change], size: int) -> Iterator[tuple[list[Entry], int]]:
    stream = iter(changes)
    while found := list(islice(stream, size)):
        yield [entry_of(change) for change in found], found[-1].seq


def rebuild(
    url: str,
    changes: Changes,
    *,
    batch: int = 500,
    workers: int = 1,
    lexicon: Path | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Make the index at `url` anew beside the one in use, check it, and put it in its place; the number of entries.

    Searches go on with the old index meanwhile. SearchError, and the old index stays, when the new one does not hold
    what was written to it: it must count as many bulletins, and a pack of questions must find those it was drawn from.
    """
    given: set[str] = set()
    pack = QueryPack()

    def noted(after: int) -> Iterator[Change]:
        for change in changes(after):
            given.add(change.document.id)
            pack.note(change)
            yield change

    with engine_for(url).open_successor(url, lexicon) as successor:
        written = catch_up(successor, noted, batch=batch, workers=workers, on_progress=on_progress)
        if successor.count() != len(given):
            message = f"The new index holds {successor.count()} of {len(given)} bulletins; the old one stays in use."
            raise SearchError(message, _AGAIN)
        with successor.opened() as searcher:
            if failures := pack.failures(searcher):
                told = f"In the new index {failures[0]} ({len(failures)} of {len(pack)} questions fail)"
                raise SearchError(f"{told}; the old one stays in use.", _AGAIN)
        successor.promote()
    return written
