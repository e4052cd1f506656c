"""Bring the index up to date, build it anew, say how far it lags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desk.wiring import Home

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`lag` counts the changes of the archive that the index has not learnt yet; `needs_rebuild` says why it must be
    made anew, or is empty."""

    url: str
    entries: int
    checkpoint: int
    last_change: int
    stamp: str
    needs_rebuild: str

    @property
    def lag(self) -> int:
        return max(0, self.last_change - self.checkpoint)


def update_index(home: Home, on_progress: OnProgress | None = None) -> int:
    """Lets the index learn what changed since its checkpoint; the number of bulletins written. An index made by other
    rules (schema, lexicon, analyser) is built anew."""
    from search import catch_up, needs_rebuild

    index = home.index()
    try:
        stale = index.count() and needs_rebuild(index.stamp(), home.lexicon)
        if stale:
            index.close()
            return rebuild_index(home, on_progress)
        changes = home.archive.changes
        return catch_up(
            index, lambda after: changes(after=after), batch=home.settings.index.batch, on_progress=on_progress
        )
    finally:
        index.close()


def rebuild_index(home: Home, on_progress: OnProgress | None = None) -> int:
    """Builds a new index beside the old one and switches to it; searches go on meanwhile."""
    from search import rebuild

    changes = home.archive.changes
    return rebuild(
        home.settings.index_url,
        lambda after: changes(after=after),
        batch=home.settings.index.batch,
        lexicon=home.lexicon,
        on_progress=on_progress,
    )


def index_status(home: Home) -> IndexStatus:
    """What a search would be answered from now; it does not wait for a writer at work."""
    from search import needs_rebuild

    with home.searcher() as index:
        return IndexStatus(
            url=home.settings.index_url,
            entries=index.count(),
            checkpoint=index.checkpoint(),
            last_change=home.archive.last_seq(),
            stamp=index.stamp(),
            needs_rebuild=needs_rebuild(index.stamp(), home.lexicon),
        )
