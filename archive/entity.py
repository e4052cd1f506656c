"""From the bytes on the wire to the bytes that are read: head, transfer-coding, content-coding. Pure, and never more
memory than the limit asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.inflating import GZIP, RAW, ZLIB, Damaged, Inflater, inflater

#: How much a page may unfold to where nothing else is said. Bytes.
LIMIT: Final = 200_000_000

_STEP: Final = 1 << 16
_MOST_CODINGS: Final = 4
_HEAD_ENDS: Final = (b"\r\n\r\n", b"\n\n")

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Message:
    """An HTTP message as it crossed the line. `rest` is what stands behind the head, `payload` the entity in it,
    transfer-coding off and content-coding on; `named` are the headers by their names in lower case; of one that stands
    twice, the last counts."""

    head: bytes
    rest: bytes
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    named: dict[str, str] = field(repr=False, compare=False)


def message_in(wire: bytes) -> Message:
    head, rest = split_exchange(wire)
    status, reason, headers = parse_head(head)
    named = _named(headers)
    return Message(head, rest, status, reason, headers, _payload(rest, named), named)


def entity_of(payload: bytes, content_encoding: str, limit: int = LIMIT) -> tuple[bytes, bool]:
    """The body in a payload, content-codings (gzip, deflate, br, also several) taken off, and whether it was cut.

    It is cut where it would grow beyond `limit` bytes or where the compressed data break off or go wrong; what could be
    read until then is given. A payload that is not what its header says (plain text called gzip) and one in a coding
    nobody knows are given as they are, the latter as cut.
    """
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    body, cut = payload, False
    for coding in reversed([coding for coding in codings if coding not in ("", "identity")][:_MOST_CODINGS]):
        unfold = _CODINGS.get(coding)
        if unfold is None:
            return body, True
        body, broken = unfold(body, limit)
        cut = cut or broken
    return (body[:limit], True) if len(body) > limit else (body, cut)


def split_exchange(wire: bytes) -> tuple[bytes, bytes]:
    """The head of the final answer, its blank line included, and what stands behind it. Interim answers (100, 103) are
    part of the head. Without a blank line everything is head."""
    start = 0
    while True:
        end = _head_end(wire, start)
        if end < 0:
            return wire, b""
        if not _is_interim(wire[start:end]):
            return wire[:end], wire[end:]
        start = end


def _head_end(wire: bytes, start: int) -> int:
    """Behind the first blank line, -1 if there is none. A long body is looked through once at most."""
    usual = wire.find(_HEAD_ENDS[0], start)
    other = wire.find(_HEAD_ENDS[1], start, usual if usual >= 0 else len(wire))
    return other + 2 if other >= 0 else usual + 4 if usual >= 0 else -1


def parse_head(head: bytes) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    """Status, reason and headers of the last answer in a head. Bytes that are not UTF-8 are read as Latin-1, one to
    one. A status that is no number is 0."""
    lines = _unfolded(_final(head))
    parts = (lines[0] if lines else "").split(None, 2)
    status = int(parts[1]) if len(parts) > 1 and parts[1].isascii() and parts[1].isdigit() else 0
    headers = [line.partition(":") for line in lines[1:] if ":" in line]
    reason = parts[2].strip() if len(parts) > 2 else ""
    return min(status, 999), reason, tuple((name.strip(), value.strip()) for name, _, value in headers)


def payload_of(body: bytes, headers: Headers) -> bytes:
    """The entity as sent: chunk framing taken off where there is one, otherwise as many bytes as were announced."""
    return _payload(body, _named(headers))


def _named(headers: Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _payload(body: bytes, named: dict[str, str]) -> bytes:
    if "chunked" in named.get("transfer-encoding", "").lower():
        return dechunk(body)[0]
    length = named.get("content-length", "").strip()
    return body[: int(length)] if length.isascii() and length.isdigit() and len(length) < 19 else body


def dechunk(data: bytes) -> tuple[bytes, bool]:
    """The data in chunk framing (RFC 9112, 7.1), and whether it was whole. Data without such framing are given as they
    are; where it breaks off, what came until then."""
    kept: list[bytes] = []
    position = 0
    while True:
        end = data.find(b"\n", position, position + 4096)
        size = _chunk_size(data[position:end]) if end >= 0 else None
        if size is None:
            return (b"".join(kept) if kept or not data[position:].strip() else data), False
        if size == 0:
            return b"".join(kept), True
        chunk = data[end + 1 : end + 1 + size]
        kept.append(chunk)
        position = end + 1 + size
        if len(chunk) < size:
            return b"".join(kept), False
        position += 2 if data[position : position + 2] == b"\r\n" else int(data[position : position + 1] == b"\n")


def _chunk_size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    if not 0 < len(digits) <= 16 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def _is_interim(head: bytes) -> bool:
    parts = head.split(None, 2)
    return len(parts) > 1 and head.startswith(b"HTTP/") and len(parts[1]) == 3 and parts[1][:1] == b"1" != parts[1][2:]


def _final(head: bytes) -> bytes:
    """The last answer of a head that begins with interim ones."""
    while _is_interim(head):
        end = _head_end(head, 0)
        if end < 0 or not head[end:]:
            break
        head = head[end:]
    return head


def _unfolded(head: bytes) -> list[str]:
    """Header lines, obsolete line folding undone."""
    if head.isascii() and b"\n " not in head and b"\n\t" not in head:
        return [line for raw in head.decode("ascii").split("\n") if (line := raw.rstrip("\r"))]
    lines: list[str] = []
    for raw in head.split(b"\n"):
        line = _decoded(raw.rstrip(b"\r"))
        if line[:1] in (" ", "\t") and len(lines) > 1:
            lines[-1] += " " + line.strip()
        elif line:
            lines.append(line)
    return lines


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _gzip(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Every member one after the other. Zero bytes behind the last one are padding; anything else is not ours."""
    if data[:2] != b"\x1f\x8b":
        return data, False
    kept: list[bytes] = []
    size = 0
    while data[:2] == b"\x1f\x8b":
        reader = inflater(GZIP)
        body, data, cut = _inflate(reader, data, limit - size)
        kept.append(body)
        size += len(body)
        if cut:
            return b"".join(kept), True
    return b"".join(kept), False


