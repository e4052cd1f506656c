"""Where captures lie, which URL they show, and what was met without being read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from archive.deposits import meet, record_row, see
from archive.keys import storable_text, url_key
from archive.noted import KeptCapture
from archive.opening import insert_new
from archive.selecting import record_of_row
from archive.tables import aliases, captures, documents, sightings, standings
from bulletin.capture import RecordRef
from bulletin.document import Known, Sighting

_SAID: Final = (
    captures.c.id,
    captures.c.source_id,
    captures.c.url_key,
    captures.c.url,
    captures.c.status,
    captures.c.fetched_at,
    captures.c.media_type,
    captures.c.warc,
    captures.c.warc_offset,
    captures.c.warc_length,
    captures.c.warc_digest,
)


def kept(
    conn: Connection, source_id: str, url: str, status: int, fetched_at: datetime, record: RecordRef, media_type: str
) -> None:
    """Note a WARC record; noting it twice is noting it once."""
    row = {"source_id": source_id, "url_key": url_key(source_id, url), "url": storable_text(url), "status": status}
    row |= {"fetched_at": fetched_at, "media_type": storable_text(media_type)}
    conn.execute(insert_new(conn, captures), row | record_row(record))


def last(conn: Connection, source_id: str, url: str) -> tuple[RecordRef, str, datetime] | None:
    """The newest capture of a URL that was answered with 200."""
    question = (
        select(captures)
        .where(captures.c.url_key == url_key(source_id, url), captures.c.status == 200)
        .order_by(captures.c.id.desc())
        .limit(1)
    )
    row = conn.execute(question).one_or_none()
    record = record_of_row(row) if row else None
    return (record, row.url, row.fetched_at) if row and record else None


def same_payload(conn: Connection, source_id: str, digest: str) -> tuple[RecordRef, str, datetime] | None:
    """The first capture of a source, under whatever URL, that was answered with 200 and this payload."""
    question = (
        select(captures)
        .where(captures.c.source_id == source_id, captures.c.warc_digest == digest, captures.c.status == 200)
        .order_by(captures.c.id)
        .limit(1)
    )
    row = conn.execute(question).one_or_none()
    record = record_of_row(row) if row else None
    return (record, row.url, row.fetched_at) if row and record else None


def payloads(conn: Connection, source_id: str) -> Iterator[str]:
    """The digests of the payloads kept of a source's full answers."""
    question = select(captures.c.warc_digest).where(captures.c.source_id == source_id, captures.c.status == 200)
    yield from conn.execution_options(yield_per=5000).execute(question).scalars()


def sight(
    conn: Connection, source_id: str, url: str, column: str, seen_at: datetime, record: RecordRef | None,
    listed_title: str, listed_date: str,
) -> bool:  # fmt: skip
    """A known URL was met again. It makes a row if a record shows it or the column is new for it; a list row met at
    every crawl only moves `last_seen`."""
    alias = conn.execute(select(aliases).where(aliases.c.id == url_key(source_id, url))).one_or_none()
    if alias is None:
        return False
    same = (sightings.c.document_id == alias.document_id, sightings.c.url == alias.url, sightings.c.column_id == column)
    if record or not conn.execute(select(sightings.c.id).where(*same).limit(1)).scalar():
        see(conn, alias.document_id, alias.url, column, seen_at, alias.revision, record)
    else:
        meet(conn, alias.document_id, seen_at)
    if (listed_title or listed_date) and column == alias.column_id:
        row = {"listed_title": storable_text(listed_title), "listed_date": storable_text(listed_date)}
        conn.execute(update(aliases).where(aliases.c.id == alias.id).values(row))
    return True


def sightings_of(conn: Connection, document: str) -> list[Sighting]:
    """In the order they were noted."""
    question = select(sightings).where(sightings.c.document_id == document).order_by(sightings.c.id)
    return [
        Sighting(row.document_id, row.url, row.column_id, row.seen_at, row.revision, record_of_row(row))
        for row in conn.execute(question)
    ]


def list_row(conn: Connection, document: str) -> tuple[str, str]:
    """Title and date of the row under which the document was first listed."""
    row = conn.execute(select(aliases).where(aliases.c.id == document)).one_or_none()
    return (row.listed_title, row.listed_date) if row else ("", "")


