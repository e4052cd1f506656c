"""Standings, probes, movements and events as rows. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from archive.deposits import record_row
from archive.keys import storable_text, url_key
from archive.opening import take_turn
from archive.selecting import document_of, record_of_row
from archive.tables import aliases, captures, documents, events, movements, probes, sightings, standings
from archive.withdrawing import missed, movement, probed, shown
from bulletin.capture import RecordRef
from bulletin.document import Document
from bulletin.ledger import ABSENT, LISTED, Movement, Probed, SourceEvent, Standing
from bulletin.source import Seed

_AT_ONCE: Final = 500
_STANDING: Final = (
    "document_id state since listed finding absent_probes absent_days first_absent_at last_absent_at due_at"
).split()


# -- what a crawl tells ------------------------------------------------------------------------------------------------


def note_missed(conn: Connection, source_id: str, ids: Iterable[str], at: datetime) -> list[Movement]:
    """Documents that the lists, read to their end, show no more."""
    take_turn(conn)
    moved = [_settle(conn, source_id, kept, missed(kept, at), at) for kept in _standings_of(conn, ids)]
    return [one for one in moved if one]


def note_shown(conn: Connection, source_id: str, ids: Iterable[str], at: datetime) -> list[Movement]:
    """Documents of which a list shows a row."""
    take_turn(conn)
    moved = [_settle(conn, source_id, kept, shown(kept, at), at) for kept in _standings_of(conn, ids)]
    return [one for one in moved if one]


def note_probe(conn: Connection, source_id: str, told: Probed) -> Movement | None:
    """A probe of one of a document's addresses. Nothing is noted of an address nobody knows, nor of an answer that
    proves nothing about a document that is not in question."""
    take_turn(conn)
    alias = conn.execute(select(aliases).where(aliases.c.id == url_key(source_id, told.url))).one_or_none()
    if alias is None:
        return None
    kept = next(_standings_of(conn, [alias.document_id]))
    if told.finding not in ABSENT and kept.state == LISTED and kept.due_at is None:
        return None
    elsewhere = told.finding in ABSENT and told.counts and _stands_elsewhere(conn, alias)
    counts = told.counts and not elsewhere
    note = "; ".join(filter(None, (told.note, "it stands under another address too" if elsewhere else "")))
    record, status = (told.record, told.status) if told.record else _own_capture(conn, alias.id, told)
    row = {"document_id": alias.document_id, "url": alias.url, "probed_at": told.probed_at, "counts": counts}
    row |= {"finding": told.finding, "http_status": status, "code": told.code, "note": storable_text(note)}
    conn.execute(insert(probes), row | record_row(record))
    after = probed(kept, told.finding, told.probed_at, counts=counts)
    return _settle(conn, source_id, kept, after, told.probed_at)


def note_event(conn: Connection, event: SourceEvent) -> None:
    row = {"source_id": event.source_id, "noticed_at": event.noticed_at, "kind": event.kind}
    conn.execute(insert(events), row | {"note": storable_text(event.note), "details": dict(event.details)})


def _standings_of(conn: Connection, ids: Iterable[str]) -> Iterator[Standing]:
    """The standing of each document, in the order asked; of one that was never in question, that it is listed."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        rows = conn.execute(select(standings).where(standings.c.document_id.in_(some)))
        there = {row.document_id: _standing(row) for row in rows}
        yield from (there.get(one) or Standing(one) for one in some)


def _settle(conn: Connection, source_id: str, before: Standing, after: Standing, at: datetime) -> Movement | None:
    """Write a standing down, with the movement that led to it."""
    if after == before:
        return None
    row = asdict(after)
    this = standings.c.document_id == after.document_id
    if not conn.execute(update(standings).where(this).values(row)).rowcount:
        conn.execute(insert(standings), row | {"source_id": source_id})
    moved = movement(before, after, at)
    if moved:
        conn.execute(insert(movements), asdict(moved))
        conn.execute(update(documents).where(documents.c.id == after.document_id).values(status=after.state))
    return moved


def _stands_elsewhere(conn: Connection, alias: Row[Any]) -> bool:
    """Whether another address of the document was not found absent when it was last asked for."""
    others = conn.execute(
        select(aliases.c.url).where(aliases.c.document_id == alias.document_id, aliases.c.id != alias.id)
    ).scalars()
    return any(not _last_seen_absent(conn, alias.document_id, url) for url in others)


def _last_seen_absent(conn: Connection, document: str, url: str) -> bool:
    asked = select(probes).where(probes.c.document_id == document, probes.c.url == url, probes.c.finding.in_(ABSENT))
    last = conn.execute(asked.order_by(probes.c.id.desc()).limit(1)).one_or_none()
    if last is None:
        return False
    seen = select(func.max(sightings.c.seen_at)).where(sightings.c.document_id == document, sightings.c.url == url)
    met = conn.execute(seen).scalar()
    return met is None or met < last.probed_at


def _own_capture(conn: Connection, key: str, told: Probed) -> tuple[RecordRef | None, int]:
    """The newest capture of the address itself, with its status, where the answer came from another one that it
    redirects to."""
    if not told.status:
        return None, 0
    question = select(captures).where(captures.c.url_key == key).order_by(captures.c.id.desc()).limit(1)
    row = conn.execute(question).one_or_none()
    return (record_of_row(row), row.status) if row else (None, told.status)


