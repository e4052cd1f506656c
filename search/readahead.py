"""Files that questions will touch are brought into memory while questions are being asked.

A file in memory answers in microseconds, a disk in milliseconds, and a system drops from its memory what was not read
for a while: an index that was built an hour ago lies on the disk.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Final

_PIECE: Final = 1 << 20  # bytes asked for at a time: what a question waits for meanwhile is read between two of them
_SHARE: Final = 4  # a quarter of the memory is filled at most


def read_ahead(folder: Path) -> Thread | None:
    """Begin to bring the files of `folder` into the system's memory, the smallest first, and do not wait for it.

    The thread that does it ends with the process. None where the system cannot be asked; files that are gone by then
    are passed over.
    """
    if not hasattr(os, "posix_fadvise"):
        return None
    thread = Thread(target=_read, args=(folder,), name="readahead", daemon=True)
    thread.start()
    return thread


def _read(folder: Path) -> None:
    left = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _SHARE
    with suppress(OSError):
        sizes = sorted((entry.stat().st_size, entry.path) for entry in os.scandir(folder) if entry.is_file())
        for size, path in sizes:
            left -= size
            if left < 0:
                return
            with suppress(OSError):
                _read_file(path, size)


def _read_file(path: str, size: int) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for start in range(0, size, _PIECE):
            os.posix_fadvise(file, start, _PIECE, os.POSIX_FADV_WILLNEED)
            # To take its last byte is to wait until the piece is there, and the disk is free for others.
            os.pread(file, 1, min(start + _PIECE, size) - 1)
    finally:
        os.close(file)
