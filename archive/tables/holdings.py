"""What was published: sources, their documents, and every state these were seen in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from archive.tables.columns import Json, Moment, Serial, metadata, record_columns, text_column

sources = Table(
    "sources",
    metadata,
    Column("id", Text, primary_key=True),
    text_column("name"),
    text_column("region"),
    Column("paused", Boolean, nullable=False, default=False),
    Column("description", Json, nullable=False),
)

# From `content_digest` on, the columns repeat what the newest revision says, so that selections need no join.
documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source_id", Text, ForeignKey("sources.id"), nullable=False),
    text_column("region"),
    text_column("url"),
    text_column("column_id"),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    text_column("status"),
    Column("revisions", Integer, nullable=False),
    text_column("content_digest"),
    Column("published_on", Date),
    Column("dated_on", Date),
    Column("seen_on", Date, nullable=False),
    text_column("office_key"),
    text_column("number_key"),
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
    text_column("url"),
    text_column("column_id"),
    Column("revision", Integer, nullable=False),
    text_column("etag"),
    text_column("last_modified"),
    text_column("payload_digest"),
    text_column("listed_title"),
    text_column("listed_date"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("document_id", Text, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("readings", Integer, nullable=False, default=1),
    text_column("payload_digest"),
    Column("fetched_at", Moment, nullable=False),
    *record_columns(),
)

# A revision is read once or oftener; the newest reading counts, the older ones stay.
readings = Table(
    "readings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("document_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    text_column("content_digest"),
    text_column("read_by"),
    text_column("kind"),
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
    text_column("text"),
    *(Column(name, Json) for name in "topic pages block tables rows chrome evidence repairs links".split()),
    UniqueConstraint("document_id", "revision", "number"),
    ForeignKeyConstraint(["document_id", "revision"], ["revisions.document_id", "revisions.number"]),
)

sections = Table(
    "sections",
    metadata,
    Column("reading_id", Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("depth", Integer, nullable=False),
    text_column("heading"),
    text_column("text"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("reading_id", Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    text_column("name"),
    text_column("url"),
    text_column("media_type"),
    Column("size", BigInteger),
    text_column("digest"),
    text_column("text"),
)

doubts = Table(
    "doubts",
    metadata,
    Column("reading_id", Serial, ForeignKey("readings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    text_column("field"),
    text_column("reason"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    text_column("url"),
    text_column("column_id"),
    Column("seen_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    *record_columns(),
    Index(None, "document_id", "id"),
)

captures = Table(
    "captures",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("url_key", Text, nullable=False),
    text_column("url"),
    Column("fetched_at", Moment, nullable=False),
    Column("status", Integer, nullable=False),
    text_column("media_type"),
    *record_columns(),
    Index(None, "url_key", "id"),
    Index(None, "source_id", "warc_digest"),
    UniqueConstraint("warc", "warc_offset"),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Serial, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "document_id", "seq"),
    sqlite_autoincrement=True,
)
