"""Damaged texts given back: inserted readings, bytes out of phase, and smaller slips. Every mend is recorded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.harvest import Doubt, Repair
from bulletin.text.repair.evidence import Evidence, inserted, weigh
from bulletin.text.repair.lattice import GONE
from bulletin.text.repair.marks import lost_marks
from bulletin.text.repair.model import FULL_TO_HALF
from bulletin.text.repair.offsets import Edit, Offsets, apply, clear, compose
from bulletin.text.repair.phase import verdicts
from bulletin.text.repair.readings import REMNANT
from bulletin.text.repair.small import slips
from bulletin.text.repair.spaces import stray_spaces
from bulletin.text.repair.verdict import Verdict

#: Mending one slip can show another; more rounds than this no text has needed.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text, what was done to it, and the places left as they were because nothing was certain."""

    text: str
    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...]

    def to_repaired(self, offset: int) -> int:
        """Where a place of the text as received is in the repaired text."""
        return Offsets(self.repairs).to_repaired(offset)

    def to_received(self, offset: int) -> int:
        """Where a place of the repaired text was in the text as received."""
        return Offsets(self.repairs).to_received(offset)


def repair(text: str, *, damaged: bool | None = None) -> Repaired:
    """Give a damaged text back as far as that is certain.

    `damaged` says that the page is known to come (or not to come) from a converter that inserts readings, which an
    excerpt is too short to show; None decides by the page's own pattern. Places that cannot be given back stay as they
    are and are doubts; a character that is lost for good becomes □. Repairing the outcome again changes nothing.
    """
    edits, doubts = _converted(text, damaged)
    repaired, repairs = apply(text, edits)
    for _ in range(_ROUNDS):
        more = clear((*slips(repaired), *lost_marks(repaired), *stray_spaces(repaired)))
        if not more:
            break
        repaired, repairs = apply(text, compose(repaired, repairs, more))
    doubts += [Doubt("text", f"a character is lost at {r.to_start}") for r in repairs if GONE in r.now]
    return Repaired(repaired, repairs, tuple(doubts))


def _converted(text: str, damaged: bool | None) -> tuple[list[Edit], list[Doubt]]:
    """What the converter did, undone."""
    found = list(inserted(text))
    if not found and not damaged:
        return [], []
    page = weigh(text, found, damaged)
    if not page.artefact:
        return [], [Doubt("text", "readings in brackets that may belong to the text")] if found else []
    edits, doubts = [], []
    verdicts_ = list(verdicts(text, page))
    for verdict in verdicts_:
        if verdict.certain:
            edits.append(_edit(verdict.start, verdict.end, verdict.best, page))
        elif verdict.best:
            guesses = " or ".join(guess for guess in (verdict.best, verdict.next_best) if guess)
            doubts.append(Doubt("text", f"bytes out of phase at {verdict.start}: perhaps {guesses}"))
    left = [verdict for verdict in verdicts_ if not verdict.certain]
    for one in found:
        if one.character in page.table and not (text[one.start - 1].isascii() and _behind(text, one.start, left)):
            edits.append(Edit(one.start, one.end, "", "reading"))
    kept = clear(edits)
    return kept, [*doubts, *_remnants(text, kept, verdicts_)]


def _remnants(text: str, edits: list[Edit], verdicts_: list[Verdict]) -> Iterator[Doubt]:
    """A doubt for every reading, or what is left of one, that nothing has dealt with."""
    dealt = [(edit.start, edit.end) for edit in edits]
    dealt = sorted(dealt + [(verdict.start, verdict.end) for verdict in verdicts_ if verdict.best])
    starts = [start for start, _ in dealt]
    for found in REMNANT.finditer(text):
        place = bisect_right(starts, found.start()) - 1
        if place < 0 or dealt[place][1] <= found.start():
            before = text[max(0, found.start() - 1) : found.start()].strip()
            yield Doubt("text", f"{before}{found[0]} at {found.start()} was left")


def _behind(text: str, at: int, left: list[Verdict]) -> bool:
    """Whether a place that was left stands before, in the same line: what follows may be out of phase."""
    line = text.rfind("\n", 0, at)
    return any(line < verdict.start < at for verdict in left)


def _edit(start: int, end: int, now: str, page: Evidence) -> Edit:
    kind = "lost" if GONE in now else "phase"
    return Edit(start, end, now.translate(FULL_TO_HALF) if page.folded else now, kind)
