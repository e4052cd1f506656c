"""The folder of an index on disk: generations beside each other, a pointer to the one in use, one writer's lock.

index/
    gongbao-index.json     says that the folder is ours; nothing is opened in a folder without it
    current                the name of the generation in use; replaced in one step
    g000001/ ...           the engine's files
    writer.lock
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bulletin.errors import DiskFullError, GongbaoError, LockedError, SearchError, is_disk_full

_MARK: Final = "gongbao-index.json"
_POINTER: Final = "current"
_LOCK: Final = "writer.lock"
_LAYOUT: Final = 1
#: What opening asks for where a length is damaged.
_TOO_MUCH: Final[tuple[type[Exception], ...]] = (MemoryError, OverflowError, RecursionError)
#: What SQLite, the system and tantivy say of a file that may not be written.
_NOT_OURS_TO_WRITE: Final = ("readonly database", "Read-only file system", "ReadOnlyFilesystem", "PermissionDenied")
_ROOM: Final = 65_536  # bytes that opening a database in WAL mode may take
_GENERATION: Final = re.compile(r"g[0-9]{6,}")
_OURS: Final = re.compile(rf"{_GENERATION.pattern}|(?:{_MARK}|{_POINTER})(?:\.new)?|{_LOCK}(?:-journal)?")
REBUILD: Final = "Run `gongbao index rebuild`: it makes the index anew from the archive; nothing is lost but time."


#: What reading or writing raises when files are gone, cut off or overwritten. A slip of our own is none of these.
DAMAGE: Final[tuple[type[Exception], ...]] = (
    OSError,
    EOFError,
    sqlite3.Error,
    struct.error,
    zlib.error,
    UnicodeDecodeError,
    json.JSONDecodeError,
)


@contextmanager
def told(place: Path, damage: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """What files raise that are not what they were becomes an error that says what to do: `DAMAGE`, and `damage`."""
    caught = DAMAGE + damage + (_TOO_MUCH if damage else ())
    try:
        yield
    except GongbaoError:
        raise
    except caught as error:
        if is_disk_full(error) or _has_no_room(place, error):
            raise DiskFullError(
                f"No room is left for the index in {place}.", "Make room, then run it again."
            ) from error
        if isinstance(error, PermissionError) or any(said in str(error) for said in _NOT_OURS_TO_WRITE):
            raise SearchError(
                f"The index in {place} cannot be opened by this user.",
                "Run it as the owner, or copy the home to where it can be written: asking takes a lock too.",
            ) from error
        kind = type(error).__name__
        raise SearchError(f"The index in {place} is damaged or cannot be read ({kind}: {error}).", REBUILD) from error


def _has_no_room(place: Path, error: Exception) -> bool:
    """Whether SQLite failed for want of room; where it maps a file it only says that input or output failed."""
    if not isinstance(error, sqlite3.OperationalError) or "disk I/O" not in str(error):
        return False
    try:
        return shutil.disk_usage(place).free < _ROOM
    except OSError:
        return False


class Generations:
    """`engine` is the scheme that wrote the folder."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder, self._engine = folder, engine

    def current(self) -> Path:
        """The generation in use. SearchError where there is no index, or the folder is not ours."""
        self._check()
        try:
            name = (self.folder / _POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise SearchError(f"There is no index in {self.folder} yet.", "Run `gongbao index update`.") from None
        found = self.folder / name
        if not name.startswith("g") or found.parent != self.folder or not found.is_dir():
            raise SearchError(f"The index in {self.folder} is incomplete: {name!r} is missing.", REBUILD)
        return found

    def has_current(self) -> bool:
        return (self.folder / _POINTER).is_file()

    def prepare(self, *, anew: bool = False) -> None:
        """Make the folder ours if it is new or empty. SearchError for a folder that holds something else.

        `anew` says that everything in it is about to be made anew, so that it may have been written by another version,
        or have lost its mark: nothing that lies there is opened.
        """
        if anew and self._has_lost_its_mark():
            self._mark()
        elif not (self.folder / _MARK).is_file():
            if self.folder.is_dir() and any(self.folder.iterdir()):
                raise SearchError(f"{self.folder} holds files that are not an index of ours.", "Name an empty folder.")
            self.folder.mkdir(parents=True, exist_ok=True)
            self._mark()
        elif anew and self._read_mark().get("engine") == self._engine:
            self._mark()
        self._check()

    def _has_lost_its_mark(self) -> bool:
        """Whether nothing but an index lies there, and no mark, or one that nobody can read."""
        if not self.folder.is_dir() or self._read_mark():
            return False
        names = [path.name for path in self.folder.iterdir()]
        return all(map(_OURS.fullmatch, names)) and any(map(_GENERATION.fullmatch, names))

    def _mark(self) -> None:
        mark = json.dumps({"made_by": "gongbao", "engine": self._engine, "layout": _LAYOUT})
        _write(self.folder / _MARK, mark)

    def begin(self) -> Path:
        """A new, empty generation, not yet in use."""
        numbers = [int(path.name[1:]) for path in self.folder.glob("g[0-9]*") if path.name[1:].isdigit()]
        path = self.folder / f"g{max(numbers, default=0) + 1:06}"
        path.mkdir()
        return path

    def promote(self, generation: Path) -> None:
        """Point to `generation` from now on."""
        _write(self.folder / _POINTER, generation.name)

    def sweep(self) -> None:
        """Remove what is not in use: older generations, and what a broken rebuild left. Only under the lock."""
        keep = self.current().name if self.has_current() else ""
        for path in self.folder.glob("g[0-9]*"):
            if path.name != keep:
                # A file still open elsewhere cannot be removed on Windows; the next sweep will.
                shutil.rmtree(path, ignore_errors=True)

    def _check(self) -> None:
        if not self.folder.is_dir():
            raise SearchError(f"There is no index in {self.folder} yet.", "Run `gongbao index update`.")
        mark = self._read_mark()
        if mark.get("made_by") != "gongbao":
            raise SearchError(
                f"{self.folder} is not an index of ours; it is not opened.",
                "If it was one, it is damaged: move the folder away and run `gongbao index rebuild`.",
            )
        if mark.get("engine") != self._engine:
            message = f"The index in {self.folder} is of the engine {mark.get('engine')!r}, not {self._engine!r}."
            raise SearchError(message, "Name another folder, or the engine that wrote it.")
        if mark.get("layout") != _LAYOUT:
            raise SearchError(f"The index in {self.folder} was written by another version.", REBUILD)

    def _read_mark(self) -> dict[str, object]:
        try:
            mark = json.loads((self.folder / _MARK).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return mark if isinstance(mark, dict) else {}


class WriterLock:
    """Held by one process at a time; let go by closing, or by dying. SQLite's own file lock, for its portability."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / _LOCK, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            self._db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._db.close()
            if "locked" not in str(error):
                raise
            message = f"The index in {folder} is being written by another process."
            raise LockedError(message, "Wait until it is done; searches go on meanwhile.") from None

    def release(self) -> None:
        self._db.close()


def _write(path: Path, text: str) -> None:
    """Put `text` at `path` so that nobody sees half of it."""
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
