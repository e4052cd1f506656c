"""Put what has come under the day's seal, and say what under a seal is no longer what it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, Table, select

from archive.fixity import Fault, Pace
from archive.proof import Day, Head, RecordLeaf, RowLeaf, days_in, make_day, read_day, write_day
from archive.store import Archive
from archive.tables import (
    attachments,
    captures,
    changes,
    doubts,
    events,
    movements,
    probes,
    readings,
    revisions,
    sections,
    sightings,
)
from archive.vault import WarcVault
from archive.warc_file import open_to_read
from archive.warc_format import members
from bulletin.errors import IntegrityError

#: Tables whose rows never change once they are there, with the column that counts them.
_SEALED: Final[tuple[tuple[Table, str], ...]] = (
    (captures, "id"),
    (readings, "id"),
    (sightings, "id"),
    (changes, "seq"),
    (probes, "id"),
    (movements, "id"),
    (events, "id"),
)
_PARTS: Final = (sections, attachments, doubts)
_REVISION: Final = ("payload_digest", "fetched_at", "warc", "warc_offset", "warc_length", "warc_digest")
_BATCH: Final = 500


def seal(folder: Path, vault: WarcVault, archive: Archive, day: date) -> Head | None:
    """Everything that came since the last seal, under the seal of `day`; its head, or None if nothing came.

    A clock that went back seals under the newest day there is. Raises IntegrityError for a newest day that is damaged.
    """
    known = days_in(folder)
    last = read_day(folder, known[-1]) if known else None
    upto = dict(last.head.upto) if last else {}
    columns = _columns()
    with archive.connection() as conn:
        rows = list(_new_rows(conn, upto, columns))
    records = [leaf for name in vault.files() for leaf in _new_records(vault, name, upto)]
    if not rows and not records:
        return last.head if last else None
    name = max(day.isoformat(), known[-1]) if known else day.isoformat()
    if last and last.head.day == name and last.head.columns == columns:
        made = make_day(name, last.head.before, (*last.records, *records), (*last.rows, *rows), upto, columns)
    else:
        made = make_day(name, last.head.line if last else "", records, rows, upto, columns)
    write_day(folder, made)
    return made.head


def check_seals(folder: Path, vault: WarcVault, archive: Archive, pace: Pace, sm3: bool = False) -> Iterator[Fault]:
    """What stands under a seal and is gone, or is no longer what it was."""
    for name in days_in(folder):
        try:
            day = read_day(folder, name)
        except IntegrityError:
            continue  # told by `broken_links`
        yield from _changed_records(vault, day, pace, sm3)
        with archive.connection() as conn:
            yield from _changed_rows(conn, day)


def sealed_readings(folder: Path) -> frozenset[int]:
    """Keys of the readings that stand under a seal."""
    found: set[int] = set()
    for name in days_in(folder):
        try:
            found.update(leaf.key for leaf in read_day(folder, name).rows if leaf.table == readings.name)
        except IntegrityError:
            continue
    return frozenset(found)


# -- records ----------------------------------------------------------------------------------------------------------


def _new_records(vault: WarcVault, name: str, upto: dict[str, int]) -> Iterator[RecordLeaf]:
    place = vault.place(name)
    start = upto.get(f"warc {name}", 0)
    if place is None:
        return
    with open_to_read(place) as stream, open_to_read(place) as again:
        if stream.seek(0, SEEK_END) <= start:
            return
        for offset, length in members(stream, start):
            upto[f"warc {name}"] = offset + length
            yield _record_leaf(name, again, offset, length, sm3=True)


def _record_leaf(name: str, stream: BinaryIO, offset: int, length: int, *, sm3: bool) -> RecordLeaf:
    stream.seek(offset)
    data = stream.read(length)
    beside = _sm3(data) if sm3 else ""
    return RecordLeaf(name, offset, length, hashlib.sha256(data).hexdigest(), beside)


def _sm3(data: bytes) -> str:
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return ""


def _changed_records(vault: WarcVault, day: Day, pace: Pace, sm3: bool) -> Iterator[Fault]:
    files: dict[str, list[RecordLeaf]] = {}
    for leaf in day.records:
        files.setdefault(leaf.warc, []).append(leaf)
    for name, leaves in files.items():
        place = vault.place(name)
        if place is None:
            yield Fault("proof", name, f"sealed on {day.head.day} with {len(leaves)} records, and not there")
            continue
        with open_to_read(place) as stream:
            for leaf in leaves:
                beside = sm3 and bool(leaf.sm3)
                met = _record_leaf(name, stream, leaf.offset, leaf.length, sm3=beside)
                if met.sha256 != leaf.sha256 or (beside and met.sm3 and met.sm3 != leaf.sm3):
                    item = f"{name}@{leaf.offset}"
                    yield Fault("proof", item, f"its bytes are not those sealed on {day.head.day}")
                pace.passed(leaf.length)


# -- rows -------------------------------------------------------------------------------------------------------------


def _columns() -> dict[str, list[str]]:
    """The columns that go into a row's digest, in this version."""
    of_tables = {table.name: [column.name for column in table.c] for table, _ in _SEALED}
    return of_tables | {table.name: [column.name for column in table.c] for table in _PARTS}


