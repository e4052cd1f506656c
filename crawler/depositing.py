"""What the crawler hands down to the archive: captures as they come, readings when they are whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from scrapy.crawler import Crawler

from archive import Archive, WarcVault
from bulletin.capture import Capture, RecordRef
from bulletin.document import Deposit, Known
from bulletin.errors import GongbaoError
from bulletin.harvest import Harvest
from bulletin.ids import digest, joint_digest
from bulletin.source import Seed, Source
from crawler.steps import Verdict
from crawler.walking import Walk

log: Final = logging.getLogger(__name__)

#: Characters of a digest by which payloads are told apart before the archive is asked: sixteen, 64 bits.
_TELLING: Final = 16

Earlier = tuple[RecordRef, str, datetime]


@dataclass(frozen=True, slots=True)
class Reading:
    """An article read from its captures (one a page, in order), ready to be deposited."""

    walk: Walk
    seed: Seed
    harvest: Harvest
    captures: tuple[Capture, ...]
    record: RecordRef | None
    sighted: bool = False  # counted as unchanged already, when its list was read
    known: Known | None = None  # what the archive remembered of it

    @property
    def payload_digest(self) -> str:
        """Of everything the harvest was read from: the payload itself, or a digest over those of all pages."""
        return joint_digest([capture.payload for capture in self.captures])


class Holdings:
    """The archive and the vault as the crawler uses them. In a dry run both are None and nothing is written.

    An error here (disk full, database locked) concerns every page to come: it is passed to `halt`, once.
    """

    def __init__(self, archive: Archive | None, vault: WarcVault | None, halt: Callable[[GongbaoError], None]) -> None:
        self.archive = archive
        self.vault = vault
        self._halt = halt
        self._payloads: dict[str, set[str]] = {}

    def keep(self, source: Source, capture: Capture, known: bool) -> RecordRef | None:
        """Keep an exchange before anyone reads it, and note where it lies. The same payload is not kept twice: not of a
        URL that may be `known`, and not where a source gives one file under several URLs."""
        if self.archive is None or self.vault is None:
            return None
        with self.halting():
            record = self.vault.keep(capture, self._earlier(self.archive, source.id, capture, known))
            kind = capture.header("Content-Type").partition(";")[0].strip().lower()
            self.archive.captures.kept(source.id, capture.url, capture.status, capture.fetched_at, record, kind)
        return record

    def _earlier(self, archive: Archive, source_id: str, capture: Capture, known: bool) -> Earlier | None:
        """The capture this one may be a revisit of. A payload never met cannot be one, and is asked nobody about."""
        payload = digest(capture.payload)
        met = self._met(archive, source_id)
        if capture.status == 200 and payload[:_TELLING] not in met:
            met.add(payload[:_TELLING])
            return None
        earlier = archive.captures.last(source_id, capture.url) if known else None
        if capture.status != 200 or (earlier and earlier[0].payload_digest == payload):
            return earlier
        return archive.captures.same_payload(source_id, payload) or earlier

    def _met(self, archive: Archive, source_id: str) -> set[str]:
        """Beginnings of the digests of a source's payloads, so that the archive is asked only where it will know."""
        if source_id not in self._payloads:
            self._payloads[source_id] = {payload[:_TELLING] for payload in archive.captures.payloads(source_id)}
        return self._payloads[source_id]

    def write_down(self, source: Source, column: str, verdict: Verdict, capture: Capture) -> None:
        """What a list page, or the contents of an issue, led to, in one go: an opened sweep and the pages to fetch are
        remembered together."""
        if self.archive is None:
            return
        with self.halting(), self.archive.batch():
            if verdict.opened:
                self.archive.set_sweep(source.id, column, False)
            if verdict.seeds:
                self.archive.enqueue(source.id, verdict.seeds)
            for seed in verdict.sighted:
                self._sight(source, seed, column, capture)
            if verdict.closed:
                self.archive.set_sweep(source.id, column, True)

    def unchanged(self, source: Source, seed: Seed, capture: Capture, record: RecordRef | None) -> None:
        """A known page that the server says is as it was (304)."""
        if self.archive:
            with self.halting(), self.archive.batch():
                self._sight(source, seed, seed.column, capture, record)
                self.archive.dequeue(source.id, seed.url)

    def _sight(
        self, source: Source, seed: Seed, column: str, capture: Capture, record: RecordRef | None = None
    ) -> None:
        if self.archive:
            self.archive.sight(
                source.id,
                seed.url,
                column,
                seen_at=capture.fetched_at,
                record=record,
                listed_title=seed.listed_title,
                listed_date=seed.listed_date,
            )

    def done_with(self, source: Source, seed: Seed) -> None:
        """A page that will not become a bulletin waits no longer."""
        if self.archive:
            with self.halting():
                self.archive.dequeue(source.id, seed.url)

    @contextmanager
    def halting(self) -> Iterator[None]:
        """What cannot be written ends the crawl: to go on would lose what comes."""
        try:
            yield
        except GongbaoError as error:
            self._halt(error)
            raise

    def deposit(self, reading: Reading) -> Deposit | None:
        """Take a reading in and forget its seed; None in a dry run."""
        if self.archive is None:
            return None
        first, seed = reading.captures[0], reading.seed
        with self.halting():
            return self.archive.deposit(
                reading.walk.source,
                seed.column,
                seed.url,
                reading.harvest,
                fetched_at=first.fetched_at,
                payload_digest=reading.payload_digest,
                record=reading.record,
                etag=first.header("ETag"),
                last_modified=first.header("Last-Modified"),
                listed_title=seed.listed_title,
                listed_date=seed.listed_date,
            )


class DepositPipeline:
    """The last step of an article."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        reading: Reading = item
        walk, seed = reading.walk, reading.seed
        spider: Any = self._crawler.spider
        try:
            spider.follow(walk, seed, reading.captures[0], reading.harvest)
            made: Deposit | None = spider.holdings.deposit(reading)
            outcome = made.outcome if made else ""
            walk.counts[outcome] += not (outcome == "unchanged" and reading.sighted)
            if made and made.alias:
                walk.frontier.read(seed.url, made.document_id)
            spider.restyling.deposited(reading, outcome)
            walk.tell("deposited", url=seed.url, outcome=outcome, title=reading.harvest.title or seed.listed_title)
        finally:
            spider.landed(walk)
        return item
