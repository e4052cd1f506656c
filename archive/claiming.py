"""The queue of runs: who may take which, for how long, and what becomes of one whose worker died.

SQLite lets one writer in at a time (`BEGIN IMMEDIATE`); PostgreSQL gives each claimant another row (`FOR UPDATE SKIP
LOCKED`) and refuses, by a unique index, a second running one of the same source.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, case, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from archive import run_rows
from archive.tables import runs
from bulletin.errors import LockedError
from bulletin.run import Run, Tally

_TOO_LONG: Final = timedelta(hours=2)

#: Whether the worker of that name is known to be dead, whatever its leases say.
Gone = Callable[[str], bool]


def claim(conn: Connection, worker: str, now: datetime, lease_until: datetime, kinds: Collection[str]) -> Run | None:
    """The run that has waited longest among those that may begin, now the worker's; None if there is none."""
    passed: set[int] = set()
    while True:
        row = conn.execute(_waiting(now, kinds, passed)).first()
        if row is None:
            return None
        mine = {"outcome": "running", "worker": worker, "started_at": now, "heartbeat_at": now}
        taking = update(runs).where(runs.c.id == row.id, runs.c.outcome == "queued")
        try:
            with conn.begin_nested():
                conn.execute(taking.values(mine | {"lease_until": lease_until, "reason": ""}))
            return run_rows.find(conn, row.id)
        except IntegrityError:
            passed.add(row.id)  # another worker has begun another run of this source meanwhile


def waits_already(conn: Connection, run: Run) -> bool:
    """Whether one of the same kind and source, asked for the same, is in the queue."""
    this = (runs.c.outcome == "queued") & (runs.c.kind == run.kind) & (runs.c.source_id == run.source_id)
    found = conn.execute(select(runs.c.scope).where(this)).scalars()
    return any(run_rows.scope_of(scope) == run.scope for scope in found)


def _waiting(now: datetime, kinds: Collection[str], passed: Collection[int]) -> Select[Any]:
    other = runs.alias()
    busy = exists().where(
        other.c.outcome == "running", other.c.kind == runs.c.kind, other.c.source_id == runs.c.source_id
    )
    waits = (runs.c.outcome == "queued") & (runs.c.ready_at <= now)
    in_time = runs.c.expires_at.is_(None) | (runs.c.expires_at > now)
    question = select(runs.c.id).where(waits, in_time, ~busy).order_by(runs.c.ready_at, runs.c.id).limit(1)
    if kinds:
        question = question.where(runs.c.kind.in_(kinds))
    if passed:
        question = question.where(runs.c.id.not_in(passed))
    return question.with_for_update(skip_locked=True, of=runs)


def expire(conn: Connection, now: datetime) -> int:
    """Let go of what nobody took in time; how many."""
    late = (runs.c.outcome == "queued") & (runs.c.expires_at <= now)
    why = "no worker was free for it in time"
    said = run_rows.ending("missed", Tally(), why, now)
    said["reason"] = case((runs.c.reason == "", why), else_=runs.c.reason + f"; {why}")
    return conn.execute(update(runs).where(late).values(said)).rowcount


def let_go(conn: Connection, schedule_id: int, reason: str, now: datetime) -> None:
    """Skip what a schedule has in the queue."""
    waits = (runs.c.schedule_id == schedule_id) & (runs.c.outcome == "queued")
    conn.execute(update(runs).where(waits).values(run_rows.ending("skipped", Tally(), reason, now)))


def begin(conn: Connection, run: Run, gone: Gone, most_attempts: int) -> Run:
    """A run that begins at once, without the queue. LockedError names a living one of the same source."""
    at_work = running(conn, run.kind, run.source_id)
    if at_work:
        if not died(at_work, run.started_at, gone):
            raise LockedError(
                f"{run.source_id or run.kind} is at work already: run {at_work.id}, begun "
                f"{at_work.started_at:%Y-%m-%d %H:%M:%S}Z by {at_work.worker or 'another process'}.",
                f"Wait until it has ended: gongbao runs show {at_work.id}",
            )
        interrupt(conn, at_work, run.started_at, most_attempts)
    try:
        with conn.begin_nested():
            return run_rows.write(conn, run)
    except IntegrityError as error:
        raise LockedError(
            f"{run.source_id or run.kind} is at work already: another process began it just now.",
            "Wait until it has ended: gongbao runs list",
        ) from error


