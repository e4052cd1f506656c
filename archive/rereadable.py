"""What can be read again: revisions in the order their captures lie in the vault, and all a reader needs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from archive.selecting import document_of, is_newest_reading, with_newest_readings
from archive.store import Archive
from archive.tables import aliases, documents, readings, revisions
from bulletin.document import Document, Revision


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where the capture of a revision lies. Places are ordered as the vault is read: file by file, from its front."""

    warc: str
    offset: int
    document_id: str
    number: int


@dataclass(frozen=True, slots=True)
class State:
    """A revision with its document, and title and date of the list row that led to it."""

    document: Document
    revision: Revision
    listed_title: str
    listed_date: str


def places(archive: Archive, source_id: str = "") -> list[tuple[Place, str]]:
    """Every revision (of one source) that has a capture, and what read it last (`read_by`), in order."""
    question = (
        select(revisions.c.warc, revisions.c.warc_offset, revisions.c.document_id, revisions.c.number)
        .add_columns(readings.c.read_by)
        .join_from(revisions, readings, is_newest_reading())
        .where(revisions.c.warc.is_not(None), revisions.c.warc != "")
    )
    if source_id:
        of_source = select(documents.c.id).where(documents.c.source_id == source_id)
        question = question.where(revisions.c.document_id.in_(of_source))
    with archive.connection() as conn:
        found = [(Place(*row[:4]), row.read_by) for row in conn.execute(question)]
    return sorted(found)


def states(archive: Archive, chosen: Sequence[Place]) -> list[State]:
    """The revisions at these places, in the same order; what is no longer there is left out."""
    keys = [(place.document_id, place.number) for place in chosen]
    ids = {place.document_id for place in chosen}
    with archive.connection() as conn:
        kept = {row.id: document_of(row) for row in conn.execute(select(documents).where(documents.c.id.in_(ids)))}
        rows = conn.execute(select(aliases).where(aliases.c.id.in_(ids)))
        listed = {row.id: (row.listed_title, row.listed_date) for row in rows}
        these = tuple_(revisions.c.document_id, revisions.c.number).in_(keys)
        read = {(revision.document_id, revision.number): revision for revision in with_newest_readings(conn, these)}
    return [State(kept[key[0]], read[key], *listed.get(key[0], ("", ""))) for key in keys if key in read]
