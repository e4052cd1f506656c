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


@cache
def pair(lead: int, trail: int) -> str:
    """The character of two GBK bytes; for a place GBK leaves open, what GB 18030 gives it, mostly for private use.

    U+FFFD where the two bytes are none of a character.
    """
    data = bytes((lead, trail))
    try:
        return data.decode("gbk")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


@lru_cache(maxsize=65536)
def pair_of(character: str) -> bytes:
    """The GBK bytes of a character, private-use ones included; one byte for ASCII, none for what GBK has not."""
    if character == "€":
        return b"\x80"
    data = character.encode("gbk", "ignore") or character.encode("gb18030", "ignore")
    return data if len(data) < 3 else b""


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
