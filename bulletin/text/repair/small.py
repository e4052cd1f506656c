"""Small slips that are certain: zeros written as letters, look-alike forms, leftover markup, double decoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bulletin.text.repair.model import pair
from bulletin.text.repair.offsets import Edit

_DIGITS = "一二三四五六七八九"
_ZERO = "○◯ＯOoｏ0０ΟОοо〇⚪⭕"
#: A zero written as a circle or a letter: after a Chinese digit, and before one or before what counts years or numbers.
_ZEROS = re.compile(rf"[{_DIGITS}]((?!〇+[{_DIGITS}年号號])[{_ZERO}]+)(?=[{_DIGITS}年号號])")
#: O or l inside a year written with digits.
_LETTERS = re.compile(r"[12][0-9OoＯl]{3}(?=年)(?<![0-9A-Za-z].{4})(?<![0-9]{4})")
_LIKE_DIGITS = str.maketrans("OoＯl", "0001")
#: A number written partly in full-width digits.
_MIXED = re.compile("[0-9０-９]{2,}")
_WIDE = re.compile("[０-９]+")
#: Compatibility ideographs and the radicals that some PDF and OCR tools write for whole characters.
_FORMS = re.compile("[\uf900-\ufaff\u2f00-\u2fd5]")
_TAGS = "p|span|div|br|strong|font|td|tr|b|em"
_MARKUP = re.compile(rf"</(?:{_TAGS})>|<(?:{_TAGS})\s?/?>|(?<![<\w/:.?])/(?:p|span|div|strong|font)>|&nbsp;")
_GONE = re.compile("\ufffd+")


def slips(text: str) -> Iterator[Edit]:
    """The slips of a text, each found for itself; two of them may overlap."""
    for found in _ZEROS.finditer(text):
        yield Edit(found.start(1), found.end(1), "〇" * len(found[1]), "zero")
    for found in _LETTERS.finditer(text):
        year = found[0].translate(_LIKE_DIGITS)
        if year[:2] in ("19", "20"):
            yield Edit(found.start(), found.end(), year, "zero")
    for pattern in (_MIXED, _FORMS) if _WIDE.search(text) else (_FORMS,):
        for found in pattern.finditer(text):
            if pattern is _FORMS or not (found[0].isascii() or _WIDE.fullmatch(found[0])):
                yield Edit(found.start(), found.end(), unicodedata.normalize("NFKC", found[0]), "width")
    for found in _MARKUP.finditer(text) if ">" in text or "&nbsp;" in text else ():
        yield Edit(found.start(), found.end(), " " if found[0] == "&nbsp;" else "", "markup")
    for found in _GONE.finditer(text):
        yield Edit(found.start(), found.end(), "□", "lost", sure=False)
    yield from _decoded_twice(text)


# The first two bytes of UTF-8 Chinese (E4-E9), of 。 and ，, read as GBK; UTF-8 and GBK read as Latin letters.
_UTF8_IN_GBK = "".join(pair(lead, trail) for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)) + "銆锛鈥"
_AS_GBK = re.compile(f"[{_UTF8_IN_GBK}][^\x00-\x7f]?[^\x00-\x7f]?[{_UTF8_IN_GBK}][^\x00-\x7f]*")
_AS_LATIN = re.compile("(?:[ã-ï][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2}){2,}")
_GBK_AS_LATIN = re.compile("(?:[°-÷][¡-þ]){3,}")


def _decoded_twice(text: str) -> Iterator[Edit]:
    for found in _AS_GBK.finditer(text):
        yield from _undone(found, "gb18030", "utf-8")
    for found in _AS_LATIN.finditer(text):
        yield from _undone(found, "cp1252", "utf-8")
    for found in _GBK_AS_LATIN.finditer(text):
        yield from _undone(found, "latin-1", "gbk")


def _undone(found: re.Match[str], read_as: str, written_as: str) -> Iterator[Edit]:
    """Read the bytes as they were written; certain only where all of them are, and Chinese comes out."""
    run = found[0]
    try:
        data = b"".join(_byte(character, read_as) for character in run)
        now = data.decode(written_as)
    except UnicodeError:
        return
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in now)
    if chinese >= 2 and chinese >= 0.6 * len(now) and len(now) < len(run):
        yield Edit(found.start(), found.end(), now, "mojibake")


def _byte(character: str, read_as: str) -> bytes:
    if read_as == "cp1252" and "\x80" <= character <= "\x9f":
        return character.encode("latin-1")  # the five bytes Windows leaves open
    return character.encode(read_as)
