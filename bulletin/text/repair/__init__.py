"""Damaged texts given back: inserted readings, bytes out of phase, and smaller slips. Every mend is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.harvest import Doubt, Repair
from bulletin.text.repair import evidence, phase
from bulletin.text.repair.lattice import GONE
from bulletin.text.repair.model import FULL_TO_HALF
from bulletin.text.repair.offsets import Edit, Offsets, apply


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
    excerpt is too short to show; None decides by the page's own pattern.
    """
    found = list(evidence.annotations(text))
    page = evidence.weigh(text, found, damaged)
    edits: list[Edit] = []
    doubts: list[Doubt] = []
    if page.artefact:
        for verdict in phase.verdicts(text, page):
            if verdict.certain:
                kind = "lost" if GONE in verdict.best else "phase"
                now = verdict.best.translate(FULL_TO_HALF) if page.folded else verdict.best
                edits.append(Edit(verdict.start, verdict.end, now, kind))
            elif verdict.best:
                doubts.append(Doubt("text", f"bytes out of phase at {verdict.start}: perhaps {verdict.best} or {verdict.next_best} ({verdict.margin:.1f})"))
        taken = [(edit.start, edit.end) for edit in edits]
        for one in found:
            if one.character in page.table and not any(a <= one.start < b for a, b in taken):
                edits.append(Edit(one.start, one.end, "", "reading"))
    edits.sort(key=lambda edit: edit.start)
    repaired, repairs = apply(text, edits)
    return Repaired(repaired, repairs, tuple(doubts))
