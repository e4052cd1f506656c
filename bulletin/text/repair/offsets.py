"""Places in a text as received and in the repaired text, one led back to the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bulletin.harvest import Repair


class Edit(NamedTuple):
    """A mend before it is placed: what stands at [start, end) of the text as received becomes `now`."""

    start: int
    end: int
    now: str
    kind: str
    sure: bool = True


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Repair, ...]]:
    """The repaired text and its repairs in order. `edits` must be in order and must not overlap."""
    repairs: list[Repair] = []
    at = placed = 0
    for edit in edits:
        start = placed + edit.start - at
        placed = start + len(edit.now)
        at = edit.end
        was = text[edit.start : edit.end]
        repairs.append(Repair(edit.start, edit.end, start, placed, was, edit.now, edit.kind, edit.sure))
    return outcome(text, edits), tuple(repairs)


def outcome(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """What edits that lie in a piece of a text, in order, make of it."""
    parts: list[str] = []
    for edit in edits:
        parts += (text[start : edit.start], edit.now)
        start = edit.end
    return "".join((*parts, text[start:end]))


def clear(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without those that touch an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start > kept[-1].end or (edit.start == kept[-1].end and edit.start < edit.end):
            kept.append(edit)
    return kept


def compose(repaired: str, first: Sequence[Repair], second: Sequence[Edit]) -> list[Edit]:
    """Edits of a text that do what `first` did to it, which made it `repaired`, and then `second` to that.

    A later edit that reaches into an earlier mend becomes one mend with it, of the earlier one's kind.
    """
    offsets = Offsets(first)
    edits: list[Edit] = []
    for start, end, repairs, later in _groups(first, second):
        if not later:
            edits += [_edit(repair) for repair in repairs]
            continue
        now = outcome(repaired, later, start, end)
        begin = repairs[0].start if repairs and repairs[0].to_start == start else offsets.to_received(start)
        stop = repairs[-1].end if repairs and repairs[-1].to_end == end else offsets.to_received(end)
        kind = repairs[0].kind if repairs else later[0].kind
        edits.append(Edit(begin, stop, now, kind, all(r.sure for r in repairs) and all(e.sure for e in later)))
    return edits


def _groups(first: Sequence[Repair], second: Sequence[Edit]) -> Iterator[tuple[int, int, list[Repair], list[Edit]]]:
    """Mends and later edits that touch, together, with the place they take in the outcome of the mends."""
    places: list[tuple[int, int, Repair | None, Edit | None]]
    places = [(repair.to_start, repair.to_end, repair, None) for repair in first]
    places += [(edit.start, edit.end, None, edit) for edit in second]
    places.sort(key=lambda place: place[:2])
    while places:
        start, end, _, _ = places[0]
        size = 0
        while size < len(places) and places[size][0] <= end:
            end = max(end, places[size][1])
            size += 1
        group, places = places[:size], places[size:]
        yield start, end, [r for _, _, r, _ in group if r], [e for _, _, _, e in group if e]


def _edit(repair: Repair) -> Edit:
    return Edit(repair.start, repair.end, repair.now, repair.kind, repair.sure)


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
