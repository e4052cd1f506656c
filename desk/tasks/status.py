"""What an archivist must know today."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bulletin.errors import GongbaoError
from bulletin.run import Run
from bulletin.source import Source
from desk.tasks.indexing import IndexStatus, index_status
from desk.wiring import Home

#: Below this much free disk a crawl may not end well.
LOW_DISK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source, its latest run, and when a run of it last went through."""

    source: Source
    last_run: Run | None
    last_done: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a home. `attention` names what somebody should do something about; empty is good."""

    home: Path
    counts: dict[str, int]
    sources: tuple[SourceHealth, ...]
    index: IndexStatus | None
    vault_bytes: int
    free_bytes: int
    attention: tuple[str, ...]


def status_of(home: Home) -> Status:
    """One look at sources, archive, index and disk."""
    attention: list[str] = []
    index: IndexStatus | None = None
    try:
        index = index_status(home)
        if index.lag:
            attention.append(f"the index is {index.lag} changes behind: gongbao index update")
        if index.needs_rebuild:
            attention.append(f"the index: {index.needs_rebuild}: gongbao index rebuild")
    except GongbaoError as error:
        attention.append(f"the index: {error.message} {error.advice}")
    sources = tuple(_health(home, source) for source in home.archive.sources())
    for health in sources:
        run = health.last_run
        if run and run.outcome in ("partly", "failed", "blocked", "interrupted"):
            attention.append(f"{health.source.id}: the last crawl ended {run.outcome} {run.reason}".rstrip())
    free = shutil.disk_usage(home.settings.home).free
    if free < LOW_DISK:
        attention.append(f"only {free // 1_000_000} MB of disk are free")
    vault = home.settings.vault_path
    kept = sum(f.stat().st_size for f in vault.glob("*.warc*")) if vault.is_dir() else 0
    return Status(home.settings.home, home.archive.counts(), sources, index, kept, free, tuple(attention))


def _health(home: Home, source: Source) -> SourceHealth:
    runs = home.archive.runs(source.id, 20)
    done = next((run.ended_at for run in runs if run.outcome == "done"), None)
    return SourceHealth(source, runs[0] if runs else None, done)
