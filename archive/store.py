"""The archive: what was published, in every state it was seen in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select

from archive import capture_rows, deposits, finding, queue, run_rows, selecting, source_rows, tables
from archive.alerts import Alerts
from archive.captures import Captures
from archive.keys import plain_url, url_key
from archive.ledger import Ledger
from archive.opening import PATIENCE, engine_of, migrate, spoken
from archive.past_states import PastStates
from archive.timetable import Timetable
from archive.transactions import Transactions
from archive.vitals import VitalSigns
from bulletin.capture import RecordRef
from bulletin.document import Change, Deposit, Document, Known, Revision, Sighting
from bulletin.errors import NotFoundError
from bulletin.harvest import Harvest
from bulletin.query import Filters
from bulletin.run import Run, Tally
from bulletin.source import Seed, Source


def open_archive(url: str, *, patience: float = PATIENCE) -> Archive:
    """The archive at `sqlite:////path/gongbao.db` or `postgresql+psycopg://…`, made or brought up to date as needed.

    A writer waits `patience` seconds for another one, then LockedError. Raises ConfigError for an unusable URL,
    ArchiveError for a database of a newer version (exit code 2) or one that is not Gongbao's.
    """
    engine = engine_of(url, patience)
    try:
        with spoken():
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Archive(engine)


class Archive:
    """Sources, documents, revisions, captures and runs in one database. To be closed, or used with `with`.

    Every method is one transaction, unless it is called within `batch()`. Several threads and processes may use the
    same database; writers wait for one another. Streams are snapshots of the moment they began.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Transactions(engine)
        self._met: set[str] = set()  # sources for which something was deposited

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def batch(self) -> AbstractContextManager[None]:
        """Many deposits in few transactions: several hundred a commit. Each deposit still counts wholly or not at all;
        what was complete before an error stays. A batch within a batch is part of it."""
        return self._turns.batch()

    # -- documents ----------------------------------------------------------------------------------------------------

    def deposit(
        self,
        source: Source,
        column: str,
        url: str,
        harvest: Harvest,
        *,
        fetched_at: datetime,
        payload_digest: str,
        record: RecordRef | None,
        etag: str = "",
        last_modified: str = "",
        listed_title: str = "",
        listed_date: str = "",
    ) -> Deposit:
        """Take in what was read. New content makes a revision, known content a sighting, the same payload read by
        another rule a further reading of its revision. Its seed no longer waits.

        `payload_digest` stands for everything the harvest was read from: of an article in several pages, a digest over
        the digests of them all.
        """
        given = deposits.Delivery(
            source,
            column,
            plain_url(url),
            url_key(source.id, url),
            harvest,
            fetched_at,
            payload_digest,
            record,
            etag,
            last_modified,
            listed_title,
            listed_date,
        )
        with self._turns.write() as conn:
            made = deposits.deposit(conn, given, self._met)
        self._met.add(source.id)
        return made

    def reread(self, document_id: str, number: int, harvest: Harvest) -> None:
        """Lay what today's rules read beside the readings a revision has. It is no sighting: nothing was seen again."""
        with self._turns.write() as conn:
            deposits.reread(conn, document_id, number, harvest)

    def document(self, document_id: str) -> Document | None:
        with self._turns.read() as conn:
            row = conn.execute(select(tables.documents).where(tables.documents.c.id == document_id)).one_or_none()
            return selecting.document_of(row) if row else None

    def find_id(self, prefix_or_id_or_url: str) -> list[str]:
        """Ids that begin so, or of the documents seen under that URL; at most fifty."""
        with self._turns.read() as conn:
            return finding.find_ids(conn, prefix_or_id_or_url)

    def revision(self, document_id: str, number: int | None = None) -> Revision | None:
        """One revision, the newest where no number is given."""
        with self._turns.read() as conn:
            if number is None:
                of_document = select(tables.documents.c.revisions).where(tables.documents.c.id == document_id)
                number = conn.execute(of_document).scalar()
            found = selecting.revisions_of(conn, document_id, number) if number is not None else []
            return found[0] if found else None

    def revisions(self, document_id: str) -> list[Revision]:
        """All of them, oldest first."""
        with self._turns.read() as conn:
            return selecting.revisions_of(conn, document_id)

    def readings(self, document_id: str, number: int) -> list[Revision]:
        """One revision in every reading made of it, oldest first; the last one counts."""
        with self._turns.read() as conn:
            return selecting.readings_of(conn, document_id, number)

    def changes(self, after: int = 0, limit: int = 0) -> Iterator[Change]:
        """Every document changed behind sequence number `after`, once, in its newest revision, ascending."""
        with self._turns.read(stream=True) as conn:
            yield from selecting.changed(conn, after, limit)

    def last_seq(self) -> int:
        """The newest sequence number, 0 in an empty archive."""
        with self._turns.read() as conn:
            return conn.execute(select(func.max(tables.changes.c.seq))).scalar() or 0

    def select(self, filters: Filters, ids: Collection[str] | None = None) -> Iterator[tuple[Document, Revision]]:
        """The documents that answer the filters (and are among `ids`), by the named date, undated ones last, then id.

        A stream of constant memory. `seen` goes by the Chinese day on which the archive first saw the paper.
        """
        with self._turns.read(stream=True) as conn:
            yield from selecting.newest(conn, selecting.select_documents(conn, filters, ids))

    @property
    def captures(self) -> Captures:
        """Where the answers of sites lie."""
        return Captures(self._turns)

    @property
    def vitals(self) -> VitalSigns:
        """How sources are doing."""
        return VitalSigns(self._turns)

    @property
    def alerts(self) -> Alerts:
        """What somebody must be told."""
        return Alerts(self._turns)

    @property
    def past_states(self) -> PastStates:
        """States that came to be known later than newer ones."""
        return PastStates(self._turns)

    @property
    def ledger(self) -> Ledger:
        """What disappeared at its source, and what happened to sources."""
        return Ledger(self._turns)

    @property
    def timetable(self) -> Timetable:
        """Schedules, and the queue of runs."""
        return Timetable(self._turns)

    def counts(self) -> dict[str, int]:
        """How many there are of each thing."""
        counted = "sources documents revisions readings sections attachments doubts sightings captures runs".split()
        with self._turns.read() as conn:
            found = {
                name: conn.execute(select(func.count()).select_from(tables.metadata.tables[name])).scalar() or 0
                for name in counted
            }
            found["pending"] = conn.execute(select(func.count()).select_from(tables.seeds)).scalar() or 0
            return found

    # -- sightings ---------------------------------------------------------------------------------------

    def connection(self) -> AbstractContextManager[Connection]:
        """For the other files of this package: a connection that reads, everything of one moment."""
        return self._turns.read(stream=True)

    def sight(
        self,
        source_id: str,
        url: str,
        column: str,
        *,
        seen_at: datetime,
        record: RecordRef | None = None,
        listed_title: str = "",
        listed_date: str = "",
    ) -> bool:
        """A page was met again without a new reading: 304, or still in its list. False if the URL is unknown."""
        with self._turns.write() as conn:
            return capture_rows.sight(conn, source_id, url, column, seen_at, record, listed_title, listed_date)

    def sightings(self, document_id: str) -> list[Sighting]:
        with self._turns.read() as conn:
            return capture_rows.sightings_of(conn, document_id)

    def known(self, source_id: str) -> dict[str, Known]:
        """What is remembered of every URL of a source, by canonical URL, further URLs of a document included."""
        with self._turns.read() as conn:
            return capture_rows.known(conn, source_id)

    # -- sources ------------------------------------------------------------------------------------------------------

    def put_source(self, source: Source) -> None:
        """Keep a source or its new description; a paused one stays paused."""
        with self._turns.write() as conn:
            source_rows.put(conn, source)

    def list_row(self, document_id: str) -> tuple[str, str]:
        """Title and date of the list row that led to a document, as far as they are known."""
        with self._turns.read() as conn:
            return capture_rows.list_row(conn, document_id)

    def sources(self) -> list[Source]:
        with self._turns.read() as conn:
            return source_rows.everything(conn)

    def source(self, source_id: str) -> Source | None:
        with self._turns.read() as conn:
            return source_rows.find(conn, source_id)

    def pause_source(self, source_id: str, paused: bool) -> None:
        """Raises NotFoundError if there is none."""
        with self._turns.write() as conn:
            if not source_rows.pause(conn, source_id, paused):
                raise NotFoundError(f"There is no source {source_id!r}.", "`gongbao source list` names them.")

    # -- runs, and what a killed crawl must remember -------------------------------------------------------------------

    def begin_run(self, source_id: str, trigger: str, started_at: datetime) -> Run:
        with self._turns.write() as conn:
            return run_rows.begin(conn, source_id, trigger, started_at)

    def end_run(self, run_id: int, outcome: str, tally: Tally, reason: str, ended_at: datetime) -> None:
        """Raises NotFoundError if there is none."""
        with self._turns.write() as conn:
            if not run_rows.end(conn, run_id, outcome, tally, reason, ended_at):
                raise NotFoundError(f"There is no run {run_id}.", "`gongbao runs list` names them.")

    def runs(self, source_id: str | None = None, limit: int = 20) -> list[Run]:
        """Newest first; `limit` 0 means all."""
        with self._turns.read() as conn:
            return run_rows.latest(conn, source_id, limit)

    def enqueue(self, source_id: str, seeds: Sequence[Seed]) -> None:
        """Remember pages to ask for; one that waits already keeps its place."""
        with self._turns.write() as conn:
            queue.enqueue(conn, source_id, seeds)

    def dequeue(self, source_id: str, url: str) -> None:
        with self._turns.write() as conn:
            queue.dequeue(conn, source_id, url)

    def pending(self, source_id: str) -> list[Seed]:
        """The pages that wait, in the order they came."""
        with self._turns.read() as conn:
            return queue.pending(conn, source_id)

    def sweep(self, source_id: str, column: str) -> bool:
        """Whether the last sweep of the column came to its end; False if there was none."""
        with self._turns.read() as conn:
            return queue.swept(conn, source_id, column)

    def set_sweep(self, source_id: str, column: str, finished: bool) -> None:
        with self._turns.write() as conn:
            queue.set_swept(conn, source_id, column, finished)
