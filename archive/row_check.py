"""Does the database agree with itself? Rows that must be there are there, and what is said twice is said alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select

from archive.deposits import newest_columns
from archive.fixity import Fault
from archive.keys import url_key
from archive.reading_rows import harvests, reading_columns
from archive.revising import content_digest
from archive.store import Archive
from archive.tables import (
    aliases,
    attachments,
    captures,
    changes,
    documents,
    doubts,
    events,
    movements,
    probes,
    readings,
    revisions,
    sections,
    sightings,
    sources,
    standings,
)
from bulletin.ledger import LISTED
from bulletin.record import CHINA

_BATCH: Final = 200


def check_rows(archive: Archive, *, sealed: Collection[int] = (), digests: bool = True) -> Iterator[Fault]:
    """Everything that does not fit together. `sealed` are the readings whose rows are known to be what they were: their
    content digest may have been made by an older rule and is not made again. Without `digests` no content is read,
    which is where the time goes."""
    with archive.connection() as conn:
        yield from _damage(conn)
        looks = (_orphans, _documents, _revisions, _readings, _parts, _aliases, _sightings, _pointers, _standings)
        for look in looks:
            yield from look(conn)
        if digests:
            yield from _digests(conn, sealed)


def _fault(item: str, reason: str) -> Fault:
    return Fault("database", item, reason)


def _damage(conn: Connection) -> Iterator[Fault]:
    if conn.dialect.name == "sqlite":
        for row in conn.exec_driver_sql("PRAGMA integrity_check(100)"):
            if row[0] != "ok":
                yield _fault("gongbao.db", str(row[0]))


def _orphans(conn: Connection) -> Iterator[Fault]:
    """Rows that name another row which is not there."""
    references = (
        (documents, sources, documents.c.source_id == sources.c.id),
        (aliases, documents, aliases.c.document_id == documents.c.id),
        (revisions, documents, revisions.c.document_id == documents.c.id),
        (sightings, documents, sightings.c.document_id == documents.c.id),
        (changes, documents, changes.c.document_id == documents.c.id),
        *((table, documents, table.c.document_id == documents.c.id) for table in (probes, standings, movements)),
        (events, sources, events.c.source_id == sources.c.id),
        (
            readings,
            revisions,
            and_(readings.c.document_id == revisions.c.document_id, readings.c.revision == revisions.c.number),
        ),
        *((table, readings, table.c.reading_id == readings.c.id) for table in (sections, attachments, doubts)),
    )
    for table, named, joined in references:
        yield from _without(conn, table, named, joined)


def _without(conn: Connection, table: Table, named: Table, joined: ColumnElement[bool]) -> Iterator[Fault]:
    keys = list(table.primary_key.columns)
    there = next(iter(named.primary_key.columns))
    for row in conn.execute(select(*keys).outerjoin_from(table, named, joined).where(there.is_(None))):
        item = f"{table.name} {' '.join(map(str, row))}"
        yield _fault(item, f"the row of {named.name} it belongs to is not there")


def _documents(conn: Connection) -> Iterator[Fault]:
    """Ids, and the columns that repeat what the newest revision says."""
    own = aliases.alias()
    question = select(documents, own.c.id.label("own")).outerjoin_from(documents, own, own.c.id == documents.c.id)
    for row in conn.execution_options(yield_per=_BATCH).execute(question):
        if url_key(row.source_id, row.url) != row.id:
            yield _fault(f"documents {row.id}", "its id is not that of its source and URL")
        if row.own is None:
            yield _fault(f"documents {row.id}", "the row of aliases with its own URL is not there")
        if row.seen_on != row.first_seen.astimezone(CHINA).date():
            yield _fault(f"documents {row.id}", "the day it was first seen is not that of the moment")


def _revisions(conn: Connection) -> Iterator[Fault]:
    yield from _counted(
        conn, revisions, (revisions.c.document_id,), revisions.c.number, documents, documents.c.revisions, "revisions"
    )


def _readings(conn: Connection) -> Iterator[Fault]:
    key = (readings.c.document_id, readings.c.revision)
    yield from _counted(conn, readings, key, readings.c.number, revisions, revisions.c.readings, "readings")
    made = (
        select(changes.c.document_id, changes.c.revision, func.count().label("changes"))
        .group_by(changes.c.document_id, changes.c.revision)
        .subquery()
    )
    same = and_(made.c.document_id == revisions.c.document_id, made.c.revision == revisions.c.number)
    question = (
        select(revisions.c.document_id, revisions.c.number, revisions.c.readings, made.c.changes)
        .outerjoin_from(revisions, made, same)
        .where(func.coalesce(made.c.changes, 0) != revisions.c.readings)
    )
    for row in conn.execute(question):
        item = f"document {row.document_id} revision {row.number}"
        yield _fault(item, f"{row.readings} readings, but {row.changes or 0} rows of changes")


def _counted(
    conn: Connection, table: Table, key: Any, number: Any, owner: Table, stated: Any, what: str
) -> Iterator[Fault]:
    """Rows numbered from 1 to the count their owner states."""
    found = (
        select(*key, func.count().label("there"), func.min(number).label("first"), func.max(number).label("last"))
        .group_by(*key)
        .subquery()
    )
    owned = list(owner.primary_key.columns)
    joined = and_(*(left == right for left, right in zip(owned, list(found.c)[: len(owned)], strict=True)))
    question = select(*owned, stated.label("stated"), found.c.there, found.c.first, found.c.last)
    for row in conn.execute(question.outerjoin_from(owner, found, joined)):
        if (row.there, row.first, row.last) != (row.stated, 1, row.stated):
            item = f"document {row[0]}" + (f" revision {row[1]}" if len(owned) > 1 else "")
            yield _fault(item, f"{row.stated} {what} stated, {row.there or 0} there")


def _parts(conn: Connection) -> Iterator[Fault]:
    """Sections, attachments and doubts stand one behind the other."""
    for table in (sections, attachments, doubts):
        question = (
            select(table.c.reading_id, func.count().label("there"), func.max(table.c.position).label("last"))
            .group_by(table.c.reading_id)
            .having(func.count() != func.max(table.c.position) + 1)
        )
        for row in conn.execute(question):
            yield _fault(f"{table.name} of reading {row.reading_id}", f"{row.there} rows, numbered up to {row.last}")


def _aliases(conn: Connection) -> Iterator[Fault]:
    question = select(aliases, documents.c.revisions).join_from(
        aliases, documents, documents.c.id == aliases.c.document_id
    )
    for row in conn.execution_options(yield_per=_BATCH).execute(question):
        if url_key(row.source_id, row.url) != row.id:
            yield _fault(f"aliases {row.id}", "its id is not that of its source and URL")
        if not 1 <= row.revision <= row.revisions:
            yield _fault(f"aliases {row.id}", f"it names revision {row.revision} of {row.revisions}")


def _sightings(conn: Connection) -> Iterator[Fault]:
    """A document was first and last seen when its sightings say, and every revision was seen."""
    question = (
        select(
            documents.c.id,
            documents.c.first_seen,
            documents.c.last_seen,
            func.min(sightings.c.seen_at).label("first"),
            func.max(sightings.c.seen_at).label("last"),
        )
        .outerjoin_from(documents, sightings, sightings.c.document_id == documents.c.id)
        .group_by(documents.c.id, documents.c.first_seen, documents.c.last_seen)
    )
    for row in conn.execute(question):
        if row.first is None:
            yield _fault(f"documents {row.id}", "it has no sighting")
        elif row.first < row.first_seen or row.last > row.last_seen:
            yield _fault(f"documents {row.id}", "it was seen outside the time between first and last seen")
    seen = and_(sightings.c.document_id == revisions.c.document_id, sightings.c.revision == revisions.c.number)
    unseen = select(revisions.c.document_id, revisions.c.number).where(~select(sightings.c.id).where(seen).exists())
    for document, number in conn.execute(unseen):
        yield _fault(f"document {document} revision {number}", "no sighting shows it")


def _pointers(conn: Connection) -> Iterator[Fault]:
    """Records that revisions, sightings, attachments and probes rest on are among the captures."""
    for table in (revisions, sightings, probes):
        same = and_(table.c.warc == captures.c.warc, table.c.warc_offset == captures.c.warc_offset)
        keys = list(table.primary_key.columns)
        question = (
            select(*keys, table.c.warc, table.c.warc_offset, captures.c.id.label("capture"))
            .outerjoin_from(table, captures, same)
            .where(
                table.c.warc.is_not(None),
                captures.c.id.is_(None)
                | (captures.c.warc_length != table.c.warc_length)
                | (captures.c.warc_digest != table.c.warc_digest),
            )
        )
        for row in conn.execute(question):
            item = f"{table.name} {' '.join(str(part) for part in row[: len(keys)])}"
            what = "is not among the captures" if row.capture is None else "has another length or digest there"
            yield _fault(item, f"its record {row.warc}@{row.warc_offset} {what}")


def _standings(conn: Connection) -> Iterator[Fault]:
    """A document's status is the state of its standing, and that is the state its last movement led to."""
    state = func.coalesce(standings.c.state, LISTED)
    question = (
        select(documents.c.id, documents.c.status, state.label("state"))
        .outerjoin_from(documents, standings, standings.c.document_id == documents.c.id)
        .where(documents.c.status != state)
    )
    for row in conn.execute(question):
        yield _fault(f"documents {row.id}", f"its status is {row.status}, but the ledger says {row.state}")
    newest = select(func.max(movements.c.id)).group_by(movements.c.document_id)
    moved = select(movements).where(movements.c.id.in_(newest)).subquery()
    question = (
        select(standings.c.document_id, standings.c.state, moved.c.after)
        .outerjoin_from(standings, moved, moved.c.document_id == standings.c.document_id)
        .where(standings.c.state != func.coalesce(moved.c.after, LISTED))
    )
    for row in conn.execute(question):
        item = f"standings {row.document_id}"
        yield _fault(item, f"it is {row.state}, but its last movement led to {row.after or LISTED}")


