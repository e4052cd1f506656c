"""Places where bytes are out of phase: found, weighed, and given back where one text clearly wins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bulletin.text.repair.evidence import Evidence, possible_cuts
from bulletin.text.repair.lattice import CUTS, Guess, Lattice, solve
from bulletin.text.repair.readings import READING, SWALLOWED, is_cjk, simplified
from bulletin.text.repair.units import units_of
from bulletin.text.repair.words import Scale, words

_START = re.compile(rf"{SWALLOWED.pattern}|\?(?=[{re.escape(''.join(CUTS))}])")
_BROKEN = re.compile(r"\?[^\n]{1,40}")
_RUN = re.compile("[\u4e00-\u9fff]{2,}")
#: The winner must be this much likelier (natural logarithms) than the next text.
MARGIN = 2.8
#: And by this where pairs of bytes were lost, or the last byte is found by words alone.
PAIRS_LOST = 2.8
BY_WORDS = 4.2
#: No text is taken that is less likely for each character.
QUALITY = -6.4
#: Characters before a place that help to weigh it.
CONTEXT = 60


@dataclass(frozen=True, slots=True)
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

    @property
    def certain(self) -> bool:
        """Whether the guess may be taken: the less the bytes prove, the clearer the words must be."""
        if not self.best or self.quality < QUALITY:
            return False
        if self.how[-1] in "wg":
            return self.margin >= BY_WORDS and len(self.before.strip()) >= 3
        return self.margin >= (PAIRS_LOST if "d" in self.how else MARGIN)


def starts(text: str) -> Iterator[int]:
    for found in _START.finditer(text):
        yield found.start()


def verdicts(text: str, evidence: Evidence) -> Iterator[Verdict]:
    """A verdict for every damaged place. A place left as it is hides what follows it, as far as it reaches."""
    lattice: Lattice | None = None
    done, before, line_end = -1, "", -1
    for start in starts(text):
        if start < done:
            continue
        if lattice is None:
            clear = _out_of_reach(text)
            lattice = Lattice(evidence, Scale(words(), _vocabulary(clear)), possible_cuts(text), set(clear))
        if start > line_end:
            line = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", start) % (len(text) + 1)
            done, before = line, ""
        before = (before + "".join(unit.text for unit in units_of(text, max(done, start - 400), start)))[-CONTEXT:]
        verdict = _judge(text, start, line_end, before, lattice)
        yield verdict
        before = before + verdict.best if verdict.certain else ""
        done = max(verdict.end, start + 1)


def _out_of_reach(text: str) -> str:
    """The text without its readings and without what follows a place, which may be out of phase."""
    return _BROKEN.sub("\n", READING.sub("", text))


def _vocabulary(text: str) -> Iterator[str]:
    table = {ord(c): simplified(c) for c in set(text) if is_cjk(c)}
    return (found[0] for found in _RUN.finditer(text.translate(table)))


def _judge(text: str, at: int, line_end: int, before: str, lattice: Lattice) -> Verdict:
    guesses = solve(text, at, line_end, before, lattice, drops=not lattice.evidence.private)
    return _decide(text, at, line_end, guesses, before, lattice)


def _decide(text: str, at: int, line_end: int, guesses: list[Guess], before: str, lattice: Lattice) -> Verdict:
    best = guesses[0] if guesses else None
    if best is None or not best.spans or best.spans[0].start != at:
        # a pinned place that nothing explains leaves the rest of the line out of phase
        stop = line_end if SWALLOWED.match(text, at) else at + 1
        return Verdict(at, stop, "", "", 0.0, 0.0, "")
    first = best.spans[0]
    rival, margin = "", 99.0
    for other in guesses[1:]:
        mine = other.spans[0] if other.spans else None
        if mine is None or (mine.start, mine.end, mine.now) != (first.start, first.end, first.now):
            margin = best.score - other.score
            rival = mine.now if mine else "?"
            break
    after = "".join(unit.text for unit in units_of(text, first.end, min(line_end, first.end + 40)))[:6]
    quality = lattice.scale.quality(before, first.now + after)
    verdict = Verdict(at, first.end, first.now, rival, margin, quality, first.how, before)
    return verdict if verdict.certain else replace(verdict, end=best.spans[-1].end)
