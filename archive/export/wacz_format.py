"""WACZ 1.1.1 (webrecorder/specs): captures, their index and the list of pages in one ZIP that pywb and ReplayWeb.page
open. The captures are stored, not deflated, so that a reader can ask for a range of the file.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, Any, BinaryIO, Final

from archive.cdxj import Entry, entries_of, sorted_lines
from archive.export import option_values
from archive.export.format import Captures, Member, Options, Row
from archive.export.manifest import software
from archive.export.warc_format import NoCaptures
from archive.warc_format import Record
from bulletin.record import FIELDS

_VERSION: Final = "1.1.1"
_WARC: Final = "data.warc.gz"
_INDEX: Final = "index.cdx.gz"
#: Lines of the index in one compressed block; a reader fetches a block at a time.
_BLOCK: Final = 3000
#: ZIP knows no time before this one; a fixed one gives the same bytes every time.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_IN_MEMORY: Final = 1 << 24
_BIG: Final = 1 << 31


class Wacz:
    name: Final = "wacz"
    about: Final = "the captures behind the bulletins, to be replayed (WACZ 1.1.1)"
    suffix: Final = ".wacz"
    media_type: Final = "application/wacz"
    to_stdout: Final = False
    options: Final[Mapping[str, str]] = {}
    loses: Final = frozenset(FIELDS)

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        return ("id", "url", "fetched_at", "title", "text")

    def open(self, sink: BinaryIO, options: Options) -> _Collection:
        return _Collection(sink, NoCaptures())

    def open_with(self, sink: BinaryIO, options: Options, captures: Captures) -> _Collection:
        return _Collection(sink, captures)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        return []


class _Collection:
    """Captures and pages are gathered in temporary files, because the ZIP names their digests."""

    def __init__(self, sink: BinaryIO, captures: Captures) -> None:
        self._sink, self._captures = sink, captures
        self._warc: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed by `finish`)
        self._pages: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed by `finish`)
        self._pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "公报"}))
        self._entries: list[Entry] = []
        self._first: dict[str, str] | None = None
        self._newest = ""

    def feed(self, row: Row) -> None:
        self._entries += entries_of(self._stored(member) for member in self._captures.of(row))
        page = {"id": row["id"], "url": row["url"], "ts": row["fetched_at"], "title": row["title"] or row["url"]}
        self._pages.write(_line(page | {"text": row["text"]}))
        self._first = self._first or page
        self._newest = max(self._newest, row["fetched_at"] or "")

    def finish(self) -> None:
        with zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED) as wacz, self._warc, self._pages:
            resources = [_put(wacz, f"archive/{_WARC}", self._warc)] if self._warc.tell() else []
            for name, data in _index_files(self._entries):
                resources.append(_put_bytes(wacz, f"indexes/{name}", data))
            resources.append(_put(wacz, "pages/pages.jsonl", self._pages))
            package = _line(self._package(resources), indent=2)
            _put_bytes(wacz, "datapackage.json", package)
            digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
            _put_bytes(wacz, "datapackage-digest.json", _line(digest, indent=2))

    def _stored(self, member: Member) -> tuple[Record, str, int, int]:
        offset = self._warc.tell()
        self._warc.write(member.data)
        return member.record, _WARC, offset, len(member.data)

    def _package(self, resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        package: dict[str, Any] = {"profile": "data-package", "wacz_version": _VERSION, "title": "公报"}
        if self._first:
            package |= {"mainPageUrl": self._first["url"], "mainPageDate": self._first["ts"]}
        if self._newest:
            package["created"] = self._newest
        return package | {"software": software(), "resources": list(resources)}


def _index_files(entries: Sequence[Entry]) -> list[tuple[str, bytes]]:
    """The index in compressed blocks, and the index of the blocks."""
    lines = sorted_lines(entries)
    if not lines:
        return []
    blocks: list[bytes] = []
    heads = [f'!meta 0 {{"format": "cdxj-gzip-1.0", "filename": "{_INDEX}"}}\n'.encode()]
    offset = 0
    for start in range(0, len(lines), _BLOCK):
        block = gzip.compress(b"".join(lines[start : start + _BLOCK]), mtime=0)
        key = b" ".join(lines[start].split(b" ", 2)[:2])
        place = {"offset": offset, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        heads.append(key + b" " + _line(place | {"filename": _INDEX}))
        blocks.append(block)
        offset += len(block)
    return [(_INDEX, b"".join(blocks)), ("index.idx", b"".join(heads))]


def _put(wacz: zipfile.ZipFile, path: str, data: IO[bytes]) -> dict[str, Any]:
    size = data.tell()
    data.seek(0)
    made = hashlib.sha256()
    while piece := data.read(1 << 20):
        made.update(piece)
    data.seek(0)
    with wacz.open(zipfile.ZipInfo(path, _EPOCH), "w", force_zip64=size >= _BIG) as member:
        shutil.copyfileobj(data, member, 1 << 20)
    return {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{made.hexdigest()}", "bytes": size}


def _put_bytes(wacz: zipfile.ZipFile, path: str, data: bytes) -> dict[str, Any]:
    wacz.writestr(zipfile.ZipInfo(path, _EPOCH), data)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return {"name": path.rpartition("/")[2], "path": path, "hash": digest, "bytes": len(data)}


def _line(value: Mapping[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace") + b"\n"


FORMAT: Final = Wacz()
