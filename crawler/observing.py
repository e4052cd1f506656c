"""What a crawl notices of each column while it reads it: counts from which it is told later whether a site still
publishes, and still looks, as it used to. Pure.

Observing never costs a bulletin: whatever goes wrong here is logged and forgotten.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, Final

from bulletin.capture import Capture
from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from bulletin.text.garbled import garbled
from bulletin.vitals import Observed
from crawler.answers import family_of, page_of
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.family import Listing
from crawler.sketches import Sketch, sketch_of
from crawler.troubles import Trouble, capture_is_html

log: Final = logging.getLogger(__name__)

#: Bulletins of a column that are looked at as pages, beside what was read of them: parsing costs a few milliseconds.
LOOKED_AT: Final = 2
#: Lengths of bodies that are remembered of a column.
LENGTHS: Final = 100
_FAILED: Final = re.compile(r"^no answer for robots\.txt|answered with 50[0234]\b")
_COUNTED: Final = "pages rows pairs rising damaged_rows read unnumbered undated damaged".split()
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class _Column:
    """One column so far."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    lengths: list[int] = field(default_factory=list)
    likeness: float | None = None
    pages_likeness: list[float] = field(default_factory=list)
    layout: Sketch = ()
    pages_layout: Sketch = ()
    list_trouble: str = ""
    list_words: str = ""
    newest_on: str = ""
    says_empty: bool = False


class Observer:
    """Watches one source for the length of one crawl."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._columns: defaultdict[str, _Column] = defaultdict(_Column)
        self._codes: defaultdict[str, set[str]] = defaultdict(set)

    def listed(self, column: Column, page: Page, listing: Listing) -> None:
        """A page of a column's list was read."""
        with _unharmed():
            seen = self._columns[column.id]
            seen.counts.update(_counts_of(listing.rows))
            seen.newest_on = max([seen.newest_on, *(row.date[:10] for row in listing.rows if not row.pinned)])
            if seen.counts["pages"] == 1:
                seen.likeness = family_of(self._source, column).resemblance(page).score
                seen.layout = sketch_of(page)
            if not seen.counts["rows"]:  # a shell may be asked first, and say nothing
                seen.says_empty = seen.says_empty or listing.total == 0 or says_empty(outline_of(page.root))
            self._take_code(column.id, page)

    def list_broke_off(self, column_id: str, trouble: Trouble) -> None:
        """A page of a list could not be had, or not be gone on from. Where robots.txt failed because the site did, it
        is the site's failure and no refusal."""
        failed = trouble.code == "robots_unknown" and _FAILED.search(trouble.words)
        self._columns[column_id].list_trouble = "robots_failed" if failed else trouble.code
        self._columns[column_id].list_words = trouble.words

    def read(self, column_id: str, harvest: Harvest, capture: Capture) -> None:
        """A bulletin was read from this capture."""
        with _unharmed():
            seen = self._columns[column_id]
            shown = dict(harvest.evidence).get("published_on")
            seen.counts["read"] += 1
            seen.counts["unnumbered"] += not (harvest.number or harvest.number_raw)
            seen.counts["undated"] += harvest.published_on is None or (shown is not None and shown.origin == "row")
            seen.counts["damaged"] += garbled(harvest.text) or garbled(harvest.title or "")
            if len(seen.lengths) < LENGTHS and not harvest.attachments:
                seen.lengths.append(len(harvest.text))
            if len(seen.pages_likeness) < LOOKED_AT and capture_is_html(capture):
                self._look(column_id, seen, page_of(capture))

    def failed(self, column_id: str, code: str) -> None:
        """A bulletin could not be had, or not be read."""
        self._columns[column_id].troubles[code] += 1

    def observed(self) -> Iterator[Observed]:
        """What was noticed of every column that was met."""
        for name, seen in self._columns.items():
            scores = seen.pages_likeness
            yield Observed(
                name,
                **{key: seen.counts[key] for key in _COUNTED},
                lengths=tuple(seen.lengths),
                likeness=seen.likeness,
                pages_likeness=max(scores) if scores else None,
                layout=seen.layout,
                pages_layout=seen.pages_layout,
                list_trouble=seen.list_trouble,
                list_words=seen.list_words[:300],
                troubles=tuple(sorted(seen.troubles.items())),
                site_codes=tuple(sorted(self._codes[name])),
                newest_on=seen.newest_on,
                says_empty=seen.says_empty,
            )

    def record(self) -> list[dict[str, Any]]:
        """The same as JSON objects."""
        return [asdict(observed) for observed in self.observed()]

    def _look(self, column_id: str, seen: _Column, page: Page) -> None:
        family = family_of(self._source, self._source.column(column_id))
        seen.pages_likeness.append(family.resemblance(page).score)
        seen.pages_layout = seen.pages_layout or sketch_of(page)
        self._take_code(column_id, page)

    def _take_code(self, column_id: str, page: Page) -> None:
        if code := page.meta.get("siteidcode", "").strip().lower():
            self._codes[column_id].add(code[:40])


def _counts_of(rows: tuple[Row, ...]) -> dict[str, int]:
    """Rows held on top stand out of order by design; a date that is only a month cannot be compared."""
    dates = [row.date[:10] for row in rows if not row.pinned and _DATE.match(row.date)]
    return {
        "pages": 1,
        "rows": len(rows),
        "pairs": max(0, len(dates) - 1),
        "rising": sum(before < after for before, after in pairwise(dates)),
        "damaged_rows": sum(garbled(row.title) for row in rows),
    }


@contextmanager
def _unharmed() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.warning("an observation failed", exc_info=True)
