"""Captures out of WARC and WACZ files that others made: Heritrix, Browsertrix, wget, ourselves.

What is broken is told and passed over. Records say where their bytes are from (`Gongbao-Bytes: as-found`): nobody can
know any more whether they are those of the wire.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from archive.capture_records import capture_of
from archive.warc_check import Checker
from archive.warc_format import Record
from archive.warc_walk import Step, walk
from bulletin.capture import Capture

WARC_SUFFIXES: Final = (".warc", ".warc.gz")
SUFFIXES: Final = (*WARC_SUFFIXES, ".wacz")

#: A record that unfolds to more is not read: bytes.
LARGEST: Final = 210_000_000
_BODY: Final = 100_000_000
_LONGEST_REQUEST: Final = 1 << 16
_STEP: Final = 1 << 20

#: What `zipfile` raises for a package that is damaged, encrypted, or packed in a way it does not know.
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
#: Where a payload of a URL was first met: URL and payload digest to URL and date.
_Seen = dict[tuple[str, str], tuple[str, str]]
#: Rules whose breach means that a record is not what it was or cannot be understood. 4 and 5 are broken by everybody
#: who takes chunk framing off and leaves the header.
_FATAL: Final = (1, 2, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Found:
    """A capture, and where it stands; `stated` is its date as the record spells it, `refers` URL and date of the
    capture a revisit stands for."""

    item: str
    capture: Capture
    stated: str
    refers: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """What could not be taken, and why."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Collection:
    """WARC files that belong together, with the names they are told by, and what was wrong with their package."""

    warcs: tuple[tuple[str, Path], ...]
    broken: tuple[Broken, ...] = ()


