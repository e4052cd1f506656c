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

#: Entries that are analysed at a time, and characters of text after which no further one is taken with them. Each step
#: of the analysis finds what it needs in the processor's cache if it is done to several entries before the next step.
_PART: Final = 50
_SIZE: Final = 500_000


@dataclass(frozen=True, slots=True)
class Analysing:
    """An engine's `analyse` and the analyzer it is given; goes to other processes."""

    analyse: Callable[[Sequence[Entry], Analyzer], list[Any]]
    analyzer: Analyzer

    def __call__(self, part: Sequence[Entry]) -> list[Any]:
        return self.analyse(part, self.analyzer)


def analysed(batches: Iterable[Batch], analysing: Analysing, workers: int) -> Iterator[tuple[Iterable[Any], int, int]]:
    """Of each batch what was made of its entries, to be used up before the next is asked for, the number of entries,
    and the batch's sequence number. Of several entries of one document the last counts.

    SearchError where one of several processes is ended from outside.
    """
    if workers <= 1:
        for entries, upto in batches:
            yield chain.from_iterable(map(analysing, _parts(entries))), len(entries), upto
        return
    begun: deque[tuple[int, int, int]] = deque()  # parts, entries, and upto of batches that are being analysed

    def given() -> Iterator[list[Entry]]:
        for entries, upto in batches:
            parts = _parts(entries)
            begun.append((len(parts), len(entries), upto))
            yield from parts

    with closing(_shared(side_by_side(given(), analysing, _there, workers, (_begin, (analysing,))))) as done:
        for first in done:
            pieces, count, upto = begun.popleft()
            yield chain(first, chain.from_iterable(islice(done, pieces - 1))), count, upto


def _shared(done: Generator[list[Any], None, None]) -> Generator[list[Any], None, None]:
    try:
        yield from done
    except BrokenProcessPool as error:
        advice = "Run the same command again, with --workers 1 if it happens twice."
        raise SearchError("A process that was analysing bulletins was ended from outside.", advice) from error


def _parts(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The newest entry of each document, in parts; at least one, which may be empty."""
    parts: list[list[Entry]] = [[]]
    held = 0
    for entry in {entry.document_id: entry for entry in entries}.values():
        if len(parts[-1]) == _PART or held >= _SIZE:
            parts.append([])
            held = 0
        parts[-1].append(entry)
        held += len(entry.text) + sum(len(text) for _, text in entry.attachments)
    return parts


_begun: dict[str, Analysing] = {}


def _begin(analysing: Analysing) -> None:
    _begun["analysing"] = analysing


def _there(part: Sequence[Entry]) -> list[Any]:
    return _begun["analysing"](part)
