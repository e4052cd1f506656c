"""What other processes do in tests of shared work. Run as a program, it begins to share out work that never ends."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import IO

from bulletin.side_by_side import side_by_side
from search.analyzer import Analyzer
from search.entry import Entry

_held: list[IO[str]] = []


def hold(file: str) -> None:
    """Lock `file` for as long as this process lives."""
    _held.append(Path(file).open("w"))  # noqa: SIM115
    fcntl.flock(_held[-1], fcntl.LOCK_SH)


def start() -> None:
    """Nothing to begin with."""


def nothing(part: int) -> int:
    return part


def squared_there(part: int) -> tuple[int, int]:
    return part * part, os.getpid()


def gives_up_elsewhere(entries: Sequence[Entry], analyzer: Analyzer) -> list[str]:
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    time.sleep(0.01 * len(entries))  # or all would be done before the other process has begun
    return titles_of(entries, analyzer)


def titles_of(entries: Sequence[Entry], analyzer: Analyzer) -> list[str]:
    return [entry.title for entry in entries]


if __name__ == "__main__":
    for part in side_by_side(count(), nothing, nothing, 3, (hold, (sys.argv[1],))):
        if part % 1000 == 0:
            print(part, flush=True)
