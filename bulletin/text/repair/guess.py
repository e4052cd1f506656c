"""A text that may have stood at a damaged place, as far as it has been followed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bulletin.text.repair.scale import State, hope_of, total
from bulletin.text.repair.units import Span


@dataclass(slots=True)
class Guess:
    """A text that may have stood there, as far as it has been followed."""

    last: str  # its last character, as received or given back
    pending: int  # first byte of a character whose second is still to come; 0 in phase; -1 inside a cut mark
    state: State
    extra: float
    steady: int = 0  # units since the guess came back in phase
    opened: int = -1  # where the span being followed begins
    now: str = ""  # what stood in it so far
    how: str = ""
    spans: tuple[Span, ...] = ()
    #: How much less likely the likeliest text is that differs in the first span and went on as this one, what it has
    #: there, and how much of this one's first span was known then.
    gap: float = math.inf
    rival: str = ""
    known: int = 0
    #: Credit for what it has given before others of the same place had to: a lost pair makes two characters at once.
    ahead: float = 0.0
    #: The least by which it was above the guesses given up: of one that nearly was, it is not known what it beat.
    room: float = math.inf

    @property
    def first(self) -> str:
        """What it has in the first span, as far as that is known."""
        return self.spans[0].now if self.spans else self.now

    def grown(self, last: str, pending: int, span: str, how: str, weight: tuple[State, float, float]) -> Guess:
        """The guess with more in its open span; `weight` is its state, its extra and its credit with that."""
        state, extra, ahead = weight
        beaten = self.gap, self.rival, self.known, ahead, self.room
        now, how = self.now + span, self.how + how
        return Guess(last, pending, state, extra, 0, self.opened, now, how, self.spans, *beaten)

    def close(self, end: int) -> Guess:
        """This guess, in phase again: its open span ends here."""
        self.spans = (*self.spans, Span(self.opened, end, self.now, self.how))
        self.opened, self.now, self.how = -1, "", ""
        return self

    def differs(self, other: Guess) -> bool:
        """Whether the two give, or begin to give, the first span differently."""
        if self.spans and other.spans:
            mine, theirs = self.spans[0], other.spans[0]
            return (mine.start, mine.end, mine.now) != (theirs.start, theirs.end, theirs.now)
        return bool(self.spans) != bool(other.spans) or (self.opened, self.now) != (other.opened, other.now)

    def beat(self, other: Guess, by: float) -> None:
        """Remember a guess that goes on as this one, but is less likely; what it beat is beaten by more."""
        if self.differs(other):
            if by < self.gap:
                self.gap, self.rival, self.known = by, other.first, len(self.first)
        elif by + other.gap < self.gap:
            self.gap, self.rival, self.known = by + other.gap, other.rival, other.known

    @property
    def score(self) -> float:
        return total(self.state) + self.extra

    @property
    def hope(self) -> float:
        """The score, were the last character to begin a word."""
        return hope_of(self.state) + self.extra

    @property
    def promise(self) -> float:
        return self.hope + self.ahead
