"""Are the captures what they were? Every record of the vault is read again and laid beside the database.

A file is judged by itself, so that a verification can stop after any file and go on with the next: only what a revisit
refers to may lie in another one, and is read there. A large file may be looked at in stretches, side by side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from archive.capture_records import target_uri
from archive.noted import KeptCapture
from archive.warc_check import Checker, Collection, Finding
from archive.warc_file import OPEN
from archive.warc_format import Record, digest_is_right, parse_date
from archive.warc_walk import walk
from bulletin.capture import RecordRef
from bulletin.errors import IntegrityError

if TYPE_CHECKING:
    from archive.store import Archive
    from archive.vault import WarcVault

FAULT: Final = "fault"
NOTE: Final = "note"

_CAPTURES: Final = ("response", "revisit", "resource")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be. `where` is vault, database, index, proof or export; `item` names it so
    that it can be looked at. A `note` is something to know, no mismatch."""

    where: str
    item: str
    reason: str
    severity: str = FAULT


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one WARC file came to."""

    warc: str
    bytes: int
    records: int
    faults: tuple[Fault, ...]


class Pace:
    """Keeps reading below so many bytes a second; 0 is no limit."""

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._clock, self._sleep = rate, clock, sleep
        self._begun, self._read = clock(), 0

    @property
    def is_kept(self) -> bool:
        """Whether there is a limit."""
        return self._rate > 0

    def passed(self, count: int) -> None:
        """So many more bytes were read; waits where that was too fast."""
        self._read += count
        if self._rate > 0:
            early = self._read / self._rate - (self._clock() - self._begun)
            if early > 0:
                self._sleep(early)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a WARC file, looked at by itself: where its first record begins and its last one ends, whether that
    first record is one, what was found at its records, what its gzip members begin with and where, and what must be
    judged beside the other parts."""

    begin: int
    end: int
    begins_well: bool
    records: int
    faults: tuple[Fault, ...]
    lost: tuple[Fault, ...]
    heads: Mapping[bytes, list[int]]
    known: Collection


def verify_file(vault: WarcVault, archive: Archive, name: str, now: datetime, pace: Pace) -> FileReport:
    """All twelve rules and every digest of one file, and each record beside its row.

    A file that is being written is looked at as far as the database knows of it.
    """
    rows = archive.captures.in_file(name)
    stretch = look_at(vault, name, rows, lambda offset: is_noted(archive, name, offset), now, pace)
    return FileReport(name, 0, 0, (_missing(archive, name),)) if stretch is None else _reported(vault, name, [stretch])


def stretches(vault: WarcVault, archive: Archive, name: str, size: int) -> list[tuple[int, int | None]]:
    """A file in parts of `size` bytes or a little more, each beginning where the database knows of a capture; a file
    that is being written, or is not there, in one."""
    path = vault.place(name)
    if path is None or path.name.endswith(OPEN):
        return [(0, None)]
    begins, whole = [0], path.stat().st_size
    while (begin := archive.captures.first_from(name, begins[-1] + size)) is not None and begin < whole:
        begins.append(begin)
    return list(zip(begins, [*begins[1:], None], strict=True))


def joined(vault: WarcVault, name: str, parts: Sequence[Stretch | None]) -> FileReport | None:
    """The report of a file of which all parts were looked at; None where they do not join, because the database is
    wrong or the file damaged: then the file must be looked at as one."""
    there = [part for part in parts if part is not None]
    follow = all(before.end == part.begin and part.begins_well for before, part in pairwise(there))
    return _reported(vault, name, there) if follow and len(there) == len(parts) else None


def _reported(vault: WarcVault, name: str, parts: Sequence[Stretch]) -> FileReport:
    known = Collection()
    faults: list[Fault] = []
    for part in parts:
        known.join(part.known)
        faults += part.faults
    faults += map(_told, known.findings(lambda revisit: _unresolved(vault, revisit)))
    faults += (fault for part in parts for fault in part.lost)
    heads: dict[bytes, list[int]] = {}
    for part in parts:
        for head, offsets in part.heads.items():
            heads.setdefault(head, []).extend(offsets)
    faults += _heads(name, heads)
    return FileReport(name, parts[-1].end, sum(part.records for part in parts), tuple(faults))


def is_noted(archive: Archive, name: str, offset: int) -> bool:
    """Whether the database knows of a capture there."""
    return bool(archive.captures.in_file(name, offset, offset + 1))


def look_at(
    vault: WarcVault,
    name: str,
    rows: Mapping[int, KeptCapture],
    noted: Callable[[int], bool],
    now: datetime,
    pace: Pace,
    begin: int = 0,
    end: int | None = None,
) -> Stretch | None:
    """The part of a file from `begin` up to `end`, laid beside the rows of its captures; None where there is no such
    file. `noted` is asked about captures without a row: a crawl may have noted them since the rows were read."""
    path = vault.place(name)
    if path is None:
        return None
    growing, last = path.name.endswith(OPEN), max(rows, default=-1)
    checker, position = Checker(now), begin
    faults: list[Fault] = []
    met: set[int] = set()
    heads: dict[bytes, list[int]] = {}
    records, begins_well = 0, True
    for step in walk(path, begin=begin, end=end):
        if growing and step.offset > last and (step.record is None or step.record.type in _CAPTURES):
            break
        faults += map(_told, checker.look(name, step))
        records += step.record is not None
        pace.passed(max(step.offset + step.length - position, 0))
        position = step.offset + step.length
        if not step.problem:
            heads.setdefault(step.head, []).append(step.offset)
        elif step.offset == begin:
            begins_well = False
        row = rows.get(step.offset)
        if step.record is not None and row is not None:
            met.add(step.offset)
            faults += _beside(name, row, step.record, step.length)
        elif step.record is not None and step.record.type in _CAPTURES and not noted(step.offset):
            faults.append(_unnoted(name, step.offset, step.record))
    lost = tuple(_lost(name, rows[offset]) for offset in sorted(rows.keys() - met))
    return Stretch(begin, position, begins_well, records, tuple(faults), lost, heads, checker.known)


