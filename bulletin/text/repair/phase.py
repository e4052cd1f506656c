"""Places where bytes are out of phase: found, weighed, and given back where one text clearly wins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.text.repair.evidence import Evidence
from bulletin.text.repair.lattice import CUTS, Guess, Lattice, solve, units_of
from bulletin.text.repair.readings import SWALLOWED, is_cjk, simplified
from bulletin.text.repair.words import Scale, words

_START = re.compile(rf"{SWALLOWED.pattern}|\?(?=[{re.escape(''.join(CUTS))}])")
_RUN = re.compile("[\u4e00-\u9fff]{2,}")
#: The winner must be this much likelier (natural logarithms) than the next text.
MARGIN = 3.0
#: Characters before a place that help to weigh it.
CONTEXT = 24


@dataclass(frozen=True, slots=True)
class Verdict:
    """A damaged place, and what stood there if that is certain."""

    start: int
    end: int  # where the text is in phase again
    now: str  # what stood there; empty where nothing is certain
    best: str
    next_best: str
    margin: float


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
            lattice = Lattice(evidence, Scale(words(), _vocabulary(text)))
        if start > line_end:
            line = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", start) % (len(text) + 1)
            done, before = line, ""
        before = (before + "".join(unit.text for unit in units_of(text, max(done, start - 400), start)))[-CONTEXT:]
        verdict = _decide(text, start, solve(text, start, line_end, before, lattice, drops=not evidence.private))
        yield verdict
        before += verdict.now
        done = max(verdict.end, start)


def _vocabulary(text: str) -> Iterator[str]:
    plainly = re.sub(r"\([^()]{1,8}\)", "", text)
    table = {ord(c): simplified(c) for c in set(plainly) if is_cjk(c)}
    return (found[0] for found in _RUN.finditer(plainly.translate(table)))


def _decide(text: str, at: int, guesses: list[Guess]) -> Verdict:
    best = guesses[0] if guesses else None
    if best is None or not best.spans or best.spans[0].start != at:
        return Verdict(at, at + 1 if best else len(text), "", "", "", 0.0)
    first = best.spans[0]
    for other in guesses[1:]:
        mine = other.spans[0] if other.spans else None
        if mine != first:
            margin = best.score - other.score
            rival = mine.now if mine else ""
            if margin < MARGIN:
                return Verdict(at, best.spans[-1].end, "", first.now, rival, margin)
            return Verdict(at, first.end, first.now, first.now, rival, margin)
    return Verdict(at, first.end, first.now, first.now, "", 99.0)
