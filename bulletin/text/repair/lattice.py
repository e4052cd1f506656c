"""Every reading of a damaged place: the bytes that may be missing, tried and weighed by words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from bulletin.text.repair import model
from bulletin.text.repair.characters import (
    SELDOM,
    UNCOMMON,
    carriers,
    clash,
    common_by_lead,
    cost,
    foreign_marks,
    made_by_trail,
    weighed,
)
from bulletin.text.repair.evidence import Evidence
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.readings import readings_of
from bulletin.text.repair.scale import Scale, hope_of
from bulletin.text.repair.units import Unit
from bulletin.text.repair.words import plain_form

#: Stands for a character lost for good.
GONE = "□"
#: What it costs that the converter got a text whose marks were half-width already.
HALF_WIDTH = -3.0
#: What a guess that made two characters at once may lag behind.
CREDIT = 5.0
#: Clause punctuation at which texts are cut, and the second of its bytes; the first is A3.
CUTS = {mark: model.encode(mark)[1] for mark in "，；？！："} | {
    mark: model.encode(chr(ord(mark) + 0xFEE0))[1] for mark in ",;?!:"
}
#: By so much a word may be likelier than its characters one by one.
SLACK = 4.0


class _Prices(dict[str, float | None]):
    """What a character costs on a page beside its frequency; None if it may not stand there."""

    def __init__(self, seen: Collection[str]) -> None:
        self._seen, self._foreign = seen, foreign_marks(seen)

    def __missing__(self, character: str) -> float | None:
        price = cost(character)
        if price in (UNCOMMON, SELDOM) and character in self._seen:
            price = 0.0
        if price is not None and character in self._foreign:
            price -= 8.0
        self[character] = price
        return price


class _Spoilt(dict[str, frozenset[int]]):
    """The first bytes that make, with the second one of a character before, one into which a reading is put."""

    def __init__(self, table: Iterable[str]) -> None:
        self._pairs = [model.pair_of(character) for character in table]

    def __missing__(self, last: str) -> frozenset[int]:
        second = model.pair_of(last)[1:] if last else b""
        pairs = self._pairs if second > b"\x80" else ()
        self[last] = found = frozenset(pair[1] for pair in pairs if pair[:1] == second and pair[1] > 0x80)
        return found


class Lattice:
    """Follows all guesses over the units of a damaged place."""

    def __init__(
        self,
        evidence: Evidence,
        scale: Scale,
        cuts: frozenset[int],
        seen: Collection[str] = (),
        bare: Collection[str] = (),
        closed: tuple[float, float] = (0.5, 0.5),
    ) -> None:
        self.closed = closed  # share of the page's short lines that end with a mark, and of the long ones
        self.evidence = evidence
        self.bare = bare  # forms the page shows without a reading
        self.scale = scale
        self.cuts = cuts
        self._prices = _Prices(seen)  # by the forms the page uses elsewhere
        self._spoilt = _Spoilt(evidence.table)
        self.floor = 0.0  # a guess below this is not worth following
        self.worth = 0.0  # how much worse than the best one worth following may be
        self.bracket = False  # whether a bracket is open before the place

    def cuts_at(self, mark: str) -> bool:
        return CUTS.get(mark, -1) in self.cuts

    def literal(self, guess: Guess, unit: Unit, extra: float = 0.0) -> Guess:
        state = self.scale.advance(guess.state, plain_form(unit.text))
        extra += guess.extra + clash(guess.last, unit.text)
        if not guess.steady and guess.spans and unit.bytes:
            extra -= 8.0 if unit.bytes[0] in self._spoilt[guess.last] else 0.0
        beaten = guess.gap, guess.rival, guess.known, 0.0, guess.room
        return Guess(unit.text, 0, state, extra, guess.steady + 1, -1, "", "", guess.spans, *beaten)

    def put(
        self,
        guess: Guess,
        lead: int,
        trail: int,
        pending: int,
        unit: Unit,
        *,
        annotated: bool = False,
        more: str = "",
        shown: str = "",
        extra: float = 0.0,
        how: str = "",
    ) -> Guess | None:
        """Add the character of two bytes to a span, and `more` if it ends with a plain ASCII character.

        None if the character may not stand there, or if what comes of it is not worth following.
        """
        character = model.pair(lead, trail)
        price = self._prices[character]
        if price is None:
            return None
        extra += guess.extra + price + clash(guess.last, character)
        # the reading that opens a span stands inside its first character, which is then not found by its own bytes
        if guess.now or guess.how != "R":
            extra -= 8.0 if character in self.evidence.table and not annotated else 0.0
            extra -= 8.0 if lead in self._spoilt[guess.last] else 0.0
        ahead = CREDIT if pending == -2 else guess.ahead if guess.pending == -2 else 0.5 * guess.ahead
        state = self.scale.advance(guess.state, weighed(lead, trail)[3])
        if more:
            state = self.scale.advance(state, plain_form(more))
        if hope_of(state) + extra + ahead < self.floor:
            return None
        grown = guess.grown(more or character, pending, character + (shown or more), how, (state, extra, ahead))
        return grown if pending else grown.close(unit.end)

    def step(self, guess: Guess, unit: Unit, following: Unit | None) -> Iterator[Guess | None]:
        if guess.pending == -1:
            yield replace(guess, pending=CUTS[unit.text])
        elif guess.pending:
            yield from self._read(guess, unit, following)
        elif unit.text != "?":
            yield self.literal(guess, unit)
        elif unit.reading:
            if unit.bytes != b"\x80":
                yield from self._start_reading(guess, unit)
            yield self.literal(guess, unit, -25.0)
        else:
            if following and self.cuts_at(following.text):
                yield from self._start_cut(guess, unit)
            yield self.literal(guess, unit)

    def _start_reading(self, guess: Guess, unit: Unit) -> Iterator[Guess]:
        """The reading stands after (last byte of the character before, lost byte)."""
        before = model.pair_of(guess.last)[-1:] if guess.last else b""
        if not before or before < b"\x21":
            return
        lead = before[0] if before[0] > 0x80 else before[0] + 0x80  # of a full-width mark that was folded
        for first, trail, character in carriers(unit.reading):
            if first == lead and trail >= 0x81:
                extra = guess.extra + self._in_table(character, unit.reading)
                yield replace(guess, pending=trail, extra=extra, steady=0, opened=unit.start, now="", how="R")

    def _in_table(self, character: str, reading: str) -> float:
        """What it costs that the page's converter gives the character this reading."""
        if self.evidence.table.get(character, reading) != reading or character in self.bare:
            return -6.0
        return 0.0 if character in self.evidence.table else -0.7

    def _start_cut(self, guess: Guess, unit: Unit) -> Iterator[Guess | None]:
        """The first byte of a cut mark was the second of the character before."""
        before = model.pair_of(guess.last)[-1:] if guess.last else b""
        for lead, _ in made_by_trail(0xA3):
            across = model.pair(before[0], lead) if before and model.is_trail(lead) and before[0] > 0x80 else ""
            guess.opened = unit.start
            yield self.put(guess, lead, 0xA3, -1, unit, how="P", extra=-8.0 if across in self.evidence.table else 0.0)
        guess.opened = -1

    def _read(self, guess: Guess, unit: Unit, following: Unit | None) -> Iterator[Guess | None]:
        lead, data = guess.pending, unit.bytes
        if unit.text == "?":
            yield from self._at_question(guess, unit, following)
        elif len(data) == 2 and data[1] >= 0x80:
            yield self.put(guess, lead, data[0], data[1], unit)
        elif len(data) == 2:
            yield self.put(guess, lead, data[0], 0, unit, more=chr(data[1]), how="a")
        elif len(data) == 1:
            byte = data[0]
            if (0x40 <= byte < 0x7F or byte == 0x80) and (
                not unit.reading or unit.reading in readings_of(model.pair(lead, byte))
            ):
                how = "q" if unit.reading else "r"
                yield self.put(guess, lead, byte, 0, unit, annotated=bool(unit.reading), how=how)
            if 0x21 <= byte < 0x7F and not unit.reading:
                yield self.put(guess, lead, 0xA3, byte + 0x80, unit)

    def _at_question(self, guess: Guess, unit: Unit, following: Unit | None) -> Iterator[Guess | None]:
        lead = guess.pending
        if unit.reading:
            for first, trail, _ in carriers(unit.reading):
                if first == lead and (trail >= 0x81) is (unit.bytes != b"\x80") and trail >= 0x80:
                    yield self.put(guess, lead, trail, 0, unit, annotated=True, how="q")
            return
        yield self.put(guess, lead, 0xA3, 0xBF, unit)
        yield self.put(guess, lead, 0x80, 0, unit, extra=-2.0, how="r")  # no first byte begins with 80
        ends = following is None or unit.bytes == b"/" or self.cuts_at(following.text) or following.text == "、"
        # what a question mark swallowed was ASCII, before a digit mostly another
        more = "" if ends else "0" if following and following.text.isdigit() else "a"
        least = self.floor - SLACK - guess.hope
        for frequency, trail, _ in common_by_lead(lead):
            if frequency < least:
                break
            yield self.put(guess, lead, trail, 0, unit, more=more, shown=more and GONE, how="g" if more else "w")
            if not more and unit.bytes != b"/" and (following is None or self.bracket):
                half = ")" if self.bracket else ";"
                yield self.put(guess, lead, trail, 0, unit, more=half, shown=GONE, extra=HALF_WIDTH, how="g")

    def ends(self, following: Unit | None) -> bool:
        """Whether the text was cut, or its line ends, before what follows."""
        return following is None or self.cuts_at(following.text)
