"""How words are laid down in Whoosh: the fields, the codec, and how the postings of one commit are gathered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.writing import PostingPool

_MEMORY: Final = 160  # MB of postings before they are put aside on disk
_BYTES: Final = 120  # about what a posting takes in our pool


_Item = tuple[str, bytes, int, float, bytes]


class TermPool(PostingPool):  # type: ignore[misc]
    """Whoosh's own pool sorts one tuple a posting; this one sorts the terms only (half the time of a commit's sorting).

    Postings of a term must come in ascending order of their documents, and do, from a writer as from a merge. Past
    `limit` postings it hands what it holds over to Whoosh's pool, which merges on disk.
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
        if not self.runs:
            return self._sorted()
        self._hand_over()
        found: Iterator[_Item] = super().items()
        return found

    def _sorted(self) -> Iterator[_Item]:
        for (field, text), held in sorted(self._terms.items()):
            for docnum, weight in held:
                yield field, text, docnum, weight, b""

    def _hand_over(self) -> None:
        path, file = self._new_run()
        self._write_run(file, self._sorted())
        self._add_run(path)
        self._terms.clear()
        self._left = self.limit // _BYTES


class WordCounts(fields.FieldType):  # type: ignore[misc]
    """A Whoosh field fed with ready counts. It keeps no positions: runs are the exact layer's business."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=False, stored=False)

    def index(self, value: Counter[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, count in value.items():
            yield term.encode(), count, float(count), b""


class Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own, without the least and greatest field length of each block: it asks the disk for every posting
    (half the time of a build), and our ranking does not use them."""

    length_stats = False


def words_schema() -> fields.Schema:
    """The fields of the ranking index. Public for the benchmark that feeds them without us."""
    return fields.Schema(
        document_id=fields.ID(),
        row=fields.COLUMN(columns.NumericColumn("q")),
        checkpoint=fields.STORED(),
        words=WordCounts(),
    )


def words_writer(target: Any) -> Any:
    """A Whoosh writer as we use it. Light compression: most blocks hold a handful of postings."""
    writer = target.writer(limitmb=_MEMORY, codec=Codec(compression=1))
    writer.pool = TermPool(writer.temp_storage(), writer.newsegment, _MEMORY)
    return writer
