"""Places in a text as received and in the repaired text, one led back to the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.harvest import Repair


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend before it is placed: what stands at [start, end) of the text as received becomes `now`."""

    start: int
    end: int
    now: str
    kind: str
    sure: bool = True


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Repair, ...]]:
    """The repaired text and its repairs in order. `edits` must be in order and must not overlap."""
    parts: list[str] = []
    repairs: list[Repair] = []
    at = placed = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.now)
        start = placed + edit.start - at
        placed = start + len(edit.now)
        at = edit.end
        was = text[edit.start : edit.end]
        repairs.append(Repair(edit.start, edit.end, start, placed, was, edit.now, edit.kind, edit.sure))
    parts.append(text[at:])
    return "".join(parts), tuple(repairs)


class Offsets:
    """Maps offsets between the two texts. Inside a mend, as far from its start as its other side reaches."""

    __slots__ = ("_backward", "_forward", "_repairs")

    def __init__(self, repairs: Sequence[Repair]) -> None:
        self._repairs = repairs
        self._forward = [repair.start for repair in repairs]
        self._backward = [repair.to_start for repair in repairs]

    def to_repaired(self, offset: int) -> int:
        place = bisect_right(self._forward, offset) - 1
        if place < 0:
            return offset
        repair = self._repairs[place]
        if offset >= repair.end:
            return offset - repair.end + repair.to_end
        return min(repair.to_start + offset - repair.start, repair.to_end)

    def to_received(self, offset: int) -> int:
        place = bisect_right(self._backward, offset) - 1
        if place < 0:
            return offset
        repair = self._repairs[place]
        if offset >= repair.to_end:
            return offset - repair.to_end + repair.end
        return min(repair.start + offset - repair.to_start, repair.end)
