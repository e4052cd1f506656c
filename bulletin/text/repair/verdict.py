"""Whether the best guess for a damaged place may be taken: the less the bytes prove, the clearer the words must be.

The numbers were set on pages damaged by the forward model and on real spans, each so that of the places it lets through
hardly one in two hundred was given back wrongly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bulletin.text.repair.words import is_word, plain_form

#: What a text must reach where characters were lost, by how the place begins and ends: how much likelier than the next
#: text it is (natural logarithms), and a share of its own likelihood for each character, which falls where a pair is
#: missing that nobody looked for.
SHARE = 1 / 3
NEEDED = {"R": 5.5, "Rw": 6.0, "P": 3.0, "Pw": 4.5}
#: The same where words alone tell how a place behind a cut ends, in a text as likely as good prose.
LIKELY, ENOUGH = -4.5, 2.9
#: How much more for words alone that give a single character or end with a mark, which a swallowed one may have been.
LONE = 1.0
#: How much more behind a cut across a further mark, and for a stop where the page has another character that ends on
#: its byte.
ACROSS, RIVALLED = 1.5, 1.5
#: The same where a pair is missing, and how much more where several are; within a clause before a byte pinned by a
#: reading; and where one word of the dictionary stands against characters that make none.
PAIR, FURTHER = 5.0, 2.0
PAIR_PINNED, WORD = 1.3, 0.4
#: Where private-use characters are still there, how much likelier than the next the winner must be, by how the place
#: ends, and how likely for each character: on a byte that is shown, on one pinned by a reading, before plain ASCII, on
#: one found by words alone, where a character is lost.
KEPT = {"r": 3.5, "q": 3.0, "a": 4.0, "w": 6.5, "g": 9.0}
LEAST = {"r": -math.inf, "q": -math.inf, "a": -8.0, "w": -math.inf, "g": -6.5}
#: The same behind a cut, where no reading pins the lost byte, in a likely text and in another.
CUT_LIKELY, CUT = 5.5, 6.5
#: The same for two pinned bytes, which leave no more than one of a few characters.
PINNED = 6.0
MARKS = frozenset("，。；、：？！,;:?!")


@dataclass(frozen=True)
class Verdict:
    """A damaged place and the best guess for it."""

    start: int
    end: int  # where the text is in phase again
    best: str
    next_best: str
    margin: float  # how much likelier the best is than the next
    quality: float  # logarithm of likelihood for each character, the place and what follows it
    how: str
    before: str = ""
    private: bool = False  # whether private-use characters are still there
    rivalled: bool = False  # whether it begins with a stop, and the page often has a character that ends on its byte

    @property
    def certain(self) -> bool:
        """Whether the guess may be taken."""
        if not self.best or (self.how[-1] in "wg" and len(self.before.strip()) < 3):
            return False
        if self.private:
            return self.quality >= LEAST[self.how[-1]] and self.margin >= self._needed_kept
        return self.how[-1] != "g" and self.margin + SHARE * self.quality >= self._needed_lost

    @property
    def _needed_kept(self) -> float:
        start, end = self.how[0], self.how[-1]
        if self.how == "Rq" and len(self.best) == 1:
            return PINNED
        if start == "R":
            return KEPT[end]
        return CUT_LIKELY if self.quality >= LIKELY else CUT if end != "g" else math.inf

    @property
    def _needed_lost(self) -> float:
        start, end, pairs = self.how[0], self.how[-1], self.how.count("d")
        more = LONE * (end == "w" and (len(self.best) == 1 or self.best[-1] in MARKS)) + RIVALLED * self.rivalled
        if pairs:
            pinned = start == "R" and end == "q" and MARKS.isdisjoint(self.best)
            needed = PAIR_PINNED if pinned else WORD if self.by_word else PAIR
            return needed + FURTHER * (pairs > 1) + more
        more += ACROSS * (start == "P" and not MARKS.isdisjoint(self.best[1:-1]))
        if start == "P" and end == "w" and self.quality >= LIKELY:
            return ENOUGH + more
        return NEEDED.get(start + end, NEEDED[start]) + more

    @property
    def by_word(self) -> bool:
        """Whether the two best texts differ by a word in the one and characters that make no word in the other."""
        best, other = ("".join(map(plain_form, text)) for text in (self.best, self.next_best))
        start = 0
        while start < min(len(best), len(other)) and best[start] == other[start]:
            start += 1
        end = 0
        while end < min(len(best), len(other)) - start and best[-1 - end] == other[-1 - end]:
            end += 1
        mine, rest = best[start : len(best) - end], other[start : len(other) - end]
        runs = (rest[at:to] for at in range(len(rest)) for to in range(at + 2, len(rest) + 1))
        return len(rest) > 1 and len(mine) > 1 and is_word(mine) and not any(map(is_word, runs))
