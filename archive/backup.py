"""Copy a home out.

A backup is a folder: WARC files that never change again lie in `vault/` under their own names and are copied once;
everything else lies in `state/<moment>/`; `backup.manifest.json` names what belongs together, and is put in its place
last. Whoever is killed before that leaves the backup as it was.

The database is copied by SQLite's online backup before the captures are looked at: records are written before their
rows, so that every record the copy names is there. Of a file that is still being written, the part the copy knows of is
taken. Of a finished file that is gone or changed at home, the copy made before is kept: it may be the last good one.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from sqlalchemy.engine import make_url

from archive.export.atomic import replaced
from archive.opening import spoken, to_read
from archive.warc_file import OPEN, open_to_read
from archive.warc_format import first_member, members
from bulletin.errors import ConfigError, DiskFullError, IntegrityError, NotFoundError, UsageError, is_disk_full
from bulletin.record import moment_text

MANIFEST: Final = "backup.manifest.json"
DATABASE: Final = "gongbao.db"
_STATE: Final = "state"
_VAULT: Final = "vault"
_PART: Final = ".part"
_STEP: Final = 1 << 20
_SCHEMA: Final = 1

OnFile = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """One file of a backup: `name` in the backup, `home` in the home; `mtime_ns` of the original by which a file that
    never changes is known again."""

    name: str
    home: str
    bytes: int
    sha256: str
    mtime_ns: int = 0


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `counts` are the archive's at that moment; `copied` how many files were new in it; `lost`
    says which WARC files are no longer at home what they were (it is not written down)."""

    made_at: str
    counts: Mapping[str, int]
    files: tuple[BackedUp, ...]
    schema: int = _SCHEMA
    copied: int = 0
    lost: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def back_up(
    out: Path,
    *,
    database_url: str,
    vault: Path,
    others: Mapping[str, Path],
    now: datetime,
    on_file: OnFile | None = None,
) -> Backup:
    """Bring the backup in `out` up to date with an archive others may be writing to.

    `others` are further files and folders: their place in the home, and where they are. Raises UsageError for a folder
    that holds something else, ConfigError for a database that is no SQLite file, DiskFullError.
    """
    known = files_before(out)
    # Listed before the database is copied: of a file begun later, what the copy knows of is taken.
    closed, growing = _warcs(vault)
    further = dict(_files(others))
    state = f"{_STATE}/{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    with told_at(out):
        kept = [copied(path, out, f"{state}/{home}", home) for home, path in further.items()]
        copy, counts = _database(out, state, database_url)
        kept.append(copy)
        ends = _last_captures(out / copy.name)
        fresh, lost = len(kept), []
        growing += sorted(name for name in ends.keys() - {*closed, *growing} if _there(vault, name))
        for count, name in enumerate((*closed, *growing), 1):
            if name in closed:
                file, is_new, changed = _finished_file(out, vault, name, known)
                kept.append(file)
                fresh += is_new
                lost += [f"{name} is not what it was; the copy made before is kept"] if changed else []
            elif name in ends:
                kept.append(_growing_file(out, state, vault, name, ends[name]))
                fresh += 1
            if on_file:
                on_file(count, name)
        for name in sorted(ends.keys() - {*closed, *growing}):
            before = known.get(f"{_VAULT}/{name}")
            kept += [before] if before else []
            lost.append(f"{name} is not there; " + ("the copy made before is kept" if before else "nor is a copy"))
        files = tuple(sorted(kept, key=lambda file: file.home))
        made = Backup(moment_text(now), counts, files, copied=fresh, lost=tuple(lost))
        with replaced(out / MANIFEST) as note:
            said = {name: value for name, value in asdict(made).items() if name != "lost"}
            note.write(json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n")
    _sweep(out, made)
    return made


def read_backup(folder: Path) -> Backup:
    """What a backup says it holds. Raises NotFoundError, IntegrityError."""
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        files = tuple(BackedUp(**file) for file in said.pop("files"))
        found = Backup(**said, files=files)
    except FileNotFoundError:
        raise NotFoundError(f"There is no backup in {folder}.", f"Name a folder with a {MANIFEST} in it.") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IntegrityError(f"The backup in {folder} cannot be read: {error}", "Use an older backup.") from error
    if found.schema != _SCHEMA:
        raise UsageError(f"The backup in {folder} was made by another version.", "Restore it with that version.")
    return found


# -- copying out -------------------------------------------------------------------------------------------------------


def files_before(out: Path) -> dict[str, BackedUp]:
    """The files of the backup that is there, by their place in the home. Raises UsageError for a folder that holds
    something else."""
    if (out / MANIFEST).is_file():
        return {file.home: file for file in read_backup(out).files}
    strangers = (
        [path.name for path in out.iterdir() if path.name not in (_STATE, _VAULT, "locks")] if out.is_dir() else []
    )
    if strangers or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out} is not empty and not a backup.", "Name a new folder, or an earlier backup's.")
    return {}


