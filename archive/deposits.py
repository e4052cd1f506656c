"""Put a harvest into the archive: which document it belongs to, and whether it says anything new.

Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from archive import source_rows
from archive.keys import letters, number_key, storable_text
from archive.opening import take_turn
from archive.reading_rows import harvests, reading_columns, storable, write_reading
from archive.revising import READING, REVISION, UNCHANGED, completed, content_digest, is_telling, knows_more, weigh
from archive.tables import aliases, changes, documents, readings, revisions, seeds, sightings
from bulletin.capture import RecordRef
from bulletin.document import Deposit
from bulletin.harvest import Harvest
from bulletin.record import CHINA
from bulletin.source import Source

# Asked for every page: built once, because building a statement takes as long as carrying it out.
_ALIAS: Final = select(aliases).where(aliases.c.id == bindparam("key"))
_DONE_WITH: Final = delete(seeds).where(seeds.c.source_id == bindparam("source"), seeds.c.url_key == bindparam("key"))
_TWIN: Final = (
    select(documents.c.id, documents.c.revisions)
    .where(documents.c.source_id == bindparam("source"), documents.c.content_digest == bindparam("digest"))
    .order_by(documents.c.first_seen, documents.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A harvest with where it was found: canonical URL, and `key`, the id that URL would give a document."""

    source: Source
    column: str
    url: str
    key: str
    harvest: Harvest
    fetched_at: datetime
    payload_digest: str
    record: RecordRef | None = None
    etag: str = ""
    last_modified: str = ""
    listed_title: str = ""
    listed_date: str = ""


def deposit(conn: Connection, given: Delivery, kept: Container[str] = ()) -> Deposit:
    """Everything one harvest brings: document, revision or reading, sighting, change; and its seed is done with.

    `kept` are sources known to be there.
    """
    take_turn(conn)
    if given.source.id not in kept:
        source_rows.ensure(conn, given.source)
    harvest = storable(given.harvest)
    alias = conn.execute(_ALIAS, {"key": given.key}).one_or_none()
    conn.execute(_DONE_WITH, {"source": given.source.id, "key": given.key})
    if alias:
        return _again(conn, given, harvest, alias)
    digest = content_digest(harvest)
    twin = _twin(conn, given, harvest, digest)
    if twin:
        _write_alias(conn, given, twin.id, twin.revisions)
        _see(conn, given, twin.id, twin.revisions)
        return Deposit(UNCHANGED, twin.id, twin.revisions, alias=True)
    return _first(conn, given, harvest, digest)


def _first(conn: Connection, given: Delivery, harvest: Harvest, digest: str) -> Deposit:
    row = {"id": given.key, "source_id": given.source.id, "region": given.source.region, "revisions": 1}
    row |= {"url": given.url, "column_id": given.column, "status": "listed"}
    row |= {"first_seen": given.fetched_at, "last_seen": given.fetched_at, "seen_on": _china_day(given.fetched_at)}
    conn.execute(insert(documents), row | newest_columns(harvest, digest))
    _write_revision(conn, given, given.key, 1, harvest, digest)
    _write_alias(conn, given, given.key, 1)
    note(conn, given.key, given.url, given.column, given.fetched_at, 1, given.record)
    return Deposit("new", given.key, 1)


def _again(conn: Connection, given: Delivery, harvest: Harvest, alias: Row[Any]) -> Deposit:
    """A URL met before. What it said last time counts beside the newest revision, so that two URLs of one paper that
    have come apart do not make a revision at every visit."""
    document, newest = alias.document_id, _state(conn, alias.document_id, None)
    verdict, base = _weighed(conn, given, harvest, newest), newest
    if verdict == REVISION and alias.revision != newest.revision:
        last = _state(conn, document, alias.revision)
        verdict, base = _weighed(conn, given, harvest, last), last
    number = base.revision
    if verdict == REVISION:
        number = newest.revision + 1
        _write_revision(conn, given, document, number, harvest, content_digest(harvest))
    elif verdict == READING:
        harvest = _write_further_reading(conn, base, harvest)
    if number >= newest.revision and verdict != UNCHANGED:
        values = newest_columns(harvest, content_digest(harvest)) | {"revisions": number}
        conn.execute(update(documents).where(documents.c.id == document).values(values))
    _write_alias(conn, given, document, number, known=True)
    _see(conn, given, document, number)
    outcome = "changed" if verdict == REVISION else "unchanged"
    return Deposit(outcome, document, number, alias=document != given.key)


def reread(conn: Connection, document: str, number: int, harvest: Harvest) -> None:
    """Lay a reading beside those a revision has; it counts from now on."""
    take_turn(conn)
    base = _state(conn, document, number)
    reading = _write_further_reading(conn, base, storable(harvest))
    newest = (documents.c.id == document) & (documents.c.revisions == number)
    conn.execute(update(documents).where(newest).values(newest_columns(reading, content_digest(reading))))


