"""What a worker does now and then beside its runs. A duty is quick; what takes time is put into the queue as a run."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.export.atomic import replaced
from bulletin.errors import GongbaoError
from bulletin.run import Run, Scope
from desk.logs import sweep_logs
from desk.tasks.indexing import index_status
from desk.tasks.saving import saved_names
from desk.tasks.scheduling import follow_the_clock, keep_house
from desk.tasks.signs import WORKER_FILE
from desk.wiring import Home
from desk.worker import telling


@dataclass(frozen=True, slots=True)
class Duty:
    """`do` is called when a worker begins and then every so many seconds; it gives words for the worker to say."""

    name: str
    every: float
    do: Callable[[Home, datetime], list[str]]


def follow(home: Home, ended: Run, now: datetime) -> None:
    """Queue what a run that has ended makes necessary: the index learns what a crawl brought, and when it has, saved
    searches are run."""
    tally = ended.tally
    if ended.kind == "crawl" and tally.new + tally.changed + tally.withdrawn:
        _have_done(home, now, "index", f"follows run {ended.id}")
    elif ended.kind == "index" and ended.outcome == "done" and saved_names(home):
        _have_done(home, now, "saved", f"follows run {ended.id}")


def _have_done(home: Home, now: datetime, kind: str, because: str) -> bool:
    """Queue a chore unless it waits already; whether it did not."""
    asked = Run(0, "", "follow", now, outcome="queued", reason=because, kind=kind, ready_at=now)
    return home.archive.timetable.enqueue_once(asked) is not None


def _clock(home: Home, now: datetime) -> list[str]:
    return [
        f"Schedule {schedule.id} waited for {schedule.next_due_at:%Y-%m-%d %H:%M}Z; the clock was put back."
        for schedule in follow_the_clock(home, now)
        if schedule.next_due_at
    ]


def _lag(home: Home, now: datetime) -> list[str]:
    if home.archive.last_seq() == 0 or not index_status(home).lag:
        return []
    queued = _have_done(home, now, "index", "the index lags")
    return ["The index lags behind; it is brought up to date."] if queued else []


def _suspected(home: Home, now: datetime) -> list[str]:
    """A look at every source that has bulletins which may have been withdrawn and are due to be asked for."""
    scope = Scope(probe=True)
    for source_id in home.archive.ledger.sources_due(now):
        source = home.archive.source(source_id)
        if source and not source.paused:
            home.archive.timetable.enqueue_once(
                Run(0, source_id, "probe", now, outcome="queued", scope=scope, ready_at=now)
            )
    return []


def _chores(home: Home, now: datetime) -> list[str]:
    return [f"Schedule {made.id}: {made.kind}, {made.cron} ({made.tz})" for made in keep_house(home, lambda: now)]


def _sign(home: Home, now: datetime) -> list[str]:
    """The sign of life by which `gongbao status`, or any monitor that looks at a file's age, knows of a worker."""
    told = {"pid": os.getpid(), "host": socket.gethostname(), "at": now.isoformat()}
    with suppress(GongbaoError, OSError), replaced(home.settings.home / WORKER_FILE) as file:  # an old sign tells, too
        file.write(json.dumps(told).encode() + b"\n")
    return []


def _old_logs(home: Home, now: datetime) -> list[str]:
    gone = sweep_logs(home.settings, now)
    return [f"{gone} old logs were thrown away."] if gone else []


DUTIES: Final = (
    Duty("sign", 30, _sign),
    Duty("chores", 86_400, _chores),
    Duty("clock", 60, _clock),
    Duty("lag", 3_600, _lag),
    Duty("suspected", 600, _suspected),
    Duty("alerts", 60, telling.alerts),
    Duty("logs", 86_400, _old_logs),
    Duty("heartbeat", 180, telling.heartbeat),
)
