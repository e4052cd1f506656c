"""Schedules, and the queue of runs that workers claim from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from archive import claiming, run_rows, timetable_rows
from archive.claiming import Gone
from archive.opening import take_turn
from archive.transactions import Transactions
from bulletin.errors import NotFoundError, UsageError
from bulletin.run import Firing, Run, Schedule, Situation

#: Decides what becomes of everything a schedule has due. Pure.
Decide = Callable[[Schedule, Sequence[Situation]], Firing]


def _nobody(worker: str) -> bool:
    return False


class Timetable:
    """When things are to be done, and who does them. Any number of workers on any number of machines may share it:
    every due time of a schedule becomes one row a source, every row is claimed by one worker at a time, and no two
    running rows name the same source."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    # -- schedules ----------------------------------------------------------------------------------------------------

    def add(self, schedule: Schedule) -> Schedule:
        """Keep a schedule under a new number."""
        with self._turns.write() as conn:
            return _there(timetable_rows.find(conn, timetable_rows.add(conn, schedule)), 0)

    def add_first(self, schedule: Schedule) -> Schedule | None:
        """The same, unless there is, or was, one of its kind."""
        with self._turns.write() as conn:
            take_turn(conn)
            if any(known.kind == schedule.kind for known in timetable_rows.everything(conn, removed=True)):
                return None
            return timetable_rows.find(conn, timetable_rows.add(conn, schedule))

    def schedules(self, *, removed: bool = False) -> list[Schedule]:
        """Those that hold, and with `removed` those that did."""
        with self._turns.read() as conn:
            return timetable_rows.everything(conn, removed=removed)

    def schedule(self, schedule_id: int) -> Schedule:
        """One of them, removed or not. NotFoundError."""
        with self._turns.read() as conn:
            return _there(timetable_rows.find(conn, schedule_id), schedule_id)

    def pause(self, schedule_id: int, at: datetime) -> None:
        self._change(schedule_id, paused_at=at, next_due_at=None)

    def resume(self, schedule_id: int, next_due_at: datetime | None) -> None:
        self._change(schedule_id, paused_at=None, next_due_at=next_due_at)

    def expect(self, schedule_id: int, next_due_at: datetime | None) -> None:
        """Set when a schedule is due next, after the clock was put back."""
        self._change(schedule_id, next_due_at=next_due_at)

    def remove(self, schedule_id: int, at: datetime) -> None:
        """Its runs stay, and still name it; those that wait are skipped."""
        self._change(schedule_id, removed_at=at, next_due_at=None)
        with self._turns.write() as conn:
            claiming.let_go(conn, schedule_id, "its schedule was removed", at)

    def _change(self, schedule_id: int, **values: Any) -> None:
        with self._turns.write() as conn:
            if not timetable_rows.change(conn, schedule_id, **values):
                raise NotFoundError(f"There is no schedule {schedule_id}.", "`gongbao schedule list` names them.")

    def due(self, now: datetime) -> list[int]:
        """The schedules with something due."""
        with self._turns.read() as conn:
            return timetable_rows.due(conn, now)

    def fire(self, schedule_id: int, now: datetime, decide: Decide) -> list[Run]:
        """Write down what becomes of everything a schedule has due, and when it is due next, in one transaction; the
        rows that are new. Another worker that does the same at the same time adds nothing."""
        with self._turns.write() as conn:
            schedule = timetable_rows.find(conn, schedule_id, to_change=True)
            held = schedule is None or schedule.paused or schedule.removed_at or schedule.next_due_at is None
            if schedule is None or held or (schedule.next_due_at and schedule.next_due_at > now):
                return []
            firing = decide(schedule, timetable_rows.situations(conn, schedule))
            timetable_rows.change(conn, schedule_id, next_due_at=firing.next_due_at)
            return timetable_rows.record(conn, schedule, firing.rulings, now)

    # -- the queue ----------------------------------------------------------------------------------------------------

    def enqueue(self, run: Run) -> Run:
        """A run that waits for a worker from `ready_at` on; its number is given here."""
        with self._turns.write() as conn:
            return run_rows.write(conn, run)

    def enqueue_once(self, run: Run) -> Run | None:
        """The same, unless one of its kind, source and scope waits already."""
        with self._turns.write() as conn:
            return None if claiming.waits_already(conn, run) else run_rows.write(conn, run)

    def claim(self, worker: str, now: datetime, lease_until: datetime, kinds: Collection[str] = ()) -> Run | None:
        """The next run this worker is to carry out; None if nothing can begin now."""
        with self._turns.write() as conn:
            return claiming.claim(conn, worker, now, lease_until, kinds)

    def begin(self, run: Run, gone: Gone = _nobody, most_attempts: int = 0) -> Run:
        """Begin a run at once. LockedError names the living run of the same source; a dead one is ended, as `bury`
        ends it."""
        with self._turns.write() as conn:
            return claiming.begin(conn, run, gone, most_attempts)

    def beat(self, worker: str, numbers: Collection[int], now: datetime, lease_until: datetime) -> set[int]:
        """Renew the leases of a worker's runs; those that are still its own."""
        with self._turns.write() as conn:
            return claiming.beat(conn, worker, numbers, now, lease_until)

    def finish(self, run: Run, *, take_up: bool = False, most_attempts: int = 1) -> bool:
        """Write how a run ended (outcome, tally, reason, log); with `take_up` a row waits that takes it up again. False
        if the run was taken from its worker meanwhile: then nothing is written."""
        with self._turns.write() as conn:
            if not claiming.finish(conn, run):
                return False
            if take_up and run.attempt < most_attempts:
                assert run.ended_at
                claiming.take_up(conn, run, run.ended_at)
            return True

    def release(self, run: Run, ready_at: datetime, reason: str) -> bool:
        """Put a claimed run back into the queue; False if it is its worker's no more."""
        with self._turns.write() as conn:
            return claiming.release(conn, run, ready_at, reason)

    def expire(self, now: datetime) -> int:
        """Call missed what no worker began in time; how many."""
        with self._turns.write() as conn:
            return claiming.expire(conn, now)

    def bury(self, now: datetime, most_attempts: int, gone: Gone = _nobody) -> list[tuple[Run, Run | None]]:
        """End the runs whose worker died, each with the row that takes it up again, if one does."""
        buried = []
        for run in self.runs(outcomes=("running",)):
            if claiming.died(run, now, gone):
                with self._turns.write() as conn:
                    buried.append(claiming.interrupt(conn, run, now, most_attempts))
        return [found for found in buried if found]

    def retry(self, run_id: int, now: datetime, trigger: str = "retry") -> Run:
        """Queue a run again that is over or never began. UsageError if it is not over, or taken up already."""
        with self._turns.write() as conn:
            run = run_rows.find(conn, run_id)
            if run is None:
                raise NotFoundError(f"There is no run {run_id}.", "`gongbao runs list` names them.")
            if not run.over:
                raise UsageError(f"Run {run_id} is {run.outcome}.", "Only a run that is over can be tried again.")
            later = claiming.taken_up_by(conn, run_id)
            if later:
                raise UsageError(f"Run {run_id} was taken up again by run {later}.", f"gongbao runs show {later}")
            return claiming.take_up(conn, run, now, trigger)

    # -- what was ------------------------------------------------------------------------------------------------------

    def run(self, run_id: int) -> Run:
        """NotFoundError if there is none."""
        with self._turns.read() as conn:
            found = run_rows.find(conn, run_id)
        if found is None:
            raise NotFoundError(f"There is no run {run_id}.", "`gongbao runs list` names them.")
        return found

    def runs(
        self,
        *,
        source_id: str | None = None,
        schedule_id: int | None = None,
        kinds: Sequence[str] = (),
        outcomes: Sequence[str] = (),
        since: datetime | None = None,
        limit: int = 0,
    ) -> list[Run]:
        """Runs of every kind and outcome, the newest row first; `limit` 0 means all."""
        with self._turns.read() as conn:
            return run_rows.listed(
                conn,
                source_id=source_id,
                schedule_id=schedule_id,
                kinds=kinds,
                outcomes=outcomes,
                since=since,
                limit=limit,
            )

    def clock_ahead(self, now: datetime) -> float:
        """Seconds by which this machine's clock is ahead of the database server's; 0 where both are one machine."""
        with self._turns.read() as conn:
            if conn.dialect.name != "postgresql":
                return 0.0
            said: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
            return (now - said).total_seconds()


def _there(schedule: Schedule | None, schedule_id: int) -> Schedule:
    if schedule is None:
        raise NotFoundError(f"There is no schedule {schedule_id}.", "`gongbao schedule list` names them.")
    return schedule
