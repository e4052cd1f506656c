"""A worker's day, with a stub in place of the crawl: what is due is run, missed or skipped, and always told."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import Gongbao
from workers import Say, a_home, crawled, means, queued

from bulletin.config import Settings
from bulletin.errors import ArchiveError, DiskFullError, LockedError, UnreachableError
from bulletin.run import Run, Schedule, Scope
from crawler.conversing import Halt
from desk.scheduling.cron import open_cron
from desk.tasks.leasing import MOST_ATTEMPTS, Clock, Heartbeat, Workplace
from desk.tasks.scheduling import add_schedule, pause_schedules, resume_schedules, write_down_due
from desk.wiring import Home
from desk.worker import Worker
from desk.worker.conditions import Patience, Room, SteadyClock
from desk.worker.duties import DUTIES, Duty

NOW = datetime(2026, 4, 1, 18, 59, 30, tzinfo=UTC)  # half a minute before 3 o'clock in Shanghai
MINUTE = timedelta(minutes=1)


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def work_once(settings: Settings, now: datetime = NOW, say: Say | None = None, **changes: object) -> list[Run]:
    clock = MovedClock(now)
    return Worker(settings, say=say or Say(), means=means(now=clock, **changes)).work(once=True)


def runs(settings: Settings) -> list[Run]:
    with Home(settings) as home:
        return home.archive.timetable.runs()


def outcomes(settings: Settings) -> list[tuple[str, str]]:
    return [(run.source_id, run.outcome) for run in runs(settings)][::-1]


def wait_until(true: Callable[[], object], seconds: float = 200.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_what_is_due_is_run_once_and_its_next_time_kept(tmp_path: Path) -> None:
    settings = a_home(tmp_path, sources=2)
    with Home(settings) as home:
        made = add_schedule(home, Schedule(0, "0 3 * * *", NOW, sources=("s0", "s1")), lambda: NOW)
    assert work_once(settings) == []
    done = work_once(settings, NOW + MINUTE)
    assert sorted(run.source_id for run in done) == ["s0", "s1"]
    assert work_once(settings, NOW + 2 * MINUTE) == []
    for run in runs(settings):
        assert (run.outcome, run.trigger, run.schedule_id, run.tally.unchanged) == ("done", "schedule", made.id, 1)
        assert run.due_at == NOW + MINUTE / 2
        assert run.worker
    with Home(settings) as home:
        assert home.archive.timetable.schedule(made.id).next_due_at == NOW + MINUTE / 2 + timedelta(days=1)


def test_a_year_of_several_zones_leaves_a_row_for_every_time(tmp_path: Path) -> None:
    """A worker that looks at its schedules at odd hours for a year: what is due is run, or told to have been missed."""
    settings = a_home(tmp_path, sources=1)
    zones = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
    clock = MovedClock(datetime(2026, 1, 1, tzinfo=UTC))
    with Home(settings) as home:
        made = [add_schedule(home, Schedule(0, "30 2 * * 0", NOW, sources=("s0",), tz=tz), clock) for tz in zones]
        for _ in range(365 * 2):
            clock.at += timedelta(hours=12, minutes=7)
            for run in write_down_due(home, clock()):
                if run.outcome == "queued":
                    taken = home.archive.timetable.claim("w", clock(), clock() + timedelta(hours=1))
                    assert taken
                    home.archive.timetable.finish(replace(taken, outcome="done", ended_at=clock()))
        for schedule in made:
            rows = home.archive.timetable.runs(schedule_id=schedule.id)[::-1]
            cron = open_cron("30 2 * * 0", schedule.tz)
            assert [run.due_at for run in rows] == cron.next_times(datetime(2026, 1, 1, tzinfo=UTC), len(rows))
            assert len(rows) >= 52
            assert {run.outcome for run in rows} <= {"done", "missed"}


def test_what_was_missed_and_what_is_skipped_is_said_and_kept(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=2), Say()
    with Home(settings) as home:
        named = Schedule(0, "0 3 * * *", NOW, sources=("s0", "s1"), missed="skip")
        home.archive.timetable.add(replace(named, next_due_at=NOW - MINUTE, sources=("s0", "gone")))
        home.archive.timetable.add(replace(named, next_due_at=NOW - 9 * MINUTE, cron="* * * * *", sources=("s1",)))
        home.archive.pause_source("s0", True)
    done = work_once(settings, say=say)
    assert [run.source_id for run in done] == ["s1"]
    told = {(run.source_id, run.outcome, run.reason) for run in runs(settings)}
    assert ("gone", "skipped", "there is no such source any more") in told
    assert ("s0", "skipped", "the source is paused") in told
    assert ("s1", "missed", "no worker was there; a later time is run in its place") in told
    assert "there is no such source any more" in say


def test_a_source_that_goes_away_between_queue_and_run_is_skipped(tmp_path: Path) -> None:
    from desk.worker.performing import perform

    settings = a_home(tmp_path, sources=1)
    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("gone", NOW))
        home.archive.timetable.enqueue(queued("s0", NOW, scope=Scope(columns=("nosuch",))))
    work_once(settings, perform=perform)
    assert [(run.source_id, run.outcome, run.reason) for run in runs(settings)] == [
        ("s0", "skipped", "the source has no column nosuch any more"),
        ("gone", "skipped", "there is no such source any more"),
    ]


def test_what_waited_until_its_hours_were_over_waits_for_the_next(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=1), Say()
    with Home(settings) as home:
        nightly = Schedule(0, "0 3 * * *", NOW, sources=("s0",), hours="22:00-04:00", overlap="queue")
        made = add_schedule(home, nightly, lambda: NOW)
        write_down_due(home, NOW + MINUTE)  # and then every worker was busy until five in the morning
    assert work_once(settings, NOW + 120 * MINUTE, say) == []
    (waiting,) = runs(settings)
    assert (waiting.outcome, waiting.schedule_id) == ("queued", made.id)
    assert waiting.reason == "it falls outside the permitted hours 22:00-04:00"
    assert waiting.ready_at == datetime(2026, 4, 2, 14, 0, tzinfo=UTC)
    assert "waits until 2026-04-02 14:00Z" in say


def test_a_paused_schedule_is_not_due_and_makes_up_for_nothing(tmp_path: Path) -> None:
    settings = a_home(tmp_path, sources=1)
    with Home(settings) as home:
        made = add_schedule(home, Schedule(0, "* * * * *", NOW, sources=("s0",)), lambda: NOW)
        pause_schedules(home, [made], lambda: NOW)
    assert work_once(settings, NOW + 9 * MINUTE) == []
    with Home(settings) as home:
        (made,) = resume_schedules(home, [home.archive.timetable.schedule(made.id)], lambda: NOW + 9 * MINUTE)
    assert made.next_due_at == NOW + 9.5 * MINUTE
    assert runs(settings) == []


def test_several_runs_side_by_side_and_never_two_of_one_source(tmp_path: Path) -> None:
    settings = a_home(tmp_path, sources=4)
    meeting = threading.Barrier(3)
    at_work: list[str] = []
    seen: list[list[str]] = []

    def together(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        at_work.append(run.source_id)
        seen.append(sorted(at_work))
        meeting.wait(200)  # three have to be there
        at_work.remove(run.source_id)
        return crawled(home, run, halt, now)

    with Home(settings) as home:
        for name in ("s0", "s0", "s1", "s1", "s2", "s2"):
            home.archive.timetable.enqueue(queued(name, NOW))
    done = Worker(settings, jobs=3, means=means(now=MovedClock(), perform=together)).work(once=True)
    assert len(done) == 6
    assert all(len(names) == len(set(names)) for names in seen)
    assert max(map(len, seen)) == 3


# -- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "outcome", "again"),
    [
        (ArchiveError("it is wrong"), "failed", False),
        (ValueError("a fault of ours"), "failed", False),
        (UnreachableError("the database went away"), "interrupted", True),
        (DiskFullError("No room left."), "failed", True),
        (OSError(28, "No space left on device"), "failed", True),
    ],
)
def test_every_error_is_an_outcome_with_a_reason(tmp_path: Path, error: Exception, outcome: str, again: bool) -> None:
    settings = a_home(tmp_path, sources=1)

    def fail(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        raise error

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    tried = work_once(settings, perform=fail)
    assert tried[0].outcome == outcome
    assert tried[0].reason
    left = [run for run in runs(settings) if run.outcome == "queued"]
    # A database that is away is tried at once, to the last attempt; a full disk holds everything up.
    assert len(tried) == (MOST_ATTEMPTS if isinstance(error, UnreachableError) else 1)
    assert bool(left) == (again and not isinstance(error, UnreachableError))


def test_a_source_that_is_held_waits_its_turn(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=1), Say()

    def held(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        raise LockedError("s0 is being crawled already.")

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    assert work_once(settings, perform=held, say=say) == []
    (waiting,) = runs(settings)
    assert (waiting.outcome, waiting.attempt) == ("queued", 1)
    assert waiting.reason == "s0 is being crawled already."
    assert waiting.ready_at
    assert waiting.ready_at > NOW
    assert "waits: s0 is being crawled already." in say
    assert [run.outcome for run in work_once(settings, NOW + MINUTE)] == ["done"]


def test_with_a_full_disk_nothing_is_begun_and_it_is_said_once(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=1), Say()
    free = [10_000_000]
    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    assert work_once(settings, say=say, free_disk=lambda settings: free[0]) == []
    assert outcomes(settings) == [("s0", "queued")]
    assert "The disk is full: 10 MB are free." in say
    free[0] = 10**10
    assert len(work_once(settings, free_disk=lambda settings: free[0])) == 1
    told = Say()
    room = Room(lambda: free[0], told)
    for amount in (1, 1, 10**10, 10**10, 1):
        free[0] = amount
        room.enough()
    assert [words.split(":")[0].split(".")[0] for words in told.words] == [
        "The disk is full",
        "There is room on the disk again",
        "The disk is full",
    ]
    room.ran_out()
    free[0] = 10**10
    assert room.short
    assert not room.enough()  # a quota may be full where the disk is not


def test_a_database_that_is_away_for_a_while_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.timetable import Timetable

    settings, say = a_home(tmp_path, sources=1), Say()
    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    claim, finish, away = Timetable.claim, Timetable.finish, {"claim": 3, "finish": 3}

    def lost(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def ask(*args: object, **options: object) -> object:
            if away[name]:
                away[name] -= 1
                raise UnreachableError("The database cannot be used: connection refused.")
            return real(*args, **options)

        return ask

    monkeypatch.setattr(Timetable, "claim", lost("claim", claim))
    monkeypatch.setattr(Timetable, "finish", lost("finish", finish))
    monkeypatch.setattr("desk.worker.conditions._LONGEST_WAIT", 0.05)
    assert [run.outcome for run in work_once(settings, say=say)] == ["done"]
    assert outcomes(settings) == [("s0", "done")]
    told = [words for words in say.words if "database" in words.lower()]
    away_and_back = ["The database cannot be used: connection refused. Waiting for it.", "The database answers again."]
    assert told == away_and_back * (len(told) // 2)
    assert told


def test_a_database_without_room_is_waited_for_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.timetable import Timetable

    settings, say, claim, full = a_home(tmp_path, sources=1), Say(), Timetable.claim, [True]
    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))

    def lacking(*args: object, **options: object) -> object:
        if full.pop() if full else False:
            raise DiskFullError("No room left for the database.")
        return claim(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Timetable, "claim", lacking)
    assert [run.outcome for run in work_once(settings, say=say)] == ["done"]
    assert "No room left for the database. Waiting for it." in say


def test_once_on_a_full_disk_ends_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_home(tmp_path, sources=1)
    monkeypatch.setattr("desk.worker.conditions.LEAST_DISK", 10**18)
    told = Gongbao(tmp_path)("worker", "--once")
    assert told.code == 8
    assert "Make room" in told.err


def test_a_signal_may_come_while_the_worker_holds_its_own_lock(tmp_path: Path) -> None:
    worker = Worker(a_home(tmp_path), say=Say(), means=means())
    with worker._signals(), worker._guard:
        signal.raise_signal(signal.SIGTERM)
    wait_until(worker._stop.is_set)


def test_patience_ends_when_the_worker_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.worker.conditions._LAST_TRIES", 0.1)
    stopping = threading.Event()
    stopping.set()

    def away() -> None:
        raise UnreachableError("away")

    with pytest.raises(UnreachableError):
        Patience(Say(), stopping, lambda: None, first=0.01)(away)


def test_a_failing_duty_keeps_nothing_else_from_being_done(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=1), Say()

    def fail(home: Home, now: datetime) -> list[str]:
        raise ValueError("a duty that fails")

    duties = (Duty("bad", 60, fail), Duty("good", 60, lambda home, now: ["a good duty"]))
    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    assert len(work_once(settings, say=say, duties=duties)) == 1
    assert "bad: a duty that fails" in say
    assert "a good duty" in say


# -- stopping, dying, clocks ------------------------------------------------------------------------------------------


def test_a_stopped_worker_lets_its_runs_end_and_hands_them_on(tmp_path: Path) -> None:
    settings, begun = a_home(tmp_path, sources=1), threading.Event()

    def patient(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        begun.set()
        wait_until(lambda: halt.asked)
        assert not halt.killed
        return replace(run, outcome="interrupted", ended_at=now())

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
        home.archive.timetable.enqueue(queued("s0", NOW))
    worker = Worker(settings, means=means(now=MovedClock(), perform=patient))
    thread = threading.Thread(target=worker.work)
    thread.start()
    begun.wait(200)
    worker.stop()
    thread.join(200)
    assert not thread.is_alive()
    assert [(run.outcome, run.retry_of) for run in runs(settings)][::-1] == [
        ("interrupted", None),
        ("queued", None),
        ("queued", 1),
    ]
    assert len(work_once(settings, NOW + MINUTE)) == 2


def test_a_second_word_ends_crawls_at_once(tmp_path: Path) -> None:
    settings, begun = a_home(tmp_path, sources=1), threading.Event()

    def stubborn(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        begun.set()
        wait_until(lambda: halt.killed)
        return replace(run, outcome="interrupted", ended_at=now())

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    worker = Worker(settings, means=means(now=MovedClock(), perform=stubborn))
    thread = threading.Thread(target=worker.work)
    thread.start()
    begun.wait(200)
    worker.stop()
    worker.stop()
    thread.join(200)
    assert not thread.is_alive()


def test_a_run_that_is_taken_away_is_ended_and_not_written(tmp_path: Path) -> None:
    settings, begun, say = a_home(tmp_path, sources=1), threading.Event(), Say()

    def long(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        begun.set()
        wait_until(lambda: halt.killed)
        return replace(run, outcome="done", ended_at=now())

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("s0", NOW))
    clock = MovedClock()
    worker = Worker(settings, say=say, means=means(now=clock, perform=long, beat=0.05))
    thread = threading.Thread(target=worker.work)
    thread.start()
    begun.wait(200)
    with Home(settings) as home:  # another worker, whose clock is ahead
        assert home.archive.timetable.bury(NOW + timedelta(hours=1), 1)
    wait_until(lambda: "was handed to another worker meanwhile" in say)
    worker.stop()
    thread.join(200)
    assert outcomes(settings) == [("s0", "interrupted")]


def test_a_dead_neighbour_is_known_at_once(tmp_path: Path) -> None:
    settings = a_home(tmp_path, sources=1)
    with Home(settings) as home, Workplace(tmp_path) as dead:
        home.archive.timetable.enqueue(queued("s0", NOW))
        taken = home.archive.timetable.claim(dead.name, NOW, NOW + timedelta(seconds=60))
        assert taken
        with Workplace(tmp_path) as other:
            assert not other.gone(dead.name)
            assert not other.gone(other.name)
            assert not other.gone("elsewhere/17/0badcafe-123456")
            assert not other.gone("")
        assert work_once(settings) == []
    say = Say()
    (again,) = work_once(settings, NOW + timedelta(seconds=1), say)
    assert (again.attempt, again.retry_of, again.outcome) == (2, taken.id, "done")
    assert f"the worker {dead.name} died; run {again.id} takes it up again" in say


def test_a_clock_that_is_set_calls_nobody_dead() -> None:
    clock = MovedClock()
    steady = SteadyClock(clock, 60)
    assert not steady.jumped()
    assert steady.settled
    clock.at += timedelta(days=400)
    assert steady.jumped()
    assert not steady.settled
    assert not steady.jumped()


def test_after_the_clock_was_put_back_schedules_are_set_right(tmp_path: Path) -> None:
    settings, say = a_home(tmp_path, sources=1), Say()
    with Home(settings) as home:
        add_schedule(home, Schedule(0, "0 3 * * *", NOW, sources=("s0",)), lambda: NOW + timedelta(days=400))
    clock_duty = [duty for duty in DUTIES if duty.name == "clock"]
    assert work_once(settings, NOW, say, duties=clock_duty) == []
    assert "the clock was put back" in say
    assert len(work_once(settings, NOW + MINUTE)) == 1


def test_heartbeats_keep_a_run_from_being_buried(tmp_path: Path) -> None:
    settings, clock = a_home(tmp_path, sources=1), MovedClock()
    with Home(settings) as home:
        timetable = home.archive.timetable
        timetable.enqueue(queued("s0", NOW))
        run = timetable.claim("w", NOW, NOW + MINUTE)
        assert run
        lost: list[int] = []
        heart = Heartbeat(timetable, "w", lost=lost.append, now=clock, every=0.02)
        heart.keep(run.id)
        with heart:
            clock.at = NOW + 10 * MINUTE
            wait_until(lambda: timetable.run(run.id).heartbeat_at == clock.at)
            assert timetable.bury(NOW + 10.5 * MINUTE, 3) == []
            timetable.finish(replace(run, outcome="done", ended_at=NOW))
            wait_until(lambda: lost)
        assert lost == [run.id]


# -- chores and duties ------------------------------------------------------------------------------------------------


def test_a_new_home_gets_its_chores_once(tmp_path: Path) -> None:
    settings = a_home(tmp_path)
    work_once(settings, duties=DUTIES)
    with Home(settings) as home:
        (made,) = home.archive.timetable.schedules()
        assert (made.kind, made.group) == ("verify", "chores")
        home.archive.timetable.remove(made.id, NOW)
    work_once(settings, duties=DUTIES)
    with Home(settings) as home:
        assert home.archive.timetable.schedules() == []