def _warcs(vault: Path) -> tuple[list[str], list[str]]:
    """Names of the files that never change again, and of those being written."""
    names = sorted(path.name for path in vault.glob("*.warc.gz*") if path.is_file()) if vault.is_dir() else []
    growing = [name.removesuffix(OPEN) for name in names if name.endswith(OPEN)]
    return [name for name in names if name.endswith(".warc.gz") and name not in growing], growing


def _files(others: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for home, path in others.items():
        if path.is_file():
            yield home, path
        elif path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and not inner.name.startswith("."):
                    yield f"{home}/{inner.relative_to(path).as_posix()}", inner


def _database(out: Path, state: str, url: str) -> tuple[BackedUp, dict[str, int]]:
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        raise ConfigError("Only SQLite archives are backed up here.", "Use pg_dump, and copy the vault after it.")
    target = out / state / DATABASE
    target.parent.mkdir(parents=True, exist_ok=True)
    live = sqlite3.connect(to_read(Path(place.database)), uri=True)
    with spoken(), closing(live) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        counts = {
            name: int(copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0])
            for name in ("documents", "revisions", "captures")
        }
    _sync(target)
    return BackedUp(f"{state}/{DATABASE}", DATABASE, target.stat().st_size, _sha256(target)), counts


def _last_captures(database: Path) -> dict[str, int]:
    """Where the last capture the copy of the database knows of begins, in each WARC file."""
    with closing(sqlite3.connect(database)) as conn:
        return dict(conn.execute("SELECT warc, max(warc_offset) FROM captures GROUP BY warc"))


def _finished_file(out: Path, vault: Path, name: str, known: Mapping[str, BackedUp]) -> tuple[BackedUp, bool, bool]:
    """A WARC file that never changes again, whether it had to be copied, and whether it has changed all the same."""
    home = f"{_VAULT}/{name}"
    told = (vault / name).stat()
    before, there = known.get(home), out / home
    same = before and (before.name, before.bytes, before.mtime_ns) == (home, told.st_size, told.st_mtime_ns)
    if before and before.name == home and there.is_file() and there.stat().st_size == before.bytes:
        if same or _sha256(vault / name) == before.sha256:
            return replace(before, mtime_ns=told.st_mtime_ns), False, False
        if _sha256(there) == before.sha256:
            return before, False, True
    return copied(vault / name, out, home, home, mtime_ns=told.st_mtime_ns), True, False


def _there(vault: Path, name: str) -> Path | None:
    """A WARC file under the name it has now. The last look finds what was renamed between the first two."""
    return next((path for path in (vault / name, vault / (name + OPEN), vault / name) if path.is_file()), None)


def _growing_file(out: Path, state: str, vault: Path, name: str, last: int) -> BackedUp:
    """The part of a file being written that ends with the capture that begins at `last`."""
    home = f"{_VAULT}/{name}"
    path = _there(vault, name) or vault / name
    return copied(path, out, f"{state}/{home}", home, upto=_end_behind(path, last))


def _end_behind(path: Path, last: int) -> int:
    """The end of the capture that begins at `last`, with the request behind it."""
    end = last
    with open_to_read(path) as stream, open_to_read(path) as again:
        for offset, length in members(stream, last):
            if offset > last:
                record = first_member(again, offset)
                if record is None or record.type != "request":
                    break
            end = offset + length
    return end


def copied(source: Path, folder: Path, name: str, home: str, *, upto: int | None = None, mtime_ns: int = 0) -> BackedUp:
    """A file copied, under its name only when all of it is on the disk."""
    target = inside(folder, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + _PART)
    made, size = hashlib.sha256(), 0
    try:
        with open_to_read(source) as reading, part.open("wb") as writing:
            while data := reading.read(_STEP if upto is None else min(_STEP, upto - size)):
                writing.write(data)
                made.update(data)
                size += len(data)
            writing.flush()
            os.fsync(writing.fileno())
    except FileNotFoundError:
        raise IntegrityError(f"{source} is not there any more.", "`gongbao verify` says what is missing.") from None
    part.replace(target)
    return BackedUp(name, home, size, made.hexdigest(), mtime_ns)


def _sweep(out: Path, made: Backup) -> None:
    """Remove what no longer belongs to the backup."""
    wanted = {file.name for file in made.files}
    for folder in (_STATE, _VAULT):
        for path in sorted((out / folder).rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(out).as_posix() not in wanted:
                path.unlink()


# -- small things ------------------------------------------------------------------------------------------------------


def inside(folder: Path, name: str) -> Path:
    """A place in the folder; a manifest may not lead out of it."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or ":" in parts[0]:
        raise IntegrityError(f"The backup names a file outside of itself: {name!r}.", "Do not use it.")
    return folder.joinpath(*parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


@contextmanager
def told_at(place: Path) -> Iterator[None]:
    """Errors of the file system in our words."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise DiskFullError(f"No room left in {place}.", "Make room, then run the same command again.") from error
        raise UsageError(f"{place} cannot be written: {error}", "Choose a place you may write to.") from error
