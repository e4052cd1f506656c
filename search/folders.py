"""An index that lies in a folder of generations: what every engine on disk shares. An engine brings a `Kind`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol, Self

from bulletin.errors import SearchError
from bulletin.query import Query
from bulletin.results import Hit, Results
from search import stamp
from search.analysing import Analysing, analysed
from search.analyzer import Analyzer, open_analyzer
from search.answering import Holdings, answer, ids_of, related
from search.entry import Entry
from search.generations import REBUILD, Generations, WriterLock, told
from search.readahead import read_ahead

_OFTEN: Final = 2  # questions after which a searcher's files are read ahead


class Generation(Protocol):
    """The writer of one generation. `write` and `forget` as in `search.ports.Index`, but for entries being analysed."""

    def write(self, papers: Iterable[Any], upto: int) -> None: ...

    def forget(self, ids: Collection[str], upto: int) -> None: ...

    def checkpoint(self) -> int: ...

    def stamp(self) -> str: ...

    def count(self) -> int: ...

    def close(self) -> None: ...


class State(Holdings, Protocol):
    """A generation as a reader saw it when it was opened."""

    @property
    def checkpoint(self) -> int: ...

    @property
    def stamp(self) -> str: ...

    @property
    def total(self) -> int:
        """How many documents are held."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """How an engine makes, writes and reads a generation.

    `analyse` makes of entries what the writer writes of each; that is pure, so that other processes may do it where
    `is_shared` says that they should. `writer` is told whether the generation is a successor, of which nothing is used
    before it is whole. `damage` is what the engine's library raises when it opens files that are not what they were.
    """

    scheme: str
    make: Callable[[Path, str], None]
    analyse: Callable[[Sequence[Entry], Analyzer], list[Any]]
    writer: Callable[[Path, Analyzer, bool], Generation]
    reader: Callable[[Path, Analyzer], State]
    is_shared: bool = False
    damage: tuple[type[Exception], ...] = ()

    def folder(self, url: str) -> Generations:
        return Generations(Path(url.partition("://")[2]), self.scheme)


def open_index(kind: Kind, url: str, lexicon: Path | None) -> FolderIndex:
    """The writer of the index in use; an empty one is made where there is none."""
    folder = kind.folder(url)
    with told(folder.folder, kind.damage):
        folder.prepare()
        lock = WriterLock(folder.folder)
        try:
            if not folder.has_current():
                folder.promote(_made(kind, folder, lexicon))
            folder.sweep()
            opened = FolderIndex(kind, url, folder, folder.current(), lock, lexicon)
            if opened.count() or not stamp.needs_rebuild(opened.stamp(), lexicon):
                return opened
            # An empty index need not be rebuilt by hand when the analysis changed.
            opened.let_go()
            folder.promote(_made(kind, folder, lexicon))
            folder.sweep()
            return FolderIndex(kind, url, folder, folder.current(), lock, lexicon)
        except BaseException:
            lock.release()
            raise


def open_successor(kind: Kind, url: str, lexicon: Path | None) -> FolderIndex:
    """The writer of a new, empty index beside the one in use, which may be damaged."""
    folder = kind.folder(url)
    with told(folder.folder, kind.damage):
        folder.prepare(anew=True)
        lock = WriterLock(folder.folder)
        try:
            return FolderIndex(kind, url, folder, _made(kind, folder, lexicon), lock, lexicon, successor=True)
        except BaseException:
            lock.release()
            raise


def _made(kind: Kind, folder: Generations, lexicon: Path | None) -> Path:
    generation = folder.begin()
    kind.make(generation, stamp.current(lexicon))
    return generation


class FolderIndex:
    """The one writer of a folder, at work on one generation."""

    def __init__(
        self,
        kind: Kind,
        url: str,
        folder: Generations,
        generation: Path,
        lock: WriterLock,
        lexicon: Path | None,
        *,
        successor: bool = False,
    ) -> None:
        self._kind, self._url = kind, url
        self._folder, self._path, self._lock, self._lexicon = folder, generation, lock, lexicon
        self._analyzer = open_analyzer(lexicon)
        self._generation = kind.writer(generation, self._analyzer, successor)
        self._open = True

    def write(self, entries: Sequence[Entry], upto: int) -> None:
        for _ in self.take_in([(entries, upto)], 1):
            pass

    def take_in(self, batches: Iterable[tuple[Sequence[Entry], int]], workers: int) -> Iterator[int]:
        analysing = Analysing(self._kind.analyse, self._analyzer)
        for papers, count, upto in analysed(batches, analysing, workers if self._kind.is_shared else 1):
            self._write(papers, upto)
            yield count

    def _write(self, papers: Iterable[Any], upto: int) -> None:
        self._refuse_other_stamp()
        with told(self._folder.folder):
            self._generation.write(papers, upto)

    def forget(self, ids: Collection[str], upto: int) -> None:
        self._refuse_other_stamp()
        with told(self._folder.folder):
            self._generation.forget(ids, upto)

    def _refuse_other_stamp(self) -> None:
        if reason := stamp.needs_rebuild(self.stamp(), self._lexicon):
            raise SearchError(f"The index in {self._folder.folder} cannot be added to: {reason}.", REBUILD)

    def checkpoint(self) -> int:
        with told(self._folder.folder):
            return self._generation.checkpoint()

    def stamp(self) -> str:
        with told(self._folder.folder):
            return self._generation.stamp()

    def count(self) -> int:
        with told(self._folder.folder):
            return self._generation.count()

    def let_go(self) -> None:
        """Close the files and keep the lock."""
        with told(self._folder.folder):
            self._generation.close()

    def opened(self) -> FolderSearcher:
        self.count()  # what waits to be committed is
        return FolderSearcher(self._kind, self._url, self._lexicon, self._path)

    def promote(self) -> None:
        self.let_go()
        self._folder.promote(self._path)
        self._folder.sweep()
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            try:
                self.let_go()
            finally:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class FolderSearcher:
    """Reads one state of the index in use, or of `generation`; safe in several threads, one question at a time."""

    def __init__(self, kind: Kind, url: str, lexicon: Path | None, generation: Path | None = None) -> None:
        self._kind, self._folder, self._busy = kind, kind.folder(url), Lock()
        self._generation = generation
        self._state: State | None = None
        self._place, self._answered = Path(), 0
        self._analyzer = open_analyzer(lexicon)
        self.refresh()

    def find(self, query: Query) -> Results:
        with self._busy, told(self._folder.folder):
            answered = answer(query, self._held())
            self._answered += 1
            # Who asks once needs little of an index, who asks again may ask for all of it.
            if self._answered == _OFTEN:
                read_ahead(self._place)
            return answered

    def refresh(self) -> None:
        with self._busy, told(self._folder.folder, self._kind.damage):
            place = self._generation or self._folder.current()
            fresh = self._kind.reader(place, self._analyzer)
            if fresh.stamp.partition("/")[0] != str(stamp.SCHEMA):
                fresh.close()
                raise SearchError(f"The index in {self._folder.folder} was written by another version.", REBUILD)
            if self._state:
                self._state.close()
            if place != self._place:
                self._place, self._answered = place, 0
            self._state = fresh

    def ids(self, query: Query) -> set[str]:
        with self._busy, told(self._folder.folder):
            return ids_of(query, self._held())

    def related(self, document_id: str, limit: int = 5) -> tuple[Hit, ...]:
        with self._busy, told(self._folder.folder):
            return related(document_id, self._held(), limit)

    def checkpoint(self) -> int:
        return self._held().checkpoint

    def count(self) -> int:
        return self._held().total

    def stamp(self) -> str:
        return self._held().stamp

    def _held(self) -> State:
        if self._state is None:
            raise SearchError("The searcher is closed.", "Open a new one.")
        return self._state

    def close(self) -> None:
        with self._busy:
            if self._state:
                self._state.close()
            self._state = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
