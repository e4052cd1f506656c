"""Is a folder of exports what its makers say it is? Needs nothing but the folder: no home, no database, no network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from archive.fixity import Fault
from archive.foreign import opened, package_faults
from archive.proof import SUFFIX, broken_links, days_in, read_day
from archive.warc_check import check
from archive.warc_walk import Step
from bulletin.errors import IntegrityError

_MANIFEST: Final = ".manifest.json"
_WARC: Final = (".warc.gz", ".warc")
_STEP: Final = 1 << 20


def check_export(folder: Path, *, now: datetime, seen: Callable[[Step], None] = lambda step: None) -> Iterator[Fault]:
    """What does not agree: files with their manifests, WARC files with the rules, sealed records with their seals.
    `seen` is shown each WARC record."""
    named: set[Path] = set()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        if path.name.endswith(_MANIFEST):
            named.add(path)
            yield from _by_manifest(folder, path, named)
    warcs = [path for path in files if path.name.endswith(_WARC)]
    for finding in check(warcs, now=now, seen=seen):
        item = f"{finding.warc}@{finding.offset}"
        yield Fault("export", item, f"rule {finding.rule}: {finding.reason}", finding.severity)
    for wacz in (path for path in files if path.suffix == ".wacz"):
        yield from _by_package(folder, wacz, now, seen)
    for seals in sorted({path.parent for path in files if path.suffix == SUFFIX and path.parent.name == "proof"}):
        named.update(seals.glob(f"*{SUFFIX}"))
        yield from _by_seals(seals, {path.name: path for path in warcs})
    for path in files:
        if path not in named and path not in warcs:
            yield Fault("export", str(path.relative_to(folder)), "no manifest speaks of this file", "note")


def _by_manifest(folder: Path, manifest: Path, named: set[Path]) -> Iterator[Fault]:
    where = str(manifest.relative_to(folder))
    try:
        said: list[dict[str, Any]] = json.loads(manifest.read_bytes())["files"]
        listed = [(str(file["name"]), int(file["bytes"]), str(file["sha256"])) for file in said]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield Fault("export", where, f"the manifest cannot be read ({type(error).__name__})")
        return
    for name, size, sha256 in listed:
        path = manifest.parent / name
        if ".." in path.parts or not path.is_relative_to(folder) or not path.is_file():
            yield Fault("export", name, f"{where} names it, and it is not there")
            continue
        named.add(path)
        if path.stat().st_size != size or _sha256(path) != sha256:
            yield Fault("export", name, f"it is not the file {where} speaks of")


def _by_package(folder: Path, wacz: Path, now: datetime, seen: Callable[[Step], None]) -> Iterator[Fault]:
    """A WACZ: every file as datapackage.json states it, and its captures by the rules."""
    where = str(wacz.relative_to(folder))
    for name, reason in package_faults(wacz):
        yield Fault("export", f"{where}/{name}", reason)
    with opened(wacz) as collection:
        for broken in collection.broken:
            yield Fault("export", broken.item, broken.reason)
        for finding in check((path for _, path in collection.warcs), now=now, seen=seen):
            yield Fault(
                "export", f"{where}@{finding.offset}", f"rule {finding.rule}: {finding.reason}", finding.severity
            )


def _by_seals(seals: Path, warcs: dict[str, Path]) -> Iterator[Fault]:
    for day, reason in broken_links(seals):
        yield Fault("proof", day, reason)
    for name in days_in(seals):
        try:
            leaves = read_day(seals, name).records
        except IntegrityError:
            continue
        for leaf in leaves:
            path = warcs.get(leaf.warc)
            if path is not None:
                with path.open("rb") as stream:
                    stream.seek(leaf.offset)
                    if hashlib.sha256(stream.read(leaf.length)).hexdigest() != leaf.sha256:
                        item = f"{leaf.warc}@{leaf.offset}"
                        yield Fault("proof", item, f"its bytes are not those sealed on {name}")


def _sha256(path: Path) -> str:
    made = hashlib.sha256()
    with path.open("rb") as stream:
        while data := stream.read(_STEP):
            made.update(data)
    return made.hexdigest()
