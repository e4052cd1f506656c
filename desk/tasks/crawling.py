"""Fetch what is new, and let the index follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bulletin.errors import UsageError
from bulletin.run import Run
from crawler.run import crawl as crawl_sources
from desk.tasks.health import check_sources
from desk.tasks.indexing import update_index
from desk.tasks.sealing import seal_home
from desk.tasks.sources import chosen_sources
from desk.wiring import Home

OnEvent = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Crawled:
    """The runs of one crawl, and how many bulletins the index learnt of."""

    runs: tuple[Run, ...]
    indexed: int


def crawl(
    home: Home,
    ids: Sequence[str] = (),
    *,
    columns: Sequence[str] = (),
    since: date | None = None,
    limit: int = 0,
    full: bool = False,
    dry_run: bool = False,
    on_event: OnEvent | None = None,
) -> Crawled:
    """Crawls the named sources, or all that may be. A dry run fetches lists only and changes nothing."""
    sources = chosen_sources(home, ids)
    if not sources:
        raise UsageError(
            "There is no source to crawl in this home.",
            "`gongbao source add FILE` keeps one; paused and unverified ones are crawled only when named.",
        )
    runs = crawl_sources(
        sources,
        home.settings,
        columns=columns,
        since=since,
        limit=limit,
        full=full,
        dry_run=dry_run,
        on_event=on_event,
    )
    if dry_run:
        return Crawled(tuple(runs), 0)
    check_sources(home, runs)
    crawled = Crawled(tuple(runs), update_index(home))
    seal_home(home)
    return crawled


def exit_code(runs: Sequence[Run]) -> int:
    """0 done, 4 some source failed, 5 blocked by every site asked, 130 interrupted."""
    outcomes = [run.outcome for run in runs]
    if "interrupted" in outcomes:
        return 130
    if outcomes and all(outcome == "blocked" for outcome in outcomes):
        return 5
    return 4 if any(outcome in ("partly", "failed", "blocked") for outcome in outcomes) else 0