def verify_sample(
    vault: WarcVault, rows: Iterable[KeptCapture], pace: Pace
) -> Iterator[tuple[KeptCapture, list[Fault]]]:
    """Single captures, read where their rows say: digests of block and payload, and the record beside its row."""
    for row in rows:
        name = row.record.warc
        try:
            record = vault.record(row.record)
        except IntegrityError as error:
            yield row, [Fault("vault", f"{name}@{row.record.offset}", error.message)]
            continue
        pace.passed(row.record.length)
        faults = _beside(name, row, record, row.record.length)
        if not digest_is_right(record.field("WARC-Block-Digest"), record.block):
            faults.append(Fault("vault", f"{name}@{row.record.offset}", "the block digest is wrong"))
        yield row, faults


def _told(finding: Finding) -> Fault:
    item = f"{finding.warc}@{finding.offset}"
    return Fault("vault", item, f"rule {finding.rule}: {finding.reason}", finding.severity)


def _missing(archive: Archive, name: str) -> Fault:
    count = len(archive.captures.in_file(name))
    return Fault("vault", name, f"the file is not there; the database knows {count} captures in it")


def _lost(name: str, row: KeptCapture) -> Fault:
    item = f"{name}@{row.record.offset}"
    return Fault("vault", item, f"no record begins where capture {row.id} ({row.url}) should lie")


def _unnoted(name: str, offset: int, record: Record) -> Fault:
    what = f"the {record.type} of {record.field('WARC-Target-URI')} has no row in the database"
    return Fault("database", f"captures, {name}@{offset}", what)


def _beside(name: str, row: KeptCapture, record: Record, length: int) -> list[Fault]:
    """Where a row does not say what its record says."""
    status, media_type = _answer(record)
    said: Mapping[str, tuple[object, object]] = {
        "length": (row.record.length, length),
        "digest": (row.record.payload_digest, record.field("WARC-Payload-Digest")),
        "URL": (target_uri(row.url), record.field("WARC-Target-URI")),
        "status": (row.status, status),
        "media type": (row.media_type, media_type),
        "key": (row.url_key, row.right_key),
    }
    item = f"captures {row.id}, {name}@{row.record.offset}"
    faults = [
        Fault("database", item, f"its row says {what} {ours!r}, its record {theirs!r}")
        for what, (ours, theirs) in said.items()
        if ours != theirs
    ]
    if not _same_moment(row.fetched_at, record.field("WARC-Date")):
        faults.append(
            Fault(
                "database", item, f"its row says {row.fetched_at.isoformat()}, its record {record.field('WARC-Date')}"
            )
        )
    return faults


def _same_moment(moment: datetime, stated: str) -> bool:
    """WARC 1.0 drops what is below a second."""
    try:
        return timedelta(0) <= moment - parse_date(stated) < timedelta(seconds=1 if "." not in stated else 1e-6)
    except ValueError:
        return False


def _answer(record: Record) -> tuple[int, str]:
    if record.type == "resource":
        return 200, _plain(record.field("Content-Type"))
    headers = record.message.headers
    return record.message.status, _plain(next((value for name, value in headers if name.lower() == "content-type"), ""))


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _unresolved(vault: WarcVault, revisit: Record) -> str:
    """What is wrong with a revisit whose original lies in another file."""
    offset = revisit.field("WARC-Refers-To-File-Offset")
    target, date = revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date")
    nothing = f"there is no record of {target} of {date}"
    if not (offset.isascii() and offset.isdigit()):
        return nothing
    try:
        original = vault.record(RecordRef(revisit.field("WARC-Refers-To-Filename"), int(offset), 0, ""))
    except IntegrityError:
        return nothing
    if (original.field("WARC-Target-URI"), original.field("WARC-Date")) != (target, date):
        return nothing
    stated = revisit.field("WARC-Payload-Digest")
    right = not stated or stated == original.field("WARC-Payload-Digest")
    return "" if right else "its original has another payload digest"


def _heads(name: str, heads: Mapping[bytes, list[int]]) -> Iterator[Fault]:
    """The ten bytes a gzip member begins with, which no checksum covers, are alike in all we write: which they are is
    told by most of the members, so that a changed bit is found at its own."""
    usual = max(heads, key=lambda head: len(heads[head]), default=b"")
    wrong = [offset for head, offsets in heads.items() if head != usual or any(head[3:8]) for offset in offsets]
    for offset in sorted(wrong):
        yield Fault("vault", f"{name}@{offset}", "the gzip header of the record is not what we write")
