"""What has disappeared at its source: ask again for what may have, and show what has, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bulletin.run import Run
from crawler.run import crawl as crawl_sources
from desk.tasks.indexing import update_index
from desk.tasks.sealing import seal_home
from desk.tasks.sources import chosen_sources
from desk.wiring import Home


def probe_suspected(
    home: Home, sources: Sequence[str] = (), *, now: datetime | None = None, on_event: Any = None
) -> list[Run]:
    """Asks for the bulletins that may have been withdrawn and are due for a further probe, of the named sources or of
    all that may be crawled; one Run for each source that has any. LockedError where one is being crawled."""
    waiting = set(home.archive.ledger.sources_due(now or datetime.now(UTC)))
    if not waiting:
        return []
    chosen = [source for source in chosen_sources(home, sources) if source.id in waiting]
    if not chosen:
        return []
    runs = crawl_sources(chosen, home.settings, probe=True, now=now, trigger="probe", on_event=on_event)
    update_index(home)
    seal_home(home, now)
    return runs
