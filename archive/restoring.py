"""Bring a home back from a backup."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from archive.backup import Backup, OnFile, copied, inside, read_backup, told_at
from bulletin.errors import IntegrityError, UsageError


def bring_back(folder: Path, home: Path, on_file: OnFile | None = None) -> Backup:
    """Put a backup into an empty place, every byte compared with its digest on the way. The home appears whole or not
    at all. Raises UsageError where the place is not empty, IntegrityError for a file that is missing or changed."""
    backup = read_backup(folder)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UsageError(f"{home} is not empty; nothing is restored over a home.", "Name a new folder with --home.")
    waiting = home.with_name(f".{home.name}.restoring")
    with told_at(home):
        shutil.rmtree(waiting, ignore_errors=True)  # of a restore that was killed
        for count, file in enumerate(backup.files, 1):
            target = inside(waiting, file.home)
            if copied(inside(folder, file.name), waiting, file.home, file.home).sha256 != file.sha256:
                raise IntegrityError(f"{file.name} is not what was backed up.", "Use an older backup.")
            if file.mtime_ns:
                os.utime(target, ns=(file.mtime_ns, file.mtime_ns))
            if on_file:
                on_file(count, file.home)
        if home.exists():
            home.rmdir()
        waiting.rename(home)
    return backup
