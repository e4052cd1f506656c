"""WARC records as bytes, and back.

Records are written here and not by warcio's writer, which parses and rebuilds the HTTP head, digests chunked bodies
with their framing on, and replaces digests it is given (warcio 1.8). Evidence is the block exactly as handed in.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, Final

from archive.entity import Message, entity_of, message_in
from archive.inflating import Damaged, Inflater, inflater
from bulletin.errors import IntegrityError
from bulletin.ids import digest

#: The largest record taken into memory. Bytes.
LARGEST: Final = 1 << 30

_STEP: Final = 1 << 16
_PIECE: Final = 1 << 13  # what lies behind the end of a member in a piece is copied once more for each member
_VERSIONS: Final = ("WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17")

#: A head in plain ASCII, one blank behind each colon, no blanks around values. To read these without the general parser
#: doubles the speed at which a vault is verified.
_USUAL_HEAD: Final = re.compile(
    rb"WARC/1\.[01]\r\n([A-Za-z-]+: [!-~]+(?: [!-~]+)*(?:\r\n[A-Za-z-]+: [!-~]+(?: [!-~]+)*)*)\r\n\r\n"
)

_USUAL_FIELD: Final = re.compile(r"([A-Za-z-]+): ([^\r]+)")

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record: its named fields, and its block exactly."""

    fields: tuple[tuple[str, str], ...]
    block: bytes
    type: str = field(init=False, repr=False, compare=False)
    _named: dict[str, str] = field(init=False, repr=False, compare=False)
    _read: list[Message] = field(init=False, repr=False, compare=False, default_factory=list)
    _unfolded: list[tuple[int, bytes, bool]] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        # Of a field that stands twice, the first counts.
        object.__setattr__(self, "_named", {name.lower(): value for name, value in reversed(self.fields)})
        object.__setattr__(self, "type", self.field("WARC-Type"))

    @property
    def message(self) -> Message:
        """The HTTP message in the block; it is taken apart once, however often it is asked for."""
        if not self._read:
            self._read.append(message_in(self.block))
        return self._read[0]

    def body(self, limit: int) -> tuple[bytes, bool]:
        """What the message's payload unfolds to, up to `limit` bytes, and whether it was cut (`entity_of`). It is kept,
        so that looking at it from several sides costs one unfolding."""
        if not self._unfolded or self._unfolded[0][0] != limit:
            coding = self.message.named.get("content-encoding", "")
            self._unfolded[:] = [(limit, *entity_of(self.message.payload, coding, limit))]
        return self._unfolded[0][1:]

    def field(self, name: str) -> str:
        """The first value of a named field, whatever its case, or ""."""
        return self._named.get(name.lower(), "")


def record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def warc_date(moment: datetime, version: str) -> str:
    """WARC 1.1 knows fractions of a second, 1.0 does not."""
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ" if version == "1.0" else "%Y-%m-%dT%H:%M:%S.%fZ")


@lru_cache(maxsize=64)
def parse_date(text: str) -> datetime:
    return datetime.fromisoformat(text.strip().replace("Z", "+00:00")).astimezone(UTC)


def member(version: str, fields: Fields, block: bytes) -> bytes:
    """A record as one gzip member, its block digest and length added."""
    lines = [f"WARC/{version}"]
    lines += [f"{name}: {_one_line(value)}" for name, value in fields if value]
    lines += [f"WARC-Block-Digest: {digest(block)}", f"Content-Length: {len(block)}"]
    writer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")
    return b"".join((writer.compress(head), writer.compress(block), writer.compress(b"\r\n\r\n"), writer.flush()))


def _one_line(value: str) -> str:
    return " ".join(value.split("\n")).replace("\r", "")


def record_of(data: bytes) -> Record:
    """The record in one gzip member. Raises IntegrityError if it is none, is cut, or is larger than LARGEST."""
    found = record_in(_inflated(data))
    if isinstance(found, str):
        raise _unreadable(found)
    return found[0]


