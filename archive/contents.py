"""The contents of issues (公报目录), where pages that are kept name no more than that."""

from __future__ import annotations

from sqlalchemy import select

from archive.selecting import is_newest_reading
from archive.store import Archive
from archive.tables import aliases, documents, readings, revisions
from bulletin.document import Contents
from bulletin.harvest import Row


def contents_of(archive: Archive, source_id: str) -> dict[str, Contents]:
    """What the newest revisions of a source's contents pages name, by the canonical URL of the page, further URLs of a
    document included."""
    question = (
        select(aliases.c.url, readings.c.issue, readings.c.issue_number, readings.c.rows)
        .join_from(aliases, documents, documents.c.id == aliases.c.document_id)
        .join(
            revisions,
            (revisions.c.document_id == documents.c.id) & (revisions.c.number == documents.c.revisions),
        )
        .join(readings, is_newest_reading())
        .where(aliases.c.source_id == source_id, readings.c.rows.is_not(None), readings.c.kind != "list")
        .order_by(aliases.c.id)
    )
    with archive.connection() as conn:
        return {
            row.url: Contents(row.issue, row.issue_number, tuple(Row(**given) for given in row.rows))
            for row in conn.execute(question)
        }
