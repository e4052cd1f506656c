"""What an archivist must know today."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bulletin.errors import DiskFullError, GongbaoError, IntegrityError
from bulletin.ledger import WITHDRAWN
from bulletin.run import Run, Schedule
from bulletin.source import Source
from bulletin.vitals import Condition
from desk.health.words import is_trouble, reasons, said
from desk.tasks.alerting import stuck_channels
from desk.tasks.indexing import IndexStatus, index_status
from desk.tasks.signs import (
    LOW_DISK,
    OLD_BACKUP,
    Checked,
    WorkerState,
    last_backup,
    last_verification,
    worker_of,
)
from desk.tasks.sizes import bytes_in
from desk.tasks.troubles import failed_chores, missed_runs
from desk.wiring import Home

_WEEK: Final = timedelta(7)
_LATELY: Final = timedelta(30)
_OLD_VERIFY: Final = timedelta(35)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source: its word with the reasons (None: it was never looked at), its latest run, when one last went through,
    when the next is due, pages that wait, bulletins new this week and withdrawn within thirty days."""

    source: Source
    condition: Condition | None
    last_run: Run | None
    last_done: datetime | None
    next_due_at: datetime | None = None
    pending: int = 0
    fresh: int = 0
    withdrawn: int = 0

    @property
    def word(self) -> str:
        """The word of the source, "" where nothing is known."""
        return "" if self.condition is None else self.condition.word

    @property
    def troubled(self) -> bool:
        """Whether somebody should look at it. A site that had ended before it was first crawled is none's trouble."""
        return self.condition is not None and not self.source.paused and is_trouble(self.condition.findings)


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a home. `attention` names what somebody should do something about; empty is good."""

    home: Path
    at: datetime
    counts: dict[str, int]
    sources: tuple[SourceHealth, ...]
    worker: WorkerState
    index: IndexStatus | None
    verified: Checked | None
    backed_up_at: datetime | None
    begun_at: datetime | None  # when the first capture was made
    vault_bytes: int
    free_bytes: int
    attention: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0, or what is gravest: 8 the disk is nearly full, 7 the last verification found faults, 1 the worker has
        stopped, 5 every source is blocked, 4 a source is in trouble."""
        if self.free_bytes < LOW_DISK:
            return DiskFullError.exit_code
        if self.verified and self.verified.faults:
            return IntegrityError.exit_code
        if self.worker.state == "stopped":
            return 1
        kept = [health for health in self.sources if not health.source.paused]
        if kept and all(health.word == "blocked" for health in kept):
            return 5
        return 4 if any(health.troubled for health in kept) else 0


def status_of(home: Home, now: datetime | None = None) -> Status:
    """One look at sources, worker, archive, index, copies and disk."""
    now = now or datetime.now(UTC)
    schedules = home.archive.timetable.schedules()
    sources = _sources(home, schedules, now)
    counts = home.archive.counts()
    index, trouble = _index(home)
    found = Status(
        home.settings.home,
        now,
        counts,
        sources,
        worker_of(home, schedules, now),
        index,
        last_verification(home),
        last_backup(home),
        home.archive.vitals.begun_at(),
        bytes_in(home.settings.vault_path, "*.warc*"),
        shutil.disk_usage(home.settings.home).free,
        (),
    )
    trouble = trouble if counts["documents"] else []  # an archive with nothing in it needs no index
    return replace(found, attention=(*trouble, *_attention(found), *_undone(home, now), *_stuck(home)))


def _sources(home: Home, schedules: Sequence[Schedule], now: datetime) -> tuple[SourceHealth, ...]:
    vitals, ledger = home.archive.vitals, home.archive.ledger
    waiting, fresh = vitals.waiting(), vitals.fresh(now - _WEEK)
    found = []
    for source in home.archive.sources():
        runs = [run for run in home.archive.runs(source.id, 20) if run.begun]
        done = next((run.ended_at for run in runs if run.outcome == "done"), None)
        gone = ledger.movements_since((WITHDRAWN,), sources=(source.id,), since=now - _LATELY)
        found.append(
            SourceHealth(
                source,
                vitals.condition(source.id),
                runs[0] if runs else None,
                done,
                _next_due(source, schedules),
                waiting.get(source.id, 0),
                fresh.get(source.id, 0),
                len(gone),
            )
        )
    return tuple(found)


def _next_due(source: Source, schedules: Sequence[Schedule]) -> datetime | None:
    due = [
        schedule.next_due_at
        for schedule in schedules
        if schedule.kind == "crawl" and not schedule.paused and schedule.next_due_at
        if source.id in schedule.sources or (not schedule.sources and source.verified)
    ]
    return None if source.paused else min(due, default=None)


def _index(home: Home) -> tuple[IndexStatus | None, list[str]]:
    try:
        index = index_status(home)
    except GongbaoError as error:
        return None, [f"the index: {error.message} {error.advice}"]
    trouble = [f"the index is {index.lag} changes behind: gongbao index update"] if index.lag else []
    if index.needs_rebuild:
        trouble.append(f"the index: {index.needs_rebuild}: gongbao index rebuild")
    return index, trouble


def _undone(home: Home, now: datetime) -> Iterator[str]:
    """Chores that failed, and runs nobody was there for."""
    for matter in failed_chores(home, now):
        yield f"{matter.reason}: gongbao runs list --kind {matter.word}"
    for matter in missed_runs(home, now):
        yield f"runs were missed, {matter.reason}: gongbao runs list --outcome missed"


def _stuck(home: Home) -> Iterator[str]:
    """Channels by which nobody is told what they should be."""
    for stuck in stuck_channels(home):
        waits = f"{stuck.count} wait since {stuck.since:%Y-%m-%d %H:%M}Z"
        yield f"alerts: {stuck.channel} takes nothing, {waits}: {stuck.trouble}: gongbao alerts test"


def _attention(found: Status) -> Iterator[str]:
    if found.worker.state == "stopped":
        since = f" since {found.worker.seen_at:%Y-%m-%d %H:%M}Z" if found.worker.seen_at else ""
        yield f"the worker has given no sign of life{since}: gongbao worker"
    for health in found.sources:
        name, run = health.source.id, health.last_run
        if health.condition and health.troubled:
            since = f"{health.condition.since:%Y-%m-%d}"
            yield f"{name}: {said(health.word)} since {since}: {reasons(health.condition.findings)}"
        elif run and run.outcome in ("failed", "blocked", "interrupted", "partly") and not health.source.paused:
            yield f"{name}: the last crawl ended {run.outcome} {run.reason}".rstrip()
        if health.withdrawn:
            yield f"{name}: {health.withdrawn} bulletins were withdrawn within 30 days: gongbao withdrawn"
    if found.verified and found.verified.faults:
        yield f"the last verification found {found.verified.faults} faults: gongbao verify"
    elif words := _overdue(found.verified.at if found.verified else None, found, _OLD_VERIFY):
        yield f"last verified: {words}: gongbao verify"
    if words := _overdue(found.backed_up_at, found, OLD_BACKUP):
        yield f"last backup: {words}: gongbao backup PATH"
    if found.free_bytes < LOW_DISK:
        yield f"only {found.free_bytes // 1_000_000} MB of disk are free"


def _overdue(moment: datetime | None, found: Status, most: timedelta) -> str:
    """How long ago something was done that should have been done since; "" where it need not."""
    last = moment or found.begun_at
    if last is None or found.at - last <= most:
        return ""
    return f"{(found.at - moment).days} days ago" if moment else "never"
