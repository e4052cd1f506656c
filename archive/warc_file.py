"""One WARC file being written: begun as `.open` under a lock, ended by fsync and rename.

A writer that dies leaves its `.open` file and loses its lock; whoever opens the vault next cuts the file back to its
last whole record and ends it. What was written is in the hands of the system after every append, so that only a power
cut can lose records of an `.open` file.
"""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from archive.warc_format import members
from bulletin.errors import ArchiveError, DiskFullError, is_disk_full

try:
    import fcntl
except ImportError:
    _LOCKS = False  # Windows, where nobody can rename or remove what another has open, which serves as well
else:
    _LOCKS = True

OPEN: Final = ".open"
_PREFIX: Final = "gongbao"


def open_to_read(path: Path, buffering: int = -1) -> BinaryIO:
    """A file of the vault that was just looked up, under its final name if it has been ended since. FileNotFoundError
    where it is gone."""
    try:
        return path.open("rb", buffering)
    except FileNotFoundError:
        if not path.name.endswith(OPEN):
            raise
        return path.with_name(path.name.removesuffix(OPEN)).open("rb", buffering)


class WarcFile:
    """An open file of the vault, and this process its only writer."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.name, self._path, self._fd = _begin(folder, now.astimezone(UTC).strftime("%Y%m%d%H%M%S"))
        self.size = 0

    def append(self, data: bytes) -> int:
        """Write records, wholly or not at all; the offset at which they begin. Raises DiskFullError, ArchiveError."""
        start = self.size
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except BaseException as error:
            os.ftruncate(self._fd, start)
            os.lseek(self._fd, start, os.SEEK_SET)
            if isinstance(error, OSError):
                raise _told(error, self._path) from error
            raise
        self.size = start + len(data)
        return start

    def sync(self) -> None:
        os.fsync(self._fd)

    def finish(self) -> None:
        """Everything on the disk, and under its final name. A file without a record goes."""
        if self.size:
            os.fsync(self._fd)
            _end(self._fd, self._path)
        else:
            _end(self._fd, self._path, drop=True)


def finish_abandoned(folder: Path) -> list[Path]:
    """End the files of this machine's dead writers; the names they have now. What has no whole record is removed."""
    host = _host()
    found = [path for path in sorted(folder.glob(f"*.warc.gz{OPEN}")) if f"-{host}-" in path.name]
    return [ended for path in found if (ended := _finish_abandoned(path))]


def abandoned(folder: Path) -> list[Path]:
    """The files of this machine's dead writers. Nothing is changed."""
    return [path for path in sorted(folder.glob(f"*.warc.gz{OPEN}")) if f"-{_host()}-" in path.name and _is_free(path)]


def _is_free(path: Path) -> bool:
    try:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        return False
    try:
        return _LOCKS and _locked(fd, path, wait=False)
    finally:
        os.close(fd)


def _finish_abandoned(path: Path) -> Path | None:
    try:
        fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    if not _locked(fd, path, wait=False):
        os.close(fd)
        return None
    with os.fdopen(os.dup(fd), "rb") as stream:
        whole = [offset + length for offset, length in members(stream)]
    if whole:
        os.ftruncate(fd, whole[-1])
        os.fsync(fd)
    try:
        return _end(fd, path, drop=not whole)
    except PermissionError:
        return None  # on Windows: somebody is writing to it


def _end(fd: int, path: Path, *, drop: bool = False) -> Path | None:
    """Give the file its final name (or let it go) and close it. The lock outlives the name `.open`, so that nobody
    takes the file for an abandoned one; only Windows, which has no such lock, will not rename what is open."""
    if not _LOCKS:
        os.close(fd)
    try:
        if drop:
            path.unlink(missing_ok=True)
            return None
        ended = path.with_suffix("")
        path.rename(ended)
        _sync_folder(path.parent)
        return ended
    finally:
        if _LOCKS:
            os.close(fd)


def _told(error: OSError, path: Path) -> ArchiveError:
    if is_disk_full(error):
        return DiskFullError("No room left for captures.", "Make room, then run the same command again.")
    return ArchiveError(f"{path} cannot be written: {error}", "Check the disk, and that you may write there.")


def _begin(folder: Path, stamp: str) -> tuple[str, Path, int]:
    for serial in range(100_000):
        name = f"{_PREFIX}-{stamp}-{serial:05}-{_host()}-{os.getpid()}.warc.gz"
        path = folder / (name + OPEN)
        if (folder / name).exists():
            continue
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        except FileExistsError:
            continue
        except OSError as error:
            raise _told(error, path) from error
        # Between its birth and its lock, somebody may take an empty file for an abandoned one, and remove it.
        if _locked(fd, path, wait=True):
            return name, path, fd
        os.close(fd)
    raise ArchiveError(f"No free file name in {folder}.", "Look at what fills the folder.")


def _locked(fd: int, path: Path, *, wait: bool) -> bool:
    """Take the file's lock; whether it is ours, and the file still the one of that name."""
    if _LOCKS:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    try:
        fd = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows opens no folders
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _host() -> str:
    name = socket.gethostname().split(".")[0]
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in name) or "host"
