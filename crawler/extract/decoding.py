"""Bytes of a page into text, with the reasons.

The order of trust is BOM, HTTP header, meta tag, a strict UTF-8 trial, GB18030 (WHATWG Encoding Standard with two
departures that Chinese government pages ask for: a declaration which the bytes contradict is corrected and doubted,
and Latin-1 is never believed of bytes that are not ASCII, since no such page is meant that way).
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from bulletin.harvest import Doubt

#: A page larger than this once unpacked is cut: no bulletin is, and a decompression bomb would be.
LARGEST = 64 * 1024 * 1024

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = bytes([*range(9), 11, 12, *range(14, 32)])
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_META = re.compile(rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_XML = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_WIDE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xc3-\xdf][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{3}")
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_LOW_DOUBLE = re.compile(rb"[\xa4-\xf9][\x40-\x7e]")
_OURS = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gb_2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "utf-16": "utf-8",  # a page whose meta tag could be read as ASCII is not UTF-16
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_LATIN = {"iso8859-1", "cp1252", "ascii", "latin-1", "iso8859-15", "utf-7"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the Python name of the encoding, what it was chosen by (bom, header, meta, trial), and doubts."""

    text: str
    encoding: str
    origin: str
    doubts: tuple[Doubt, ...] = ()


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode the bytes of a page. Never fails: what cannot be decoded becomes U+FFFD and a doubt."""
    body = _unpacked(body)
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _finish(body[len(bom) :], encoding, "bom", [])
    declared = _declared(body, content_type)
    doubts = _disagreement(declared)
    for encoding, origin in declared:
        if encoding not in _LATIN and (better := _contradiction(body, encoding)) is None:
            return _finish(body, encoding, origin, doubts)
        elif encoding not in _LATIN and better:
            reason = f"the {origin} declares {encoding}, but the bytes are {better}"
            return _finish(body, better, "trial", [*doubts, Doubt("", reason)])
    return _finish(body, _guess(body), "trial", doubts)


def _unpacked(body: bytes) -> bytes:
    """Some servers send gzip to clients which never asked for it (field guide, 9)."""
    if body[:2] != b"\x1f\x8b":
        return body[:LARGEST]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LARGEST)
    except zlib.error:
        return body[:LARGEST]


def _declared(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """(encoding, origin) in order of trust; names that Python does not know are passed over."""
    named = [(m[1], "header") for m in _HEADER.finditer(content_type)]
    start = _COMMENT.sub(b"", body[:16384]) if b"charset" in body[:16384] or b"<?xml" in body[:200] else b""
    named += [(m[1].decode("ascii", "replace"), "meta") for m in _META.finditer(start)]
    named += [(m[1].decode("ascii", "replace"), "xml declaration") for m in _XML.finditer(start)]
    found = []
    for name, origin in named:
        try:
            found.append((codecs.lookup(_OURS.get(name.lower(), name)).name, origin))
        except (LookupError, ValueError):
            continue
    return [
        (name if name != "gb2312" else "gb18030", origin) for name, origin in found if name not in {"idna", "punycode"}
    ]


def _disagreement(declared: list[tuple[str, str]]) -> list[Doubt]:
    names = dict.fromkeys(name for name, _ in declared)
    if len(names) < 2:
        return []
    said = ", ".join(f"{name} ({origin})" for name, origin in declared)
    return [Doubt("", f"encoding declared in more than one way: {said}")]


def _contradiction(body: bytes, encoding: str) -> str | None:
    """None: the bytes bear the declaration out. Otherwise the encoding they are in, or "" where that is not clear."""
    if encoding == "utf-8":
        if _is(body, "utf-8") or _utf8_share(body) > 0.5:
            return None
        return _guess(body)
    if encoding in ("gb18030", "big5hkscs"):
        if _utf8_share(body) > 0.9 and len(_WIDE.findall(body[:200_000])) >= 6:
            return "utf-8"
        other = "big5hkscs" if encoding == "gb18030" else "gb18030"
        unlike = _likely_big5(body) == (other == "big5hkscs")  # both decode the other's bytes, to nonsense
        return other if unlike and _is(body, other) else None
    try:
        body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return ""
    return None


def _guess(body: bytes) -> str:
    if _is(body, "utf-8") or _utf8_share(body) > 0.5:
        return "utf-8"
    if _likely_big5(body) and _is(body, "big5hkscs"):
        return "big5hkscs"
    return "gb18030"


def _is(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf8_share(body: bytes) -> float:
    """Share of the bytes above ASCII that stand in well-formed UTF-8 sequences; 0 where all is ASCII."""
    sample = body[:200_000]
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return sum(map(len, _WIDE.findall(sample))) / high if high else 0.0


def _likely_big5(body: bytes) -> bool:
    """Half of all Big5 characters have a second byte below 0x80; of those in GB2312 none has."""
    sample = body[:200_000]
    pairs = len(_DOUBLE.findall(sample))
    return pairs > 0 and len(_LOW_DOUBLE.findall(sample)) > 0.2 * pairs


def _finish(body: bytes, encoding: str, origin: str, doubts: list[Doubt]) -> Decoded:
    """Control characters and noncharacters are taken out: parsers stop at some of them, and none is meant."""
    if encoding in ("utf-8", "gb18030", "big5hkscs"):
        text = body.translate(None, _CONTROL).decode(encoding, "replace")
    else:
        text = body.decode(encoding, "replace").translate(dict.fromkeys(_CONTROL))
    for character in ("\ufeff", "\ufffe", "\uffff"):
        text = text.replace(character, "")
    if encoding == "gb18030" and "\ue5e5" in text:
        text = text.replace("\ue5e5", "\u3000")  # A3A0: WHATWG reads the ideographic space, Python a private character
    if lost := text.count("\ufffd"):
        doubts = [*doubts, Doubt("text", f"{lost} character(s) could not be decoded as {encoding}")]
    return Decoded(text, encoding, origin, tuple(doubts))
