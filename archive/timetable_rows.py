"""Schedules as rows, and what becomes of their due times."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from archive import run_rows
from archive.keys import storable_text
from archive.tables import runs, schedules, sources
from bulletin.run import Ruling, Run, Schedule, Situation

_PLAIN: Final = [f.name for f in fields(Schedule) if f.name not in ("id", "sources", "scope", "group", "maintenance")]


def add(conn: Connection, schedule: Schedule) -> int:
    return int(conn.execute(insert(schedules).returning(schedules.c.id), _row(schedule)).scalar_one())


def find(conn: Connection, schedule_id: int, *, to_change: bool = False) -> Schedule | None:
    """A schedule, removed or not; `to_change` keeps others from changing it until the transaction ends."""
    question = select(schedules).where(schedules.c.id == schedule_id)
    row = conn.execute(question.with_for_update() if to_change else question).one_or_none()
    return _schedule(row) if row else None


def everything(conn: Connection, *, removed: bool) -> list[Schedule]:
    question = select(schedules).order_by(schedules.c.id)
    if not removed:
        question = question.where(schedules.c.removed_at.is_(None))
    return [_schedule(row) for row in conn.execute(question)]


def due(conn: Connection, now: datetime) -> list[int]:
    """The schedules that are due, the longest overdue first."""
    on = schedules.c.removed_at.is_(None) & schedules.c.paused_at.is_(None) & (schedules.c.next_due_at <= now)
    question = select(schedules.c.id).where(on).order_by(schedules.c.next_due_at, schedules.c.id)
    return list(conn.execute(question).scalars())


def change(conn: Connection, schedule_id: int, **values: Any) -> bool:
    """Whether there is such a schedule that is not removed."""
    this = (schedules.c.id == schedule_id) & schedules.c.removed_at.is_(None)
    return conn.execute(update(schedules).where(this).values(values)).rowcount > 0


def situations(conn: Connection, schedule: Schedule) -> list[Situation]:
    """How every source of a schedule stands; of one that names none, every source that may be crawled."""
    if schedule.kind != "crawl":
        wanted, bars = [""], {"": ""}
    else:
        wanted, bars = _bars(conn, schedule.sources)
    busy = _busy(conn, schedule.id)
    return [
        Situation(source_id, bars[source_id], busy.get((source_id, "running")), busy.get((source_id, "queued")))
        for source_id in wanted
    ]


def _bars(conn: Connection, named: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    rows = conn.execute(select(sources.c.id, sources.c.paused, sources.c.description).order_by(sources.c.id))
    kept = {row.id: row for row in rows}
    if not named:
        ready = [n for n, r in kept.items() if r.description["columns"] and r.description["verified"] and not r.paused]
        return ready, dict.fromkeys(ready, "")
    return list(named), {name: _bar(kept.get(name)) for name in named}


def _bar(row: Any) -> str:
    if row is None:
        return "there is no such source any more"
    return "the source is paused" if row.paused else ""


def _busy(conn: Connection, schedule_id: int) -> dict[tuple[str, str], int]:
    question = select(runs.c.id, runs.c.source_id, runs.c.outcome).where(
        runs.c.schedule_id == schedule_id, runs.c.outcome.in_(("running", "queued"))
    )
    return {(row.source_id, row.outcome): row.id for row in conn.execute(question)}


def record(conn: Connection, schedule: Schedule, rulings: Iterable[Ruling], now: datetime) -> list[Run]:
    """A row for each ruling whose due time has none yet; those rows. However often, and by how many, a due time is
    looked at, it stays one row."""
    made = []
    for ruling in rulings:
        run = _ruled(schedule, ruling, now)
        dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
        putting = dialect.insert(runs).values(run_rows.row_of(run)).on_conflict_do_nothing().returning(runs.c.id)
        number = conn.execute(putting).scalar()
        if number is not None:
            made.append(number)
    return _by_number(conn, made)


def _by_number(conn: Connection, numbers: Collection[int]) -> list[Run]:
    found = (run_rows.find(conn, number) for number in numbers)
    return [run for run in found if run]


def _ruled(schedule: Schedule, ruling: Ruling, now: datetime) -> Run:
    queued = ruling.outcome == "queued"
    return Run(
        id=0,
        source_id=ruling.source_id,
        trigger="schedule",
        started_at=now,
        ended_at=None if queued else now,
        outcome=ruling.outcome,
        reason=ruling.reason,
        kind=schedule.kind,
        scope=schedule.scope,
        schedule_id=schedule.id,
        due_at=ruling.due_at,
        ready_at=(ruling.ready_at or ruling.due_at) if queued else None,
        expires_at=ruling.expires_at if queued else None,
    )


def _row(schedule: Schedule) -> dict[str, Any]:
    values = {name: getattr(schedule, name) for name in _PLAIN}
    return values | {
        "sources": list(schedule.sources),
        "scope": run_rows.scope_record(schedule.scope) or {},
        "group_name": storable_text(schedule.group),
        "maintenance": list(schedule.maintenance),
    }


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        id=row.id,
        sources=tuple(row.sources),
        scope=run_rows.scope_of(row.scope),
        group=row.group_name,
        maintenance=tuple(row.maintenance),
        **{name: getattr(row, name) for name in _PLAIN},
    )