def unbacked_attachments(archive: Archive, body_digests: Callable[[str, str], Collection[str]]) -> Iterator[Fault]:
    """Attached files of whose bytes no capture is kept. `body_digests` gives the digests of everything captured under a
    URL of a source, content-coding off."""
    question = (
        select(attachments, readings.c.document_id, readings.c.revision, documents.c.source_id)
        .join_from(attachments, readings, readings.c.id == attachments.c.reading_id)
        .join(documents, documents.c.id == readings.c.document_id)
        .where(attachments.c.digest != "", attachments.c.digest.not_in(select(captures.c.warc_digest)))
    )
    with archive.connection() as conn:
        rows = conn.execute(question).all()
    for row in rows:
        if row.digest not in body_digests(row.source_id, row.url):
            item = f"document {row.document_id} revision {row.revision}, attachment {row.name or row.url}"
            yield _fault(item, "no capture holds the file with this digest")


def _digests(conn: Connection, sealed: Collection[int]) -> Iterator[Fault]:
    """Content digests made again, and what the documents repeat of them."""
    question = (
        select(
            readings.c.document_id,
            readings.c.revision,
            readings.c.number.label("reading_number"),
            revisions.c.payload_digest,
            revisions.c.warc_digest,
            revisions.c.readings,
            *reading_columns(),
        )
        .join_from(
            readings,
            revisions,
            and_(revisions.c.document_id == readings.c.document_id, revisions.c.number == readings.c.revision),
        )
        .order_by(readings.c.id)
    )
    for rows in conn.execution_options(yield_per=_BATCH).execute(question).partitions(_BATCH):
        newest: dict[str, Any] = {
            found.id: found
            for found in conn.execute(select(documents).where(documents.c.id.in_([row.document_id for row in rows])))
        }
        for row, harvest in zip(rows, harvests(conn, rows), strict=True):
            item = f"document {row.document_id} revision {row.revision}, reading {row.reading_number}"
            if row.reading_id not in sealed and content_digest(harvest) != row.reading_digest:
                yield _fault(item, "its content is not that of its content digest")
            if row.warc_digest and harvest.pages is None and row.payload_digest != row.warc_digest:
                yield _fault(item, "the payload digest is not that of its record")
            document: Any = newest.get(row.document_id)
            counts = document is not None and (row.revision, row.reading_number) == (document.revisions, row.readings)
            if counts:
                yield from _repeated(document, newest_columns(harvest, row.reading_digest))


def _repeated(document: Any, said: dict[str, Any]) -> Iterator[Fault]:
    wrong = defaultdict(list)
    for name, value in said.items():
        if getattr(document, name) != value:
            wrong[document.id].append(name)
    for name, columns in wrong.items():
        yield _fault(f"documents {name}", f"{', '.join(columns)} differ from its newest revision")
