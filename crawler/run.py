"""Start and stop a crawl for the floor above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bulletin.config import Settings
from bulletin.run import Run
from bulletin.source import Source

#: One thing that happened in a crawl: `event` names it (started, would_fetch, fetched, deposited, problem, progress,
#: finished), the other keys depend on it.
Event = dict[str, Any]


def crawl(
    sources: Sequence[Source],
    settings: Settings,
    *,
    columns: Sequence[str] = (),
    since: date | None = None,
    limit: int = 0,
    full: bool = False,
    dry_run: bool = False,
    trigger: str = "manual",
    on_event: Callable[[Event], None] | None = None,
) -> list[Run]:
    """Crawl `sources` side by side; one Run each, in their order, when all have ended."""
    raise NotImplementedError