def _state(conn: Connection, document: str, number: int | None) -> Row[Any]:
    """The reading that counts of a revision (None: the newest one)."""
    question = (
        select(revisions.c.number.label("revision"), revisions.c.readings, revisions.c.payload_digest)
        .add_columns(readings.c.document_id, *reading_columns())
        .join_from(revisions, readings, _is_newest_reading())
        .where(revisions.c.document_id == document)
        .order_by(revisions.c.number.desc())
        .limit(1)
    )
    if number is not None:
        question = question.where(revisions.c.number == number)
    return conn.execute(question).one()


def _is_newest_reading() -> Any:
    return (
        (readings.c.document_id == revisions.c.document_id)
        & (readings.c.revision == revisions.c.number)
        & (readings.c.number == revisions.c.readings)
    )


def _weighed(conn: Connection, given: Delivery, harvest: Harvest, kept: Row[Any]) -> str:
    alike = kept.read_by == harvest.read_by and kept.reading_digest == content_digest(harvest)
    if alike and not knows_more(harvest):
        return UNCHANGED
    return weigh(harvests(conn, [kept])[0], harvest, same_payload=kept.payload_digest == given.payload_digest)


def _twin(conn: Connection, given: Delivery, harvest: Harvest, digest: str) -> Row[Any, Any] | None:
    """The document of this source that says the same under another URL. The title is part of the digest."""
    if not is_telling(harvest):
        return None
    return conn.execute(_TWIN, {"source": given.source.id, "digest": digest}).one_or_none()


def _write_revision(
    conn: Connection, given: Delivery, document: str, number: int, harvest: Harvest, digest: str
) -> None:
    row = {"document_id": document, "number": number, "readings": 1, "fetched_at": given.fetched_at}
    conn.execute(insert(revisions), row | record_row(given.record) | {"payload_digest": given.payload_digest})
    write_reading(conn, document, number, 1, harvest, digest)
    conn.execute(insert(changes), {"document_id": document, "revision": number})


def _write_further_reading(conn: Connection, base: Row[Any], harvest: Harvest) -> Harvest:
    number = base.readings + 1
    reading = completed(harvests(conn, [base])[0], harvest)
    write_reading(conn, base.document_id, base.revision, number, reading, content_digest(reading))
    this = (revisions.c.document_id == base.document_id) & (revisions.c.number == base.revision)
    conn.execute(update(revisions).where(this).values(readings=number))
    conn.execute(insert(changes), {"document_id": base.document_id, "revision": base.revision})
    return reading


def _write_alias(conn: Connection, given: Delivery, document: str, number: int, known: bool = False) -> None:
    row: dict[str, Any] = {"revision": number, "etag": given.etag, "last_modified": given.last_modified}
    row |= {"payload_digest": given.payload_digest}
    row |= {"listed_title": storable_text(given.listed_title), "listed_date": storable_text(given.listed_date)}
    if known:
        if not (given.listed_title or given.listed_date):
            del row["listed_title"], row["listed_date"]
        conn.execute(update(aliases).where(aliases.c.id == given.key).values(row))
    else:
        row |= {"id": given.key, "source_id": given.source.id, "document_id": document, "column_id": given.column}
        conn.execute(insert(aliases), row | {"url": given.url})


def _see(conn: Connection, given: Delivery, document: str, number: int) -> None:
    see(conn, document, given.url, given.column, given.fetched_at, number, given.record)


def see(
    conn: Connection, document: str, url: str, column: str, seen_at: datetime, number: int, record: RecordRef | None
) -> None:
    """Note a sighting, and that the document was there at that moment."""
    note(conn, document, url, column, seen_at, number, record)
    meet(conn, document, seen_at)


def note(
    conn: Connection, document: str, url: str, column: str, seen_at: datetime, number: int, record: RecordRef | None
) -> None:
    """Note a sighting."""
    row = {"document_id": document, "url": url, "column_id": column, "seen_at": seen_at, "revision": number}
    conn.execute(insert(sightings), row | record_row(record))


def meet(conn: Connection, document: str, seen_at: datetime) -> None:
    """Widen the time between first and last seen to take in this moment."""
    this = documents.c.id == document
    conn.execute(update(documents).where(this, documents.c.last_seen < seen_at).values(last_seen=seen_at))
    earlier = {"first_seen": seen_at, "seen_on": _china_day(seen_at)}
    conn.execute(update(documents).where(this, documents.c.first_seen > seen_at).values(earlier))


def record_row(record: RecordRef | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        "warc": record.warc,
        "warc_offset": record.offset,
        "warc_length": record.length,
        "warc_digest": record.payload_digest,
    }


def newest_columns(harvest: Harvest, digest: str) -> dict[str, Any]:
    return {
        "content_digest": digest,
        "published_on": harvest.published_on,
        "dated_on": harvest.dated_on,
        "office_key": letters(harvest.office or ""),
        "number_key": number_key(harvest.number, harvest.number_raw, harvest.index_number),
    }


def _china_day(moment: datetime) -> Any:
    return moment.astimezone(CHINA).date()
