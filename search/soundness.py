"""Whether the files of an index are what was written, as far as they can tell.

tantivy ends each of its files with a footer, {"crc": …}, its length and a number that says that it is one; the sum is
CRC-32 of all before it. SQLite has no sums: what it finds are pages that do not fit together.
"""

from __future__ import annotations

import json
import mmap
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from search.engines import schemes
from search.exact import EXACT
from search.generations import Generations

_FOOTER: Final = 1337
_SUMMED: Final = frozenset((".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", ".del"))
_AT_ONCE: Final = 1 << 24  # bytes


def damaged_files(url: str) -> Iterator[tuple[str, str]]:
    """(name, what is wrong) of the files of the index at `url` that are not what was written to them.

    Every byte is read. What is gone or cannot be opened is not told: opening the index does that. SearchError where
    there is no index.
    """
    scheme, _, place = url.partition("://")
    if scheme not in schemes() or not Path(place).is_dir():
        return
    folder = Generations(Path(place), scheme).current()
    for file in sorted(folder.iterdir()):
        if file.suffix in _SUMMED and (wrong := _wrong_sum(file)):
            yield file.name, wrong
    if (folder / EXACT).is_file() and (wrong := _wrong_pages(folder / EXACT)):
        yield EXACT, wrong


def _wrong_sum(file: Path) -> str:
    try:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            length, number = struct.unpack("<II", data[-8:])
            end = len(data) - 8 - length
            if number != _FOOTER or end < 0:
                return "its end is missing"
            told = json.loads(data[end:-8])["crc"]
            found = 0
            for at in range(0, end, _AT_ONCE):
                found = zlib.crc32(data[at : min(end, at + _AT_ONCE)], found)
    except FileNotFoundError:
        return ""  # a writer merged it into another one meanwhile
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        return f"it cannot be read ({type(error).__name__})"
    return "" if found == told else "its checksum is another one"


def _wrong_pages(file: Path) -> str:
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            [(said,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return ""
    except sqlite3.Error as error:
        return str(error)
    return "" if said == "ok" else str(said)
