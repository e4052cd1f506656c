"""The likeliest readings of a damaged place, followed side by side to where the bytes are in phase again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import islice
from operator import itemgetter

from bulletin.text.repair.characters import QUOTES, at_line_end, unbalanced
from bulletin.text.repair.dropped import dropped
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.lattice import Lattice
from bulletin.text.repair.units import units_of

#: Guesses followed from one character to the next.
BEAM = 48
#: A guess so much worse than the best is given up.
WORTH = 9.0
#: The same where no pairs may be missing, which costs less; at the first character, which a rare one may begin a word
#: with that only the next shows; and how much less at each further one.
WIDE, OPENING, WIDER = 14.0, 19.0, 5.0
#: Pending byte, last character, last characters as weighed, whether nothing stands in the span yet, whether phase was
#: just regained, how the span began, quotation marks given back.
Going = tuple[int, str, str, bool, bool, str, str]
Grown = dict[Going, tuple[float, Guess]]
#: A shorter line may be a heading, which has no mark at its end.
LONG_LINE = 25


def _keep(grown: Grown, guesses: Iterable[Guess | None], lattice: Lattice) -> None:
    """Of guesses that go on alike the likeliest is followed; it remembers by how much it beat the others."""
    for guess in guesses:
        if guess is not None:
            hope = guess.hope
            promise = hope + guess.ahead
            if promise < lattice.floor:
                continue
            lattice.floor = max(lattice.floor, hope - lattice.worth)
            key = _going(guess)
            other = grown[key][1] if key in grown else None
            if other is None:
                grown[key] = promise, guess
            elif other.score < guess.score:
                guess.beat(other, guess.score - other.score)
                grown[key] = promise, guess
            else:
                other.beat(guess, other.score - guess.score)


def _going(guess: Guess) -> Going:
    """All that decides how a guess may go on, and what that will cost."""
    opened = guess.spans[0].now + guess.now if guess.spans else guess.now
    quotes = "".join([mark for mark in opened if mark in QUOTES])
    return guess.pending, guess.last, guess.state[0], guess.now == "", guess.steady == 0, guess.how[:1], quotes


def solve(text: str, at: int, end: int, before: str, lattice: Lattice, *, drops: bool) -> list[Guess]:
    """All guesses for the place at `at`, best first; the line ends at `end`, `before` stands before the place."""
    beam = [Guess(before[-1:], 0, lattice.scale.behind(before), 0.0)]
    lattice.bracket = re.search(r"[(（][^()（）]*$", before) is not None
    units = list(islice(units_of(text, at, min(end, at + 400)), 80))
    for index, unit in enumerate(units):
        following = units[index + 1] if index + 1 < len(units) else None
        if following and following.text == "," and units[index + 2 : index + 3] and units[index + 2].text.isdigit():
            following = units[index + 2]  # 6,681 is no clause
        grown: Grown = {}
        lattice.floor = -math.inf
        lattice.worth = max(WORTH if drops else WIDE, OPENING - WIDER * index)
        for guess in beam:
            _keep(grown, lattice.step(guess, unit, following), lattice)
        if drops:
            for rank, guess in enumerate(guess for guess in beam if guess.pending > 0):
                _keep(grown, dropped(lattice, guess, unit, following, deep=rank < 4), lattice)
                if rank == 11 and unit.text != "?":
                    break
        kept = [(promise, guess) for promise, guess in grown.values() if promise >= lattice.floor]
        kept.sort(key=itemgetter(0), reverse=True)
        floor = kept[BEAM][0] if len(kept) > BEAM else lattice.floor
        for promise, guess in kept:
            guess.room = min(guess.room, promise - floor)
        beam = [guess for _, guess in kept[:BEAM]]
        if index and not any(guess.pending or guess.steady < 5 for guess in beam[:8]):
            break
    start = text.rfind("\n", 0, at) + 1
    found = sorted((guess for guess in beam if not guess.pending), key=lambda guess: -guess.score)
    whole = bool(units) and units[-1].end == end and index == len(units) - 1
    for guess in found:
        guess.extra += unbalanced("".join(span.now for span in guess.spans), before, text[at:end])
        guess.extra += at_line_end(guess.last, lattice.closed[end - start >= LONG_LINE]) if whole else 0.0
    return sorted(found, key=lambda guess: -guess.score)
