"""The worker's day: write down what is due, bury the dead, claim, carry out, go on."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from bulletin.config import Settings
from bulletin.errors import DiskFullError, LockedError
from bulletin.run import Run
from crawler.conversing import Halt
from desk.tasks.leasing import BEAT, LEASE, MOST_ATTEMPTS, Clock, Heartbeat, Workplace, utc_now
from desk.tasks.scheduling import not_before, write_down_due
from desk.wiring import Home
from desk.worker.conditions import AWAY, Patience, Rhythm, Room, Say, SteadyClock, free_disk
from desk.worker.duties import DUTIES, Duty, follow
from desk.worker.performing import Perform, outcome_of, perform

log: Final = logging.getLogger(__name__)

#: Seconds between two looks at what is due, and between two looks for dead workers.
PAUSE: Final = 1.0
_BURIALS: Final = 15.0

#: Until a source or index that somebody else holds is tried again.
_HELD: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Job:
    """A run under way, in a thread of its own."""

    run: Run
    halt: Halt
    thread: threading.Thread


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker works with; tests work with other means. Seconds."""

    now: Clock = utc_now
    perform: Perform = perform
    duties: Sequence[Duty] = DUTIES
    free_disk: Callable[[Settings], int] = free_disk
    lease: timedelta = LEASE
    beat: float = BEAT
    pause: float = PAUSE


