"""States of bulletins that come to be known later than newer ones: an archive of 2015 taken in after a crawl of 2020.

Revisions are numbered as the archive learnt of them, and nothing is renumbered. An older state that differs from those
before and behind it in time becomes a revision with its own date; the state seen last is then stated again behind it,
so that the newest revision is always what was published last.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from archive import deposits, selecting
from archive.keys import url_key
from archive.reading_rows import storable
from archive.revising import REVISION, weigh
from archive.tables import aliases, documents, sightings
from archive.transactions import Transactions
from bulletin.capture import RecordRef
from bulletin.document import Revision
from bulletin.harvest import Harvest


class PastStates:
    """What is known of a document at moments before its newest state."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    def column_of(self, source_id: str, url: str) -> tuple[str, str, str] | None:
        """Column, and title and date of the list row, of the document that a URL of a source leads to."""
        with self._turns.read() as conn:
            row = conn.execute(select(aliases).where(aliases.c.id == url_key(source_id, url))).one_or_none()
            return (row.column_id, row.listed_title, row.listed_date) if row else None

    def meet(
        self, source_id: str, url: str, harvest: Harvest, fetched_at: datetime, payload_digest: str, record: RecordRef
    ) -> tuple[str, int] | None:
        """Note a sighting, where a capture older than the newest one shows a state that is known of its time; document
        and revision. None where it must be deposited: the URL is unknown, the capture is the newest, or the state is
        new to us."""
        with self._turns.write() as conn:
            alias = conn.execute(select(aliases).where(aliases.c.id == url_key(source_id, url))).one_or_none()
            if alias is None:
                return None
            last = conn.execute(select(documents.c.last_seen).where(documents.c.id == alias.document_id)).scalar_one()
            if fetched_at >= last:
                return None
            met = storable(harvest)
            for revision in _beside(selecting.revisions_of(conn, alias.document_id), fetched_at):
                same = revision.payload_digest == payload_digest
                if weigh(revision.harvest, met, same_payload=same) != REVISION:
                    told = (conn, alias.document_id, alias.url, alias.column_id, fetched_at)
                    deposits.see(*told, revision.number, record)
                    return alias.document_id, revision.number
            return None

    def overtaken(self, document_id: str) -> tuple[Revision, datetime] | None:
        """The state that was seen last, and when, if a revision with a higher number stands for an older one."""
        with self._turns.read() as conn:
            seen_at = func.max(sightings.c.seen_at)
            question = select(sightings.c.revision, seen_at).where(sightings.c.document_id == document_id)
            rows = conn.execute(question.group_by(sightings.c.revision)).all()
            if not rows:
                return None
            number, moment = max(rows, key=lambda row: (row[1], row[0]))
            newest = selecting.revisions_of(conn, document_id)
            return None if number == newest[-1].number else (newest[number - 1], moment)


def _beside(known: list[Revision], moment: datetime) -> list[Revision]:
    """The states before and behind a moment."""
    before = [revision for revision in known if revision.fetched_at <= moment]
    behind = [revision for revision in known if revision.fetched_at > moment]
    return [
        *sorted(before, key=lambda revision: (revision.fetched_at, revision.number))[-1:],
        *sorted(behind, key=lambda revision: (revision.fetched_at, revision.number))[:1],
    ]
