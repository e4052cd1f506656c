"""What is to be done and was done: schedules, runs, and what a killed crawl must remember."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from archive.tables.columns import Json, Moment, Serial, metadata, text_column

runs = Table(
    "runs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, nullable=False, index=True),
    text_column("trigger"),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    text_column("outcome"),
    Column("tally", Json),
    text_column("reason"),
    Column("kind", Text, nullable=False, default="crawl"),
    Column("scope", Json),
    Column("schedule_id", Serial),
    Column("due_at", Moment),
    Column("ready_at", Moment),
    Column("expires_at", Moment),
    Column("attempt", Integer, nullable=False, default=1),
    Column("retry_of", Serial),
    text_column("worker"),
    Column("heartbeat_at", Moment),
    Column("lease_until", Moment),
    text_column("config_digest"),
    text_column("family_version"),
    text_column("log"),
    Index(None, "outcome", "ready_at", "id"),
    sqlite_autoincrement=True,
)

# A due time of a schedule becomes one row a source, whoever is the first to see it; a run is taken up again once; and
# whatever happens, no source is crawled twice at a time.
Index("uq_runs_due", runs.c.schedule_id, runs.c.source_id, runs.c.due_at, runs.c.attempt, unique=True)
Index("uq_runs_retry_of", runs.c.retry_of, unique=True)
_RUNNING: Final = runs.c.outcome == "running"
Index(
    "uq_runs_running",
    runs.c.kind,
    runs.c.source_id,
    unique=True,
    sqlite_where=_RUNNING,
    postgresql_where=_RUNNING,
)

# What is removed stays, because its runs name it.
schedules = Table(
    "schedules",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("sources", Json, nullable=False),
    Column("scope", Json, nullable=False),
    text_column("group_name"),
    text_column("cron"),
    text_column("tz"),
    text_column("overlap"),
    text_column("missed"),
    Column("window", BigInteger, nullable=False),
    Column("jitter", BigInteger, nullable=False),
    text_column("hours"),
    Column("maintenance", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("paused_at", Moment),
    Column("removed_at", Moment),
    Column("next_due_at", Moment),
    Index(None, "next_due_at"),
    sqlite_autoincrement=True,
)

seeds = Table(
    "seeds",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    text_column("url"),
    text_column("column_id"),
    text_column("listed_title"),
    text_column("listed_date"),
    Column("pinned", Boolean, nullable=False, default=False),
    UniqueConstraint("source_id", "url_key"),
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("column_id", Text, primary_key=True),
    Column("finished", Boolean, nullable=False),
)
