"""The embedded engine: words in Whoosh for ranking, the exact layer beside them for finding. `whoosh:///folder`.

The exact layer is committed first and Whoosh second, each with its checkpoint; the index's checkpoint is the smaller of
the two. Whoever is killed between the two commits writes the last batch once more, which changes nothing else.

The distribution is whoosh-reloaded 2.7.5. Its files hold pickles, so that only a folder we wrote is opened.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from whoosh import index
from whoosh.reading import TermNotFound

from search import folders
from search.alike import sketch_of
from search.analyzer import Analyzer
from search.engines.whoosh_searcher import WhooshState
from search.engines.whoosh_storage import words_schema, words_writer
from search.entry import Entry, columns_of, folded_parts_of
from search.exact import EXACT, ExactLayer, Paper, create
from search.ports import Index, Searcher, Successor
from search.ranking import counted

_CHECKPOINT: Final = "#checkpoint"
#: What Whoosh raises on opening an index whose pickles and tables are damaged: a pickle can call for anything.
_DAMAGE: Final = (
    index.IndexError,
    pickle.PickleError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    TypeError,
    ValueError,
)


def open_index(url: str, lexicon: Path | None = None) -> Index:
    return folders.open_index(_KIND, url, lexicon)


def open_successor(url: str, lexicon: Path | None = None) -> Successor:
    return folders.open_successor(_KIND, url, lexicon)


def open_searcher(url: str, lexicon: Path | None = None) -> Searcher:
    return folders.FolderSearcher(_KIND, url, lexicon)


def _make(generation: Path, stamp: str) -> None:
    create(generation / EXACT, stamp)
    index.create_in(str(generation), words_schema())


def _analysed(entries: Sequence[Entry], analyzer: Analyzer) -> list[tuple[Paper, Counter[str]]]:
    return [_analysed_one(entry, analyzer) for entry in entries]


def _analysed_one(entry: Entry, analyzer: Analyzer) -> tuple[Paper, Counter[str]]:
    parts = folded_parts_of(entry)
    columns, words = columns_of(parts), counted(parts, analyzer)
    return Paper(entry, parts, columns, words.total(), sketch_of(columns)), words


class WhooshWriter:
    """Writes one generation."""

    def __init__(self, generation: Path, analyzer: Analyzer, successor: bool) -> None:
        self._exact = ExactLayer(generation / EXACT)
        self._words = index.open_dir(str(generation))
        if self._checkpoints()[0] != self._checkpoints()[1]:
            self._drop_strangers()

    def write(self, papers: Iterable[tuple[Paper, Counter[str]]], upto: int) -> None:
        held = list(papers)
        rows = self._exact.put((paper for paper, _ in held), upto)
        with self._writing({paper.entry.document_id for paper, _ in held}, upto) as writer:
            for (paper, words), row in zip(held, rows, strict=True):
                writer.add_document(document_id=paper.entry.document_id, row=row, words=words)

    def forget(self, ids: Collection[str], upto: int) -> None:
        self._exact.drop(ids, upto)
        with self._writing(set(ids), upto):
            pass

    @contextmanager
    def _writing(self, replaced: set[str], upto: int) -> Iterator[Any]:
        """A Whoosh writer in which the documents `replaced` are deleted; committed with the checkpoint at the end."""
        writer = words_writer(self._words)
        try:
            with writer.reader() as reader:
                for name in (*replaced, _CHECKPOINT):
                    for docnum in _holding(reader, name):
                        writer.delete_document(docnum)
            yield writer
            writer.add_document(document_id=_CHECKPOINT, checkpoint=upto)
            writer.commit()
        except BaseException:
            # A commit that failed half-way cannot always be cancelled; it must let go of its lock all the same.
            with suppress(Exception):
                writer.cancel()
            with suppress(Exception):
                writer.writelock.release()
            raise

    def _drop_strangers(self) -> None:
        """Take out of Whoosh what the exact layer does not hold: left by a kill between two commits."""
        held = self._exact.rows()
        with self._words.reader() as reader:
            known = {name.decode() for name in reader.lexicon("document_id")} - {_CHECKPOINT}
        if strangers := known - held.keys():
            with self._writing(strangers, self._checkpoints()[1]):
                pass

    def _checkpoints(self) -> tuple[int, int]:
        """The exact layer's and Whoosh's."""
        with self._words.reader() as reader:
            held = [reader.stored_fields(docnum)["checkpoint"] for docnum in _holding(reader, _CHECKPOINT)]
        return int(self._exact.meta("checkpoint")), max(held, default=0)

    def checkpoint(self) -> int:
        return min(self._checkpoints())

    def stamp(self) -> str:
        return self._exact.meta("stamp")

    def count(self) -> int:
        return self._exact.count()

    def close(self) -> None:
        self._exact.close()
        self._words.close()


def _holding(reader: Any, document_id: str) -> list[int]:
    try:
        return list(reader.postings("document_id", document_id).all_ids())
    except TermNotFound:
        return []


_KIND: Final = folders.Kind("whoosh", _make, _analysed, WhooshWriter, WhooshState, damage=_DAMAGE)
