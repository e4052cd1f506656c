"""A day's captures under one hash, each day chained to the one before. Pure, but for reading and writing the files.

A day's manifest is a file of JSON lines: a head, then a leaf for each WARC record and each row that came that day. The
head holds the roots of two Merkle trees (RFC 9162, 2.1.1: SHA-256, leaves hashed behind a zero byte, nodes behind a
one) and the hash of the head of the day before. The hash of the newest head, published anywhere, proves every day up to
it. Only the manifest of the running day grows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from archive.export.atomic import replaced
from bulletin.errors import IntegrityError

SUFFIX: Final = ".jsonl"
_SCHEMA: Final = 1
_ADVICE: Final = "Compare the proof folder with a backup; `gongbao verify` says what no longer fits."


@dataclass(frozen=True, slots=True)
class RecordLeaf:
    """One gzip member of a WARC file: digests over its bytes as they lie there. `sm3` (GB/T 32905) is "" where the
    system's OpenSSL has none."""

    warc: str
    offset: int
    length: int
    sha256: str
    sm3: str = ""


@dataclass(frozen=True, slots=True)
class RowLeaf:
    """One row of the database that never changes again, with all that belongs to it."""

    table: str
    key: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a day comes to. `upto` says where the next day goes on: the last key of each table, the end of each WARC
    file; `columns` which columns the digests of rows go over."""

    day: str
    before: str
    records: int
    records_root: str
    rows: int
    rows_root: str
    upto: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    schema: int = _SCHEMA

    @property
    def line(self) -> str:
        """The hash that stands for this day and all before it."""
        return hashlib.sha256(_canonical(asdict(self))).hexdigest()


@dataclass(frozen=True, slots=True)
class Day:
    """A day's manifest."""

    head: Head
    records: tuple[RecordLeaf, ...]
    rows: tuple[RowLeaf, ...]


def make_day(
    day: str,
    before: str,
    records: Sequence[RecordLeaf],
    rows: Sequence[RowLeaf],
    upto: Mapping[str, int],
    columns: Mapping[str, Sequence[str]],
) -> Day:
    roots = merkle_root(map(_leaf, records)), merkle_root(map(_leaf, rows))
    head = Head(day, before, len(records), roots[0], len(rows), roots[1], upto, columns)
    return Day(head, tuple(records), tuple(rows))


def days_in(folder: Path) -> list[str]:
    """The days there are manifests of, oldest first."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))


def read_head(folder: Path, day: str) -> Head:
    """The head of a day. Raises IntegrityError for a file that is not one of ours or is damaged."""
    with _opened(folder, day) as lines:
        return _head(day, next(iter(lines), b""))


def read_day(folder: Path, day: str) -> Day:
    """A day with all its leaves. Raises IntegrityError; that the roots are right is asked of `broken_links`."""
    with _opened(folder, day) as lines:
        head = _head(day, next(iter(lines), b""))
        try:
            leaves = [json.loads(line) for line in lines]
            records = tuple(RecordLeaf(**leaf) for leaf in leaves if "warc" in leaf)
            rows = tuple(RowLeaf(**leaf) for leaf in leaves if "table" in leaf)
        except (ValueError, TypeError) as error:
            raise IntegrityError(f"The proof of {day} is damaged: {error}", _ADVICE) from error
    return Day(head, records, rows)


def write_day(folder: Path, day: Day) -> None:
    """Put a day's manifest in its place, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    with replaced(folder / f"{day.head.day}{SUFFIX}") as file:
        for line in (_canonical(asdict(day.head)), *map(_leaf, day.records), *map(_leaf, day.rows)):
            file.write(line + b"\n")


def broken_links(folder: Path) -> Iterator[tuple[str, str]]:
    """(day, what is wrong) for each day whose leaves do not give its roots, or that does not follow the day before."""
    before = ""
    for name in days_in(folder):
        try:
            day = read_day(folder, name)
        except IntegrityError as error:
            yield name, error.message
            continue
        head = day.head
        made = make_day(name, head.before, day.records, day.rows, head.upto, head.columns).head
        if (made.records_root, made.records) != (head.records_root, head.records):
            yield name, "its records do not give the root it states"
        if (made.rows_root, made.rows) != (head.rows_root, head.rows):
            yield name, "its rows do not give the root it states"
        if head.before != before:
            yield name, "it does not follow the day before: a day was rewritten or taken away"
        before = head.line


def merkle_root(leaves: Iterable[bytes]) -> str:
    """The root of a Merkle tree, as 64 hex digits."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        pairs = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def inclusion(day: Day, leaf: RecordLeaf) -> list[tuple[str, str]]:
    """What leads from a record's leaf to the root of its day: (side, hash) of each neighbour, from the leaf up. With it
    a third party who holds one record can check it against the published line. ValueError if the leaf is not there."""
    level = [hashlib.sha256(b"\0" + _leaf(known)).digest() for known in day.records]
    at, path = day.records.index(leaf), []
    while len(level) > 1:
        neighbour = at ^ 1
        if neighbour < len(level):
            path.append(("left" if neighbour < at else "right", level[neighbour].hex()))
        pairs = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level, at = pairs + level[len(level) - len(level) % 2 :], at // 2
    return path


def root_from(leaf: RecordLeaf, path: Iterable[tuple[str, str]]) -> str:
    """The root a leaf and its neighbours give."""
    made = hashlib.sha256(b"\0" + _leaf(leaf)).digest()
    for side, other in path:
        pair = (bytes.fromhex(other), made) if side == "left" else (made, bytes.fromhex(other))
        made = _node(*pair)
    return made.hex()


def _leaf(leaf: RecordLeaf | RowLeaf) -> bytes:
    return _canonical(asdict(leaf))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _opened(folder: Path, day: str) -> Any:
    try:
        return (folder / f"{day}{SUFFIX}").open("rb")
    except OSError as error:
        raise IntegrityError(f"The proof of {day} cannot be read: {error}", _ADVICE) from error


def _head(day: str, line: bytes) -> Head:
    try:
        head = Head(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise IntegrityError(f"The proof of {day} is damaged: {error}", _ADVICE) from error
    if head.day != day or head.schema != _SCHEMA:
        raise IntegrityError(f"The proof of {day} is not what its name says.", _ADVICE)
    return head
