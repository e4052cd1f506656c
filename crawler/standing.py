"""Tells the ledger what a crawl meets, or misses, of bulletins that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bulletin.capture import Capture, RecordRef
from bulletin.document import Known
from bulletin.harvest import Harvest
from bulletin.ids import digest
from bulletin.ledger import ABSENT, DELISTED, LISTED, REACHABLE, RETURNED, WITHDRAWN, Movement, Probed
from bulletin.source import Seed
from crawler.answers import UnfitError
from crawler.clock import Clock
from crawler.depositing import Holdings
from crawler.disappearing import finding_of, replaced
from crawler.troubles import Trouble
from crawler.walking import Walk


class Standings:
    """What is told is kept at once. In a dry run nothing is."""

    def __init__(self, holdings: Holdings, clock: Clock) -> None:
        self._holdings = holdings
        self._clock = clock

    def same_paper(self, walk: Walk, known: Known | None, harvest: Harvest, capture: Capture) -> None:
        """Raises UnfitError where a known address now carries another paper: that is no revision of the old one."""
        archive = self._holdings.archive
        if known is None or archive is None or digest(capture.payload) == known.payload_digest:
            return
        kept = archive.revision(known.document_id)
        trouble = replaced(kept.harvest, harvest) if kept else None
        if trouble:
            raise UnfitError(trouble)

    def reached(self, walk: Walk, known: Known | None, seed: Seed, capture: Capture, record: RecordRef | None) -> None:
        """A known bulletin was answered properly."""
        if known and (known.in_question or known.missing or known.status != LISTED):
            told = Probed(seed.url, capture.fetched_at, REACHABLE, capture.status, record=record)
            self._tell(walk, told)

    def troubled(self, walk: Walk, known: Known | None, seed: Seed, trouble: Trouble, meta: dict[str, Any]) -> None:
        """A known bulletin was asked for and something else came, or nothing. While nothing at all could be had of the
        site, an answer that would mean its absence does not count."""
        finding = finding_of(trouble)
        if known is None or finding is None:
            return
        capture: Capture | None = meta.get("capture")
        alive = any(walk.counts[name] for name in ("lists", "new", "changed", "unchanged"))
        doubtful = finding in ABSENT and not alive
        told = Probed(
            seed.url,
            capture.fetched_at if capture else self._clock(),
            finding,
            capture.status if capture else 0,
            trouble.code,
            trouble.words + ("; nothing else could be had of the site" if doubtful else ""),
            not doubtful,
            # Where the address redirects, the evidence is its own capture, not that of where it led.
            None if meta.get("hops") else meta.get("record"),
        )
        self._tell(walk, told)

    def compare(self, walk: Walk) -> None:
        """All is read: what the lists show no more is missing."""
        gone = walk.frontier.compare()
        archive = self._holdings.archive
        if gone and archive:
            with self._holdings.halting():
                moved = archive.ledger.missed(walk.source.id, gone, self._clock())
            if moved:
                walk.note(f"{len(moved)} bulletins are no longer in their lists")

    def relisted(self, walk: Walk, documents: tuple[str, ...], at: datetime) -> None:
        """What was missing from its list is shown again."""
        archive = self._holdings.archive
        if documents and archive:
            with self._holdings.halting():
                archive.ledger.shown(walk.source.id, documents, at)

    def _tell(self, walk: Walk, told: Probed) -> None:
        archive = self._holdings.archive
        if archive is None:
            return
        with self._holdings.halting():
            moved = archive.ledger.probed(walk.source.id, told)
        if moved:
            self._announce(walk, told, moved)

    def _announce(self, walk: Walk, told: Probed, moved: Movement) -> None:
        if moved.event == WITHDRAWN:
            walk.counts["withdrawn"] += 1
        if moved.event in (WITHDRAWN, RETURNED):
            walk.note(f"{moved.event}: {told.url}")
        if moved.event != DELISTED:
            walk.tell("standing", url=told.url, document=moved.document_id, before=moved.before, after=moved.after)
