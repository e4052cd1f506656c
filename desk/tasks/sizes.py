"""How much room something takes."""

from __future__ import annotations

import os
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path


def bytes_in(folder: Path, names: str = "*") -> int:
    """Bytes of all files under a folder whose names are like `names`; 0 where there is no folder. A file that is
    renamed or removed while it is looked at, as files being written are, counts nothing."""
    size = 0
    for place, _, files in os.walk(folder):
        for name in files:
            if fnmatch(name, names):
                with suppress(OSError):
                    size += Path(place, name).stat().st_size
    return size
