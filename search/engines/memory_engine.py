"""The oracle: every bulletin in memory, every question answered by looking at each. `memory://name`.

Slow on purpose, and so plain that it can be believed: a text matches if it holds what is asked as a substring. An index
lives as long as the process and is shared by all that name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from bulletin.errors import LockedError, SearchError
from bulletin.query import Node, Query
from bulletin.results import Hit, Results
from search.alike import alike, sketch_of
from search.analyzer import Analyzer, open_analyzer
from search.answering import answer, ids_of, related
from search.by_sets import BySets
from search.entry import Entry, columns_of, folded_parts_of
from search.filtering import Card, card_of
from search.matching import matches
from search.ranking import Ranking, counted
from search.stamp import current, needs_rebuild


@dataclass
class _Store:
    entries: dict[str, Entry] = field(default_factory=dict)
    checkpoint: int = 0
    stamp: str = ""
    locked: bool = False


_STORES: Final[dict[str, _Store]] = {}


def open_index(url: str, lexicon: Path | None = None) -> MemoryIndex:
    store = _STORES.setdefault(url, _Store(stamp=current(lexicon)))
    return MemoryIndex(url, store, store, lexicon)


def open_successor(url: str, lexicon: Path | None = None) -> MemoryIndex:
    old = _STORES.setdefault(url, _Store(stamp=current(lexicon)))
    return MemoryIndex(url, old, _Store(stamp=current(lexicon)), lexicon)


def open_searcher(url: str, lexicon: Path | None = None) -> MemorySearcher:
    if url not in _STORES:
        raise SearchError(f"There is no index {url}.", "Make it with `gongbao index update`.")
    return MemorySearcher(lambda: _STORES[url], open_analyzer(lexicon))


class MemoryIndex:
    """The writer; `old` is what others see until it is promoted."""

    def __init__(self, url: str, old: _Store, store: _Store, lexicon: Path | None) -> None:
        if old.locked:
            raise LockedError(f"The index {url} is being written by another.", "Wait until it is done.")
        old.locked = True
        self._url, self._old, self._store, self._lexicon, self._open = url, old, store, lexicon, True

    def write(self, entries: Sequence[Entry], upto: int) -> None:
        if reason := needs_rebuild(self._store.stamp, self._lexicon):
            raise SearchError(f"The index cannot be added to: {reason}.", "Run `gongbao index rebuild`.")
        self._store.entries |= {entry.document_id: entry for entry in entries}
        self._store.checkpoint = upto

    def take_in(self, batches: Iterable[tuple[Sequence[Entry], int]], workers: int) -> Iterator[int]:
        for entries, upto in batches:
            self.write(entries, upto)
            yield len(entries)

    def forget(self, ids: Collection[str], upto: int) -> None:
        for document_id in ids:
            self._store.entries.pop(document_id, None)
        self._store.checkpoint = upto

    def checkpoint(self) -> int:
        return self._store.checkpoint

    def stamp(self) -> str:
        return self._store.stamp

    def count(self) -> int:
        return len(self._store.entries)

    def opened(self) -> MemorySearcher:
        return MemorySearcher(lambda: self._store, open_analyzer(self._lexicon))

    def promote(self) -> None:
        _STORES[self._url] = self._store
        self.close()

    def close(self) -> None:
        if self._open:
            self._old.locked = self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class MemorySearcher:
    """Sees a copy of the index, taken when it was opened or refreshed."""

    def __init__(self, store: Callable[[], _Store], analyzer: Analyzer) -> None:
        self._store, self._analyzer = store, analyzer
        self.refresh()

    def refresh(self) -> None:
        store = self._store()
        self._checkpoint, self._stamp = store.checkpoint, store.stamp
        self._holdings = _Holdings(list(store.entries.values()), self._analyzer)

    def find(self, query: Query) -> Results:
        return answer(query, self._holdings)

    def ids(self, query: Query) -> set[str]:
        return ids_of(query, self._holdings)

    def related(self, document_id: str, limit: int = 5) -> tuple[Hit, ...]:
        return related(document_id, self._holdings, limit)

    def checkpoint(self) -> int:
        return self._checkpoint

    def count(self) -> int:
        return len(self._holdings.held)

    def stamp(self) -> str:
        return self._stamp

    def close(self) -> None:
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Holdings(BySets):
    def __init__(self, entries: list[Entry], analyzer: Analyzer) -> None:
        self._entries, self._analyzer = entries, analyzer
        parts = [folded_parts_of(entry) for entry in entries]
        self._columns = list(map(columns_of, parts))
        self._sketches = list(map(sketch_of, self._columns))
        self._counts: list[Counter[str]] = [counted(part, analyzer) for part in parts]
        rows = enumerate(zip(entries, self._counts, strict=True), 1)
        self.held: Mapping[int, Card] = {row: card_of(entry, counts.total()) for row, (entry, counts) in rows}
        self.ranking = Ranking(self.held)

    def matching(self, node: Node) -> set[int]:
        return {row for row in self.held if matches(node, self._entries[row - 1], self._columns[row - 1])}

    def postings(self, term: str) -> Iterator[tuple[int, float]]:
        for row, counts in enumerate(self._counts, 1):
            if count := counts[term]:
                yield row, float(count)

    def terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)

    def vocabulary(self, holding: Collection[str]) -> Iterator[str]:
        return (term for counts in self._counts for term in counts)

    def alike(self, row: int) -> set[int]:
        own = self._sketches[row - 1]
        return {other for other in self.held if other != row and alike(own, self._sketches[other - 1])}

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        return [self._entries[row - 1] for row in rows]
