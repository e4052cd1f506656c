"""Observations, conditions and publishing days as rows, and back. Every function works inside the caller's
transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from archive.tables import captures, conditions, documents, seeds, sightings, vitals
from bulletin.vitals import Condition, Finding, Observed, Visit, observed_of


def note(conn: Connection, run_id: int, source_id: str, seen_at: datetime, observed: Iterable[Observed]) -> None:
    """Keep what a run observed; said again, the later word counts."""
    given = list(observed)
    if not given:
        return
    conn.execute(delete(vitals).where(vitals.c.run_id == run_id, vitals.c.column_id.in_([o.column for o in given])))
    row = {"run_id": run_id, "source_id": source_id, "seen_at": seen_at}
    conn.execute(insert(vitals), [row | {"column_id": o.column, "observed": asdict(o)} for o in given])


def visits(conn: Connection, source_id: str, column: str, limit: int, before_run: int | None) -> list[Visit]:
    """The latest visits to a column, newest first, those before a run where one is named."""
    question = select(vitals).where(vitals.c.source_id == source_id, vitals.c.column_id == column)
    if before_run is not None:
        question = question.where(vitals.c.run_id < before_run)
    return [_visit(row) for row in conn.execute(question.order_by(vitals.c.id.desc()).limit(limit))]


def watched_since(conn: Connection, source_id: str) -> dict[str, datetime]:
    """By column, when it was first visited."""
    question = select(vitals.c.column_id, func.min(vitals.c.seen_at)).where(vitals.c.source_id == source_id)
    return {row[0]: row[1] for row in conn.execute(question.group_by(vitals.c.column_id))}


def of_run(conn: Connection, run_id: int) -> list[Visit]:
    question = select(vitals).where(vitals.c.run_id == run_id).order_by(vitals.c.column_id)
    return [_visit(row) for row in conn.execute(question)]


def publishing(conn: Connection, source_id: str) -> dict[str, list[tuple[date | None, date]]]:
    """By column, for each document seen in it: the day it says it was published, and the day the archive first saw
    it."""
    question = (
        select(sightings.c.column_id, documents.c.id, documents.c.published_on, documents.c.seen_on)
        .join_from(documents, sightings, sightings.c.document_id == documents.c.id)
        .where(documents.c.source_id == source_id)
        .distinct()
    )
    found: dict[str, list[tuple[date | None, date]]] = defaultdict(list)
    for row in conn.execute(question):
        found[row.column_id].append((row.published_on, row.seen_on))
    return dict(found)


def condition(conn: Connection, source_id: str) -> Condition | None:
    found = past_conditions(conn, source_id, 1)
    return found[0] if found else None


def conditions_now(conn: Connection) -> dict[str, Condition]:
    """By source, the newest."""
    newest = select(func.max(conditions.c.id)).group_by(conditions.c.source_id)
    rows = conn.execute(select(conditions).where(conditions.c.id.in_(newest)))
    return {row.source_id: _condition(row) for row in rows}


def past_conditions(conn: Connection, source_id: str, limit: int) -> list[Condition]:
    """Newest first; `limit` 0 means all."""
    question = select(conditions).where(conditions.c.source_id == source_id).order_by(conditions.c.id.desc())
    return [_condition(row) for row in conn.execute(question.limit(limit) if limit else question)]


def settle(conn: Connection, given: Condition) -> Condition:
    """Keep what a source is called now. The same word as before goes on: its `since` stays."""
    newest = select(func.max(conditions.c.id)).where(conditions.c.source_id == given.source_id)
    row = conn.execute(select(conditions).where(conditions.c.id == newest.scalar_subquery())).one_or_none()
    values: dict[str, Any] = {"checked_at": given.checked_at, "run_id": given.run_id}
    values["findings"] = [asdict(finding) for finding in given.findings]
    if row is not None and row.word == given.word:
        conn.execute(update(conditions).where(conditions.c.id == row.id).values(values))
        return Condition(given.source_id, given.word, row.since, given.checked_at, given.run_id, given.findings)
    conn.execute(insert(conditions), values | {"source_id": given.source_id, "word": given.word, "since": given.since})
    return given


def waiting(conn: Connection) -> dict[str, int]:
    """How many pages of each source are still to be asked for."""
    question = select(seeds.c.source_id, func.count()).group_by(seeds.c.source_id)
    return {row[0]: row[1] for row in conn.execute(question)}


def fresh(conn: Connection, since: datetime) -> dict[str, int]:
    """How many documents of each source were first seen from a moment on."""
    question = select(documents.c.source_id, func.count()).where(documents.c.first_seen >= since)
    return {row[0]: row[1] for row in conn.execute(question.group_by(documents.c.source_id))}


def growth(conn: Connection, since: datetime) -> tuple[int, datetime | None]:
    """Bytes of the captures made from a moment on, and when the first of them was made."""
    question = select(func.sum(captures.c.warc_length), func.min(captures.c.fetched_at)).where(
        captures.c.fetched_at >= since
    )
    total, first = conn.execute(question).one()
    return int(total or 0), first


def begun_at(conn: Connection) -> datetime | None:
    first: datetime | None = conn.execute(select(captures.c.fetched_at).order_by(captures.c.id).limit(1)).scalar()
    return first


def _visit(row: Row[Any]) -> Visit:
    return Visit(row.run_id, row.seen_at, observed_of(row.observed))


def _condition(row: Row[Any]) -> Condition:
    findings = tuple(Finding(**finding) for finding in row.findings or ())
    return Condition(row.source_id, row.word, row.since, row.checked_at, row.run_id, findings)
