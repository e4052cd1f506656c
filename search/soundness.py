"""Whether the files of an index are what was written, as far as they can tell.

tantivy ends each of its files with a footer, {"crc": …}, its length and a number that says that it is one; the sum is
CRC-32 of all before it. SQLite has no sums: what it finds are pages that do not fit together.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from search.connecting import opened
from search.engines import schemes
from search.exact import EXACT
from search.generations import Generations

_FOOTER: Final = 1337
_SUMMED: Final = frozenset((".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", ".del"))
_LONGEST_FOOTER: Final = 4096  # bytes
_AT_ONCE: Final = 1 << 22  # bytes


def damaged_files(url: str) -> Iterator[tuple[str, str]]:
    """(name, what is wrong) of the files of the index at `url` that are not what was written to them.

    Every byte of what is in use is read. What is gone or cannot be opened is not told: opening the index does that.
    SearchError where there is no index.
    """
    scheme, _, place = url.partition("://")
    if scheme not in schemes() or not Path(place).is_dir():
        return
    folder = Generations(Path(place), scheme).current()
    for file in _in_use(folder):
        if wrong := _wrong_sum(file):
            yield file.name, wrong
    if (folder / EXACT).is_file() and (wrong := _wrong_pages(folder / EXACT)):
        yield EXACT, wrong


def _in_use(folder: Path) -> list[Path]:
    """tantivy's files of the segments that were committed. Others are being written, or were when a writer was killed:
    the next one removes them."""
    try:
        segments = json.loads((folder / "meta.json").read_bytes())["segments"]
        names = {segment["segment_id"].replace("-", "") for segment in segments}
        files = sorted(folder.iterdir())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
    return [file for file in files if file.suffix in _SUMMED and file.name.partition(".")[0] in names]


def _wrong_sum(file: Path) -> str:
    # Read, not mapped: where the disk fails, a mapped file ends the process.
    try:
        with file.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END) - 8
            if end < 0:
                return "its end is missing"
            stream.seek(end)
            length, number = struct.unpack("<II", stream.read(8))
            end -= length
            if number != _FOOTER or length > _LONGEST_FOOTER or end < 0:
                return "its end is missing"
            stream.seek(end)
            told = json.loads(stream.read(length))["crc"]
            stream.seek(0)
            found = 0
            while piece := stream.read(min(_AT_ONCE, end - stream.tell())):
                found = zlib.crc32(piece, found)
    except FileNotFoundError:
        return ""  # a writer merged it into another one meanwhile
    except (OSError, ValueError, LookupError, TypeError, RecursionError, struct.error) as error:
        return f"it cannot be read ({type(error).__name__})"
    return "" if found == told else "its checksum is another one"


def _wrong_pages(file: Path) -> str:
    try:
        connection = opened(file, reading=True)
    except sqlite3.OperationalError:
        return ""
    except sqlite3.Error as error:
        return str(error)
    with closing(connection):
        try:
            [(said,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        except sqlite3.Error as error:
            return str(error)
    return "" if said == "ok" else str(said)
