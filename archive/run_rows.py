"""Runs as rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from archive.keys import storable_text
from archive.tables import runs
from bulletin.run import Run, Tally


def begin(conn: Connection, source_id: str, trigger: str, started_at: datetime) -> Run:
    values = {"source_id": source_id, "trigger": trigger, "started_at": started_at, "outcome": "running"}
    number = conn.execute(insert(runs).returning(runs.c.id), values).scalar_one()
    return Run(number, source_id, trigger, started_at)


def end(conn: Connection, run_id: int, outcome: str, tally: Tally, reason: str, ended_at: datetime) -> bool:
    """Whether there is such a run."""
    values = {"outcome": outcome, "tally": asdict(tally), "reason": storable_text(reason), "ended_at": ended_at}
    return conn.execute(update(runs).where(runs.c.id == run_id).values(values)).rowcount > 0


def latest(conn: Connection, source_id: str | None, limit: int) -> list[Run]:
    """Newest first; `limit` 0 means all."""
    question = select(runs).order_by(runs.c.id.desc())
    if source_id is not None:
        question = question.where(runs.c.source_id == source_id)
    return [_run(row) for row in conn.execute(question.limit(limit) if limit else question)]


def _run(row: Row[Any]) -> Run:
    tally = dict(row.tally or {})
    tally["problems"] = tuple((code, count) for code, count in tally.get("problems", ()))
    tally["notes"] = tuple(tally.get("notes", ()))
    return Run(
        row.id, row.source_id, row.trigger, row.started_at, row.ended_at, row.outcome, Tally(**tally), row.reason
    )
