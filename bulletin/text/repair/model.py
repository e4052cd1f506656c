"""The converter that spoils pages, run forwards: what it makes of a text in traditional script.

The bad converters work on GBK bytes. They search for the two bytes of each character of a table wherever they stand and
insert a reading after them; where the last byte of one character and the first of the next happen to be such a pair,
the reading lands inside the second character. Some then cut the bytes at clause punctuation, again wherever those
bytes stand. What is decoded afterwards is partly out of phase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

#: Full-width ！ to ～ to ASCII, as the collections in which such pages were found did afterwards.
FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
LOST = "?"


def encode(text: str) -> bytes:
    """GBK bytes; a character GBK has not becomes one `?`."""
    return text.encode("gbk", "replace")


def is_lead(byte: int) -> bool:
    return 0x81 <= byte <= 0xFE


def is_trail(byte: int) -> bool:
    return 0x40 <= byte <= 0xFE and byte != 0x7F


def is_private(lead: int, trail: int) -> bool:
    """Whether the pair lies in the areas GBK leaves to the user; these become private-use characters, or are lost."""
    if trail >= 0xA1:
        return 0xAA <= lead <= 0xAF or lead >= 0xF8
    return 0xA1 <= lead <= 0xA7


@cache
def pair(lead: int, trail: int) -> str:
    """The character of two GBK bytes; for a place nobody filled, the private-use character GB 18030 gives it."""
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return chr(_private_code(lead, trail))


def _private_code(lead: int, trail: int) -> int:
    """User-defined areas 1 (AAA1-AFFE), 2 (F8A1-FEFE) and 3 (A140-A7A0) of GB 18030; unassigned places after them."""
    if trail >= 0xA1 and 0xAA <= lead <= 0xAF:
        return 0xE000 + (lead - 0xAA) * 94 + trail - 0xA1
    if trail >= 0xA1 and lead >= 0xF8:
        return 0xE234 + (lead - 0xF8) * 94 + trail - 0xA1
    if trail <= 0xA0 and 0xA1 <= lead <= 0xA7:
        return 0xE4C6 + (lead - 0xA1) * 96 + trail - 0x40 - (trail > 0x7F)
    return 0xE766 + ((lead - 0x81) * 190 + trail) % 0x600


@lru_cache(maxsize=65536)
def pair_of(character: str) -> bytes:
    """The GBK bytes of a character, private-use ones included; one byte for ASCII, none for what GBK has not."""
    code = ord(character)
    if character == "€":
        return b"\x80"
    if not 0xE000 <= code < 0xE766:
        return character.encode("gbk", "ignore")
    if code < 0xE234:
        return bytes((0xAA + (code - 0xE000) // 94, 0xA1 + (code - 0xE000) % 94))
    if code < 0xE4C6:
        return bytes((0xF8 + (code - 0xE234) // 94, 0xA1 + (code - 0xE234) % 94))
    lead, place = divmod(code - 0xE4C6, 96)
    return bytes((0xA1 + lead, 0x40 + place + (place >= 0x3F)))


def annotate(data: bytes, table: Mapping[str, str]) -> bytes:
    """Insert the readings: one plain search and replace after another, in the order of the table."""
    for character, reading in table.items():
        found = encode(character)
        data = data.replace(found, found + b"(" + reading.encode("gb18030") + b")")
    return data


def decode(data: bytes) -> str:
    """Read bytes as the converter did.

    A lead byte before something that cannot follow it gives one `?` for both, a lead byte at the end gives one `?`.
    """
    return "".join(_characters(data))


def _characters(data: bytes) -> Iterator[str]:
    at = 0
    while at < len(data):
        byte = data[at]
        if byte < 0x80:
            yield chr(byte)
            at += 1
        elif is_lead(byte) and at + 1 < len(data):
            yield pair(byte, data[at + 1]) if is_trail(data[at + 1]) else LOST
            at += 2
        else:
            yield LOST
            at += 1


def without_private(text: str) -> str:
    return re.sub("[\ue000-\uf8ff]", "", text)


def damage(
    text: str,
    table: Mapping[str, str],
    cuts: frozenset[str],
    *,
    keep_private: bool = False,
    fold: bool = False,
) -> str:
    """What the converter makes of `text`, which is in traditional script already.

    `table` gives the reading inserted after each character, searched for in the order of the table; `cuts` are the
    punctuation marks (，；？！、：) at whose bytes the text is cut. `keep_private` keeps the private-use characters
    that raw HTML still shows and stored text has lost; `fold` turns full-width ASCII to half width, as collections do.
    """
    data = annotate(encode(text), table)
    if cuts:
        marks = b"|".join(re.escape(encode(mark)) for mark in sorted(cuts))
        damaged = "".join(decode(piece) for piece in re.split(b"(" + marks + b")", data))
    else:
        damaged = decode(data)
    if not keep_private:
        damaged = without_private(damaged)
    return damaged.translate(FULL_TO_HALF) if fold else damaged
