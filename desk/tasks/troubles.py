"""What is wrong with a home now, as far as somebody must be told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bulletin.alert import Matter
from bulletin.run import Run
from bulletin.source import Source
from desk.tasks.status import (
    LOW_DISK,
    OLD_BACKUP,
    SourceHealth,
    last_backup,
    last_verification,
    reason_of,
    worker_of,
)
from desk.wiring import Home

#: Crawls of a source that failed one after the other before somebody is told.
_IN_A_ROW: Final = 2
_LATELY: Final = timedelta(days=3)
_DAY: Final = timedelta(days=1)


def matters_of(home: Home, now: datetime) -> list[Matter]:
    """Everything that is wrong. Quick: a few questions, whatever the number of sources."""
    sources = {source.id: source for source in home.archive.sources() if not source.paused}
    called = list(_called(home, sources))
    return [*called, *_failing(home, sources, {matter.source_id for matter in called}, now), *_machine(home, now)]


def unwatched(home: Home) -> set[str]:
    """Sources of open alerts that are paused or gone."""
    watched = {source.id for source in home.archive.sources() if not source.paused}
    return {alert.matter.source_id for alert in home.archive.alerts.open()} - watched - {""}


def _called(home: Home, sources: dict[str, Source]) -> Iterator[Matter]:
    for source_id, condition in home.archive.vitals.conditions_now().items():
        source = sources.get(source_id)
        if source is None or not SourceHealth(source, condition, None, None).troubled:
            continue
        reason = "; ".join(reason_of(finding) for finding in condition.findings if finding.word != "normal")
        yield Matter(source_id, "source", condition.word, reason, source.name)


def _failing(home: Home, sources: dict[str, Source], called: set[str], now: datetime) -> Iterator[Matter]:
    """Sources whose last crawls failed, unless their word says why; chores whose last run did."""
    failed = home.archive.timetable.runs(outcomes=("failed",), since=now - _LATELY)
    for source_id, kind in dict.fromkeys((run.source_id, run.kind) for run in failed):
        if source_id in called or (source_id and source_id not in sources):
            continue
        latest = _begun(home, source_id, kind)
        row = latest[: _IN_A_ROW if source_id else 1]
        if len(row) < (_IN_A_ROW if source_id else 1) or any(run.outcome != "failed" for run in row):
            continue
        if source_id:
            yield Matter(source_id, "runs", "failing", row[0].reason, sources[source_id].name)
        elif kind != "verify":  # its faults are told as faults
            yield Matter("", "chore", kind, f"{kind}: {row[0].reason}")


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
    missed = home.archive.timetable.runs(outcomes=("missed",), since=now - _DAY)
    if missed:
        named = ", ".join(list(dict.fromkeys(run.source_id or run.kind for run in missed))[:10])
        yield Matter("", "missed", "missed", f"{len(missed)} / 24 h: {named}")
