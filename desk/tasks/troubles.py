"""What is wrong with a home now, as far as somebody must be told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bulletin.alert import Matter
from bulletin.run import Run
from bulletin.source import Source
from desk.health.words import is_trouble, reasons
from desk.tasks.signs import LOW_DISK, OLD_BACKUP, last_backup, last_verification, worker_of
from desk.wiring import Home

#: Crawls of a source that failed one after the other before somebody is told.
_IN_A_ROW: Final = 2
_LATELY: Final = timedelta(days=3)
_DAY: Final = timedelta(days=1)


def matters_of(home: Home, now: datetime) -> list[Matter]:
    """Everything that is wrong. Quick: a few questions, whatever the number of sources."""
    sources = {source.id: source for source in home.archive.sources() if not source.paused}
    called = list(_called(home, sources))
    failing = _failing(home, sources, {matter.source_id for matter in called}, now)
    return [*called, *failing, *failed_chores(home, now), *_machine(home, now)]


def unwatched(home: Home) -> set[str]:
    """Sources of open alerts that are paused or gone."""
    watched = {source.id for source in home.archive.sources() if not source.paused}
    return {alert.matter.source_id for alert in home.archive.alerts.open()} - watched - {""}


def _called(home: Home, sources: dict[str, Source]) -> Iterator[Matter]:
    for source_id, condition in home.archive.vitals.conditions_now().items():
        source = sources.get(source_id)
        if source and is_trouble(condition.findings):
            yield Matter(source_id, "source", condition.word, reasons(condition.findings), source.name)


def _failing(home: Home, sources: dict[str, Source], called: set[str], now: datetime) -> Iterator[Matter]:
    """Sources whose last crawls failed, unless their word says why."""
    for source_id, kind in _failed_lately(home, now):
        if source_id in sources and source_id not in called:
            row = _begun(home, source_id, kind)[:_IN_A_ROW]
            if len(row) == _IN_A_ROW and all(run.outcome == "failed" for run in row):
                yield Matter(source_id, "runs", "failing", row[0].reason, sources[source_id].name)


def failed_chores(home: Home, now: datetime) -> Iterator[Matter]:
    """Chores whose last run failed. Faults that a verification found are told as faults."""
    checked = last_verification(home)
    for source_id, kind in _failed_lately(home, now):
        told_as_faults = kind == "verify" and checked and checked.faults
        if source_id or told_as_faults:
            continue
        latest = next(iter(_begun(home, "", kind)), None)
        if latest and latest.outcome == "failed":
            yield Matter("", "chore", kind, f"{kind}: {latest.reason}")


def _failed_lately(home: Home, now: datetime) -> list[tuple[str, str]]:
    """Source and kind of runs that failed."""
    failed = home.archive.timetable.runs(outcomes=("failed",), since=now - _LATELY)
    return list(dict.fromkeys((run.source_id, run.kind) for run in failed))


def _begun(home: Home, source_id: str, kind: str) -> list[Run]:
    found = home.archive.timetable.runs(source_id=source_id, kinds=(kind,), limit=10)
    return [run for run in found if run.begun and run.over and run.outcome != "interrupted"]


def _machine(home: Home, now: datetime) -> Iterator[Matter]:
    free = shutil.disk_usage(home.settings.home).free
    if free < LOW_DISK:
        yield Matter("", "disk", "low", f"{free // 1_000_000} MB", grave=True)
    checked = last_verification(home)
    if checked and checked.faults:
        yield Matter("", "fixity", "faults", f"{checked.faults}: gongbao verify", grave=True)
    schedules = home.archive.timetable.schedules()
    worker = worker_of(home, schedules, now)
    if worker.state == "stopped":
        yield Matter("", "worker", "stopped", f"{worker.seen_at:%Y-%m-%d %H:%M}Z" if worker.seen_at else "")
    saved_at, begun_at = last_backup(home), home.archive.vitals.begun_at()
    since = saved_at or begun_at
    if since and now - since > OLD_BACKUP:
        words = f"{saved_at:%Y-%m-%d}" if saved_at else "从未备份 never made"
        yield Matter("", "backup", "old", f"{words}: gongbao backup PATH")
    yield from missed_runs(home, now)


def missed_runs(home: Home, now: datetime) -> Iterator[Matter]:
    """Runs of the last day that did not happen because no worker was there, or none was free."""
    missed = home.archive.timetable.runs(outcomes=("missed",), since=now - _DAY)
    if missed:
        named = ", ".join(list(dict.fromkeys(run.source_id or run.kind for run in missed))[:10])
        yield Matter("", "missed", "missed", f"{len(missed)} / 24 h: {named}")
