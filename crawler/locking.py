"""One crawl of a source, and of a host, at a time. The lock is the operating system's: it ends with the process that
holds it, however that ends, so there is never a stale one to be taken over."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bulletin.errors import LockedError

_UNSAFE: Final = re.compile(r"[^a-z0-9.-]")


def at_host(host: str) -> str:
    """The name of the lock of a host, of whichever source: politeness is owed to the host."""
    return "host-" + _UNSAFE.sub("_", host.lower())[:200]


@contextmanager
def hold(home: Path, source_id: str) -> Iterator[int]:
    """Hold the lock of a source; gives its file descriptor. Raises LockedError if another process has it."""
    folder = home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f"{source_id}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _lock(handle)
        except OSError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() if hasattr(os, "pread") else ""
            raise LockedError(
                f"{source_id} is being crawled already{f' (process {holder})' if holder else ''}.",
                "Wait until that crawl has ended, or stop it with Ctrl-C.",
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode("ascii"))
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
