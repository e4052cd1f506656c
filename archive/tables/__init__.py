"""The tables, private to this package.

Text is `Text` everywhere, so that SQLite and PostgreSQL mean the same. URLs are looked up by
`document_id(source, url)`, because a long URL cannot be indexed on every database. Moments are stored as naive UTC.
"""

from typing import Final

from archive.tables.columns import metadata
from archive.tables.health import alerts, conditions, deliveries, vitals
from archive.tables.holdings import (
    aliases,
    attachments,
    captures,
    changes,
    documents,
    doubts,
    readings,
    revisions,
    sections,
    sightings,
    sources,
)
from archive.tables.ledger import events, movements, probes, standings
from archive.tables.work import runs, schedules, seeds, sweeps

#: The newest migration; a test compares it with what alembic finds.
SCHEMA: Final = "0005"

__all__ = [
    "SCHEMA",
    "alerts",
    "aliases",
    "attachments",
    "captures",
    "changes",
    "conditions",
    "deliveries",
    "documents",
    "doubts",
    "events",
    "metadata",
    "movements",
    "probes",
    "readings",
    "revisions",
    "runs",
    "schedules",
    "sections",
    "seeds",
    "sightings",
    "sources",
    "standings",
    "sweeps",
    "vitals",
]
