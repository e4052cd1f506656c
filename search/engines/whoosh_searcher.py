"""Reading an index: the exact layer finds, Whoosh's postings rank."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Self

from whoosh import index
from whoosh.codec.whoosh3 import W3LeafMatcher

from bulletin.errors import SearchError
from bulletin.query import Node, Query
from bulletin.results import Hit, Results
from search.analyzer import Analyzer, open_analyzer
from search.answering import answer, ids_of, related
from search.by_sets import BySets
from search.entry import Entry
from search.exact import EXACT, ExactLayer
from search.filtering import Card
from search.generations import REBUILD, Generations, told
from search.ranking import Ranking
from search.stamp import SCHEMA


class WhooshSearcher:
    """Reads one state of the index; safe to use from several threads, one question at a time."""

    def __init__(self, folder: Generations, lexicon: Path | None) -> None:
        self._folder, self._busy = folder, Lock()
        self._holdings: _Holdings | None = None
        self._analyzer = open_analyzer(lexicon)
        self.refresh()

    def find(self, query: Query) -> Results:
        with self._busy, told(self._folder.folder):
            return answer(query, self._held())

    def refresh(self) -> None:
        with self._busy, told(self._folder.folder):
            fresh = _Holdings(self._folder.current(), self._analyzer)
            if self._holdings:
                self._holdings.close()
            self._holdings = fresh

    def ids(self, query: Query) -> set[str]:
        with self._busy, told(self._folder.folder):
            return ids_of(query, self._held())

    def related(self, document_id: str, limit: int = 5) -> tuple[Hit, ...]:
        with self._busy, told(self._folder.folder):
            return related(document_id, self._held(), limit)

    def checkpoint(self) -> int:
        return self._held().checkpoint

    def count(self) -> int:
        return len(self._held().held)

    def stamp(self) -> str:
        return self._held().stamp

    def _held(self) -> _Holdings:
        if self._holdings is None:
            raise SearchError("The searcher is closed.", "Open a new one.")
        return self._holdings

    def close(self) -> None:
        with self._busy:
            if self._holdings:
                self._holdings.close()
            self._holdings = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Holdings(BySets):
    """One state of a generation. The exact layer decides what is found; a word it does not know of scores nothing."""

    def __init__(self, generation: Path, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._exact = ExactLayer(generation / EXACT)
        self._exact.hold()
        self.checkpoint, self.stamp = int(self._exact.meta("checkpoint")), self._exact.meta("stamp")
        if self.stamp.partition("/")[0] != str(SCHEMA):
            raise SearchError(f"The index in {generation.parent} was written by another version.", REBUILD)
        self._reader = index.open_dir(str(generation)).reader()
        self.held: dict[int, Card] = self._exact.cards()
        self.ranking = Ranking(self.held)
        self._leaves = [(leaf, _rows(leaf, self.held)) for leaf, _ in self._reader.leaf_readers()]

    def close(self) -> None:
        self._exact.close()
        self._reader.close()

    def matching(self, node: Node) -> set[int]:
        return self._exact.matching(node)

    def postings(self, term: str) -> Iterator[tuple[int, float]]:
        leaves = ((leaf, rows) for leaf, rows in self._leaves if ("words", term) in leaf)
        return chain.from_iterable(block for leaf, rows in leaves for block in _blocks(leaf, rows, term))

    def terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)

    def vocabulary(self) -> Iterator[str]:
        return (term.decode() for term in self._reader.lexicon("words"))

    def alike(self, row: int) -> set[int]:
        return self._exact.alike(row)

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        return self._exact.entries(rows)


def _rows(leaf: Any, cards: dict[int, Card]) -> array[int]:
    """Row of each document number of a segment; 0 for what is deleted or not held by the exact layer."""
    rows = array("q", bytes(8 * leaf.doc_count_all()))
    if leaf.has_column("row"):
        deleted = leaf.deleted_docs_set
        for docnum, row in enumerate(leaf.column_reader("row", translate=False)):
            if row in cards and docnum not in deleted:
                rows[docnum] = row
    return rows


def _blocks(leaf: Any, rows: Sequence[int], term: str) -> Iterator[Iterable[tuple[int, float]]]:
    """(row, count) of a segment's postings, a block at a time; deleted documents have row 0.

    Five times faster than asking the matcher for one posting after the other; it reaches into W3LeafMatcher, for which
    the version is pinned and `postings` compared with the public interface in a test.
    """
    matcher = leaf._terms.matcher("words", term.encode(), leaf.schema["words"].format)
    if not isinstance(matcher, W3LeafMatcher):
        raise TypeError(f"postings in an unknown form: {type(matcher).__name__}")
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        yield zip(map(rows.__getitem__, matcher._ids), matcher._weights, strict=True)
        matcher._next_block()