def running(conn: Connection, kind: str, source_id: str) -> Run | None:
    this = (runs.c.outcome == "running") & (runs.c.kind == kind) & (runs.c.source_id == source_id)
    row = conn.execute(select(runs).where(this)).one_or_none()
    return run_rows.run_of(row) if row else None


def died(run: Run, now: datetime, gone: Gone) -> bool:
    """Whether a run that is called running is so no more: its lease has run out, its worker is gone, or the lease is
    longer than any living worker would renew it for, given by a clock that was wrong."""
    lease = run.lease_until
    return lease is None or lease <= now or lease - now > _TOO_LONG or gone(run.worker)


def beat(conn: Connection, worker: str, numbers: Collection[int], now: datetime, lease_until: datetime) -> set[int]:
    """Renew leases; the runs that are still the worker's."""
    mine = (runs.c.worker == worker) & (runs.c.outcome == "running") & runs.c.id.in_(numbers)
    conn.execute(update(runs).where(mine).values(heartbeat_at=now, lease_until=lease_until))
    return set(conn.execute(select(runs.c.id).where(mine)).scalars())


def finish(conn: Connection, run: Run) -> bool:
    """Write how a run ended; False if it is its worker's no more, and then nothing is written."""
    assert run.ended_at
    mine = (runs.c.id == run.id) & (runs.c.worker == run.worker) & (runs.c.outcome == "running")
    ended = run_rows.ending(run.outcome, run.tally, run.reason, run.ended_at)
    described = {name: getattr(run, name) for name in ("log", "config_digest", "family_version")}
    return conn.execute(update(runs).where(mine).values(ended | described)).rowcount > 0


def release(conn: Connection, run: Run, ready_at: datetime, reason: str) -> bool:
    """Put a run back into the queue as if it had not been claimed."""
    mine = (runs.c.id == run.id) & (runs.c.worker == run.worker) & (runs.c.outcome == "running")
    waiting = {"outcome": "queued", "worker": "", "lease_until": None, "heartbeat_at": None}
    return (
        conn.execute(update(runs).where(mine).values(waiting | {"ready_at": ready_at, "reason": reason})).rowcount > 0
    )


def interrupt(conn: Connection, run: Run, now: datetime, most_attempts: int) -> tuple[Run, Run | None] | None:
    """Say that a run has died, unless it has stirred since it was read (None); the run, and the row that takes it up
    again, if one does. Only what came from the queue is taken up again, and tried at most `most_attempts` times in all.
    """
    lease = runs.c.lease_until.is_(None) if run.lease_until is None else runs.c.lease_until == run.lease_until
    same = (runs.c.id == run.id) & (runs.c.outcome == "running") & (runs.c.worker == run.worker) & lease
    reason = f"the worker {run.worker} died" if run.worker else "the process died"
    again = run.ready_at is not None and run.attempt < most_attempts
    if run.ready_at is not None and most_attempts and not again:
        reason = f"{reason}; given up after {run.attempt} attempts"
    ended = run_rows.ending("interrupted", run.tally, reason, now)
    if not conn.execute(update(runs).where(same).values(ended)).rowcount:
        return None
    over = replace(run, outcome="interrupted", reason=reason, ended_at=now)
    return over, take_up(conn, run, now) if again else None


def take_up(conn: Connection, run: Run, now: datetime, trigger: str = "retry") -> Run:
    """A row in the queue that takes a run up again. IntegrityError if there is one already."""
    fresh = replace(
        run,
        id=0,
        trigger=trigger,
        started_at=now,
        ended_at=None,
        outcome="queued",
        tally=Tally(),
        reason=f"takes up run {run.id} again",
        ready_at=now,
        expires_at=None,
        attempt=run.attempt + 1,
        retry_of=run.id,
        worker="",
        heartbeat_at=None,
        lease_until=None,
        log="",
    )
    return run_rows.write(conn, fresh)


def taken_up_by(conn: Connection, run_id: int) -> int | None:
    return conn.execute(select(func.max(runs.c.id)).where(runs.c.retry_of == run_id)).scalar()
