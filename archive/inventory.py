"""What the database says of the parts of a home: how far it knows each WARC file, who read what, how fast it grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, func, select

from archive.noted import KeptCapture
from archive.store import Archive
from archive.tables import captures, documents, readings, revisions
from archive.warc_format import members, record_of
from bulletin.errors import IntegrityError

_CAPTURES = ("response", "revisit", "resource")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A WARC file as the database knows it: how many captures, and where the last of them ends."""

    captures: int
    end: int


def known_files(archive: Archive) -> dict[str, KnownFile]:
    """By name, every WARC file that captures are noted in."""
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    with archive.connection() as conn:
        question = select(captures.c.warc, func.count(), end).where(captures.c.warc.is_not(None))
        return {
            name: KnownFile(count, int(last)) for name, count, last in conn.execute(question.group_by(captures.c.warc))
        }


def unnoted_from(path: Path, end: int) -> int:
    """How many captures lie in a WARC file behind what the database knows of it. A file that breaks off there is the
    business of a verification."""
    count = 0
    try:
        with path.open("rb") as stream, path.open("rb") as again:
            for offset, length in members(stream, end):
                again.seek(offset)
                count += record_of(again.read(length)).type in _CAPTURES
    except (IntegrityError, OSError):
        return count
    return count


def read_by(archive: Archive) -> dict[str, int]:
    """How many bulletins are shown as which rule (`trs/3`) read them."""
    newest = and_(revisions.c.document_id == documents.c.id, revisions.c.number == documents.c.revisions)
    counts = and_(
        readings.c.document_id == revisions.c.document_id,
        readings.c.revision == revisions.c.number,
        readings.c.number == revisions.c.readings,
    )
    question = (
        select(readings.c.read_by, func.count())
        .join_from(documents, revisions, newest)
        .join(readings, counts)
        .group_by(readings.c.read_by)
    )
    with archive.connection() as conn:
        return {row[0]: row[1] for row in conn.execute(question)}


def latest_captures(archive: Archive, most: int) -> Iterator[KeptCapture]:
    """The captures noted last, in the order they were noted."""
    with archive.connection() as conn:
        last = conn.execute(select(func.max(captures.c.id))).scalar() or 0
    yield from archive.captures.everything(after=last - most)


def bytes_a_day(archive: Archive, now: datetime, days: int = 30) -> float:
    """How much the captures grew a day, of late; over the time there were any, where that is shorter."""
    total, first = archive.vitals.growth(now - timedelta(days))
    if first is None:
        return 0.0
    return total / max(1.0, (now - first).total_seconds() / 86_400)
