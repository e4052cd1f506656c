"""Runs as rows: written, ended, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from archive.keys import storable_text
from archive.tables import runs
from bulletin.run import Run, Scope, Tally

#: Fields of a run that stand in its row just so.
_PLAIN: Final = [f.name for f in fields(Run) if f.name not in ("id", "tally", "scope")]


def begin(conn: Connection, source_id: str, trigger: str, started_at: datetime) -> Run:
    """A run without a lease: whoever holds the source's lock may say that it has died."""
    return write(conn, Run(0, source_id, trigger, started_at, ready_at=started_at))


def end(conn: Connection, run_id: int, outcome: str, tally: Tally, reason: str, ended_at: datetime) -> bool:
    """Whether there is such a run."""
    ended = ending(outcome, tally, reason, ended_at)
    return conn.execute(update(runs).where(runs.c.id == run_id).values(ended)).rowcount > 0


def ending(outcome: str, tally: Tally, reason: str, ended_at: datetime) -> dict[str, Any]:
    """What of a row changes when its run is over."""
    return {
        "outcome": outcome,
        "tally": asdict(tally),
        "reason": storable_text(reason),
        "ended_at": ended_at,
        "lease_until": None,
    }


def write(conn: Connection, run: Run) -> Run:
    """A new row; the run with its number."""
    number = conn.execute(insert(runs).returning(runs.c.id), row_of(run)).scalar_one()
    return replace(run, id=number)


def row_of(run: Run) -> dict[str, Any]:
    values = {name: getattr(run, name) for name in _PLAIN}
    values["reason"] = storable_text(run.reason)
    return values | {"tally": asdict(run.tally) if run.over else None, "scope": scope_record(run.scope)}


def latest(conn: Connection, source_id: str | None, limit: int) -> list[Run]:
    """Crawls that have begun, newest first; `limit` 0 means all."""
    begun = runs.c.outcome.not_in(("queued", "missed", "skipped")) & (runs.c.kind == "crawl")
    question = select(runs).where(begun).order_by(runs.c.started_at.desc(), runs.c.id.desc())
    if source_id is not None:
        question = question.where(runs.c.source_id == source_id)
    return [run_of(row) for row in conn.execute(question.limit(limit) if limit else question)]


def listed(
    conn: Connection,
    *,
    source_id: str | None = None,
    schedule_id: int | None = None,
    kinds: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    since: datetime | None = None,
    limit: int = 0,
) -> list[Run]:
    """Runs of every kind and outcome, the newest row first."""
    question = select(runs).order_by(runs.c.id.desc())
    if source_id is not None:
        question = question.where(runs.c.source_id == source_id)
    if schedule_id is not None:
        question = question.where(runs.c.schedule_id == schedule_id)
    if kinds:
        question = question.where(runs.c.kind.in_(kinds))
    if outcomes:
        question = question.where(runs.c.outcome.in_(outcomes))
    if since is not None:
        question = question.where(runs.c.started_at >= since)
    return [run_of(row) for row in conn.execute(question.limit(limit) if limit else question)]


def find(conn: Connection, run_id: int) -> Run | None:
    row = conn.execute(select(runs).where(runs.c.id == run_id)).one_or_none()
    return run_of(row) if row else None


def run_of(row: Row[Any]) -> Run:
    tally = dict(row.tally or {})
    tally["problems"] = tuple((code, count) for code, count in tally.get("problems", ()))
    tally["notes"] = tuple(tally.get("notes", ()))
    plain = {name: getattr(row, name) for name in _PLAIN}
    return Run(id=row.id, tally=Tally(**tally), scope=scope_of(row.scope), **plain)


def scope_record(scope: Scope) -> dict[str, Any] | None:
    """A scope as JSON; None for one that asks for nothing in particular."""
    if scope == Scope():
        return None
    return asdict(scope) | {"columns": list(scope.columns), "since": scope.since.isoformat() if scope.since else None}


def scope_of(record: dict[str, Any] | None) -> Scope:
    if not record:
        return Scope()
    since = record.get("since")
    told = record | {"columns": tuple(record["columns"]), "since": date.fromisoformat(since) if since else None}
    return Scope(**told)