def known(conn: Connection, source_id: str) -> dict[str, Known]:
    """Every URL of a source the archive knows, in canonical form."""
    visits = select(captures.c.url_key, func.max(captures.c.fetched_at).label("visited_at"))
    visited = visits.where(captures.c.source_id == source_id).group_by(captures.c.url_key).subquery()
    question = (
        select(aliases, visited.c.visited_at, func.coalesce(documents.c.published_on, documents.c.seen_on).label("day"))
        .add_columns(documents.c.status, standings.c.listed, standings.c.due_at)
        .join_from(aliases, documents, documents.c.id == aliases.c.document_id)
        .outerjoin(standings, standings.c.document_id == aliases.c.document_id)
        .outerjoin(visited, visited.c.url_key == aliases.c.id)
        .where(aliases.c.source_id == source_id)
        .order_by(aliases.c.id)
    )
    return {
        row.url: Known(
            row.url,
            row.document_id,
            row.column_id,
            row.etag,
            row.last_modified,
            row.payload_digest,
            row.listed_title,
            row.listed_date,
            row.visited_at,
            row.day,
            row.status,
            row.listed is False,
            row.due_at is not None,
        )
        for row in conn.execute(question)
    }


def in_file(conn: Connection, warc: str, begin: int = 0, end: int | None = None) -> dict[int, KeptCapture]:
    """The captures in a WARC file, or in the part of it from `begin` up to `end`, by offset."""
    question = select(*_SAID).where(captures.c.warc == warc, captures.c.warc_offset >= begin)
    if end is not None:
        question = question.where(captures.c.warc_offset < end)
    found = map(_kept_capture, conn.execute(question.order_by(captures.c.warc_offset)))
    return {kept.record.offset: kept for kept in found}


def first_from(conn: Connection, warc: str, offset: int) -> int | None:
    """Where the first capture at or behind an offset begins."""
    here = (captures.c.warc == warc, captures.c.warc_offset >= offset)
    return conn.execute(select(func.min(captures.c.warc_offset)).where(*here)).scalar()


def everything(conn: Connection, after: int = 0) -> Iterator[KeptCapture]:
    """Every capture behind a row number, in the order they were noted."""
    question = select(*_SAID).where(captures.c.id > after).order_by(captures.c.id)
    for row in conn.execution_options(yield_per=500).execute(question):
        yield _kept_capture(row)


def records_of(conn: Connection, source_id: str, url: str) -> list[RecordRef]:
    """Where the captures of a URL of a source lie, oldest first."""
    question = select(*_SAID).where(captures.c.url_key == url_key(source_id, url)).order_by(captures.c.id)
    return [_kept_capture(row).record for row in conn.execute(question)]


def at(conn: Connection, source_id: str, url: str, fetched_at: datetime) -> RecordRef | None:
    """Where the capture of a URL and moment lies."""
    this = (captures.c.url_key == url_key(source_id, url), captures.c.fetched_at == fetched_at)
    row = conn.execute(select(captures).where(*this).order_by(captures.c.id).limit(1)).one_or_none()
    return record_of_row(row) if row else None


def near(conn: Connection, source_id: str, url: str, moment: datetime) -> RecordRef | None:
    """The capture nearest to a moment, full answers before redirects."""
    question = select(captures).where(captures.c.url_key == url_key(source_id, url), captures.c.status < 400)
    rows = [row for row in conn.execute(question) if row.status != 304]
    best = min(rows, key=lambda row: (row.status != 200, abs(row.fetched_at - moment), row.id), default=None)
    return record_of_row(best) if best else None


def files(conn: Connection) -> list[str]:
    """Names of all WARC files in which captures lie."""
    return list(conn.execute(select(captures.c.warc).distinct().order_by(captures.c.warc)).scalars())


def _kept_capture(row: Sequence[Any]) -> KeptCapture:
    # Of `_SAID`, by place: verification asks for every row there is.
    number, source_id, key, url, status, fetched_at, media_type, *record = row
    return KeptCapture(number, source_id, key, url, status, fetched_at, media_type, RecordRef(*record))