def is_web_archive(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


@contextmanager
def opened(path: Path) -> Iterator[Collection]:
    """The WARC files in a WARC, a WACZ or a zip of them; what had to be unpacked is gone afterwards."""
    if path.name.lower().endswith(WARC_SUFFIXES):
        yield Collection(((str(path), path),))
        return
    with tempfile.TemporaryDirectory(prefix="gongbao-") as folder:
        warcs: list[tuple[str, Path]] = []
        broken: list[Broken] = []
        _unpack(path, str(path), Path(folder), warcs, broken, depth=0)
        yield Collection(tuple(warcs), tuple(broken))


def captures_in(
    collection: Collection, *, now: datetime, original: Callable[[tuple[str, str]], Capture | None]
) -> Iterator[Found | Broken]:
    """Every capture of a collection, in order; revisits whose original stands behind them at the end.

    `original` gives back a capture that was found before by URL and date, as the record states them.
    """
    yield from collection.broken
    seen: _Seen = {}
    waiting: list[tuple[str, Record, bytes | None]] = []
    for name, path in collection.warcs:
        try:
            requests = _requests(path)
            for found in _of_file(name, path, requests, now):
                if isinstance(found, Broken):
                    yield found
                    continue
                item, record, request = found
                made = _capture(item, record, request, original, seen)
                if made is None:
                    waiting.append((item, record, request))
                else:
                    yield made
            if not path.stat().st_size:
                yield Broken(name, "the file is empty")
        except OSError as error:
            yield Broken(name, error.strerror or str(error))
    for item, record, request in waiting:
        made = _capture(item, record, request, original, seen)
        yield made or Broken(item, "the capture this revisit refers to is not there")


def _of_file(
    name: str, path: Path, requests: dict[str, bytes], now: datetime
) -> Iterator[Broken | tuple[str, Record, bytes | None]]:
    checker = Checker(now)
    for step in map(_unbracketed, walk(path, LARGEST)):
        item = f"{name}@{step.offset}"
        faults = [f for f in checker.look(path.name, step) if f.severity == "fault" and f.rule in _FATAL]
        # That several records share a gzip member is bad manners, and no harm.
        faults = [fault for fault in faults if fault.rule != 1 or step.record is None]
        if faults:
            yield Broken(item, "; ".join(fault.reason for fault in faults))
        elif step.record and _is_capture(step.record):
            yield item, step.record, requests.get(step.record.field("WARC-Record-ID"))


def _unbracketed(step: Step) -> Step:
    """wget up to 1.20 writes URIs in angle brackets, as the grammar of WARC 1.0 had it by mistake."""
    record = step.record
    if record is None or not record.field("WARC-Target-URI").startswith("<"):
        return step
    fields = tuple(
        (name, value.removeprefix("<").removesuffix(">") if name.lower().endswith("target-uri") else value)
        for name, value in record.fields
    )
    return replace(step, record=Record(fields, record.block))


def _is_capture(record: Record) -> bool:
    target = record.field("WARC-Target-URI")
    return record.type in ("response", "revisit", "resource") and target.startswith(("http:", "https:", "urn:"))


def _capture(
    item: str,
    record: Record,
    request: bytes | None,
    original: Callable[[tuple[str, str]], Capture | None],
    seen: _Seen,
) -> Found | None:
    """The capture in a record; None for a revisit whose original was not met yet."""
    asked = Record((), request) if request is not None else None
    stated = record.field("WARC-Date")
    what = record.field("WARC-Target-URI"), record.field("WARC-Payload-Digest")
    if record.type != "revisit":
        seen.setdefault(what, (what[0], stated))
        return Found(item, capture_of(record, asked, None, _BODY), stated)
    place = record.field("WARC-Refers-To-Target-URI"), record.field("WARC-Refers-To-Date")
    if record.field("WARC-Profile").endswith("server-not-modified"):
        return Found(item, capture_of(record, asked, b"", _BODY), stated, place if original(place) else None)
    if not place[0]:
        # Older crawlers say no more than that the payload is that of the same URL before.
        place = seen.get(what, place)
    kept = original(place)
    if kept is None:
        return None
    made = capture_of(record, asked, kept.payload, _BODY)
    # The head is the revisit's own, the body that of the original.
    return Found(item, replace(made, wire=record.block + kept.payload, truncated=""), stated, place)


def _requests(path: Path) -> dict[str, bytes]:
    """The requests of a file by the id of their response, whichever of the two names the other."""
    blocks: dict[str, bytes] = {}
    pairs: dict[str, str] = {}
    for step in walk(path, LARGEST):
        record = step.record
        if record is None:
            continue
        own, other = record.field("WARC-Record-ID"), record.field("WARC-Concurrent-To")
        if record.type == "request" and len(record.block) <= _LONGEST_REQUEST:
            blocks[own] = record.block
            pairs[other] = own
        elif other and record.type in ("response", "revisit"):
            pairs.setdefault(own, other)
    return {response: blocks[request] for response, request in pairs.items() if request in blocks}


# -- packages ----------------------------------------------------------------------------------------------------------


def package_faults(path: Path) -> Iterator[tuple[str, str]]:
    """(file, what is wrong) for what does not agree with datapackage.json, and for that file itself. Captures are left
    to `opened`, which digests them as it unpacks."""
    try:
        with zipfile.ZipFile(path) as package:
            stated = _stated(package)
            if not stated:
                yield "datapackage.json", "it is missing or cannot be read"
            names = set(package.namelist())
            for name, digest in stated.items():
                if name not in names:
                    yield name, "datapackage.json names it, and it is not there"
                elif not name.lower().endswith(SUFFIXES) and digest != _digest(package, name):
                    yield name, "its digest is not the one datapackage.json states"
            said = json.loads(package.read("datapackage-digest.json"))["hash"]
            if said != _digest(package, "datapackage.json"):
                yield "datapackage.json", "its digest is not the one datapackage-digest.json states"
    except (*_UNREADABLE, KeyError, TypeError, OSError) as error:
        yield "", f"the package cannot be read: {error}"


def _digest(package: zipfile.ZipFile, name: str) -> str:
    made = hashlib.sha256()
    with package.open(name) as member:
        while data := member.read(_STEP):
            made.update(data)
    return f"sha256:{made.hexdigest()}"


def _unpack(
    path: Path, name: str, folder: Path, warcs: list[tuple[str, Path]], broken: list[Broken], depth: int
) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            stated = _stated(package)
            for info in package.infolist():
                label = f"{name}/{info.filename}"
                if info.is_dir() or not info.filename.lower().endswith(SUFFIXES):
                    continue
                target = folder / f"{len(warcs)}-{depth}-{PurePosixPath(info.filename).name}"
                reason = _refused(info) or _take_out(package, info, target, stated.get(info.filename, ""))
                if reason:
                    broken.append(Broken(label, reason))
                if not target.exists():
                    continue
                if info.filename.lower().endswith(".wacz"):
                    if depth == 0:
                        _unpack(target, label, folder, warcs, broken, depth + 1)
                    target.unlink()
                else:
                    warcs.append((label, target))
    except _UNREADABLE as error:
        broken.append(Broken(name, f"the package cannot be opened: {error}"))


def _refused(info: zipfile.ZipInfo) -> str:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if info.filename.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
        return "its name leads out of the package"
    if info.flag_bits & 1:
        return "it is encrypted"
    # A WARC is compressed already: what still unfolds a hundredfold is made to fill disks.
    if info.file_size > _STEP and info.file_size > 100 * max(info.compress_size, 1):
        return "it unfolds to more than a hundred times its size"
    return ""


def _take_out(package: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, stated: str) -> str:
    """Unpack a member; what is wrong with it, or "". Nothing is left of one that is larger than it says."""
    free = shutil.disk_usage(target.parent).free
    if info.file_size * 1.1 > free:
        return f"there is no room to unpack its {info.file_size:,} bytes"
    made, size = hashlib.sha256(), 0
    try:
        with package.open(info) as member, target.open("wb") as out:
            while (data := member.read(_STEP)) and size <= info.file_size:
                out.write(data)
                made.update(data)
                size += len(data)
    except _UNREADABLE as error:
        return f"it is damaged: {error}"
    if size > info.file_size:
        target.unlink()
        return "it is larger than the package says"
    if stated and stated != f"sha256:{made.hexdigest()}":
        return "its digest is not the one datapackage.json states"
    return ""


def _stated(package: zipfile.ZipFile) -> dict[str, str]:
    """The digests datapackage.json gives."""
    try:
        if package.getinfo("datapackage.json").file_size > _STEP * 64:
            return {}
        resources = json.loads(package.read("datapackage.json"))["resources"]
        return {str(resource["path"]): str(resource["hash"]) for resource in resources}
    except (*_UNREADABLE, KeyError, TypeError):
        return {}
