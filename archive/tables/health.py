"""How sources are doing, and who was told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from archive.tables.columns import Json, Moment, Serial, metadata, text_column

# What a run observed of each column, as JSON, so that further observations need no migration.
vitals = Table(
    "vitals",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("run_id", Serial, ForeignKey("runs.id"), nullable=False),
    Column("source_id", Text, nullable=False),
    text_column("column_id"),
    Column("seen_at", Moment, nullable=False),
    Column("observed", Json, nullable=False),
    UniqueConstraint("run_id", "column_id"),
    Index(None, "source_id", "column_id", "id"),
)

# What a source was called, a row for each time that changed; the newest row counts.
conditions = Table(
    "conditions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    text_column("word"),
    Column("since", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("run_id", Serial),
    Column("findings", Json),
    Index(None, "source_id", "id"),
)

# What is wrong: open where `closed_at` is null. How it reaches people stands in `deliveries`.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    text_column("kind"),
    text_column("word"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("told_at", Moment),
    Column("calm_since", Moment),
    Column("details", Json),
    Index(None, "source_id", "id"),
    Index(None, "closed_at"),
)

# One event of an alert through one channel; told where `sent_at` is not null.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("alert_id", Serial, ForeignKey("alerts.id"), nullable=False),
    text_column("channel"),
    text_column("event"),
    Column("wanted_at", Moment, nullable=False),
    Column("next_try_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    text_column("trouble"),
    Index(None, "sent_at", "channel"),
    Index(None, "alert_id"),
)
