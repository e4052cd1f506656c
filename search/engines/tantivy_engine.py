"""The engine for large archives on one machine: everything in one index of tantivy. `tantivy:///folder`.

Pairs of characters find, words rank, stored bulletins are shown, and a document of its own holds the checkpoint: one
commit writes all or nothing. Nothing is kept in memory between questions, so that the archive may grow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import tantivy

from search import folders
from search.analyzer import Analyzer
from search.engines import not_installed
from search.engines.tantivy_searcher import TantivyState
from search.engines.tantivy_storage import CHECKPOINT, LaidDown, asking, checkpoint_document, create, opened
from search.entry import Entry
from search.ports import Index, Searcher, Successor

#: Bytes of postings before a segment is written, for each thread; more of them are slower to add to, fewer have to be
#: merged more often.
_HEAP: Final = 150_000_000
#: Threads that lay down a successor: what several processes analyse is too much for one.
_THREADS: Final = 2


def open_index(url: str, lexicon: Path | None = None) -> Index:
    return folders.open_index(_KIND, url, lexicon)


def open_successor(url: str, lexicon: Path | None = None) -> Successor:
    return folders.open_successor(_KIND, url, lexicon)


def open_searcher(url: str, lexicon: Path | None = None) -> Searcher:
    return folders.FolderSearcher(_KIND, url, lexicon)


class TantivyWriter:
    """Writes one generation. A successor is committed when it is whole: it is thrown away if it does not get done."""

    def __init__(self, generation: Path, analyzer: Analyzer, successor: bool) -> None:
        self._place, self._successor = str(generation), successor
        self._threads = _THREADS if successor else 1
        self._index = opened(generation)
        self._writer: tantivy.IndexWriter | None = None
        state = TantivyState(generation, analyzer)
        self._checkpoint, self._stamp = state.checkpoint, state.stamp
        #: The ids a successor holds: what is not there need not be deleted.
        self._ids: set[str] = set()
        self._waiting, self._upto = 0, self._checkpoint

    def write(self, papers: Iterable[LaidDown], upto: int) -> None:
        written = 0
        with self._writing() as writer:
            for paper in papers:
                if not self._successor or paper.document_id in self._ids:
                    writer.delete_documents_by_term("document_id", paper.document_id)
                writer.add_document(paper.document())
                written += 1
                if self._successor:
                    self._ids.add(paper.document_id)
        self._move(written, upto)

    def forget(self, ids: Collection[str], upto: int) -> None:
        with self._writing() as writer:
            for document_id in set(ids) - {CHECKPOINT}:
                writer.delete_documents_by_term("document_id", document_id)
        self._move(len(ids), upto)

    def _move(self, written: int, upto: int) -> None:
        self._waiting, self._upto = self._waiting + written, upto
        if not self._successor:
            self._commit()

    def _commit(self) -> None:
        with self._writing() as writer:
            writer.delete_documents_by_term("document_id", CHECKPOINT)
            writer.add_document(checkpoint_document(self._upto, self._stamp))
            writer.commit()
        self._checkpoint, self._waiting = self._upto, 0

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """tantivy's writer; nothing since the last commit is kept if anything goes wrong."""
        with asking(self._place):
            if self._writer is None:
                self._writer = self._index.writer(_HEAP * self._threads, self._threads)
                # A writer killed at its commit leaves files under names that the next commit wants to give.
                self._writer.garbage_collect_files()
            try:
                yield self._writer
            except BaseException:
                self._upto, self._waiting = self._checkpoint, 0
                self._take_back()
                raise

    def _take_back(self) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            writer.rollback()
        except ValueError:
            # A writer whose thread died of a full disk cannot even take back; this lets go of its lock.
            self._writer = None
            with suppress(ValueError):
                writer.wait_merging_threads()

    def _flush(self) -> None:
        if self._waiting:
            self._commit()

    def checkpoint(self) -> int:
        self._flush()
        return self._checkpoint

    def stamp(self) -> str:
        return self._stamp

    def count(self) -> int:
        self._flush()
        with asking(self._place):
            self._index.reload()
            return self._index.searcher().num_docs - 1

    def close(self) -> None:
        self._flush()
        if self._writer is not None:
            with asking(self._place):
                # Merges are let finish; a process that ends would leave ever more segments.
                self._writer.wait_merging_threads()
            self._writer = None


def _analysed(entries: Sequence[Entry], analyzer: Analyzer) -> list[LaidDown]:
    try:
        from search.engines.tantivy_laying import laid_down
    except ModuleNotFoundError as error:
        raise not_installed("tantivy", error) from error
    return laid_down(entries, analyzer)


_KIND: Final = folders.Kind("tantivy", create, _analysed, TantivyWriter, TantivyState, is_shared=True)