# -- what is asked ----------------------------------------------------------------------------------------------------


def due(conn: Connection, source_id: str, now: datetime, limit: int) -> list[Seed]:
    """The addresses of the documents to be asked for, the longest overdue first, at most `limit`."""
    question = (
        select(aliases)
        .join_from(standings, aliases, aliases.c.document_id == standings.c.document_id)
        .where(standings.c.source_id == source_id, standings.c.due_at <= now)
        .order_by(standings.c.due_at, aliases.c.document_id, aliases.c.id)
        .limit(limit)
    )
    return [Seed(row.url, row.column_id, row.listed_title, row.listed_date) for row in conn.execute(question)]


def sources_due(conn: Connection, now: datetime) -> list[str]:
    question = select(standings.c.source_id).where(standings.c.due_at <= now).distinct()
    return sorted(conn.execute(question).scalars())


def standing(conn: Connection, document: str) -> Standing:
    return next(_standings_of(conn, [document]))


def in_question(
    conn: Connection, sources: Collection[str], states: Collection[str], since: datetime | None
) -> Iterator[tuple[Document, Standing]]:
    """Documents in one of these states, the newest movement first."""
    named = [standings.c[name].label(f"standing_{name}") for name in _STANDING]
    question = (
        select(documents, *named)
        .join_from(standings, documents, documents.c.id == standings.c.document_id)
        .where(standings.c.state.in_(states))
        .order_by(standings.c.since.desc(), standings.c.document_id)
    )
    if sources:
        question = question.where(standings.c.source_id.in_(sources))
    if since:
        question = question.where(standings.c.since >= since)
    for row in conn.execution_options(yield_per=_AT_ONCE).execute(question):
        yield document_of(row), Standing(*(row._mapping[f"standing_{name}"] for name in _STANDING))


def probes_of(conn: Connection, document: str) -> list[Probed]:
    """In the order they were made."""
    question = select(probes).where(probes.c.document_id == document).order_by(probes.c.id)
    return [
        Probed(
            row.url,
            row.probed_at,
            row.finding,
            row.http_status,
            row.code,
            row.note,
            row.counts,
            record_of_row(row),
            row.document_id,
        )
        for row in conn.execute(question)
    ]


def movements_of(conn: Connection, document: str) -> list[Movement]:
    """In the order they were made."""
    question = select(movements).where(movements.c.document_id == document).order_by(movements.c.id)
    return [_movement(row) for row in conn.execute(question)]


def movements_since(
    conn: Connection, sources: Collection[str], happened: Collection[str], since: datetime | None
) -> list[Movement]:
    """Entries of the ledger of these kinds, newest first."""
    question = select(movements).where(movements.c.event.in_(happened)).order_by(movements.c.id.desc())
    if sources:
        of_source = select(documents.c.id).where(documents.c.source_id.in_(sources))
        question = question.where(movements.c.document_id.in_(of_source))
    if since:
        question = question.where(movements.c.moved_at >= since)
    return [_movement(row) for row in conn.execute(question)]


def counted(conn: Connection, sources: Collection[str]) -> dict[str, int]:
    """How many documents are in each state; those never in question are not among them."""
    question = select(standings.c.state, func.count().label("number")).group_by(standings.c.state)
    if sources:
        question = question.where(standings.c.source_id.in_(sources))
    return {row.state: row.number for row in conn.execute(question)}


def with_status(conn: Connection, states: Collection[str]) -> list[str]:
    return list(conn.execute(select(documents.c.id).where(documents.c.status.in_(states))).scalars())


def source_events(conn: Connection, source_id: str | None, kind: str, since: datetime | None) -> list[SourceEvent]:
    """Newest first."""
    question = select(events).order_by(events.c.id.desc())
    if source_id is not None:
        question = question.where(events.c.source_id == source_id)
    if kind:
        question = question.where(events.c.kind == kind)
    if since:
        question = question.where(events.c.noticed_at >= since)
    return [
        SourceEvent(row.source_id, row.noticed_at, row.kind, row.note, row.details) for row in conn.execute(question)
    ]


def capture_before(conn: Connection, source_id: str, url: str, record: RecordRef) -> RecordRef | None:
    """The full answer kept of a URL before this one."""
    this = (captures.c.warc == record.warc) & (captures.c.warc_offset == record.offset)
    number = conn.execute(select(captures.c.id).where(this)).scalar()
    question = (
        select(captures)
        .where(captures.c.url_key == url_key(source_id, url), captures.c.status == 200, captures.c.id < (number or 0))
        .order_by(captures.c.id.desc())
        .limit(1)
    )
    row = conn.execute(question).one_or_none()
    return record_of_row(row) if row else None


def _standing(row: Row[Any]) -> Standing:
    return Standing(*(row._mapping[name] for name in _STANDING))


def _movement(row: Row[Any]) -> Movement:
    return Movement(row.document_id, row.moved_at, row.event, row.before, row.after)
