"""Walk over a WARC file of anybody's, record by record, and say where it is broken instead of stopping there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from archive.inflating import Damaged, inflater
from archive.warc_file import open_to_read
from archive.warc_format import LARGEST, Record, record_in

#: A file is read in large pieces and unfolded in small ones: what was handed to zlib behind the end of a record is
#: copied once more for each record.
_BUFFER: Final = 1 << 20
_STEP: Final = 1 << 13
_UNFOLDED: Final = 1 << 18
_GZIP: Final = b"\x1f\x8b"
_GZIP_HEAD: Final = 10
_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Step:
    """A record with its place, or what is wrong at that place, or both. `head` are the bytes its gzip member begins
    with, which no checksum covers."""

    offset: int
    length: int
    record: Record | None
    problem: str = ""
    head: bytes = b""


def walk(path: Path, largest: int = LARGEST, begin: int = 0, end: int | None = None) -> Iterator[Step]:
    """The records of a file, compressed record by record, as a whole, or not at all. Never raises for what it holds; a
    gzip member that unfolds to more than `largest` bytes is a problem, not a record. With `begin` and `end`, the gzip
    members that begin there and before the end."""
    with open_to_read(path, _BUFFER) as stream:
        if not begin and stream.read(2) != _GZIP:
            size = path.stat().st_size
            if size > largest:
                yield Step(0, size, None, "uncompressed files of this size are not read; `warcio recompress` helps")
            else:
                yield from _plain_records(path.read_bytes(), 0)
            return
        for offset, length, plain, problem, head in _gzip_members(stream, largest, begin, end):
            if problem:
                yield Step(offset, length, None, problem)
                continue
            steps = list(_plain_records(plain, 0))
            for step in steps:
                several = "several records in one gzip member" if len(steps) > 1 else ""
                yield Step(offset, length, step.record, step.problem or several, head)


def _plain_records(plain: bytes, offset: int) -> Iterator[Step]:
    while offset < len(plain):
        found = record_in(plain, offset)
        if isinstance(found, str):
            yield Step(offset, len(plain) - offset, None, found)
            return
        record, end = found
        if plain[end : end + 4] != _END:
            yield Step(offset, end - offset, record, "the record does not end with two line ends")
            end = len(plain) if not plain[end:].strip() else end
        else:
            end += 4
            yield Step(offset, end - offset, record)
        if end <= offset:
            return
        offset = end


def _gzip_members(
    stream: BinaryIO, largest: int, begin: int, end: int | None
) -> Iterator[tuple[int, int, bytes, str, bytes]]:
    """Offset, length, content, problem and first bytes of each member; behind a broken one, on from where the next
    seems to begin."""
    offset = begin
    while end is None or offset < end:
        stream.seek(offset)
        head = stream.read(_GZIP_HEAD)
        if not head:
            return
        plain, length, problem = _member(stream, offset, largest)
        yield offset, length, plain, problem, head
        if not problem:
            offset += length
            continue
        following = _next_start(stream, offset + 1)
        if following is None:
            return
        offset = following


def _member(stream: BinaryIO, offset: int, largest: int) -> tuple[bytes, int, str]:
    stream.seek(offset)
    reader = inflater()
    kept: list[bytes] = []
    size = length = 0
    while not reader.eof:
        data = reader.unconsumed_tail
        if not data:
            data = stream.read(_STEP)
            length += len(data)
        if not data:
            return b"", length, "the file breaks off within a record"
        try:
            kept.append(reader.decompress(data, _UNFOLDED))
        except Damaged as error:
            return b"", length, f"the compressed record is damaged ({error})"
        size += len(kept[-1])
        if size > largest:
            return b"", length, "the record is larger than can be read"
    return b"".join(kept), length - len(reader.unused_data), ""


def _next_start(stream: BinaryIO, offset: int) -> int | None:
    """Where the next gzip member seems to begin, deflate being its only method."""
    mark, overlap = _GZIP + b"\x08", b""
    stream.seek(offset)
    while data := stream.read(_BUFFER):
        found = (overlap + data).find(mark)
        if found >= 0:
            return offset - len(overlap) + found
        offset += len(data)
        overlap = data[-2:]
    return None
