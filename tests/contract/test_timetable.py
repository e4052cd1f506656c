"""What the queue of runs promises, on every database."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW, a_source

from archive import Archive, claiming, open_archive
from archive.opening import engine_of
from archive.tables import metadata
from bulletin.errors import LockedError, NotFoundError, UsageError
from bulletin.run import Firing, Ruling, Run, Schedule, Scope, Tally

MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=60)


def urls() -> list[str]:
    return ["sqlite", *filter(None, [os.environ.get("GONGBAO_TEST_POSTGRES")])]


@pytest.fixture(params=urls())
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'gongbao.db'}"
        return
    engine = engine_of(request.param)
    with engine.begin() as conn:
        metadata.drop_all(conn)
        conn.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()
    yield request.param


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    with open_archive(url) as opened:
        yield opened


def waiting(source: str = "s1", at: datetime = NOW, **changes: object) -> Run:
    run = Run(0, source, "schedule", at, outcome="queued", ready_at=at, due_at=at)
    return replace(run, **changes)  # type: ignore[arg-type]


def claimed(archive: Archive, worker: str = "w1", now: datetime = NOW) -> Run | None:
    return archive.timetable.claim(worker, now, now + LEASE)


def all_queued(schedule: Schedule, at: datetime) -> Firing:
    return Firing(tuple(Ruling(name, at, "queued", ready_at=at) for name in schedule.sources), at + MINUTE)


# -- schedules --------------------------------------------------------------------------------------------------------


def test_a_schedule_comes_back_as_it_was_kept(archive: Archive) -> None:
    given = Schedule(
        0,
        "0 3 L * *",
        NOW,
        sources=("s1", "s2"),
        kind="crawl",
        scope=Scope(("gb",), NOW.date(), 7, True, True, "x"),
        group="省北",
        tz="Europe/Berlin",
        overlap="queue",
        missed="skip",
        window=60,
        jitter=30,
        hours="22:00-06:00",
        maintenance=("Sun 02:00-04:00",),
        next_due_at=NOW,
    )
    kept = archive.timetable.add(given)
    assert kept == replace(given, id=kept.id)
    assert archive.timetable.schedules() == [kept]
    archive.timetable.pause(kept.id, NOW)
    assert archive.timetable.schedule(kept.id).paused
    assert archive.timetable.due(NOW + MINUTE) == []
    archive.timetable.resume(kept.id, NOW + MINUTE)
    assert archive.timetable.due(NOW) == []
    assert archive.timetable.due(NOW + MINUTE) == [kept.id]
    archive.timetable.remove(kept.id, NOW)
    assert archive.timetable.schedules() == []
    assert [gone.removed_at for gone in archive.timetable.schedules(removed=True)] == [NOW]
    for change in (archive.timetable.pause, archive.timetable.remove, archive.timetable.resume):
        with pytest.raises(NotFoundError):
            change(kept.id, NOW)
    with pytest.raises(NotFoundError):
        archive.timetable.schedule(999)


def test_a_due_time_is_one_row_whoever_looks(archive: Archive) -> None:
    kept = archive.timetable.add(Schedule(0, "* * * * *", NOW, sources=("s1", "s2"), next_due_at=NOW))
    first = archive.timetable.fire(kept.id, NOW, lambda schedule, _: all_queued(schedule, NOW))
    assert [(run.source_id, run.due_at, run.outcome, run.schedule_id) for run in first] == [
        ("s1", NOW, "queued", kept.id),
        ("s2", NOW, "queued", kept.id),
    ]
    assert archive.timetable.fire(kept.id, NOW, lambda schedule, _: all_queued(schedule, NOW)) == []
    archive.timetable.expect(kept.id, NOW)  # as after the clock was put back
    assert archive.timetable.fire(kept.id, NOW, lambda schedule, _: all_queued(schedule, NOW)) == []
    assert archive.timetable.schedule(kept.id).next_due_at == NOW + MINUTE
    assert len(archive.timetable.runs()) == 2


def test_a_schedule_sees_how_its_sources_stand(archive: Archive) -> None:
    archive.put_source(a_source(id="s1"))
    archive.put_source(a_source(id="s2"))
    archive.put_source(a_source(id="s3", verified=False))
    archive.pause_source("s2", True)
    seen = []

    def look(schedule: Schedule, situations: object) -> Firing:
        seen.append(situations)
        return all_queued(schedule, NOW)

    named = archive.timetable.add(Schedule(0, "* * * * *", NOW, sources=("s1", "s2", "gone"), next_due_at=NOW))
    archive.timetable.fire(named.id, NOW, look)
    assert [(s.source_id, s.bar) for s in seen[0]] == [
        ("s1", ""),
        ("s2", "the source is paused"),
        ("gone", "there is no such source any more"),
    ]
    everyone = archive.timetable.add(Schedule(0, "* * * * *", NOW, next_due_at=NOW))
    archive.timetable.fire(everyone.id, NOW, look)
    assert [s.source_id for s in seen[1]] == ["s1"]
    chore = archive.timetable.add(Schedule(0, "* * * * *", NOW, kind="index", next_due_at=NOW))
    archive.timetable.fire(chore.id, NOW, look)
    assert [(s.source_id, s.bar) for s in seen[2]] == [("", "")]
    running = claimed(archive)
    assert running
    archive.timetable.expect(named.id, NOW)
    archive.timetable.fire(named.id, NOW, look)
    assert seen[3][0].running == running.id
    assert seen[3][1].queued
    assert not seen[3][1].running


# -- claims -----------------------------------------------------------------------------------------------------------


def test_what_has_waited_longest_is_claimed_first_and_no_source_twice(archive: Archive) -> None:
    for source, minute in (("s1", 1), ("s1", 0), ("s2", 2), ("s3", 99)):
        archive.timetable.enqueue(waiting(source, NOW + minute * MINUTE))
    now = NOW + 10 * MINUTE
    first, second, third = claimed(archive, "w1", now), claimed(archive, "w2", now), claimed(archive, "w1", now)
    assert first
    assert second
    assert (first.source_id, first.due_at, first.worker, first.outcome) == ("s1", NOW, "w1", "running")
    assert (first.started_at, first.lease_until) == (now, now + LEASE)
    assert (second.source_id, second.worker) == ("s2", "w2")
    assert third is None  # s1 is at work, s3 is not due
    assert archive.timetable.finish(replace(first, outcome="done", ended_at=now, tally=Tally(new=3), log="logs/1.log"))
    again = claimed(archive, "w1", now)
    assert again
    assert (again.source_id, again.due_at) == ("s1", NOW + MINUTE)
    ended = archive.timetable.run(first.id)
    assert (ended.outcome, ended.tally.new, ended.log, ended.lease_until) == ("done", 3, "logs/1.log", None)


def test_only_the_kinds_asked_for_are_claimed(archive: Archive) -> None:
    archive.timetable.enqueue(waiting("", kind="index"))
    assert archive.timetable.claim("w", NOW, NOW + LEASE, ("crawl",)) is None
    assert archive.timetable.claim("w", NOW, NOW + LEASE, ("crawl", "index"))


def test_many_claim_at_once_and_each_run_goes_to_one(archive: Archive, url: str) -> None:
    for n in range(40):
        archive.timetable.enqueue(waiting(f"s{n % 8}", NOW + n * timedelta(seconds=1)))
    taken: list[Run] = []
    together: list[str] = []
    guard = threading.Lock()

    def work(name: str) -> None:
        with open_archive(url) as own:
            while run := own.timetable.claim(name, NOW + 10 * MINUTE, NOW + 11 * MINUTE):
                at_work = [r.source_id for r in own.timetable.runs(outcomes=("running",))]
                with guard:
                    taken.append(run)
                    together.extend(name for name in set(at_work) if at_work.count(name) > 1)
                own.timetable.finish(replace(run, outcome="done", ended_at=NOW))

    workers = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while run := claimed(archive, "last", NOW + 10 * MINUTE):  # one may have been passed over while its source was busy
        taken.append(run)
        archive.timetable.finish(replace(run, outcome="done", ended_at=NOW))
    assert sorted(run.id for run in taken) == sorted(run.id for run in archive.timetable.runs(outcomes=("done",)))
    assert len(taken) == len({run.id for run in taken}) == 40
    assert together == []


def test_a_run_by_hand_waits_for_nobody_and_shuts_the_queue_out(archive: Archive) -> None:
    queued = archive.timetable.enqueue(waiting())
    mine = archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="me", lease_until=NOW + LEASE))
    assert claimed(archive) is None
    with pytest.raises(LockedError) as told:
        archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="you", lease_until=NOW + LEASE))
    assert f"run {mine.id}" in told.value.message
    assert told.value.exit_code == 6
    archive.timetable.begin(Run(0, "s1", "hand", NOW, kind="index", worker="me", lease_until=NOW + LEASE))
    archive.timetable.finish(replace(mine, outcome="done", ended_at=NOW))
    later = claimed(archive)
    assert later
    assert later.id == queued.id


def test_a_run_by_hand_ends_a_dead_one(archive: Archive) -> None:
    dead = archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="me", lease_until=NOW + LEASE))
    later = archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="you"), lambda worker: worker == "me")
    assert archive.timetable.run(dead.id).outcome == "interrupted"
    assert archive.timetable.run(dead.id).reason == "the worker me died"
    once_more = archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="they"))  # no lease: nobody vouches for it
    assert archive.timetable.run(later.id).outcome == "interrupted"
    assert archive.timetable.run(once_more.id).outcome == "running"
    assert archive.timetable.runs(outcomes=("queued",)) == []  # what was begun by hand is not taken up by others


def test_a_dead_scheduled_run_that_a_run_by_hand_meets_is_taken_up_all_the_same(archive: Archive) -> None:
    archive.timetable.enqueue(waiting(scope=Scope(full=True)))
    dead = claimed(archive)
    assert dead
    mine = archive.timetable.begin(Run(0, "s1", "hand", NOW, worker="me"), lambda worker: worker == dead.worker, 3)
    (again,) = archive.timetable.runs(outcomes=("queued",))
    assert (again.retry_of, again.attempt, again.scope) == (dead.id, 2, Scope(full=True))
    assert claimed(archive) is None
    archive.timetable.finish(replace(mine, outcome="done", ended_at=NOW))
    taken = claimed(archive)
    assert taken
    assert taken.id == again.id


# -- leases -----------------------------------------------------------------------------------------------------------


def test_a_lease_that_runs_out_hands_the_run_on(archive: Archive) -> None:
    archive.timetable.enqueue(waiting(scope=Scope(full=True)))
    run = claimed(archive)
    assert run
    assert archive.timetable.bury(NOW + LEASE / 2, 3) == []
    assert archive.timetable.beat("w1", [run.id, 999], NOW + LEASE / 2, NOW + 2 * LEASE) == {run.id}
    assert archive.timetable.bury(NOW + LEASE, 3) == []
    ((buried, again),) = archive.timetable.bury(NOW + 2 * LEASE, 3)
    assert again
    assert archive.timetable.run(run.id) == replace(buried, tally=Tally(), lease_until=None)
    assert (buried.outcome, buried.reason) == ("interrupted", "the worker w1 died")
    assert (again.trigger, again.attempt, again.retry_of, again.outcome) == ("retry", 2, run.id, "queued")
    assert (again.schedule_id, again.due_at, again.scope) == (run.schedule_id, run.due_at, run.scope)
    assert archive.timetable.bury(NOW + 2 * LEASE, 3) == []
    assert archive.timetable.beat("w1", [run.id], NOW, NOW + 9 * LEASE) == set()
    assert not archive.timetable.finish(replace(run, outcome="done", ended_at=NOW))
    assert not archive.timetable.release(run, NOW, "")
    assert archive.timetable.run(run.id).outcome == "interrupted"


def test_a_worker_known_to_be_gone_needs_no_lease_to_run_out(archive: Archive) -> None:
    archive.timetable.enqueue(waiting())
    run = claimed(archive)
    assert run
    assert archive.timetable.bury(NOW, 3, lambda worker: worker == "w2") == []
    assert len(archive.timetable.bury(NOW, 3, lambda worker: worker == "w1")) == 1


def test_what_kills_its_workers_is_given_up(archive: Archive) -> None:
    archive.timetable.enqueue(waiting())
    for attempt in (1, 2, 3):
        run = claimed(archive, now=NOW + attempt * LEASE)
        assert run
        assert run.attempt == attempt
        archive.timetable.bury(NOW + (attempt + 1) * LEASE, 3)
    assert archive.timetable.runs(outcomes=("queued", "running")) == []
    assert archive.timetable.runs(limit=1)[0].reason == "the worker w1 died; given up after 3 attempts"


def test_an_orderly_end_may_be_taken_up_too(archive: Archive) -> None:
    archive.timetable.enqueue(waiting())
    run = claimed(archive)
    assert run
    ended = replace(run, outcome="interrupted", ended_at=NOW)
    assert archive.timetable.finish(ended, take_up=True, most_attempts=3)
    assert [(r.outcome, r.retry_of) for r in archive.timetable.runs()] == [("queued", run.id), ("interrupted", None)]


def test_what_nobody_took_in_time_was_missed(archive: Archive) -> None:
    archive.timetable.enqueue(waiting(expires_at=NOW + LEASE))
    archive.timetable.enqueue(waiting("s2"))
    assert archive.timetable.expire(NOW) == 0
    later = claimed(archive, now=NOW + LEASE)
    assert later
    assert later.source_id == "s2"
    assert archive.timetable.expire(NOW + LEASE) == 1
    (missed,) = archive.timetable.runs(source_id="s1")
    assert (missed.outcome, missed.reason) == ("missed", "no worker was free for it in time")
    assert not missed.begun


def test_what_was_missed_keeps_the_reason_for_which_it_waited(archive: Archive) -> None:
    archive.timetable.enqueue(waiting(expires_at=NOW + LEASE))
    run = claimed(archive)
    assert run
    archive.timetable.release(run, NOW + 2 * LEASE, "it falls into maintenance")
    assert archive.timetable.expire(NOW + LEASE) == 1
    assert archive.timetable.run(run.id).reason == "it falls into maintenance; no worker was free for it in time"


def test_what_waits_for_a_schedule_that_is_removed_is_skipped(archive: Archive) -> None:
    kept, removed = (archive.timetable.add(Schedule(0, "@daily", NOW)) for _ in range(2))
    for number, schedule in enumerate((kept, removed)):
        archive.timetable.enqueue(waiting(f"s{number}", schedule_id=schedule.id))
    archive.timetable.remove(removed.id, NOW)
    assert [run.outcome for run in archive.timetable.runs()] == ["skipped", "queued"]
    assert archive.timetable.runs(outcomes=("skipped",))[0].reason == "its schedule was removed"


def test_the_first_of_its_kind_is_added_once(archive: Archive) -> None:
    asked = Schedule(0, "@daily", NOW, kind="verify")
    made = archive.timetable.add_first(asked)
    assert made
    assert archive.timetable.add_first(asked) is None
    archive.timetable.remove(made.id, NOW)
    assert archive.timetable.add_first(asked) is None
    assert archive.timetable.add_first(replace(asked, kind="index"))


def test_a_released_run_waits_again(archive: Archive) -> None:
    archive.timetable.enqueue(waiting())
    run = claimed(archive)
    assert run
    assert archive.timetable.release(run, NOW + MINUTE, "the source is locked")
    assert claimed(archive) is None
    assert archive.timetable.run(run.id).reason == "the source is locked"
    again = claimed(archive, "w2", NOW + MINUTE)
    assert again
    assert (again.id, again.attempt, again.reason) == (run.id, 1, "")


# -- what was ---------------------------------------------------------------------------------------------------------


def test_a_run_is_tried_again_once(archive: Archive) -> None:
    missed = archive.timetable.enqueue(waiting(outcome="missed", ended_at=NOW))
    again = archive.timetable.retry(missed.id, NOW + MINUTE)
    assert (again.outcome, again.retry_of, again.trigger, again.due_at) == ("queued", missed.id, "retry", NOW)
    with pytest.raises(UsageError) as told:
        archive.timetable.retry(missed.id, NOW)
    assert f"run {again.id}" in told.value.message
    with pytest.raises(UsageError):
        archive.timetable.retry(again.id, NOW)
    with pytest.raises(NotFoundError):
        archive.timetable.retry(999, NOW)


def test_runs_are_listed_by_what_they_are(archive: Archive) -> None:
    archive.timetable.enqueue(waiting())
    archive.timetable.enqueue(waiting("s2", outcome="skipped", ended_at=NOW, reason="r", schedule_id=4))
    archive.timetable.enqueue(waiting("", NOW + MINUTE, kind="index"))
    timetable = archive.timetable
    assert [run.source_id for run in timetable.runs()] == ["", "s2", "s1"]
    assert [run.source_id for run in timetable.runs(limit=1)] == [""]
    assert [run.source_id for run in timetable.runs(kinds=("crawl",))] == ["s2", "s1"]
    assert [run.source_id for run in timetable.runs(outcomes=("skipped", "missed"))] == ["s2"]
    assert [run.source_id for run in timetable.runs(schedule_id=4)] == ["s2"]
    assert [run.source_id for run in timetable.runs(source_id="s1")] == ["s1"]
    assert [run.kind for run in timetable.runs(since=NOW + MINUTE)] == ["index"]
    assert archive.runs() == []  # crawls that have begun, and nothing else
    run = claimed(archive)
    assert run
    assert archive.runs() == [run]
    with pytest.raises(NotFoundError):
        timetable.run(999)
    assert abs(timetable.clock_ahead(datetime.now(NOW.tzinfo))) < 60


def test_runs_of_before_come_along(tmp_path: Path) -> None:
    """Of crawls that were never ended only the newest of a source may still be at work; nothing else is changed."""
    from alembic import command
    from alembic.config import Config

    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = engine_of(url)
    config = Config()
    config.set_main_option("script_location", str(Path(claiming.__file__).parent / "migrations"))
    with engine.connect() as conn, conn.begin():
        config.attributes["connection"] = conn
        command.upgrade(config, "0003")
        for source, outcome in (("s1", "running"), ("s1", "running"), ("s2", "running"), ("s2", "done")):
            conn.exec_driver_sql(
                "INSERT INTO runs (source_id, trigger, started_at, outcome, reason) "
                f"VALUES ('{source}', 'manual', '2026-04-01 02:00:00.000000', '{outcome}', '')"
            )
    engine.dispose()
    with open_archive(url) as archive:
        told = [(run.id, run.source_id, run.outcome, run.kind, run.attempt) for run in archive.timetable.runs()]
        assert told == [
            (4, "s2", "done", "crawl", 1),
            (3, "s2", "running", "crawl", 1),
            (2, "s1", "running", "crawl", 1),
            (1, "s1", "interrupted", "crawl", 1),
        ]
        assert archive.timetable.run(1).ended_at == NOW
        assert archive.timetable.run(1).scope == Scope()
