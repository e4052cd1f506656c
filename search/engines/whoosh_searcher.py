"""Reading an index: the exact layer finds, Whoosh's postings rank."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.codec.whoosh3 import W3LeafMatcher

from bulletin.query import Node
from search.analyzer import Analyzer
from search.by_sets import BySets
from search.entry import Entry
from search.exact import EXACT, ExactLayer
from search.filtering import Card
from search.ranking import Ranking


class WhooshState(BySets):
    """One state of a generation. The exact layer decides what is found; a word it does not know of scores nothing."""

    def __init__(self, generation: Path, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._exact = ExactLayer(generation / EXACT, reading=True)
        self._exact.hold()
        self.checkpoint, self.stamp = int(self._exact.meta("checkpoint")), self._exact.meta("stamp")
        self._reader = index.open_dir(str(generation)).reader()
        self.held: dict[int, Card] = self._exact.cards()
        self.ranking = Ranking(self.held)
        self._leaves = [(leaf, _rows(leaf, self.held)) for leaf, _ in self._reader.leaf_readers()]

    @property
    def total(self) -> int:
        return len(self.held)

    def close(self) -> None:
        self._exact.close()
        self._reader.close()

    def matching(self, node: Node) -> set[int]:
        return self._exact.matching(node)

    def postings(self, term: str) -> Iterator[tuple[int, float]]:
        return chain.from_iterable(block for leaf, rows in self._leaves for block in _blocks(leaf, rows, term))

    def terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)

    def vocabulary(self, holding: Collection[str]) -> Iterator[str]:
        """Of a replaced bulletin the words stay in the lexicon until its segment is merged: they are left out."""
        words = (term.decode() for term in self._reader.lexicon("words"))
        if not self._reader.has_deletions():
            return words
        wanted = frozenset(holding)
        return (word for word in words if not wanted.isdisjoint(word) and self._lives(word))

    def _lives(self, term: str) -> bool:
        return any(row in self.held for row, _ in self.postings(term))

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
    try:
        if ("words", term) not in leaf:
            return
        matcher = leaf._terms.matcher("words", term.encode(), leaf.schema["words"].format)
        if not isinstance(matcher, W3LeafMatcher):
            raise TypeError(f"postings in an unknown form: {type(matcher).__name__}")
        while matcher.is_active():
            matcher._read_ids()
            matcher._read_weights()
            yield zip(list(map(rows.__getitem__, matcher._ids)), matcher._weights, strict=True)
            matcher._next_block()
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        # Nothing but Whoosh's own reading stands above, and its files are no longer what it wrote.
        raise EOFError(f"the postings of a word: {error}") from error
