"""Fetch what is new, and let the index follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bulletin.errors import UsageError
from bulletin.run import Run, Scope
from crawler.run import check_columns
from crawler.run import crawl as crawl_sources
from desk.tasks.indexing import update_index
from desk.tasks.running import begun_by_hand, carry_out
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
    trigger: str = "hand",
    on_event: OnEvent | None = None,
) -> Crawled:
    """Crawls the named sources, or all that may be, at once. A dry run fetches lists only and changes nothing.
    LockedError names the run that is at work on one of them already."""
    sources = chosen_sources(home, ids)
    if not sources:
        raise UsageError(
            "There is no source to crawl in this home.",
            "`gongbao source add FILE` keeps one; paused and unverified ones are crawled only when named.",
        )
    if dry_run:
        seen = crawl_sources(
            sources,
            home.settings,
            columns=columns,
            since=since,
            limit=limit,
            full=full,
            dry_run=True,
            on_event=on_event,
        )
        return Crawled(tuple(seen), 0)
    check_columns(sources, columns)
    with begun_by_hand(home, sources, Scope(tuple(columns), since, limit, full), trigger) as begun:
        runs = carry_out(home, begun, sources, on_event=on_event)
    return Crawled(tuple(runs), follow_up(home))


def follow_up(home: Home) -> int:
    """Let index and seals follow what a crawl brought; how many bulletins the index learnt of."""
    indexed = update_index(home)
    seal_home(home)
    return indexed


def exit_code(runs: Sequence[Run]) -> int:
    """0 done, 4 some source failed, 5 blocked by every site asked, 130 interrupted."""
    outcomes = [run.outcome for run in runs]
    if "interrupted" in outcomes:
        return 130
    if outcomes and all(outcome == "blocked" for outcome in outcomes):
        return 5
    return 4 if any(outcome in ("partly", "failed", "blocked") for outcome in outcomes) else 0
