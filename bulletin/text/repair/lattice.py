"""Every reading of a damaged place: the bytes that may be missing, tried and weighed by words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from bulletin.text.repair import model
from bulletin.text.repair.characters import (
    SELDOM,
    UNCOMMON,
    Common,
    between,
    clash,
    common_by_lead,
    common_by_reading,
    common_by_trail,
    cost,
    final,
    foreign_marks,
    gone_after,
    gone_firsts,
    is_common,
    made_by_lead,
    made_by_trail,
    may_carry,
)
from bulletin.text.repair.evidence import Evidence
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.readings import (
    readings_of,
    simplified,
)
from bulletin.text.repair.units import NOWHERE, Span, Unit
from bulletin.text.repair.words import WORD_WEIGHT, Scale, plain_form

#: Stands for a character lost for good.
GONE = "□"
#: What it costs that a pair is missing.
DROP = -1.0
#: What it costs that the converter got a text whose marks were half-width already.
HALF_WIDTH = -3.0
#: What a guess that made two characters at once may lag behind.
CREDIT = 5.0
#: Clause punctuation at which texts are cut, and the second of its bytes; the first is A3.
CUTS = {mark: model.encode(mark)[1] for mark in "，；？！："} | {
    mark: model.encode(chr(ord(mark) + 0xFEE0))[1] for mark in ",;?!:"
}
_SLACK = 4.0
#: Characters between two lost pairs are many and rarely right: they are followed where little is missing to the best.
_FAR = 7.0


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
        self.seen = seen  # forms the page uses elsewhere
        self.foreign = foreign_marks(seen)
        self.floor = 0.0  # a guess below this is not worth following
        self.worth = 0.0  # how much worse than the best one worth following may be
        self.deep = False
        self.bracket = False  # whether a bracket is open before the place

    def cuts_at(self, mark: str) -> bool:
        return CUTS.get(mark, -1) in self.cuts

    def literal(self, guess: Guess, unit: Unit, extra: float = 0.0) -> Guess:
        state = self.scale.advance(guess.state, plain_form(unit.text))
        extra += guess.extra + clash(guess.last, unit.text)
        if not guess.steady and guess.spans and unit.bytes:
            extra -= 8.0 if self._across(guess.last, unit.bytes[0]) in self.evidence.table else 0.0
        beaten = guess.gap, guess.rival, guess.known, 0.0, guess.room
        return Guess(unit.text, 0, state, extra, guess.steady + 1, -1, "", "", guess.spans, *beaten)

    @staticmethod
    def _across(before: str, lead: int) -> str:
        """The character whose bytes stand across a character and the first byte of the next."""
        data = model.pair_of(before)[1:] if before else b""
        return model.pair(data[0], lead) if data and data[0] > 0x80 and lead > 0x80 else ""

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
        """Add the character of two bytes to a span, and `more` if it ends with a plain ASCII character."""
        character = model.pair(lead, trail)
        penalty = cost(character)
        if penalty is None:
            return None
        if penalty in (UNCOMMON, SELDOM) and character in self.seen:
            penalty = 0.0
        if character in self.foreign:
            penalty -= 8.0
        # the reading that opens a span stands inside its first character, which is then not found by its own bytes
        if character in self.evidence.table and not annotated and (guess.now or guess.how != "R"):
            penalty -= 8.0
        penalty += extra + clash(guess.last, character)
        if (guess.now or guess.how != "R") and self._across(guess.last, lead) in self.evidence.table:
            penalty -= 8.0
        state = self.scale.advance(guess.state, plain_form(character))
        if more:
            state = self.scale.advance(state, plain_form(more))
        now = guess.now + character + (shown or more)
        spans = guess.spans
        opened = guess.opened
        if not pending:
            spans = (*spans, Span(opened, unit.end, now, guess.how + how))
            opened, now, how = -1, "", ""
        else:
            how = guess.how + how
        extra = guess.extra + penalty
        ahead = CREDIT if pending == -2 else guess.ahead if guess.pending == -2 else 0.5 * guess.ahead
        beaten = guess.gap, guess.rival, guess.known, ahead, guess.room
        return Guess(more or character, pending, state, extra, 0, opened, now, how, spans, *beaten)

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
        for trail, character in made_by_lead(lead):
            if trail >= 0x81 and may_carry(character, unit.reading):
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
            for trail, character in made_by_lead(lead):
                if (trail >= 0x81) is (unit.bytes != b"\x80") and trail >= 0x80 and may_carry(character, unit.reading):
                    yield self.put(guess, lead, trail, 0, unit, annotated=True, how="q")
            return
        yield self.put(guess, lead, 0xA3, 0xBF, unit)
        yield self.put(guess, lead, 0x80, 0, unit, extra=-2.0, how="r")  # no first byte begins with 80
        ends = following is None or unit.bytes == b"/" or self.cuts_at(following.text) or following.text == "、"
        # what a question mark swallowed was ASCII, before a digit mostly another
        more = "" if ends else "0" if following and following.text.isdigit() else "a"
        least = self.floor - _SLACK - guess.hope
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

    def dropped(self, guess: Guess, unit: Unit, following: Unit | None) -> Iterator[Guess | None]:
        """Two characters whose middle bytes were a private-use pair and left no trace: (pending, P1)(P2, this byte)."""
        data, pending, more = unit.bytes, 0, ""
        if unit.text == "?":
            # before a tag whose < was swallowed no mark is looked for: the text is given back without one
            marks = final() if self.ends(following) and unit.bytes != b"/" else ()
            seconds = common_by_reading(unit.reading) if unit.reading else marks
        elif len(data) == 2:
            seconds = common_by_trail(data[0])
            pending, more = (data[1], "") if data[1] >= 0x80 else (0, chr(data[1]))
        elif len(data) == 1:
            seconds = common_by_trail(data[0]) if 0x40 <= data[0] < 0x7F else ()
            if unit.reading:
                seconds = tuple(second for second in seconds if unit.reading in readings_of(second[2]))
        else:
            return
        how = "a" if more else "" if pending else "q" if unit.reading else "w" if unit.text == "?" else "r"
        yield from self._across_lost(guess, unit, seconds, pending, more, how)
        if len(data) == 1 and 0x21 <= data[0] < 0x7F and not unit.reading:
            yield from self._across_lost(guess, unit, common_by_trail(0xA3), data[0] + 0x80, "", "")

    def _across_lost(
        self, guess: Guess, unit: Unit, seconds: Common, pending: int, more: str, how: str
    ) -> Iterator[Guess | None]:
        for private in gone_firsts():
            if not is_common(guess.pending, private):
                continue
            one = self.put(guess, guess.pending, private, -2, unit, extra=DROP, how="d")
            if one is None or one.promise < self.floor:
                continue
            for before, last in self._middles(one, private):
                partners, chars, gain = gone_after(last), before.state[0], self.scale.gain
                least = self.floor - _SLACK - before.promise
                for frequency, lead, character in seconds:
                    if frequency < least:
                        break
                    if lead in partners and gain(chars + plain_form(character)) >= least - WORD_WEIGHT * frequency:
                        trail = model.pair_of(character)[1]
                        annotated = bool(unit.reading)
                        yield self.put(before, lead, trail, pending, unit, annotated=annotated, more=more, how=how)

    def _middles(self, one: Guess, private: int) -> Iterator[tuple[Guess, int]]:
        """Nothing, or the one character between two lost pairs: one in wide use, or what ends a word, as 府 in 政府."""
        yield one, private
        if not self.deep:
            return
        partners, chars, gain = gone_after(private), one.state[0], self.scale.gain
        least = self.floor + _FAR - _SLACK - one.promise
        for frequency, lead, trail, plain in between(simplified(one.last)):
            if frequency < least:
                break
            if lead in partners and gain(chars + plain) >= least - WORD_WEIGHT * frequency - DROP:
                new = self.put(one, lead, trail, -2, NOWHERE, extra=DROP, how="d")
                if new and new.promise >= self.floor + _FAR:
                    yield new, trail
