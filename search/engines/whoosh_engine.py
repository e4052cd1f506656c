"""The embedded engine: words in Whoosh for ranking, the exact layer beside them for finding. `whoosh:///folder`.

The exact layer is committed first and Whoosh second, each with its checkpoint; the index's checkpoint is the smaller of
the two. Whoever is killed between the two commits writes the last batch once more, which changes nothing else.

The distribution is whoosh-reloaded 2.7.5. Its files hold pickles, so that only a folder we wrote is opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from whoosh import index
from whoosh.reading import TermNotFound

from bulletin.errors import SearchError
from search import stamp
from search.alike import sketched
from search.analyzer import open_analyzer
from search.engines.whoosh_searcher import WhooshSearcher
from search.engines.whoosh_storage import words_schema, words_writer
from search.entry import Entry, columns_of, folded_parts_of
from search.exact import EXACT, ExactLayer, Paper, create
from search.generations import REBUILD, Generations, WriterLock, told
from search.ports import Index, Searcher, Successor
from search.ranking import counted

SCHEME: Final = "whoosh"
_CHECKPOINT: Final = "#checkpoint"


def _folder(url: str) -> Generations:
    return Generations(Path(url.partition("://")[2]), SCHEME)


def open_index(url: str, lexicon: Path | None = None) -> Index:
    """The writer of the index in use; an empty one is made where there is none."""
    folder = _folder(url)
    with told(folder.folder):
        folder.prepare()
        lock = WriterLock(folder.folder)
        try:
            if not folder.has_current():
                folder.promote(_made(folder, lexicon))
            folder.sweep()
            opened = WhooshIndex(folder, folder.current(), lock, lexicon)
            if opened.count() or not stamp.needs_rebuild(opened.stamp(), lexicon):
                return opened
            # An empty index need not be rebuilt by hand when the analysis changed.
            opened.let_go()
            folder.promote(_made(folder, lexicon))
            folder.sweep()
            return WhooshIndex(folder, folder.current(), lock, lexicon)
        except BaseException:
            lock.release()
            raise


def open_successor(url: str, lexicon: Path | None = None) -> Successor:
    """The writer of a new, empty index beside the one in use, which may be damaged."""
    folder = _folder(url)
    with told(folder.folder):
        folder.prepare()
        lock = WriterLock(folder.folder)
        try:
            return WhooshIndex(folder, _made(folder, lexicon), lock, lexicon)
        except BaseException:
            lock.release()
            raise


def open_searcher(url: str, lexicon: Path | None = None) -> Searcher:
    """A reader of the index in use."""
    return WhooshSearcher(_folder(url), lexicon)


def _made(folder: Generations, lexicon: Path | None) -> Path:
    generation = folder.begin()
    create(generation / EXACT, stamp.current(lexicon))
    index.create_in(str(generation), words_schema())
    return generation


class WhooshIndex:
    """The one writer of a generation."""

    def __init__(self, folder: Generations, generation: Path, lock: WriterLock, lexicon: Path | None) -> None:
        self._folder, self._generation, self._lock, self._lexicon = folder, generation, lock, lexicon
        self._analyzer = open_analyzer(lexicon)
        self._exact = ExactLayer(generation / EXACT)
        self._words = index.open_dir(str(generation))
        self._open = True
        if self._checkpoints()[0] != self._checkpoints()[1]:
            self._drop_strangers()

    def write(self, entries: Sequence[Entry], upto: int) -> None:
        self._refuse_other_stamp()
        # The last of several entries of one document counts.
        newest = list({entry.document_id: entry for entry in entries}.values())
        with told(self._folder.folder):
            parts = list(map(folded_parts_of, newest))
            counts = [counted(part, self._analyzer) for part in parts]
            sketches = map(sketched, parts)
            papers = map(Paper, newest, map(columns_of, parts), map(Counter.total, counts), sketches)
            rows = self._exact.put(papers, upto)
            with self._writing({entry.document_id for entry in newest}, upto) as writer:
                for entry, row, words in zip(newest, rows, counts, strict=True):
                    writer.add_document(document_id=entry.document_id, row=row, words=words)

    def forget(self, ids: Collection[str], upto: int) -> None:
        self._refuse_other_stamp()
        with told(self._folder.folder):
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

    def _refuse_other_stamp(self) -> None:
        if reason := stamp.needs_rebuild(self.stamp(), self._lexicon):
            raise SearchError(f"The index in {self._folder.folder} cannot be added to: {reason}.", REBUILD)

    def _checkpoints(self) -> tuple[int, int]:
        """The exact layer's and Whoosh's."""
        with self._words.reader() as reader:
            held = [reader.stored_fields(docnum)["checkpoint"] for docnum in _holding(reader, _CHECKPOINT)]
        return int(self._exact.meta("checkpoint")), max(held, default=0)

    def checkpoint(self) -> int:
        with told(self._folder.folder):
            return min(self._checkpoints())

    def stamp(self) -> str:
        with told(self._folder.folder):
            return self._exact.meta("stamp")

    def count(self) -> int:
        with told(self._folder.folder):
            return self._exact.count()

    def let_go(self) -> None:
        """Close the files and keep the lock."""
        self._exact.close()
        self._words.close()

    def promote(self) -> None:
        self.let_go()
        self._folder.promote(self._generation)
        self._folder.sweep()
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            self.let_go()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _holding(reader: Any, document_id: str) -> list[int]:
    try:
        return list(reader.postings("document_id", document_id).all_ids())
    except TermNotFound:
        return []
