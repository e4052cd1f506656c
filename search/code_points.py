"""An entry's texts as arrays of code points: what an engine lays down of them, in a quarter of the time strings take.

Every answer is the one that functions over strings give, which are named beside it. numpy comes with the extra `large`,
for the engine of large archives; whoever imports this module waits a tenth of a second for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import accumulate, chain, islice, pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bulletin.text.script import fold
from search.alike import IN_SLOT, MIX, PLACES, RUN, SHIFT, SLOTS, compared
from search.characters import BORDER, characters_of_folded
from search.entry import Entry, columns_from, parts_of

Codes = npt.NDArray[np.uint32]

_CODE: Final = "utf-32-le"
_ALL: Final = 0x110000  # code points there are
_TOLD: Final = 0x40000  # beyond the ideographic planes there is no letter, and nothing that folds
_BORDER: Final = ord(BORDER)
_BLANK: Final = 0x20


class CodePoints:
    """The texts of an entry that holds no lone surrogates, one after the other with a border between two: as they are
    printed, folded, and whether a character is kept, which the searchable ones and those borders are."""

    def __init__(self, entry: Entry) -> None:
        parts = parts_of(entry)
        texts = tuple(chain.from_iterable(parts.values()))
        self._counts = {field: len(own) for field, own in parts.items()}
        #: Where each text begins, and where one more would.
        self._starts = (0, *accumulate(len(text) + 1 for text in texts))
        self._printed = _codes(BORDER.join(texts))
        self._folded = _folding()[self._printed]
        self._is_kept = _searchable()[self._folded]
        self._is_kept[[start - 1 for start in self._starts[1:-1]]] = True
        self._held = _distinct(self._printed)

    def parts(self) -> dict[str, tuple[str, ...]]:
        """`search.entry.folded_parts_of`."""
        folded = _text(self._folded)
        return self._by_field(tuple(folded[start : end - 1] for start, end in pairwise(self._starts)))

    def columns(self) -> dict[str, str]:
        """`search.entry.columns_of`."""
        return columns_from(self._by_field(tuple(_text(self._folded[self._is_kept]).split(BORDER))))

    def _by_field(self, texts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        left = iter(texts)
        return {field: tuple(islice(left, count)) for field, count in self._counts.items()}

    def glyphs_held(self) -> str:
        """`search.printed.glyphs_held` without borders, a blank after each."""
        return _spaced(self._held[self._held != _BORDER])

    def pairs_held(self) -> str:
        """`search.printed.pairs_held` of the forms of these glyphs, a blank after each."""
        mixed = self._mixed()
        if not mixed.size:
            return ""
        printed = self._printed[self._is_kept]
        is_mixed = np.zeros(int(self._held[-1]) + 1, bool)
        is_mixed[mixed] = True
        found = is_mixed[printed]
        one, other = printed[:-1], printed[1:]
        paired = (found[:-1] | found[1:]) & (one != _BORDER) & (other != _BORDER)
        pairs = _distinct(one[paired].astype(np.uint64) << np.uint64(32) | other[paired])
        return _spaced(*(half.astype(np.uint32) for half in (pairs >> np.uint64(32), pairs)))

    def _mixed(self) -> Codes:
        """The searchable characters that are held in several forms, each form."""
        folded = _folding()[self._held]
        order = np.argsort(folded)
        by_folded = folded[order]
        as_next = by_folded[1:] == by_folded[:-1]
        is_several = np.zeros(len(order), bool)
        is_several[1:] |= as_next
        is_several[:-1] |= as_next
        several: Codes = self._held[order[is_several & _searchable()[by_folded]]]
        return several


def sketch_of(columns: Mapping[str, str]) -> bytes:
    """`search.alike.sketch_of`."""
    text = compared(columns)
    if not text:
        return b""
    codes = _codes(text).astype(np.uint64)
    one, two, four = map(np.uint64, PLACES)
    pairs = codes[:-1] + codes[1:] * one
    runs = (pairs[:-2] + pairs[2:] * two)[:-1] + codes[RUN - 1 :] * four
    hashed = (runs ^ runs >> np.uint64(SHIFT)) * np.uint64(MIX) >> np.uint64(32)
    values = np.sort(hashed.astype(np.uint32))
    # The first at or above the least a slot may hold is its own least, or what the next slot holds.
    firsts = np.searchsorted(values, np.arange(SLOTS, dtype=np.uint32) << np.uint32(IN_SLOT))
    least: npt.NDArray[np.uint16] = values[firsts % len(values)].astype("<u2")
    return least.tobytes()


@cache
def _folding() -> Codes:
    """What each code point folds to."""
    table = np.arange(_ALL, dtype=np.uint32)
    table[:_TOLD] = _codes(fold(_every()))
    return table


@cache
def _searchable() -> npt.NDArray[np.bool_]:
    table = np.zeros(_ALL, bool)
    table[_codes(characters_of_folded(_every()))] = True
    return table


def _every() -> str:
    return np.arange(_TOLD, dtype="<u4").tobytes().decode(_CODE, "surrogatepass")


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode(_CODE, "surrogatepass"), "<u4")


def _text(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode(_CODE)


def _distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each value once, ascending. `numpy.unique` takes three times as long over so few."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def _spaced(*columns: Codes) -> str:
    """Characters that stand side by side in columns, a blank after each row."""
    laid = np.full((len(columns[0]), len(columns) + 1), _BLANK, np.uint32)
    for place, codes in enumerate(columns):
        laid[:, place] = codes
    return _text(laid)
