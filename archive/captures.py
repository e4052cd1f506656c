"""Where captures lie: which WARC record holds which answer of which URL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archive import capture_rows
from archive.noted import KeptCapture
from archive.transactions import Transactions
from bulletin.capture import RecordRef


class Captures:
    """Every method is one transaction, unless it is called within the archive's `batch()`. Streams are snapshots of the
    moment they began."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    def kept(
        self,
        source_id: str,
        capture_url: str,
        status: int,
        fetched_at: datetime,
        record: RecordRef,
        media_type: str = "",
    ) -> None:
        """Note where the record of an exchange lies."""
        with self._turns.write() as conn:
            capture_rows.kept(conn, source_id, capture_url, status, fetched_at, record, media_type)

    def last(self, source_id: str, url: str) -> tuple[RecordRef, str, datetime] | None:
        """The newest full answer kept of a URL, as the vault wants to be told of it when the next one is kept."""
        with self._turns.read() as conn:
            return capture_rows.last(conn, source_id, url)

    def in_file(self, warc: str, begin: int = 0, end: int | None = None) -> dict[int, KeptCapture]:
        """The captures noted in a WARC file, or in the part of it from `begin` up to `end`, by offset."""
        with self._turns.read() as conn:
            return capture_rows.in_file(conn, warc, begin, end)

    def first_from(self, warc: str, offset: int) -> int | None:
        """Where the first capture noted at or behind an offset of a WARC file begins."""
        with self._turns.read() as conn:
            return capture_rows.first_from(conn, warc, offset)

    def everything(self, after: int = 0) -> Iterator[KeptCapture]:
        """Every capture behind a row number, in the order they were noted. A stream."""
        with self._turns.read(stream=True) as conn:
            yield from capture_rows.everything(conn, after)

    def records_of(self, source_id: str, url: str) -> list[RecordRef]:
        """Where the captures of a URL lie, oldest first."""
        with self._turns.read() as conn:
            return capture_rows.records_of(conn, source_id, url)

    def at(self, source_id: str, url: str, fetched_at: datetime) -> RecordRef | None:
        """Where the capture of a URL and moment lies; None if none is kept."""
        with self._turns.read() as conn:
            return capture_rows.at(conn, source_id, url, fetched_at)

    def near(self, source_id: str, url: str, moment: datetime) -> RecordRef | None:
        """The capture of a URL that was made nearest to a moment, a full answer or a redirect."""
        with self._turns.read() as conn:
            return capture_rows.near(conn, source_id, url, moment)

    def files(self) -> list[str]:
        """Names of all WARC files in which captures lie."""
        with self._turns.read() as conn:
            return capture_rows.files(conn)

    def same_payload(self, source_id: str, digest: str) -> tuple[RecordRef, str, datetime] | None:
        """The first full answer of a source with this payload, whatever its URL; as `last` gives it."""
        with self._turns.read() as conn:
            return capture_rows.same_payload(conn, source_id, digest)

    def payloads(self, source_id: str) -> Iterator[str]:
        """The digests of all payloads kept of a source's full answers. A stream."""
        with self._turns.read(stream=True) as conn:
            yield from capture_rows.payloads(conn, source_id)
