"""Whether the best guess for a damaged place may be taken: the less the bytes prove, the clearer the words must be.

The numbers were set on pages damaged by the forward model and on real spans, each so that of the places it lets through
hardly one in two hundred was given back wrongly.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

from bulletin.text.repair.words import is_word, plain_form

#: How much likelier (natural logarithms) the winner must be than the next text, by how the place ends: on a byte that
#: is shown, on one pinned by a reading, before plain ASCII, on one found by words alone, where a character is lost.
MARGINS = {"r": 3.5, "q": 3.0, "a": 4.0, "w": 6.0, "g": 9.0}
#: The same where pairs are missing: within a clause before a byte pinned by a reading, and elsewhere.
PAIRS_PINNED, PAIRS = 3.0, 6.0
#: How much more where more than one pair is missing.
FURTHER = 2.5
#: The same where pairs may be missing unseen: on a byte that is shown, and for words alone or where only a longer text
#: comes near; in a text less likely than this more is needed, and a single character that only words tell is not taken.
SHOWN, UNSEEN = 5.0, 7.0
ORDINARY, STRANGE, LONE = -5.4, 8.0, -5.0
#: What is needed behind a cut, where no reading pins the lost byte; what is enough there, and for words alone, where
#: the text is as likely as good prose, by its logarithm for each character.
CUT, LIKELY, ENOUGH = 5.0, -4.5, 4.0
#: How much more is asked there where private-use characters are still there: enough is given back without these.
MORE = 1.5
#: What is enough where one word of the dictionary stands against characters that make none.
WORD = 2.0
#: Texts less likely for each character are not taken: where private-use characters are still there, by how the place
#: ends; where they were lost, behind a pinned byte, behind a cut, and with pairs missing.
LEAST = {"r": -math.inf, "q": -math.inf, "a": -8.0, "w": -math.inf, "g": -6.5}
LEAST_LOST = {"R": -8.0, "P": -7.2}
LEAST_PAIRS = -5.8
#: What two pinned bytes need, which leave no more than one of a few characters.
PINNED = 6.0
#: What closes what was opened, and the marks that cannot stand right after something was opened in brackets.
CLOSES = dict(zip("”’」』》〉】）)", "“‘「『《〈【（(", strict=True))
MARKS = frozenset("，。；、：？！,;:?!")
#: A quotation that ends with a sentence may have begun long before.
_CLOSING = re.compile(rf"(?<=[^。！？…])[{re.escape(''.join(CLOSES))}]")
_OPEN = re.compile(r"[(（][^()（）]*$")


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

    @property
    def certain(self) -> bool:
        """Whether the guess may be taken."""
        return bool(self.best) and self.quality >= self._least and self.margin >= self._needed

    @property
    def _pairs(self) -> bool:
        return "d" in self.how

    @property
    def _least(self) -> float:
        if self.private or (self.how == "Rq" and not self._pairs):
            return LEAST[self.how[-1]]
        return LEAST_PAIRS if self._pairs else LEAST_LOST[self.how[0]]

    @cached_property
    def _needed(self) -> float:
        start, end = self.how[0], self.how[-1]
        if end in "wg" and len(self.before.strip()) < 3:
            return math.inf
        if end == "g" and (self._pairs or not self.private):
            return math.inf
        if not self.private and self._astray:
            return math.inf
        if self.how == "Rq" and len(self.best) == 1:
            return PINNED
        if self._pairs and self.by_word:
            return WORD
        if self._pairs:
            pinned = start == "R" and end == "q" and MARKS.isdisjoint(self.best)
            return (PAIRS_PINNED if pinned else PAIRS) + FURTHER * (self.how.count("d") > 1)
        likely, more = self.quality >= LIKELY, MORE if self.private else 0.0
        if end == "w" and likely:
            return more + (CUT if start == "R" else ENOUGH)
        if start == "P" and end != "w":
            return more + (ENOUGH if likely else max(CUT, MARGINS[end]))
        return MARGINS[end] if self.private or start == "P" else self._unseen

    @property
    def _unseen(self) -> float:
        """What is needed where a reading pins the lost byte, but pairs may be missing unseen."""
        end = self.how[-1]
        if end == "w":
            return math.inf if len(self.best) == 1 and self.quality < LONE else UNSEEN
        if self.quality < ORDINARY:
            return STRANGE
        if len(self.next_best) > len(self.best):
            return UNSEEN
        return max(MARGINS[end], SHOWN * (end == "r"))

    @property
    def _astray(self) -> bool:
        """Whether it closes what was not opened, or has a mark right after what is still open in brackets."""
        text = self.before + self.best
        for mark in _CLOSING.findall(self.before[-1:] + self.best):
            if text.count(mark) > text.count(CLOSES[mark]):
                return True
        return self.best[0] in MARKS and _OPEN.search(self.before) is not None

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