def record_in(plain: bytes, start: int = 0) -> tuple[Record, int] | str:
    """The record at a place in uncompressed bytes and where its block ends, or what is wrong with it."""
    return _usual_record(plain, start) or _general_record(plain, start)


def _general_record(plain: bytes, start: int) -> tuple[Record, int] | str:
    from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException  # seldom needed

    stream = BytesIO(plain)
    stream.seek(start)
    try:
        head = StatusAndHeadersParser(_VERSIONS).parse(stream)
        length = int(head.get_header("Content-Length") or -1)
    except (StatusAndHeadersParserException, EOFError):
        return f"no record of WARC 0.17 to 1.1 begins here, but {plain[start : start + 20]!r}"
    except (ValueError, IndexError) as error:
        return f"the head of the record cannot be read: {error}"
    end = stream.tell() + length
    if length < 0 or len(plain) < end:
        return "the block of the record is cut off"
    return Record(tuple(head.headers), plain[stream.tell() : end]), end


def _usual_record(plain: bytes, start: int) -> tuple[Record, int] | None:
    """The record, if it is spelt as most are; None leaves it to the parser that understands all spellings."""
    head = _USUAL_HEAD.match(plain, start)
    if head is None:
        return None
    fields = tuple(_USUAL_FIELD.findall(head[1].decode("ascii")))
    lengths = [value for name, value in fields if name.lower() == "content-length"]
    if len(lengths) != 1 or not lengths[0].isdecimal() or len(lengths[0]) > 15:
        return None
    end = head.end() + int(lengths[0])
    return (Record(fields, plain[head.end() : end]), end) if end <= len(plain) else None


def _inflated(data: bytes) -> bytes:
    reader = inflater()
    try:
        plain = reader.decompress(data, LARGEST)
    except Damaged as error:
        raise _unreadable(str(error)) from error
    if not reader.eof or reader.unused_data:
        raise _unreadable("it does not begin or end where it should")
    return plain


def _unreadable(reason: str) -> IntegrityError:
    return IntegrityError(f"A WARC record cannot be read: {reason}.", "`gongbao verify` looks at all of them.")


def members(stream: BinaryIO, start: int = 0) -> Iterator[tuple[int, int]]:
    """Offset and length of every whole gzip member from `start` on; ends at the first that is broken or cut."""
    offset, reader = start, inflater()
    stream.seek(start)
    position, waiting = start, b""
    while waiting or (waiting := stream.read(_PIECE)):
        position += len(waiting)
        try:
            _drain(reader, waiting)
        except Damaged:
            return
        waiting = reader.unused_data
        position -= len(waiting)
        if reader.eof:
            yield offset, position - offset
            offset, reader = position, inflater()


def _drain(reader: Inflater, data: bytes) -> None:
    """Let the data run through, keeping nothing, so that a member of any size costs no memory."""
    reader.decompress(data, _STEP)
    while reader.unconsumed_tail and not reader.eof:
        reader.decompress(reader.unconsumed_tail, _STEP)


def first_member(stream: BinaryIO, offset: int) -> Record | None:
    """The record at an offset, if there is one and it is short (as requests are)."""
    stream.seek(offset)
    reader = inflater()
    data = stream.read(_STEP)
    try:
        reader.decompress(data, 16 * _STEP)
        return record_of(data[: len(data) - len(reader.unused_data)]) if reader.eof else None
    except (Damaged, IntegrityError):
        return None


def digest_is_right(stated: str, data: bytes) -> bool:
    """Whether a digest (`algorithm:value`, Base16 or Base32) is that of the data. None stated is none wrong."""
    if not stated or (stated.startswith("sha256:") and stated == digest(data)):
        return True
    algorithm, _, value = stated.partition(":")
    try:
        made = hashlib.new(algorithm.lower().replace("-", ""), data, usedforsecurity=False).digest()
    except ValueError:
        return False
    return value.lower() == made.hex() or value.upper().rstrip("=") == base64.b32encode(made).decode().rstrip("=")
