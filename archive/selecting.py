"""Read documents and revisions back: one, those that changed, and whole selections as streams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from archive.keys import asked_letters, number_needles, region_prefix
from archive.reading_rows import harvests, reading_columns
from archive.tables import changes, documents, readings, revisions
from bulletin.capture import RecordRef
from bulletin.document import Change, Document, Revision
from bulletin.errors import UsageError, did_you_mean
from bulletin.query import DateRange, Filters

#: How many documents are read at once; what a stream holds in memory.
BATCH: Final = 50
_DAYS: Final = {"published": "published_on", "dated": "dated_on", "seen": "seen_on"}
_UNDATED: Final = ("include", "exclude", "only")
# Above this many ids a database question grows unwieldy; then they are sifted here.
_MANY: Final = 500


def document_of(row: Row[Any]) -> Document:
    return Document(
        row.id,
        row.source_id,
        row.region,
        row.url,
        row.column_id,
        row.first_seen,
        row.last_seen,
        row.status,
        row.revisions,
    )


def record_of_row(row: Row[Any]) -> RecordRef | None:
    return RecordRef(row.warc, row.warc_offset, row.warc_length, row.warc_digest) if row.warc else None


def revisions_of(conn: Connection, document: str, number: int | None = None) -> list[Revision]:
    """The revisions of a document, oldest first, each in its newest reading; or the one with this number."""
    question = _revisions().where(revisions.c.document_id == document).order_by(revisions.c.number)
    if number is not None:
        question = question.where(revisions.c.number == number)
    return _with_harvests(conn, conn.execute(question).all())


def with_newest_readings(conn: Connection, these: ColumnElement[bool]) -> list[Revision]:
    """The revisions a condition chooses, each in its newest reading, in no order."""
    return _with_harvests(conn, conn.execute(_revisions().where(these)).all())


def readings_of(conn: Connection, document: str, number: int) -> list[Revision]:
    """Every reading of one revision, oldest first; the last one counts."""
    of_revision = (readings.c.document_id == revisions.c.document_id) & (readings.c.revision == revisions.c.number)
    question = (
        select(*_revision_columns(), *reading_columns())
        .join_from(revisions, readings, of_revision)
        .where(revisions.c.document_id == document, revisions.c.number == number)
        .order_by(readings.c.number)
    )
    return _with_harvests(conn, conn.execute(question).all())


def newest(conn: Connection, found: Iterable[Document]) -> Iterator[tuple[Document, Revision]]:
    """Documents with their newest revisions, a batch at a time."""
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        numbers = {document.id: document.revisions for document in batch}
        rows = conn.execute(
            _revisions()
            .join(
                documents, and_(documents.c.id == revisions.c.document_id, documents.c.revisions == revisions.c.number)
            )
            .where(documents.c.id.in_(list(numbers)))
        ).all()
        read = {revision.document_id: revision for revision in _with_harvests(conn, rows)}
        yield from ((document, read[document.id]) for document in batch if document.id in read)


def select_documents(conn: Connection, filters: Filters, ids: Collection[str] | None) -> Iterator[Document]:
    """The documents that answer the filters, by the date the filters name (undated ones last), then by id."""
    wanted = set(ids) if ids is not None and len(ids) > _MANY else None
    conditions = list(_conditions(filters))
    if ids is not None and wanted is None:
        conditions.append(documents.c.id.in_(list(ids)))
    for part in list(_dated_parts(filters.range)):
        for row in conn.execution_options(yield_per=BATCH).execute(part.where(*conditions)):
            if wanted is None or row.id in wanted:
                yield document_of(row)


def _dated_parts(asked: DateRange) -> Iterator[Select[Any]]:
    """One question for the dated papers and one for the undated, so that both can follow an index."""
    day = _asked_day(asked)
    if asked.undated != "only":
        dated = select(documents).where(day.is_not(None)).order_by(day, documents.c.id)
        if asked.start:
            dated = dated.where(day >= asked.start)
        if asked.end:
            dated = dated.where(day <= asked.end)
        yield dated
    if asked.undated != "exclude" and asked.date != "seen":
        yield select(documents).where(day.is_(None)).order_by(documents.c.id)


def _asked_day(asked: DateRange) -> Any:
    if asked.date not in _DAYS:
        raise UsageError(f"There is no date called {asked.date!r}.", did_you_mean(asked.date, list(_DAYS)))
    if asked.undated not in _UNDATED:
        raise UsageError(f"undated cannot be {asked.undated!r}.", did_you_mean(asked.undated, list(_UNDATED)))
    if asked.start and asked.end and asked.start > asked.end:
        raise UsageError(f"The range {asked.start} to {asked.end} ends before it begins.", "Exchange its two ends.")
    return documents.c[_DAYS[asked.date]]


def _conditions(filters: Filters) -> Iterator[Any]:
    if filters.source:
        yield documents.c.source_id.in_(filters.source)
    if filters.region:
        yield documents.c.region.startswith(region_prefix(filters.region), autoescape=True)
    if filters.office:
        yield documents.c.office_key.contains(asked_letters(filters.office, "office"), autoescape=True)
    if filters.status:
        yield documents.c.status.in_(filters.status)
    if filters.number:
        needles = number_needles(filters.number)
        yield or_(*(documents.c.number_key.contains(needle, autoescape=True) for needle in needles))


def changed_documents(conn: Connection, after: int, limit: int) -> Iterator[tuple[int, Document]]:
    """Each document changed behind `after`, once, at its last change, ascending."""
    upto = conn.execute(select(func.max(changes.c.seq))).scalar() or 0
    later = changes.alias()
    superseded = select(later.c.seq).where(
        later.c.document_id == changes.c.document_id, later.c.seq > changes.c.seq, later.c.seq <= upto
    )
    question = (
        select(changes.c.seq, documents)
        .join_from(changes, documents, documents.c.id == changes.c.document_id)
        .where(changes.c.seq > after, changes.c.seq <= upto, ~superseded.exists())
        .order_by(changes.c.seq)
    )
    if limit:
        question = question.limit(limit)
    for row in conn.execution_options(yield_per=BATCH).execute(question):
        yield row.seq, document_of(row)


def changed(conn: Connection, after: int, limit: int) -> Iterator[Change]:
    found = changed_documents(conn, after, limit)
    while batch := list(islice(found, BATCH)):
        seqs = {document.id: seq for seq, document in batch}
        for document, revision in newest(conn, (document for _, document in batch)):
            yield Change(seqs[document.id], document, revision)


def _revision_columns() -> list[Any]:
    names = "document_id payload_digest fetched_at warc warc_offset warc_length warc_digest".split()
    return [revisions.c.number.label("revision_number"), *(revisions.c[name] for name in names)]


def _revisions() -> Select[Any]:
    return select(*_revision_columns(), *reading_columns()).join_from(revisions, readings, is_newest_reading())


def is_newest_reading() -> ColumnElement[bool]:
    """That a row of readings is the one that counts of a row of revisions."""
    return and_(
        readings.c.document_id == revisions.c.document_id,
        readings.c.revision == revisions.c.number,
        readings.c.number == revisions.c.readings,
    )


def _with_harvests(conn: Connection, rows: Any) -> list[Revision]:
    return [
        Revision(
            row.document_id,
            row.revision_number,
            harvest,
            row.reading_digest,
            row.payload_digest,
            row.fetched_at,
            record_of_row(row),
        )
        for row, harvest in zip(rows, harvests(conn, rows), strict=True)
    ]
