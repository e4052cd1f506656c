"""The ledger: what disappeared at its source, by what evidence, what came back, and what happened to whole sources."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from archive import ledger_rows
from archive.transactions import Transactions
from bulletin.capture import RecordRef
from bulletin.document import Document
from bulletin.ledger import Movement, Probed, SourceEvent, Standing
from bulletin.source import Seed


class Ledger:
    """Every method is one transaction, unless it is called within the archive's `batch()`."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    # -- what a crawl tells -------------------------------------------------------------------------------------------

    def missed(self, source_id: str, ids: Iterable[str], at: datetime) -> list[Movement]:
        """These documents are shown no more by lists that were read to their end. They are due for a probe."""
        with self._turns.write() as conn:
            return ledger_rows.note_missed(conn, source_id, ids, at)

    def shown(self, source_id: str, ids: Iterable[str], at: datetime) -> list[Movement]:
        """A list shows these documents. One that was found absent is due for a probe."""
        with self._turns.write() as conn:
            return ledger_rows.note_shown(conn, source_id, ids, at)

    def probed(self, source_id: str, told: Probed) -> Movement | None:
        """Keep a probe and what follows from it. Where `told.record` is None the newest capture of the address, with
        its status, is the evidence. Nothing is kept of an unknown address, nor of an answer that puts nothing in
        question."""
        with self._turns.write() as conn:
            return ledger_rows.note_probe(conn, source_id, told)

    def happened(self, event: SourceEvent) -> None:
        """Keep an event of a source."""
        with self._turns.write() as conn:
            ledger_rows.note_event(conn, event)

    # -- what is asked ------------------------------------------------------------------------------------------------

    def due(self, source_id: str, now: datetime, limit: int) -> list[Seed]:
        """The addresses of documents in question to be asked for, the longest overdue first."""
        with self._turns.read() as conn:
            return ledger_rows.due(conn, source_id, now, limit)

    def sources_due(self, now: datetime) -> list[str]:
        """The sources that have documents to be asked for."""
        with self._turns.read() as conn:
            return ledger_rows.sources_due(conn, now)

    def standing(self, document_id: str) -> Standing:
        """Where a document stands; one that was never in question is listed."""
        with self._turns.read() as conn:
            return ledger_rows.standing(conn, document_id)

    def in_question(
        self, states: Collection[str], *, sources: Collection[str] = (), since: datetime | None = None
    ) -> Iterator[tuple[Document, Standing]]:
        """The documents that are in one of these states (since that moment or later), the newest first. A stream."""
        with self._turns.read(stream=True) as conn:
            yield from ledger_rows.in_question(conn, sources, states, since)

    def probes(self, document_id: str) -> list[Probed]:
        """Every probe of a document, in the order they were made."""
        with self._turns.read() as conn:
            return ledger_rows.probes_of(conn, document_id)

    def movements(self, document_id: str) -> list[Movement]:
        """What the ledger says of a document, in order."""
        with self._turns.read() as conn:
            return ledger_rows.movements_of(conn, document_id)

    def movements_since(
        self, happened: Collection[str], *, sources: Collection[str] = (), since: datetime | None = None
    ) -> list[Movement]:
        """Entries of the ledger of these kinds (a state, or `returned`), the newest first."""
        with self._turns.read() as conn:
            return ledger_rows.movements_since(conn, sources, happened, since)

    def counts(self, sources: Collection[str] = ()) -> dict[str, int]:
        """How many documents are in each state; those that were never in question are not counted."""
        with self._turns.read() as conn:
            return ledger_rows.counted(conn, sources)

    def with_status(self, states: Collection[str]) -> list[str]:
        """The ids of all documents in one of these states."""
        with self._turns.read() as conn:
            return ledger_rows.with_status(conn, states)

    def events(
        self, source_id: str | None = None, *, kind: str = "", since: datetime | None = None
    ) -> list[SourceEvent]:
        """What happened to a source, or to any, the newest first."""
        with self._turns.read() as conn:
            return ledger_rows.source_events(conn, source_id, kind, since)

    def capture_before(self, source_id: str, url: str, record: RecordRef) -> RecordRef | None:
        """The full answer that was kept of a URL before this one."""
        with self._turns.read() as conn:
            return ledger_rows.capture_before(conn, source_id, url, record)
