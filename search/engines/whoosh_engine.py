"""The embedded engine: words in Whoosh for ranking, the exact layer beside them for finding. `whoosh:///folder`.

The exact layer is committed first and Whoosh second, each with its checkpoint; the index's checkpoint is the smaller of
the two. Whoever is killed between the two commits writes the last batch once more, which changes nothing else.

The distribution is whoosh-reloaded 2.7.5. Its files hold pickles, so that only a folder we wrote is opened.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self

from whoosh import columns, fields, formats, index
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher
from whoosh.reading import TermNotFound

from bulletin.errors import DiskFullError, GongbaoError, SearchError, is_disk_full
from bulletin.query import Node, Query
from bulletin.results import Results
from search import stamp
from search.analyzer import Analyzer, open_analyzer
from search.answering import answer
from search.engines.whoosh_pool import TermPool
from search.entry import Entry, columns_of, folded_parts_of
from search.exact import ExactLayer, Paper, create
from search.filtering import Card
from search.generations import Generations, WriterLock
from search.ports import Index, Searcher, Successor
from search.ranking import WEIGHTS, Ranking, counted, lengths_of

SCHEME: Final = "whoosh"
_EXACT: Final = "exact.db"
_CHECKPOINT: Final = "#checkpoint"
_MEMORY: Final = 256  # MB of postings before Whoosh writes a run to disk
_ADVICE: Final = "Run `gongbao index rebuild`: it makes the index anew from the archive; nothing is lost but time."


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
    schema = fields.Schema(
        document_id=fields.ID(),
        row=fields.COLUMN(columns.NumericColumn("q")),
        checkpoint=fields.STORED(),
    )
    for name in WEIGHTS:
        schema.add(name, WordCounts())
    return schema


def words_writer(target: Any) -> Any:
    """A Whoosh writer as we use it. Light compression: most blocks hold a handful of postings."""
    writer = target.writer(limitmb=_MEMORY, codec=Codec(compression=1))
    writer.pool = TermPool(writer.temp_storage(), writer.newsegment, _MEMORY)
    return writer


def _folder(url: str) -> Generations:
    return Generations(Path(url.partition("://")[2]), SCHEME)


def open_index(url: str, lexicon: Path | None = None) -> Index:
    """The writer of the index in use; an empty one is made where there is none."""
    folder = _folder(url)
    with _told(folder.folder):
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
    with _told(folder.folder):
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
    create(generation / _EXACT, stamp.current(lexicon))
    index.create_in(str(generation), words_schema())
    return generation


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Whatever Whoosh or SQLite raise becomes an error that says what to do."""
    try:
        yield
    except GongbaoError:
        raise
    except Exception as error:
        if is_disk_full(error):
            raise DiskFullError(
                f"No room is left for the index in {place}.", "Make room, then run it again."
            ) from error
        kind = type(error).__name__
        raise SearchError(f"The index in {place} is damaged or cannot be read ({kind}: {error}).", _ADVICE) from error


class WhooshIndex:
    """The one writer of a generation."""

    def __init__(self, folder: Generations, generation: Path, lock: WriterLock, lexicon: Path | None) -> None:
        self._folder, self._generation, self._lock, self._lexicon = folder, generation, lock, lexicon
        self._analyzer = open_analyzer(lexicon)
        self._exact = ExactLayer(generation / _EXACT)
        self._words = index.open_dir(str(generation))
        self._open = True
        if self._checkpoints()[0] != self._checkpoints()[1]:
            self._drop_strangers()

    def write(self, entries: Sequence[Entry], upto: int) -> None:
        self._refuse_other_stamp()
        # The last of several entries of one document counts.
        newest = list({entry.document_id: entry for entry in entries}.values())
        with _told(self._folder.folder):
            parts = list(map(folded_parts_of, newest))
            counts = [counted(part, self._analyzer) for part in parts]
            papers = map(Paper, newest, map(columns_of, parts), map(lengths_of, counts))
            rows = self._exact.put(papers, upto)
            with self._writing({entry.document_id for entry in newest}, upto) as writer:
                for entry, row, words in zip(newest, rows, counts, strict=True):
                    writer.add_document(document_id=entry.document_id, row=row, **words)

    def forget(self, ids: Collection[str], upto: int) -> None:
        self._refuse_other_stamp()
        with _told(self._folder.folder):
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
            raise SearchError(f"The index in {self._folder.folder} cannot be added to: {reason}.", _ADVICE)

    def _checkpoints(self) -> tuple[int, int]:
        """The exact layer's and Whoosh's."""
        with self._words.reader() as reader:
            held = [reader.stored_fields(docnum)["checkpoint"] for docnum in _holding(reader, _CHECKPOINT)]
        return int(self._exact.meta("checkpoint")), max(held, default=0)

    def checkpoint(self) -> int:
        with _told(self._folder.folder):
            return min(self._checkpoints())

    def stamp(self) -> str:
        with _told(self._folder.folder):
            return self._exact.meta("stamp")

    def count(self) -> int:
        with _told(self._folder.folder):
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


class WhooshSearcher:
    """Reads one state of the index; safe to use from several threads, one question at a time."""

    def __init__(self, folder: Generations, lexicon: Path | None) -> None:
        self._folder, self._busy = folder, Lock()
        self._holdings: _Holdings | None = None
        self._analyzer = open_analyzer(lexicon)
        self.refresh()

    def find(self, query: Query) -> Results:
        with self._busy, _told(self._folder.folder):
            return answer(query, self._held())

    def refresh(self) -> None:
        with self._busy, _told(self._folder.folder):
            fresh = _Holdings(self._folder.current(), self._analyzer)
            if self._holdings:
                self._holdings.close()
            self._holdings = fresh

    def checkpoint(self) -> int:
        return self._held().checkpoint

    def count(self) -> int:
        return len(self._held().cards)

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


class _Holdings:
    """One state of a generation. The exact layer decides what is found; a word it does not know of scores nothing."""

    def __init__(self, generation: Path, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._exact = ExactLayer(generation / _EXACT)
        self._exact.hold()
        self.checkpoint, self.stamp = int(self._exact.meta("checkpoint")), self._exact.meta("stamp")
        self._reader = index.open_dir(str(generation)).reader()
        self.cards: dict[int, Card] = self._exact.cards()
        self.ranking = Ranking(self.cards)
        self._leaves = [(leaf, _rows(leaf, self.cards)) for leaf, _ in self._reader.leaf_readers()]

    def close(self) -> None:
        self._exact.close()
        self._reader.close()

    def matching(self, node: Node) -> set[int]:
        return self._exact.matching(node)

    def postings(self, field: str, term: str) -> Iterator[tuple[int, float]]:
        leaves = ((leaf, rows) for leaf, rows in self._leaves if (field, term) in leaf)
        return chain.from_iterable(block for leaf, rows in leaves for block in _blocks(leaf, rows, field, term))

    def terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)

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


def _blocks(leaf: Any, rows: Sequence[int], field: str, term: str) -> Iterator[Iterable[tuple[int, float]]]:
    """(row, count) of a segment's postings, a block at a time; deleted documents have row 0.

    Five times faster than asking the matcher for one posting after the other; it reaches into W3LeafMatcher, for which
    the version is pinned and `postings` compared with the public interface in a test.
    """
    matcher = leaf._terms.matcher(field, term.encode(), leaf.schema[field].format)
    if not isinstance(matcher, W3LeafMatcher):
        raise TypeError(f"postings in an unknown form: {type(matcher).__name__}")
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        yield zip(map(rows.__getitem__, matcher._ids), matcher._weights, strict=True)
        matcher._next_block()
