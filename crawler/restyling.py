"""Did a source change its template? Many known pages came with other mark-up around the same content.

Payloads alone say little: counters and boxes of latest news change many pages at every visit. So the marks of a page
(tags, classes, ids) are compared with those of its capture before.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bulletin.capture import Capture, RecordRef
from bulletin.errors import GongbaoError
from bulletin.ledger import TEMPLATE_CHANGED, SourceEvent
from crawler.answers import page_of
from crawler.clock import Clock
from crawler.depositing import Holdings, Reading
from crawler.sketches import Sketch, likeness, sketch_of
from crawler.troubles import capture_is_html
from crawler.walking import Walk

log: Final = logging.getLogger(__name__)

#: Share of marks below which a page has another template than before. The same page without its template's change
#: keeps 0.95 and more, a redesigned one less than half.
_SAME_PAGE: Final = 0.8
#: Share of marks above which another page shows a template that was announced already: bodies bring marks of their own.
_SAME_TEMPLATE: Final = 0.6
#: So many pages at least, and half of those that could be compared, make an event.
_FEWEST: Final = 3
_SHARE: Final = 0.5
#: Pages of one crawl that are compared by their marks; each costs a read of the vault and two parsings.
_MOST: Final = 40


@dataclass(slots=True)
class _Compared:
    """One source's known pages of this crawl."""

    same: int = 0  # as they were, or with the same marks
    restyled: list[tuple[str, float]] = field(default_factory=list)
    sketches: dict[str, Sketch] = field(default_factory=dict)  # by column
    announced: list[Sketch] | None = None

    @property
    def asked(self) -> int:
        return self.same + len(self.restyled)


class Restyling:
    """Watches the sources of one crawl."""

    def __init__(self, holdings: Holdings, clock: Clock) -> None:
        self._holdings = holdings
        self._clock = clock
        self._seen: defaultdict[str, _Compared] = defaultdict(_Compared)

    def same(self, walk: Walk) -> None:
        """A known page is byte for byte what it was."""
        self._seen[walk.source.id].same += 1

    def deposited(self, reading: Reading, outcome: str) -> None:
        """A known page was read and taken in."""
        known, seen = reading.known, self._seen[reading.walk.source.id]
        if known is None or outcome != "unchanged" or self._holdings.archive is None:
            return
        if reading.payload_digest == known.payload_digest:
            seen.same += 1
        elif reading.record and len(seen.restyled) < _MOST and seen.same < 10 * _MOST:
            self._compare(seen, reading, reading.record)

    def conclude(self, walk: Walk) -> None:
        """The crawl of a source is over: one event, if its template changed."""
        seen = self._seen.pop(walk.source.id, _Compared())
        count, archive = len(seen.restyled), self._holdings.archive
        if archive is None or count < _FEWEST or count < seen.asked * _SHARE:
            return
        note = f"{count} of {seen.asked} known pages came in another template, with the same content"
        details = {
            "pages": count,
            "compared": seen.asked,
            "likeness": round(sum(score for _, score in seen.restyled) / count, 3),
            "urls": [url for url, _ in seen.restyled[:5]],
            "sketches": {column: list(sketch) for column, sketch in seen.sketches.items()},
        }
        with self._holdings.halting():
            archive.ledger.happened(SourceEvent(walk.source.id, self._clock(), TEMPLATE_CHANGED, note, details))
        walk.note(f"{TEMPLATE_CHANGED}: {note}")

    def _compare(self, seen: _Compared, reading: Reading, record: RecordRef) -> None:
        before = self._before(reading, record)
        if before is None:
            return
        after = reading.captures[0]
        score, sketch = likeness(sketch_of(page_of(before)), now := sketch_of(page_of(after))), now
        if score >= _SAME_PAGE or self._is_announced(seen, reading.walk.source.id, sketch):
            seen.same += 1
            return
        seen.restyled.append((reading.seed.url, score))
        seen.sketches.setdefault(reading.seed.column, sketch)

    def _before(self, reading: Reading, record: RecordRef) -> Capture | None:
        """The capture before this one; None where there is none, or it is no page."""
        archive, vault = self._holdings.archive, self._holdings.vault
        if archive is None or vault is None or not capture_is_html(reading.captures[0]):
            return None
        kept = archive.ledger.capture_before(reading.walk.source.id, reading.captures[0].url, record)
        try:
            return vault.read(kept) if kept else None
        except GongbaoError as error:
            log.warning("%s cannot be compared with its earlier capture: %s", reading.seed.url, error)
            return None

    def _is_announced(self, seen: _Compared, source_id: str, sketch: Sketch) -> bool:
        """Whether the last event of the source speaks of this template: pages are met again over many crawls."""
        if seen.announced is None:
            archive = self._holdings.archive
            told = archive.ledger.events(source_id, kind=TEMPLATE_CHANGED)[:1] if archive else []
            seen.announced = [sketch for event in told for sketch in _sketches(event.details)]
        return any(likeness(sketch, one) >= _SAME_TEMPLATE for one in seen.announced)


def _sketches(details: Mapping[str, Any]) -> list[Sketch]:
    return [tuple(sketch) for sketch in dict(details.get("sketches", {})).values()]
