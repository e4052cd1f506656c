"""The vault: every exchange as received, in WARC files.

A file begins with a `warcinfo` record that all others name. A capture is a `response` and its `request` with one date,
or a `revisit` where the same payload is kept already, or a `resource` for a file that came without HTTP. Digests are
SHA-256 in Base16; the payload's goes over the entity, transfer-coding off and content-coding on (WARC 1.1, 5.9), so
that `warcio check` calls the right digest of a chunked record wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from archive.capture_records import Original, capture_of, payload_in, refers_to, warcinfo, written
from archive.entity import LIMIT
from archive.warc_file import OPEN, WarcFile, finish_abandoned
from archive.warc_format import Record, first_member, members, record_id, record_of
from bulletin.capture import Capture, RecordRef
from bulletin.errors import ConfigError, IntegrityError
from bulletin.ids import digest

_VERSIONS: Final = ("1.0", "1.1")
_CAPTURES: Final = ("response", "revisit", "resource")

#: A capture kept before: where it lies, its URL, its moment.
Earlier = tuple[RecordRef, str, datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_vault(
    folder: Path,
    *,
    version: str = "1.1",
    size: int = 1_000_000_000,
    dechunk: bool = False,
    operator: str = "",
    clock: Callable[[], datetime] = _utc_now,
) -> WarcVault:
    """The vault in a folder, made if need be; files left by dead writers are ended first.

    `version` is the WARC version written, `size` the bytes after which the next file is begun, `operator` the name and
    address written into each file. With `dechunk` chunk framing is taken off. Raises ConfigError.
    """
    if version not in _VERSIONS:
        raise ConfigError(f"WARC {version} is not written here.", "Choose 1.1 or 1.0.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made: {error}", "Choose a folder you may write to.") from error
    finish_abandoned(folder)
    return WarcVault(folder, version, size, operator, clock, dechunk=dechunk)


def vault_as_it_is(folder: Path) -> WarcVault:
    """The vault in a folder, to be read only: nothing is made, and nothing ended."""
    return WarcVault(folder, _VERSIONS[-1], 0, "", _utc_now, dechunk=False)


class WarcVault:
    """Captures in, captures out. To be closed, or used with `with`. Each process writes to files of its own; threads
    take turns."""

    def __init__(
        self, folder: Path, version: str, size: int, operator: str, clock: Callable[[], datetime], *, dechunk: bool
    ) -> None:
        self._dechunk = dechunk
        self._folder, self._version, self._size = folder, version, size
        self._operator, self._clock = operator, clock
        self._turn = threading.Lock()
        self._file: WarcFile | None = None
        self._info = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the file being written. The vault can go on being used; it then begins another."""
        with self._turn:
            self._finish()

    def keep(self, capture: Capture, earlier: Earlier | None = None, found_in: str = "") -> RecordRef:
        """Write a capture; it is in the system's hands when this returns.

        `earlier` is a full capture of this URL (`Captures.last`): with the same payload, or answered 304, the
        new one becomes a `revisit` of it, if it can still be read. `found_in` names the file of somebody else's that
        the capture was taken from. The digest returned is that of the payload in the record ("" for a 304 without an
        earlier capture). Raises DiskFullError, after which the file ends with its last whole record.
        """
        original = self._original(earlier[0]) if earlier else None
        with self._turn:
            file = self._file or self._begin()
            records = written(capture, original, self._version, self._info, found_in, self._dechunk)
            start = file.append(records.first + records.others)
            if file.size >= self._size:
                self._finish()
            return RecordRef(file.name, start, len(records.first), records.payload_digest)

    def read(self, record: RecordRef, *, limit: int = LIMIT) -> Capture:
        """The capture a record holds, its body decoded up to `limit` bytes (`truncated` says `length` if it is cut).

        A revisit comes with the payload it refers to; a 304 as it was answered, without one. Raises IntegrityError if
        the record is not there or not what it was.
        """
        with self._opened(record.warc) as stream:
            kept = record_of(_slice(stream, record.offset, record.length))
            behind = first_member(stream, record.offset + record.length)
        return self._capture(kept, behind, limit)

    def captures(self, *, limit: int = LIMIT) -> Iterator[tuple[RecordRef, Capture]]:
        """Every capture in the vault, file by file, in the order they were written."""
        for name in self.files():
            waiting: tuple[RecordRef, Record] | None = None
            for ref, record in self._records(name):
                if waiting:
                    yield waiting[0], self._capture(waiting[1], record, limit)
                waiting = (ref, record) if record.type in _CAPTURES else None
            if waiting:
                yield waiting[0], self._capture(waiting[1], None, limit)

    def files(self) -> list[str]:
        """Names of the WARC files, oldest first, those still being written included."""
        return sorted({path.name.removesuffix(OPEN) for path in self._folder.glob("*.warc.gz*") if path.is_file()})

    def place(self, name: str) -> Path | None:
        """Where a file of this vault lies, under the name it has now; None if it is not there."""
        return next((candidate for candidate in self._names_of(name) if candidate.is_file()), None)

    def record(self, ref: RecordRef) -> Record:
        """The record itself; a `length` of 0 takes the one that begins there. Raises IntegrityError."""
        if not ref.length:
            return self._record_at(ref.warc, ref.offset)
        with self._opened(ref.warc) as stream:
            return record_of(_slice(stream, ref.offset, ref.length))

    def exchange(self, ref: RecordRef) -> list[tuple[Record, bytes]]:
        """The record that begins there and the requests that belong to it, each with its gzip member as it lies in the
        file. Raises IntegrityError."""
        found: list[tuple[Record, bytes]] = []
        with self._opened(ref.warc) as stream, self._opened(ref.warc) as again:
            for offset, length in members(stream, ref.offset):
                data = _slice(again, offset, length)
                record = record_of(data)
                if found and record.field("WARC-Concurrent-To") != found[0][0].field("WARC-Record-ID"):
                    break
                found.append((record, data))
        if not found:
            raise IntegrityError(f"There is no record at {ref.offset} in {ref.warc}.", "`gongbao verify` names all.")
        return found

    # -- writing; the turn is ours -------------------------------------------------------------------------------------

    def _begin(self) -> WarcFile:
        now = self._clock()
        file, self._info = WarcFile(self._folder, now), record_id()
        try:
            file.append(warcinfo(file.name, self._info, now, self._version, self._operator))
        except BaseException:
            file.finish()
            raise
        self._file = file
        return file

    def _finish(self) -> None:
        file, self._file = self._file, None
        if file:
            file.finish()

    def _original(self, earlier: RecordRef) -> Original | None:
        """The full record behind an earlier capture; None if it cannot be read any more."""
        try:
            place: tuple[str, int] | None = (earlier.warc, earlier.offset)
            record = self._record_at(earlier.warc, earlier.offset)
            if record.type == "revisit":
                place = refers_to(record)
                record = self._record_at(*place) if place else record
        except IntegrityError:
            return None
        return Original(record, *place) if place and record.type in ("response", "resource") else None

    # -- reading ------------------------------------------------------------------------------------------------------

    def _opened(self, name: str) -> BinaryIO:
        for candidate in self._names_of(name):
            try:
                return candidate.open("rb")
            except FileNotFoundError:
                continue
        raise IntegrityError(f"There is no WARC file {name}.", "Restore it from a backup; `gongbao verify` names all.")

    def _names_of(self, name: str) -> tuple[Path, ...]:
        """Where a file may lie. It may be ended, and renamed, between the looks for one name and for the other."""
        path = self._folder / name
        return (path, path.with_name(path.name + OPEN), path) if name == path.name else ()

    def _record_at(self, name: str, offset: int) -> Record:
        with self._opened(name) as stream:
            place = next(members(stream, offset), None) if offset >= 0 else None
            if place is None:
                raise IntegrityError(
                    f"There is no record at {offset} in {name}.", "`gongbao verify` names all of them."
                )
            return record_of(_slice(stream, *place))

    def _records(self, name: str) -> Iterator[tuple[RecordRef, Record]]:
        with self._opened(name) as stream, self._opened(name) as again:
            for offset, length in members(stream):
                record = record_of(_slice(again, offset, length))
                yield RecordRef(name, offset, length, record.field("WARC-Payload-Digest")), record

    def _capture(self, kept: Record, behind: Record | None, limit: int) -> Capture:
        if kept.type not in _CAPTURES:
            raise IntegrityError(f"A {kept.type or 'nameless'} record holds no capture.", "The reference is wrong.")
        request = behind if behind is not None and behind.type == "request" else None
        if request and request.field("WARC-Concurrent-To") != kept.field("WARC-Record-ID"):
            request = None
        payload = self._referred(kept) if kept.type == "revisit" else None
        return capture_of(kept, request, payload, limit)

    def _referred(self, revisit: Record) -> bytes:
        place = refers_to(revisit)
        if place is None:
            return b""
        payload = payload_in(self._record_at(*place))
        if digest(payload) != revisit.field("WARC-Payload-Digest"):
            raise IntegrityError("The payload of a revisit is not what it was.", "`gongbao verify` names all of them.")
        return payload


def _slice(stream: BinaryIO, offset: int, length: int) -> bytes:
    stream.seek(max(offset, 0))
    return stream.read(max(length, 0)) if offset >= 0 else b""
