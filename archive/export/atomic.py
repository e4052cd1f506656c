"""A file that is there whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

from bulletin.errors import ArchiveError, DiskFullError, GongbaoError, UsageError, is_disk_full


class Counted(BufferedIOBase):
    """A sink that counts and digests what passes through. It never seeks."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._sink.write(view)
        self._digest.update(view)
        self.size += view.nbytes
        return view.nbytes

    def flush(self) -> None:
        if not self.closed:
            self._sink.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes its name when all of it is on the disk. Until then, and after an error or a kill, the
    name leads to what was there before, or nowhere.

    Where the system can (Linux), the file has no name at all while it is written, so that even SIGKILL leaves nothing
    behind; elsewhere a hidden `.part` file may stay. Raises UsageError, DiskFullError, ArchiveError.
    """
    with _spoken(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, waiting = _begin(path)
        try:
            with os.fdopen(fd, "w+b") as sink:
                yield cast(BinaryIO, sink)
                sink.flush()
                os.fsync(sink.fileno())
                if waiting is None:
                    waiting = _named(sink.fileno(), path)
            waiting.replace(path)
        except BaseException:
            if waiting is not None:
                with suppress(OSError):
                    waiting.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _begin(path: Path) -> tuple[int, Path | None]:
    flags = os.O_RDWR | getattr(os, "O_BINARY", 0)
    if hasattr(os, "O_TMPFILE") and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # not every file system can
            return os.open(path.parent, flags | os.O_TMPFILE, 0o644), None
    waiting = _waiting(path)
    return os.open(waiting, flags | os.O_CREAT | os.O_TRUNC, 0o644), waiting


def _named(fd: int, path: Path) -> Path:
    """Give a nameless file its hidden name; `link` cannot put one file in another's place."""
    waiting = _waiting(path)
    waiting.unlink(missing_ok=True)
    # Only with a folder's descriptor does Python call linkat(2), which alone follows the link in /proc.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{fd}", waiting.name, dst_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)
    return waiting


def _waiting(path: Path) -> Path:
    short = path.name.encode()[:200].decode("utf-8", "ignore")
    return path.with_name(f".{short}.{os.getpid()}.part")


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows opens no folders
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


@contextmanager
def _spoken(path: Path) -> Iterator[None]:
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name the file to be written.")
    try:
        yield
    except GongbaoError:
        raise
    except OSError as error:
        if is_disk_full(error):
            raise DiskFullError(
                f"No room left for {path}; nothing was written.", "Make room, and export again."
            ) from error
        if isinstance(error, PermissionError | FileNotFoundError | NotADirectoryError | FileExistsError):
            raise UsageError(f"{path} cannot be written: {error}", "Choose a place you may write to.") from error
        raise ArchiveError(f"{path} cannot be written: {error}", "Look at the disk it lies on.") from error
