"""Readings of a damaged place in which pairs of bytes are missing that made private-use characters."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from bulletin.text.repair.gone import before_gone, behind_gone, between_gone
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.lattice import CREDIT, SLACK, Lattice
from bulletin.text.repair.readings import simplified
from bulletin.text.repair.units import NOWHERE, Unit

#: What it costs that a pair is missing.
DROP = -1.0
#: Characters between two lost pairs are many and rarely right: they are followed where little is missing to the best.
_FAR = 7.0


def dropped(
    lattice: Lattice, guess: Guess, unit: Unit, following: Unit | None, *, deep: bool
) -> Iterator[Guess | None]:
    """Two characters whose middle bytes were a private-use pair and left no trace: (pending, P1)(P2, this byte).

    Between them may be a third, whose bytes are of two lost pairs; it is looked for if `deep`.
    """
    data, reading = unit.bytes, unit.reading
    if unit.text == "?":
        # before a tag whose < was swallowed no mark is looked for: the text is given back without one
        if reading or (lattice.ends(following) and data != b"/"):
            yield from _across(lattice, guess, unit, 0, 0, deep, how="q" if reading else "w")
    elif len(data) == 2:
        pending, more, how = (data[1], "", "") if data[1] >= 0x80 else (0, chr(data[1]), "a")
        yield from _across(lattice, guess, unit, data[0], pending, deep, more=more, how=how)
    elif len(data) == 1 and 0x40 <= data[0] < 0x7F:
        yield from _across(lattice, guess, unit, data[0], 0, deep, how="q" if reading else "r")
    if len(data) == 1 and 0x21 <= data[0] < 0x7F and not reading:
        yield from _across(lattice, guess, unit, 0xA3, data[0] + 0x80, deep)


def _across(
    lattice: Lattice, guess: Guess, unit: Unit, trail: int, pending: int, deep: bool, *, more: str = "", how: str = ""
) -> Iterator[Guess | None]:
    """What ends on the byte `trail`, or, where that is 0, may be found by its reading or by words."""
    annotated, likely = bool(unit.reading), lattice.scale.likely
    reading = "" if len(unit.bytes) == 2 else unit.reading  # one behind both bytes is not that of the first's character
    hope = lattice.floor - CREDIT - guess.extra - DROP
    for _, lead, private, _ in likely(guess.state, before_gone(guess.pending), hope):
        one = lattice.put(guess, lead, private, -2, unit, extra=DROP, how="d")
        for before, last in _between(lattice, one, private, deep) if one else ():
            hope = -inf if more else lattice.floor - before.ahead - before.extra
            least = lattice.floor - SLACK - before.promise
            behind = behind_gone(last, trail, reading)
            for _, lead, second, _ in likely(before.state, behind, hope, least, least):
                yield lattice.put(before, lead, second, pending, unit, annotated=annotated, more=more, how=how)


def _between(lattice: Lattice, one: Guess, private: int, deep: bool) -> Iterator[tuple[Guess, int]]:
    """Nothing, or the one character between two lost pairs: one in wide use, or what ends a word, as 府 in 政府."""
    yield one, private
    if not deep:
        return
    hope = lattice.floor + _FAR - CREDIT - one.extra - DROP
    least = lattice.floor + _FAR - SLACK - one.promise
    middles = between_gone(simplified(one.last), private)
    for _, lead, trail, _ in lattice.scale.likely(one.state, middles, hope, least, least - DROP):
        new = lattice.put(one, lead, trail, -2, NOWHERE, extra=DROP, how="d")
        if new and new.promise >= lattice.floor + _FAR:
            yield new, trail