def _new_rows(conn: Connection, upto: dict[str, int], columns: Mapping[str, Sequence[str]]) -> Iterator[RowLeaf]:
    for table, key in _SEALED:
        for leaf in _row_leaves(conn, table, key, columns, upto.get(f"rows {table.name}", 0), None):
            upto[f"rows {table.name}"] = leaf.key
            yield leaf


def _row_leaves(
    conn: Connection, table: Table, key: str, columns: Mapping[str, Sequence[str]], after: int, last: int | None
) -> Iterator[RowLeaf]:
    """Rows behind `after`, up to `last`, by their key."""
    chosen = [table.c[name] for name in columns[table.name] if name in table.c]
    question = select(*chosen).where(table.c[key] > after).order_by(table.c[key])
    if last is not None:
        question = question.where(table.c[key] <= last)
    for rows in conn.execution_options(yield_per=_BATCH).execute(question).partitions(_BATCH):
        more = _belonging(conn, [row._mapping[key] for row in rows], columns) if table is readings else {}
        for row in rows:
            number = row._mapping[key]
            yield RowLeaf(table.name, number, _row_digest({**row._mapping, **more.get(number, {})}))


def _belonging(conn: Connection, ids: Sequence[int], columns: Mapping[str, Sequence[str]]) -> dict[int, dict[str, Any]]:
    """What a reading consists of beside its own row: its parts, and the row of its revision."""
    found: dict[int, dict[str, Any]] = {number: {} for number in ids}
    for table in _PARTS:
        chosen = [table.c[name] for name in columns[table.name] if name in table.c]
        question = select(*chosen).where(table.c.reading_id.in_(ids)).order_by(table.c.reading_id, table.c.position)
        for row in conn.execute(question):
            found[row.reading_id].setdefault(f"#{table.name}", []).append(dict(row._mapping))
    same = (readings.c.document_id == revisions.c.document_id) & (readings.c.revision == revisions.c.number)
    of_revision = [revisions.c[name].label(f"revision_{name}") for name in _REVISION]
    for row in conn.execute(
        select(readings.c.id, *of_revision).join_from(readings, revisions, same).where(readings.c.id.in_(ids))
    ):
        found[row.id]["#revision"] = {name: value for name, value in row._mapping.items() if name != "id"}
    return found


def _row_digest(row: Mapping[str, Any]) -> str:
    plain = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spelt)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _spelt(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} stands in no row")


def _changed_rows(conn: Connection, day: Day) -> Iterator[Fault]:
    for table, key in _SEALED:
        sealed = {leaf.key: leaf.sha256 for leaf in day.rows if leaf.table == table.name}
        if not sealed:
            continue
        first, last = min(sealed), max(sealed)
        met = {leaf.key: leaf.sha256 for leaf in _row_leaves(conn, table, key, day.head.columns, first - 1, last)}
        for number, sha256 in sealed.items():
            if number not in met:
                yield Fault(
                    "proof", f"{table.name} {number}", f"the row was sealed on {day.head.day}, and is not there"
                )
            elif met[number] != sha256:
                yield Fault("proof", f"{table.name} {number}", f"the row is not what was sealed on {day.head.day}")
        for number in sorted(met.keys() - sealed.keys()):
            yield Fault("proof", f"{table.name} {number}", f"the row was put in after {day.head.day} was sealed")
