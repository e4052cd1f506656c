"""Which bulletins are the same one in several places: nearly the same text, under titles that agree.

A text is sketched by MinHash with one permutation (Li, Owen, Zhang, "One Permutation Hashing", NIPS 2012): each run of
RUN characters is hashed once, the hashes fall into SLOTS slots, and the least of each slot stays. The share of equal
slots estimates the Jaccard similarity with a standard deviation of 0.05 at 0.8. Two sketches are compared where they
agree in one of BANDS groups of slots, which at THRESHOLD happens in 99.5 of 100 cases.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from operator import eq
from typing import Final

from search.characters import BORDER, characters
from search.filtering import Card

RUN: Final = 5
SLOTS: Final = 64
BANDS: Final = 10
_WIDE: Final = 4  # slots in a band
#: Below this, bulletins of one title on real sites are updates of each other; above it, they are copies.
THRESHOLD: Final = 0.8
#: Characters that a text must have to be compared, and that are sketched at most.
_LEAST: Final = 30
_MOST: Final = 50_000
#: A title of fewer characters (通知公告) names no bulletin.
_TITLE: Final = 6
#: What a run's characters are multiplied by: odd numbers without a pattern, small enough that the sum of five keeps
#: within 64 bits; and what mixes the sum, modulo 2 to the 64th. With one of 32 bits, likeness came out thrice as rough.
PLACES: Final = (0x6B5, 0x2545F5, 0xD1B54A32D1)
MIX: Final = 0x9FB21C651E98DF25
#: How far the upper bits of a sum come down before it is mixed; and the bits of a hash that name no slot.
SHIFT: Final = 29
IN_SLOT: Final = 26
_LANE: Final = 128  # bits for a run in a vector

#: For `Sketches`; part of the file of the exact layer.
TABLES: Final = """
CREATE TABLE sketch (row INTEGER PRIMARY KEY, slots BLOB);
CREATE TABLE band (key INTEGER, row INTEGER, PRIMARY KEY (key, row)) WITHOUT ROWID;
"""


def sketch_of(columns: Mapping[str, str]) -> bytes:
    """The sketch of a bulletin from `search.entry.columns_of`, of its title, its text and what is attached, taken
    together: two bytes a slot; nothing for a short text."""
    text = compared(columns)
    if not text:
        return b""
    least = [1 << 32] * SLOTS
    for value in _hashed(text):
        slot = value >> IN_SLOT
        if value < least[slot]:
            least[slot] = value
    return array("H", _filled(least)).tobytes()


def compared(columns: Mapping[str, str]) -> str:
    """The characters that a sketch is made of, or "" where they are too few."""
    text = "".join(columns[name] for name in ("title", "text", "attachments")).replace(BORDER, "")[:_MOST]
    return text if len(text) >= _LEAST else ""


def _hashed(text: str) -> array[int]:
    """A 32-bit hash of each run of RUN characters.

    Long integers serve as vectors, a lane of 128 bits for each run, which takes a third of the time of hashing run by
    run. A run is the sum of its characters times a number for each place; a last multiplication mixes it.
    """
    codes = array("I", text.encode("utf-32-le", "surrogatepass"))
    laid = array("I", bytes(16 * len(codes)))
    laid[::4] = codes
    one = int.from_bytes(laid.tobytes(), "little")
    two = one + (one >> _LANE) * PLACES[0]
    four = two + (two >> 2 * _LANE) * PLACES[1]
    five = four + (one >> 4 * _LANE) * PLACES[2]
    runs = len(codes) - RUN + 1
    lower = int.from_bytes((b"\xff" * 8 + bytes(8)) * runs, "little")
    mixed = (five ^ five >> SHIFT) & lower
    return array("I", (mixed * MIX).to_bytes(16 * runs, "little"))[1::4]


def _filled(least: list[int]) -> Iterator[int]:
    """An empty slot takes what the next one holds (Shrivastava and Li, 2014)."""
    held = next(value for value in least if value < 1 << 32)
    turned: list[int] = []
    for value in reversed(least):
        held = value if value < 1 << 32 else held
        turned.append(held & 0xFFFF)
    return reversed(turned)


def bands_of(sketch: bytes) -> list[int]:
    """A 63-bit key for each band of a sketch."""
    size = 2 * _WIDE
    groups = (sketch[at * size : at * size + size] for at in range(BANDS if sketch else 0))
    return [int.from_bytes(group, "little") * 31 + number & (1 << 63) - 1 for number, group in enumerate(groups)]


def alike(one: bytes, other: bytes) -> bool:
    """Whether two sketches are of nearly the same text."""
    bands = range(0, 2 * _WIDE * BANDS, 2 * _WIDE)
    if not one or not other or not any(one[at : at + 2 * _WIDE] == other[at : at + 2 * _WIDE] for at in bands):
        return False
    same = sum(map(eq, memoryview(one).cast("H"), memoryview(other).cast("H")))
    return bool(same >= THRESHOLD * SLOTS)


def same_bulletin(one: Card, other: Card) -> bool:
    """Whether two bulletins of nearly the same text may be one: titles agree, numbers and dates do not contradict.

    Pages of a site that prints the same menu everywhere are alike at any threshold, and so are forms of one office;
    only their titles and numbers tell them apart.
    """
    if one.number and other.number and one.number_order != other.number_order:
        return False
    if one.dated_on and other.dated_on and one.dated_on != other.dated_on:
        return False
    short, long = sorted((characters(one.title), characters(other.title)), key=len)
    if len(short) < _TITLE:
        return False
    return short == long or (len(short) >= 0.6 * len(long) and short in long)


class Sketches:
    """The sketches of an exact layer's rows, in its file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, row: int, sketch: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO sketch VALUES (?, ?)", (row, sketch))
        self._db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, row) for key in bands_of(sketch)])

    def drop(self, row: int) -> None:
        self._db.executemany("DELETE FROM band WHERE key = ? AND row = ?", [(k, row) for k in bands_of(self._of(row))])
        self._db.execute("DELETE FROM sketch WHERE row = ?", (row,))

    def alike(self, row: int) -> set[int]:
        """The other rows of nearly the same text."""
        own = self._of(row)
        if not own:
            return set()
        marks = ", ".join("?" * BANDS)
        query = f"SELECT row, slots FROM sketch WHERE row IN (SELECT row FROM band WHERE key IN ({marks}))"
        return {other for other, slots in self._db.execute(query, bands_of(own)) if other != row and alike(own, slots)}

    def _of(self, row: int) -> bytes:
        found = self._db.execute("SELECT slots FROM sketch WHERE row = ?", (row,)).fetchone()
        return bytes(found[0]) if found else b""
