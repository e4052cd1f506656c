"""The postings of one commit, gathered by term; in memory as long as they are few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.writing import PostingPool

_Item = tuple[str, bytes, int, float, bytes]


class TermPool(PostingPool):  # type: ignore[misc]
    """Whoosh's own pool sorts one tuple a posting; this one sorts the terms only (half the time of a commit's sorting).

    Postings of a term must come in ascending order of their documents, and do, from a writer as from a merge. Past
    `limit` postings it hands over to Whoosh's pool, which sorts on disk.
    """

    def __init__(self, tempstore: Any, segment: Any, limitmb: int) -> None:
        super().__init__(tempstore, segment, limitmb)
        self._terms: dict[tuple[str, bytes], list[tuple[int, float]]] = {}
        self._left = limitmb * 1024 * 1024 // _BYTES

    def add(self, item: _Item) -> None:
        field, text, docnum, weight, _ = item
        held = self._terms.get((field, text))
        if held is None:
            self._terms[field, text] = [(docnum, weight)]
        else:
            held.append((docnum, weight))
        self._left -= 1
        if self._left < 0:
            self._hand_over()

    def iter_postings(self) -> Iterator[_Item]:
        if self.runs or self.current:
            self._hand_over()
            yield from super().items()
            return
        for (field, text), held in sorted(self._terms.items()):
            for docnum, weight in held:
                yield field, text, docnum, weight, b""

    def _hand_over(self) -> None:
        self.current = [
            (field, text, docnum, weight, b"") for (field, text), held in self._terms.items() for docnum, weight in held
        ]
        self._terms.clear()
        self._left = self.limit // _BYTES
        self.save()


_BYTES = 120  # about what a posting takes here
