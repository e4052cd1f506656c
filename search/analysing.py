"""Entries made ready for an engine's writer: in this process, or shared out among several."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from bulletin.errors import SearchError
from bulletin.side_by_side import side_by_side
from search.analyzer import Analyzer
from search.entry import Entry

#: Entries, and the sequence number up to which all is held when they are.
Batch = tuple[Sequence[Entry], int]

_PART: Final = 50  # entries that a process takes at a time


@dataclass(frozen=True, slots=True)
class Analysing:
    """An engine's `analyse` and the analyzer it is given; goes to other processes."""

    analyse: Callable[[Entry, Analyzer], Any]
    analyzer: Analyzer

    def __call__(self, entry: Entry) -> Any:
        return self.analyse(entry, self.analyzer)


def analysed(batches: Iterable[Batch], analysing: Analysing, workers: int) -> Iterator[tuple[Iterable[Any], int, int]]:
    """Of each batch what was made of its entries, to be used up before the next is asked for, the number of entries,
    and the batch's sequence number. Of several entries of one document the last counts.

    SearchError where one of several processes is ended from outside.
    """
    if workers <= 1:
        yield from ((map(analysing, _newest(entries)), len(entries), upto) for entries, upto in batches)
        return
    begun: deque[tuple[int, int, int]] = deque()  # parts, entries, and upto of batches that are being analysed

    def parts() -> Iterator[list[Entry]]:
        for entries, upto in batches:
            newest = _newest(entries)
            starts = range(0, max(1, len(newest)), _PART)
            begun.append((len(starts), len(entries), upto))
            yield from (newest[start : start + _PART] for start in starts)

    def here(part: Sequence[Entry]) -> list[Any]:
        return list(map(analysing, part))

    with closing(_shared(side_by_side(parts(), here, _there, workers, (_begin, (analysing,))))) as done:
        for first in done:
            pieces, count, upto = begun.popleft()
            yield chain(first, chain.from_iterable(islice(done, pieces - 1))), count, upto


def _shared(done: Generator[list[Any], None, None]) -> Generator[list[Any], None, None]:
    try:
        yield from done
    except BrokenProcessPool as error:
        advice = "Run the same command again, with --workers 1 if it happens twice."
        raise SearchError("A process that was analysing bulletins was ended from outside.", advice) from error


def _newest(entries: Sequence[Entry]) -> list[Entry]:
    return list({entry.document_id: entry for entry in entries}.values())


_begun: dict[str, Analysing] = {}


def _begin(analysing: Analysing) -> None:
    _begun["analysing"] = analysing


def _there(part: Sequence[Entry]) -> list[Any]:
    return list(map(_begun["analysing"], part))
