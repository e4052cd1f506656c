"""What disappears at its source, and what happens to sources."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from archive.tables.columns import Json, Moment, Serial, metadata, record_columns, text_column

# Every probe of a document in question; the rows never change.
probes = Table(
    "probes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    text_column("url"),
    Column("probed_at", Moment, nullable=False),
    text_column("finding"),
    Column("http_status", Integer, nullable=False, default=0),
    text_column("code"),
    text_column("note"),
    Column("counts", Boolean, nullable=False),
    *record_columns(),
    Index(None, "document_id", "id"),
)

# Where a document stands at its source; one without a row is listed. `documents.status` repeats the state.
standings = Table(
    "standings",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    text_column("state"),
    Column("since", Moment),
    Column("listed", Boolean, nullable=False),
    text_column("finding"),
    Column("absent_probes", Integer, nullable=False),
    Column("absent_days", Integer, nullable=False),
    Column("first_absent_at", Moment),
    Column("last_absent_at", Moment),
    Column("due_at", Moment),
    Index(None, "source_id", "due_at"),
    Index(None, "state", "since"),
)

# The ledger: from which state to which, and when; the rows never change.
movements = Table(
    "movements",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("moved_at", Moment, nullable=False),
    text_column("event"),
    text_column("before"),
    text_column("after"),
    Index(None, "document_id", "id"),
)

# What happened to a whole source; the rows never change.
events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    Column("noticed_at", Moment, nullable=False),
    text_column("kind"),
    text_column("note"),
    Column("details", Json, nullable=False),
    Index(None, "source_id", "kind", "id"),
)
