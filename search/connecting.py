"""How the file of the exact layer is opened, on full and read-only disks too."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def opened(path: Path, *, reading: bool) -> sqlite3.Connection:
    """A connection to a database that is there, in WAL mode. `sqlite3.Error` where it is not, or is none."""
    # mode=rw: a missing file is an error, never a new empty layer.
    database = _connected(path, "mode=rw")
    try:
        database.execute("SELECT * FROM meta").fetchall()
    except sqlite3.Error as error:
        database.close()
        if not reading or not isinstance(error, sqlite3.OperationalError) or "locked" in str(error) or _waits(path):
            raise
        # A full or read-only disk takes no file in which readers and writers tell each other what they are at. Nothing
        # waits in the log, and nothing can be written: the file is read as it lies.
        return _connected(path, "immutable=1")
    return database


def _waits(path: Path) -> bool:
    """Whether something waits in the log to be written to the database."""
    log = path.with_name(path.name + "-wal")
    return log.is_file() and log.stat().st_size > 0


def _connected(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