def _deflate(data: bytes, limit: int) -> tuple[bytes, bool]:
    """RFC 9110 means the zlib format; some servers send raw deflate, and every browser reads both."""
    if not data:
        return data, False
    zlib_head = len(data) > 1 and data[0] & 15 == 8 and (data[0] * 256 + data[1]) % 31 == 0
    body, _, cut = _inflate(inflater(ZLIB if zlib_head else RAW), data, limit)
    return (data, False) if cut and not body else (body, cut)


def _inflate(reader: Inflater, data: bytes, limit: int) -> tuple[bytes, bytes, bool]:
    """What was unfolded, what stood behind it, and whether it was cut."""
    kept: list[bytes] = []
    room = limit
    try:
        while not reader.eof:
            if room <= 0:
                return b"".join(kept), b"", True
            piece = reader.decompress(data, min(room, _STEP))
            data = reader.unconsumed_tail
            kept.append(piece)
            room -= len(piece)
            if not piece and not data and not reader.eof:
                return b"".join(kept), b"", True
    except Damaged:
        return b"".join(kept), b"", True
    return b"".join(kept), reader.unused_data, False


def _brotli(data: bytes, limit: int) -> tuple[bytes, bool]:
    import brotli  # type: ignore[import-untyped]  # here, because it may be missing; then nothing asks for `br` either

    reader = brotli.Decompressor()
    kept: list[bytes] = []
    room = limit
    try:
        while not reader.is_finished():
            if room <= 0:
                return b"".join(kept), True
            piece = reader.process(data, output_buffer_limit=min(room, _STEP))
            data = b""
            kept.append(piece)
            room -= len(piece)
            if not piece and reader.can_accept_more_data():
                return b"".join(kept), True
    except brotli.error:
        return (b"".join(kept), True) if kept else (data, False)
    return b"".join(kept), False


_CODINGS: Final[dict[str, Callable[[bytes, int], tuple[bytes, bool]]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
