"""A pack of questions with known answers, drawn from the bulletins an index is being given, to try it before use."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from bulletin.document import Change
from bulletin.query import Phrase, Query
from search.characters import characters
from search.entry import Entry, entry_of
from search.ports import Searcher

_SAMPLE: Final = 30  # bulletins remembered
_RUN: Final = 8  # characters of a run out of a text
_SEED: Final = 1


class QueryPack:
    """Remembers a few of the bulletins it is shown, each with the same chance, and then asks for them."""

    def __init__(self) -> None:
        self._seen = 0
        self._sample: dict[int, Entry] = {}
        self._rng = random.Random(_SEED)

    def note(self, change: Change) -> None:
        """Show it a change that goes into the index. A later one of a document stands for the earlier one."""
        for place, held in self._sample.items():
            if held.document_id == change.document.id:
                self._sample[place] = entry_of(change)
                return
        place = self._seen if self._seen < _SAMPLE else self._rng.randrange(self._seen + 1)
        self._seen += 1
        if place < _SAMPLE:
            self._sample[place] = entry_of(change)

    def failures(self, searcher: Searcher) -> list[str]:
        """The questions that do not find the bulletin they were drawn from."""
        return [
            f"{text!r} does not find {entry.document_id}"
            for entry in self._sample.values()
            for text in _questions(entry)
            if searcher.ids(Query(Phrase(text), ids=frozenset((entry.document_id,)))) != {entry.document_id}
        ]

    def __len__(self) -> int:
        """How many questions there are."""
        return sum(1 for entry in self._sample.values() for _ in _questions(entry))


def _questions(entry: Entry) -> Iterator[str]:
    """Its title, its number, a run from the middle of its text."""
    text = characters(entry.text)
    middle = max(0, len(text) // 2 - _RUN // 2)
    for asked in (entry.title, entry.number or "", text[middle : middle + _RUN]):
        if len(characters(asked)) > 1:
            yield asked
