"""The tables, private to this package.

Text is `Text` everywhere, so that SQLite and PostgreSQL mean the same. URLs are looked up by
`document_id(source, url)`, because a long URL cannot be indexed on every database. Moments are stored as naive UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

#: The newest migration; a test compares it with what alembic finds.
SCHEMA: Final = "0005"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, stored as naive UTC. A naive one is refused, because nobody can know what it means."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


_Json: Final = JSON(none_as_null=True)
_Serial: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in a column called INTEGER


def _record() -> tuple[Column[Any], ...]:
    """The pointer to a WARC record."""
    return (
        Column("warc", Text),
        Column("warc_offset", BigInteger),
        Column("warc_length", BigInteger),
        Column("warc_digest", Text),
    )


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False, default="")


sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("region"),
    Column("paused", Boolean, nullable=False, default=False),
    Column("description", _Json, nullable=False),
)

# From `content_digest` on, the columns repeat what the newest revision says, so that selections need no join.
documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    _text("region"),
    _text("url"),
    _text("column_id"),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    _text("status"),
    Column("revisions", Integer, nullable=False),
    _text("content_digest"),
    Column("published_on", Date),
    Column("dated_on", Date),
    Column("seen_on", Date, nullable=False),
    _text("office_key"),
    _text("number_key"),
    Index(None, "published_on", "id"),
    Index(None, "dated_on", "id"),
    Index(None, "seen_on", "id"),
    Index(None, "source_id", "content_digest"),
)

# What each URL of a document said when it was last asked, and how its list row read.
aliases = Table(
    "aliases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False, index=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False, index=True),
    _text("url"),
    _text("column_id"),
    Column("revision", Integer, nullable=False),
    _text("etag"),
    _text("last_modified"),
    _text("payload_digest"),
    _text("listed_title"),
    _text("listed_date"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("readings", Integer, nullable=False, default=1),
    _text("payload_digest"),
    Column("fetched_at", Moment, nullable=False),
    *_record(),
)

# A revision is read once or oftener; the newest reading counts, the older ones stay.
readings = Table(
    "readings",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("document_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    _text("content_digest"),
    _text("read_by"),
    _text("kind"),
    *(
        Column(name, Text)
        for name in (
            "title kicker subtitle issue number_normal number_raw index_number office genre disclosure validity author "
            "source_name editor reviewer language script text_received"
        ).split()
    ),
    Column("issue_number", BigInteger),
    *(Column(name, Date) for name in "dated_on signed_on published_on effective_on expires_on".split()),
    Column("published_at", Moment),
    _text("text"),
    *(Column(name, _Json) for name in "topic pages block tables rows chrome evidence repairs links".split()),
    UniqueConstraint("document_id", "revision", "number"),
    ForeignKeyConstraint(["document_id", "revision"], ["revisions.document_id", "revisions.number"]),
)

sections = Table(
    "sections",
    metadata,
    Column("reading_id", _Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("depth", Integer, nullable=False),
    _text("heading"),
    _text("text"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("reading_id", _Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _text("name"),
    _text("url"),
    _text("media_type"),
    Column("size", BigInteger),
    _text("digest"),
    _text("text"),
)

doubts = Table(
    "doubts",
    metadata,
    Column("reading_id", _Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _text("field"),
    _text("reason"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    _text("url"),
    _text("column_id"),
    Column("seen_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    *_record(),
    Index(None, "document_id", "id"),
)

captures = Table(
    "captures",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    _text("url"),
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    _text("media_type"),
    *_record(),
    Index(None, "url_key", "id"),
    Index(None, "source_id", "warc_digest"),
    UniqueConstraint("warc", "warc_offset"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", _Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "document_id", "seq"),
    sqlite_autoincrement=True,
)

# Every probe of a document in question; the rows never change.
probes = Table(
    "probes",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    _text("url"),
    Column("probed_at", Moment, nullable=False),
    _text("finding"),
    Column("http_status", Integer, nullable=False, default=0),
    _text("code"),
    _text("note"),
    Column("counts", Boolean, nullable=False),
    *_record(),
    Index(None, "document_id", "id"),
)

# Where a document stands at its source; one without a row is listed. `documents.status` repeats the state.
standings = Table(
    "standings",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    _text("state"),
    Column("since", Moment),
    Column("listed", Boolean, nullable=False),
    _text("finding"),
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
    Column("id", _Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("moved_at", Moment, nullable=False),
    _text("event"),
    _text("before"),
    _text("after"),
    Index(None, "document_id", "id"),
)

# What happened to a whole source; the rows never change.
events = Table(
    "events",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    Column("noticed_at", Moment, nullable=False),
    _text("kind"),
    _text("note"),
    Column("details", _Json, nullable=False),
    Index(None, "source_id", "kind", "id"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False, index=True),
    _text("trigger"),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    _text("outcome"),
    Column("tally", _Json),
    _text("reason"),
    Column("kind", Text, nullable=False, default="crawl"),
    Column("scope", _Json),
    Column("schedule_id", _Serial),
    Column("due_at", Moment),
    Column("ready_at", Moment),
    Column("expires_at", Moment),
    Column("attempt", Integer, nullable=False, default=1),
    Column("retry_of", _Serial),
    _text("worker"),
    Column("heartbeat_at", Moment),
    Column("lease_until", Moment),
    _text("config_digest"),
    _text("family_version"),
    _text("log"),
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
    Column("id", _Serial, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("sources", _Json, nullable=False),
    Column("scope", _Json, nullable=False),
    _text("group_name"),
    _text("cron"),
    _text("tz"),
    _text("overlap"),
    _text("missed"),
    Column("window", BigInteger, nullable=False),
    Column("jitter", BigInteger, nullable=False),
    _text("hours"),
    Column("maintenance", _Json, nullable=False),
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
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    _text("url"),
    _text("column_id"),
    _text("listed_title"),
    _text("listed_date"),
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

# What a run observed of each column, as JSON, so that further observations need no migration.
vitals = Table(
    "vitals",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("run_id", _Serial, ForeignKey("runs.id"), nullable=False),
    Column("source_id", Text, nullable=False),
    _text("column_id"),
    Column("seen_at", Moment, nullable=False),
    Column("observed", _Json, nullable=False),
    UniqueConstraint("run_id", "column_id"),
    Index(None, "source_id", "column_id", "id"),
)

# What a source was called, a row for each time that changed; the newest row counts.
conditions = Table(
    "conditions",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    _text("word"),
    Column("since", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("run_id", _Serial),
    Column("findings", _Json),
    Index(None, "source_id", "id"),
)

# What is wrong: open where `closed_at` is null. How it reaches people stands in `deliveries`.
alerts = Table(
    "alerts",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    _text("kind"),
    _text("word"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("told_at", Moment),
    Column("calm_since", Moment),
    Column("details", _Json),
    Index(None, "source_id", "id"),
    Index(None, "closed_at"),
)

# One event of an alert through one channel; told where `sent_at` is not null.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Serial, primary_key=True),
    Column("alert_id", _Serial, ForeignKey("alerts.id"), nullable=False),
    _text("channel"),
    _text("event"),
    Column("wanted_at", Moment, nullable=False),
    Column("next_try_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", Moment),
    _text("trouble"),
    Index(None, "sent_at", "channel"),
    Index(None, "alert_id"),
)
