"""What an engine must offer: one way in for entries, one way in for questions.

An engine is a module `search/engines/<scheme>_engine.py` with the functions of `Engine`; a URL's scheme chooses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

from bulletin.query import Query
from bulletin.results import Hit, Results
from search.entry import Entry


class Index(Protocol):
    """The one writer of an index. Opening a second one raises LockedError. Use it as a context manager."""

    def write(self, entries: Sequence[Entry], upto: int) -> None:
        """Put these entries in the place of what was held under their ids, and move the checkpoint to `upto`: together
        or not at all. DiskFullError when there is no room; SearchError when the index was made by another version."""

    def take_in(self, batches: Iterable[tuple[Sequence[Entry], int]], workers: int) -> Iterator[int]:
        """`write` one (entries, upto) after the other, telling the number of entries after each. What an engine can do
        beside its writer is shared out among `workers` processes; some do all in this one. SearchError where one of the
        others is ended from outside; what was told is written."""

    def forget(self, ids: Collection[str], upto: int) -> None:
        """Take these documents out; ids that are not held are passed over. The checkpoint as with `write`."""

    def checkpoint(self) -> int:
        """The sequence number of the archive's changes up to which everything is held; 0 for an empty index."""

    def stamp(self) -> str:
        """What made this index, to be compared with `search.stamp.current`."""

    def count(self) -> int:
        """How many documents are held."""

    def close(self) -> None:
        """Let go of the index. Twice is harmless."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Successor(Index, Protocol):
    """An index being built beside the one in use."""

    def opened(self) -> Searcher:
        """A reader of what was written so far, to try it before it is used."""

    def promote(self) -> None:
        """Put this index in the place of the old one in one step, and close it. Searchers see it when they refresh."""


class Searcher(Protocol):
    """A reader of an index as it was when it was opened or last refreshed. Use it as a context manager."""

    def find(self, query: Query) -> Results:
        """The answer. UsageError for a question that asks for nothing; SearchError when the index cannot answer."""

    def ids(self, query: Query) -> set[str]:
        """The ids of all that `find` would count, without the cost of showing any. Errors as with `find`."""

    def related(self, document_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Bulletins about the same, nearest first; none for one that is not held."""

    def refresh(self) -> None:
        """See what was committed since."""

    def checkpoint(self) -> int:
        """The sequence number of the archive's changes up to which this searcher sees everything."""

    def count(self) -> int:
        """How many documents can be found."""

    def stamp(self) -> str:
        """What made the index, to be compared with `search.stamp.current`."""

    def close(self) -> None:
        """Let go of the index. Twice is harmless."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Engine(Protocol):
    """What a module in `search/engines` offers. `lexicon` is a file of further words, or None."""

    def open_index(self, url: str, lexicon: Path | None = None) -> Index: ...

    def open_successor(self, url: str, lexicon: Path | None = None) -> Successor: ...

    def open_searcher(self, url: str, lexicon: Path | None = None) -> Searcher: ...
