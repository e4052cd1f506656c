"""Places where bytes are out of phase: found, weighed, and given back where one text clearly wins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bulletin.text.repair.beam import LONG_LINE, WORTH, solve
from bulletin.text.repair.characters import closed_lines, common_by_trail
from bulletin.text.repair.evidence import Evidence, possible_cuts
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.lattice import CUTS, Lattice
from bulletin.text.repair.readings import READING, SWALLOWED, is_cjk
from bulletin.text.repair.scale import PageRuns, Scale
from bulletin.text.repair.units import units_of
from bulletin.text.repair.verdict import Verdict
from bulletin.text.repair.words import plain_form, words

_START = re.compile(rf"{SWALLOWED.pattern}|\?(?=[{re.escape(''.join(CUTS))}])")
_BROKEN = re.compile(r"\?[^\n]{1,40}")
_ANNOTATED = re.compile(f".{READING.pattern}")
#: The characters most used of those that end on the same byte as a stop; so often on a page is often.
_RIVALS, _OFTEN = 12, 5
#: A guess that came so near to being given up may have outlived a better one, which was.
ROOM = 2.0
#: Characters before a place that help to weigh it.
CONTEXT = 60


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
            lattice = _lattice(text, evidence)
        if start > line_end:
            line = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", start) % (len(text) + 1)
            done, before = line, ""
        before = (before + "".join(unit.text for unit in units_of(text, max(done, start - 400), start)))[-CONTEXT:]
        verdict = _judge(text, start, line_end, before, lattice)
        yield verdict
        before = before + verdict.best if verdict.certain else ""
        done = max(verdict.end, start + 1)


def _lattice(text: str, evidence: Evidence) -> Lattice:
    """What the page shows where nothing is out of phase: its words, the forms it uses, those without a reading."""
    unharmed = _BROKEN.sub("\n", text)
    clear = READING.sub("", unharmed)
    bare = frozenset(_ANNOTATED.sub("", unharmed)) - evidence.table.keys()
    lines = [line for line in READING.sub("", text).split("\n") if line]
    closed = closed_lines(lines, 1, LONG_LINE), closed_lines(lines, LONG_LINE, len(text) + 1)
    return Lattice(evidence, Scale(words(), _plain(clear)), possible_cuts(text), set(clear), bare, closed)


def _plain(text: str) -> str:
    """A text as words are weighed: in simplified script, its marks full-width, its digits alike."""
    return text.translate({ord(c): plain_form(c) for c in set(text)})


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
    for other in guesses[1:]:
        best.beat(other, best.score - other.score)
    rival, margin = best.rival + first.now[best.known :] if best.gap < WORTH else "", min(best.gap, WORTH)
    if best.room < ROOM:
        margin = min(margin, best.room)
    after = "".join(unit.text for unit in islice(units_of(text, first.end, min(line_end, first.end + 40)), 6))
    after = re.split(r"\s", after)[0]  # what separates columns says nothing
    quality = lattice.scale.quality(before, first.now + after)
    private, rivalled = lattice.evidence.private, first.now[0] == "。" and _rivalled(before, lattice.scale.page)
    verdict = Verdict(at, first.end, first.now, rival, margin, quality, first.how, before, private, rivalled)
    return verdict if verdict.certain else replace(verdict, end=best.spans[-1].end)


def _rivalled(before: str, page: PageRuns) -> bool:
    """Whether one of the characters that end on the same byte as a stop stands near, or often on the page (排海)."""
    often = max(_OFTEN, page.count("。") / 2)
    others = [character for _, _, character in common_by_trail(0xA3) if is_cjk(character)][:_RIVALS]
    return any(character in before or page.count(plain_form(character)) >= often for character in others)