class Worker:
    """Runs what is due on a home, `jobs` runs side by side, until it is told to stop. Any number of workers may share a
    home, or a database. `say` hears one line about everything that happens."""

    def __init__(self, settings: Settings, *, jobs: int = 2, say: Say = log.info, means: Means | None = None) -> None:
        self._settings, self._jobs, self._say = settings, jobs, say
        self._means = means or Means()
        self._now = self._means.now
        self._rhythm = Rhythm()
        self._clock = SteadyClock(self._now, self._means.lease.total_seconds())
        self._room = Room(partial(self._means.free_disk, settings), say)
        self._stop, self._woken = threading.Event(), threading.Event()
        self._patiently = Patience(say, self._stop, self._clock.unsettle)
        self._guard = threading.Lock()
        self._at_work: dict[int, _Job] = {}
        self._ended: list[Run] = []

    def work(self, *, once: bool = False) -> list[Run]:
        """Work until `stop` is called (SIGTERM and SIGINT do that), or with `once` until nothing more can be begun now;
        the runs that ended."""
        with ExitStack() as stack:
            home = stack.enter_context(Home(self._settings))
            place = stack.enter_context(Workplace(self._settings.home))
            stack.enter_context(self._signals())
            timetable = self._patiently(lambda: home.archive).timetable
            beating = Heartbeat(
                timetable,
                place.name,
                lost=self._lost,
                now=self._now,
                lease=self._means.lease,
                every=self._means.beat,
            )
            heart = stack.enter_context(beating)
            self._say(f"Worker {place.name} is here, {self._jobs} runs side by side.")
            try:
                while not self._stop.is_set():
                    if self._patiently(lambda: self._round(home, place, heart)) and once:
                        break
                    self._woken.wait(self._means.pause)
                    self._woken.clear()
            except AWAY as error:
                self._say(f"Stopped while waiting: {error.message}")
            self._wind_up()
        self._say("Worker stopped.")
        return self._ended

    @property
    def short_of_disk(self) -> bool:
        """Whether something was not begun because there was no room for it."""
        return self._room.short

    def stop(self) -> None:
        """Begin nothing more, and let every crawl finish the page it is at. Called again: end crawls now."""
        again = self._stop.is_set()
        self._stop.set()
        for job in self._under_way():
            if again:
                job.halt.kill()
            else:
                job.halt.ask()
        self._woken.set()

    def _under_way(self) -> list[_Job]:
        with self._guard:
            return list(self._at_work.values())

    # -- one round ----------------------------------------------------------------------------------------------------

    def _round(self, home: Home, place: Workplace, heart: Heartbeat) -> bool:
        """Everything there is to do now; whether nothing is under way and nothing could be begun."""
        idle = not self._under_way()  # asked first: a run that ends meanwhile queues what follows it, and calls duties
        if self._clock.jumped():
            self._say("The clock was set; for a while nobody is called dead.")
            self._rhythm.again("clock")
            self._rhythm.again("sign")  # the one given by the old clock looks like that of a dead worker
        self._do_duties(home)
        for run in write_down_due(home, self._now()):
            if run.outcome != "queued":
                self._say(f"Run {run.id} {_named(run)}: {run.outcome}, {run.reason}.")
        if self._rhythm.is_time("burials", _BURIALS):
            self._bury(home, place, heart)
        begun = 0
        while not self._stop.is_set() and len(self._under_way()) < self._jobs and self._room.enough():
            now = self._now()
            claimed = home.archive.timetable.claim(place.name, now, now + self._means.lease)
            if claimed is None:
                break
            later = not_before(home, claimed, now)
            if later:
                home.archive.timetable.release(claimed, *later)
                self._say(f"Run {claimed.id} {_named(claimed)} waits until {later[0]:%Y-%m-%d %H:%M}Z: {later[1]}.")
                continue
            self._begin(claimed, heart)
            begun += 1
        return idle and not begun

    def _bury(self, home: Home, place: Workplace, heart: Heartbeat) -> None:
        heart.beat()  # our own leases may have run out while the database was away
        timetable = home.archive.timetable
        if self._clock.settled:
            for run, again in timetable.bury(self._now(), MOST_ATTEMPTS, place.gone):
                more = f"run {again.id} takes it up again" if again else "it is not taken up again"
                self._say(f"Run {run.id} {_named(run)}: {run.reason}; {more}.")
        missed = timetable.expire(self._now())
        if missed:
            self._say(f"{missed} runs were missed: no worker was free for them in time.")

    def _do_duties(self, home: Home) -> None:
        for duty in self._means.duties:
            if not self._rhythm.is_time(duty.name, duty.every):
                continue
            try:
                for words in duty.do(home, self._now()):
                    self._say(words)
            except AWAY:
                self._rhythm.again(duty.name)
                raise
            except Exception as error:  # one duty must not keep the others, or the runs, from being done
                log.exception("duty %s", duty.name)
                self._say(f"{duty.name}: {error}")

    # -- runs ---------------------------------------------------------------------------------------------------------

    def _begin(self, run: Run, heart: Heartbeat) -> None:
        halt = Halt()
        thread = threading.Thread(target=self._carry, args=(run, halt, heart), name=f"run-{run.id}", daemon=True)
        with self._guard:
            self._at_work[run.id] = _Job(run, halt, thread)
        heart.keep(run.id)
        self._say(f"Run {run.id} {_named(run)} begins ({run.trigger}).")
        if self._stop.is_set():
            halt.ask()
        thread.start()

    def _carry(self, run: Run, halt: Halt, heart: Heartbeat) -> None:
        ended, error = outcome_of(self._settings, run, halt, self._now, self._means.perform)
        if halt.asked and ended.outcome == "interrupted" and not ended.reason:
            ended = replace(ended, reason="the worker was stopped")
        try:
            if isinstance(error, DiskFullError):
                self._room.ran_out()
            if not self._patiently(lambda: self._write_end(ended, error)):
                self._say(f"Run {run.id} {_named(run)} was handed to another worker meanwhile.")
            elif isinstance(error, LockedError):
                self._say(f"Run {run.id} {_named(run)} waits: {error.message}")
            else:
                self._ended.append(ended)
                self._say(f"Run {run.id} {_named(run)}: {_told(ended)}.")
        except Exception as trouble:
            log.exception("run %s", run.id)
            self._say(f"Run {run.id} {_named(run)} could not be ended: {trouble}")
        finally:
            heart.drop(run.id)
            with self._guard:
                del self._at_work[run.id]
            self._woken.set()

    def _write_end(self, ended: Run, error: BaseException | None) -> bool:
        """False if the run is ours no more."""
        with Home(self._settings) as home:
            timetable = home.archive.timetable
            if isinstance(error, LockedError):
                return timetable.release(ended, self._now() + _HELD, error.message)
            worth = ended.outcome == "interrupted" or isinstance(error, DiskFullError)
            written = timetable.finish(ended, take_up=worth, most_attempts=MOST_ATTEMPTS)
            if written:
                follow(home, ended, self._now())
            if ended.kind == "saved":
                self._rhythm.again("alerts")  # what it found is to be sent
            return written

    def _lost(self, number: int) -> None:
        with self._guard:
            job = self._at_work.get(number)
        if job:
            job.halt.kill()

    def _wind_up(self) -> None:
        """Wait for what is under way; a second signal waits for no chore."""
        while jobs := self._under_way():
            if all(job.halt.killed and job.run.kind != "crawl" for job in jobs):
                return
            jobs[0].thread.join(0.2)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        names = (signal.SIGINT, signal.SIGTERM)

        def stop(number: int, frame: object) -> None:
            # A signal may come while this thread holds a lock that `stop` needs.
            threading.Thread(target=self.stop, name="stop").start()

        before = [signal.signal(name, stop) for name in names]
        try:
            yield
        finally:
            for name, handler in zip(names, before, strict=True):
                signal.signal(name, handler)


def _named(run: Run) -> str:
    return run.source_id or run.kind


def _told(run: Run) -> str:
    tally = run.tally
    if run.kind != "crawl":
        return f"{run.outcome}; {run.reason}".rstrip("; ")
    counted = f"{tally.new} new, {tally.changed} changed, {tally.unchanged} unchanged, {tally.failed} failed"
    return f"{run.outcome}, {counted}" + (f"; {run.reason}" if run.reason else "")
