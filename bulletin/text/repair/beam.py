"""The likeliest readings of a damaged place, followed side by side to where the bytes are in phase again."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable

from bulletin.text.repair.characters import at_line_end, unbalanced
from bulletin.text.repair.lattice import Guess, Lattice
from bulletin.text.repair.units import units_of

#: Guesses followed from one character to the next.
BEAM = 60
#: A guess so much worse than the best is given up.
WORTH = 14.0
#: A shorter line may be a heading, which has no mark at its end.
LONG_LINE = 25


def _keep(grown: dict[tuple[object, ...], Guess], guesses: Iterable[Guess | None], lattice: Lattice) -> None:
    """Of guesses that differ only in how they were found, the likeliest is followed."""
    for guess in guesses:
        if guess is not None:
            key = (guess.pending, guess.now, guess.opened, guess.spans)
            if key not in grown or grown[key].score < guess.score:
                grown[key] = guess
                lattice.floor = max(lattice.floor, guess.hope - WORTH)


def solve(text: str, at: int, end: int, before: str, lattice: Lattice, *, drops: bool) -> list[Guess]:
    """All guesses for the place at `at`, best first; the line ends at `end`, `before` stands before the place."""
    beam = [Guess(before[-1:], 0, lattice.scale.run(before), 0.0)]
    units = list(units_of(text, at, min(end, at + 400)))[:80]
    for index, unit in enumerate(units):
        following = units[index + 1] if index + 1 < len(units) else None
        if following and following.text == "," and units[index + 2 : index + 3] and units[index + 2].text.isdigit():
            following = units[index + 2]  # 6,681 is no clause
        grown: dict[tuple[object, ...], Guess] = {}
        lattice.floor = -math.inf
        for guess in beam:
            _keep(grown, lattice.step(guess, unit, following), lattice)
        if drops:
            for rank, guess in enumerate(guess for guess in beam if guess.pending > 0):
                lattice.deep = rank < 4
                _keep(grown, lattice.dropped(guess, unit, following), lattice)
                if rank == 11 and unit.text != "?":
                    break
        beam = heapq.nlargest(BEAM, (g for g in grown.values() if g.hope >= lattice.floor), key=lambda g: g.hope)
        if index and not any(guess.pending or guess.steady < 5 for guess in beam[:8]):
            break
    start = text.rfind("\n", 0, at) + 1
    found = sorted((guess for guess in beam if not guess.pending), key=lambda guess: -guess.score)
    whole = bool(units) and units[-1].end == end and index == len(units) - 1
    for guess in found:
        guess.extra += unbalanced("".join(span.now for span in guess.spans), before, text[at:end])
        guess.extra += at_line_end(guess.last, lattice.closed[end - start >= LONG_LINE]) if whole else 0.0
    return sorted(found, key=lambda guess: -guess.score)
