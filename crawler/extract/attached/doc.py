"""Word documents in binary form, read through their piece table (MS-DOC 2.5, 2.9.38, 2.9.177); also WPS Office's .wps.

No library of a free enough licence reads them, and the text takes three steps only: the information block at the start
says in which table stream the piece table lies, the piece table says where each run of characters lies and whether it
has one byte or two, and marks in the text stand for cells and fields.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Final

import olefile

from crawler.extract.attached.outcome import Limits, UnreadableError

_ENCRYPTED: Final = 0x0100
_TABLE_1: Final = 0x0200
_WORD_97: Final = 0x00C1  # nFib; smaller numbers are Word 6 and 95, which have no piece table in another stream
_FIELD_CODE: Final = re.compile("\x13[^\x13\x14\x15]*\x14?")
_CODEPAGES: Final = {0x0804: "gb18030", 0x1004: "gb18030", 0x0404: "big5hkscs", 0x0C04: "big5hkscs"}
_MARKS: Final = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\x1f": "", "\x14": "", "\x15": "", "\xa0": " "}
    | dict.fromkeys("\x00\x01\x02\x03\x04\x05\x06\x08\x0e\x13", "")
)


def read_doc(data: bytes, limits: Limits) -> str:
    """The text: the body, then foot notes, heads and feet, comments, as the file has them one after another."""
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        main = container.openstream("WordDocument").read()
        if len(main) < 0x22:
            raise UnreadableError("damaged: the document's first block is cut off")
        magic, version, _, language, _, flags = struct.unpack_from("<6H", main)
        if flags & _ENCRYPTED:
            raise UnreadableError("protected by a password")
        if magic not in (0xA5EC, 0xA5DC) or version < _WORD_97:
            return _plain(_early(main, language))
        table = container.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    # Twice as many characters as wanted: marks and field codes are still among them.
    return _plain("".join(_runs(main, _pieces(main, table), 2 * limits.characters)))


def _early(main: bytes, language: int) -> str:
    """Word 6 and 95: one run of bytes in the code page of the document's language."""
    start, end = struct.unpack_from("<2I", main, 0x18)
    if not start < end <= len(main):
        raise UnreadableError("damaged: the text of this old Word document cannot be found")
    return main[start:end].decode(_CODEPAGES.get(language, "gb18030"), "replace")


def _pieces(main: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """(place and width of the characters as the file has it, number of characters) of each piece."""
    if len(main) < 0x1AA:
        raise UnreadableError("damaged: the document's first block is cut off")
    at, length = struct.unpack_from("<2I", main, 0x1A2)
    complex_part = table[at : at + length]
    at = 0
    while complex_part[at : at + 1] == b"\x01":  # properties of runs that were saved in haste
        at += 3 + int.from_bytes(complex_part[at + 1 : at + 3], "little")
    if complex_part[at : at + 1] != b"\x02":
        raise UnreadableError("damaged: the table of the document's pieces is missing")
    size = int.from_bytes(complex_part[at + 1 : at + 5], "little")
    plc = complex_part[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc) if count > 0 else ()
    for number in range(count):
        (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        yield place, ends[number + 1] - ends[number]


def _runs(main: bytes, pieces: Iterator[tuple[int, int]], most: int) -> Iterator[str]:
    for place, length in pieces:
        if length <= 0 or most <= 0:
            continue
        start = place & 0x3FFFFFFF
        if place & 0x40000000:
            run = main[start // 2 : start // 2 + length].decode("cp1252", "replace")
        else:
            run = main[start : start + 2 * length].decode("utf-16-le", "replace")
        most -= len(run)
        yield run


def _plain(text: str) -> str:
    """Without field codes, their results left; a row's end mark (the second of two cell marks) ends the line."""
    for _ in range(4):  # fields stand in fields; deeper ones than this are not met
        text, found = _FIELD_CODE.subn("", text)
        if not found:
            break
    return text.replace("\x07\x07", "\n").translate(_MARKS)
