"""Three workers on one home, killed at random: every due run is done, never two at a time on one source."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from crawling import Pages, a_county, article, listed
from workers import ROOT, a_home

from archive.opening import engine_of
from archive.tables import metadata
from bulletin.config import ArchiveSettings, CrawlSettings, Settings
from bulletin.run import Run, Schedule
from desk.demo.server import Serving
from desk.tasks.leasing import utc_now
from desk.tasks.scheduling import write_down_due
from desk.wiring import Home

POSTGRES = os.environ.get("GONGBAO_TEST_POSTGRES", "")


def databases() -> list[str]:
    return ["sqlite", *filter(None, [POSTGRES])]


@pytest.fixture(params=databases())
def url(request: pytest.FixtureRequest) -> str:
    """Empty for SQLite in the home; PostgreSQL is emptied."""
    if request.param == "sqlite":
        return ""
    engine = engine_of(request.param)
    with engine.begin() as conn:
        metadata.drop_all(conn)
        conn.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()
    return str(request.param)


class Crew:
    """Worker processes, replaced when they are killed."""

    def __init__(self, command: list[str], count: int) -> None:
        self._command, self.killed, self._chance = command, 0, random.Random(3)
        self._workers = [self._hire() for _ in range(count)]

    def _hire(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]))
        return subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill_one_at_work(self, settings: Settings) -> None:
        """One that has a run under way; nobody if none has. Runs that have been taken up twice are spared: what too
        many workers died of is given up."""
        with Home(settings) as home:
            running = home.archive.timetable.runs(outcomes=("running",))
        at_work = {int(run.worker.split("/")[1]) for run in running}
        at_work -= {int(run.worker.split("/")[1]) for run in running if run.attempt > 2}
        busy = [worker.pid for worker in self._workers if worker.pid in at_work]
        if busy:
            self.kill(self._chance.choice(busy))

    def kill(self, pid: int) -> None:
        """One of them; another is hired."""
        at = [worker.pid for worker in self._workers].index(pid)
        self._workers[at].send_signal(signal.SIGKILL)
        self._workers[at].wait()
        self.killed += 1
        self._workers[at] = self._hire()

    def send_home(self) -> list[int]:
        for worker in self._workers:
            worker.terminate()
        return [worker.wait() for worker in self._workers]


@contextmanager
def crew(command: list[str], count: int = 3) -> Iterator[Crew]:
    made = Crew(command, count)
    try:
        yield made
    finally:
        made.send_home()


def all_over(settings: Settings) -> bool:
    with Home(settings) as home:
        return not home.archive.timetable.runs(outcomes=("queued", "running"), limit=1)


def make_due(settings: Settings, schedules: int, sources: int) -> None:
    """So many schedules over all sources, all due once, now, each time seen by three who write it down."""
    now = utc_now()
    names = tuple(f"s{number}" for number in range(sources))
    with Home(settings) as home:
        for _ in range(schedules):
            made = Schedule(0, "0 0 1 1 *", now, sources=names, next_due_at=now, window=86_400)
            home.archive.timetable.add(made)

    def look() -> None:
        with Home(settings) as home:
            write_down_due(home, utc_now())

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()


def check_books(runs: list[Run], due: int) -> None:
    """Every due time is one run, and a chain of attempts that ends with one that is done; tallies add up."""
    assert {run.outcome for run in runs} <= {"done", "interrupted"}
    first = [run for run in runs if run.attempt == 1]
    assert len(first) == due
    assert len({(run.schedule_id, run.source_id, run.due_at) for run in first}) == due
    again = {run.retry_of: run for run in runs if run.retry_of}
    for run in runs:
        assert (run.outcome == "interrupted") == (run.id in again), f"run {run.id} {run.reason}"
        assert run.ended_at
        assert run.attempt == 1 or (run.trigger, run.due_at is not None) == ("retry", True)
    done = [run for run in runs if run.outcome == "done"]
    assert Counter((run.schedule_id, run.source_id, run.due_at) for run in done).most_common(1)[0][1] == 1
    assert len(done) == due
    assert sum(run.tally.unchanged for run in done) == due


def check_marks(folder: Path, runs: list[Run]) -> int:
    """What the crawls themselves noted: never two at one source. The number of those that were begun and not ended."""
    begun, unended = defaultdict(int), 0
    for file in folder.iterdir():
        open_run = ""
        for line in file.read_text().splitlines():
            word, run, pid, _ = line.split()
            if word == "begin":
                unended += bool(open_run)  # its worker was killed at it, before the next one began
                begun[int(run)] += 1
                open_run = f"{run} {pid}"
            else:
                assert open_run == f"{run} {pid}", f"{file.name}: {line} within {open_run}"
                open_run = ""
        assert not open_run
    assert set(begun.values()) == {1}, "a row was carried out twice"
    assert {run.id for run in runs if run.outcome == "done"} <= set(begun)
    return unended


def work_with(
    command: list[str],
    settings: Settings,
    count: int,
    kills: int,
    pause: tuple[float, float],
    first: Path | None = None,
) -> None:
    """Workers work until nothing waits, one that has a run under way killed now and then; then they are asked to go.
    The first to be killed is the one whose mark is in the file `first`."""
    with crew(command, count) as workers:
        until, chance = time.monotonic() + 1_200, random.Random(4)
        if first:
            workers.kill(begun_by(first))
        while not all_over(settings):
            assert time.monotonic() < until, "not done in time"
            time.sleep(chance.uniform(*pause))
            if workers.killed < kills:
                workers.kill_one_at_work(settings)
        assert set(workers.send_home()) <= {0, -signal.SIGTERM}  # who was hired a moment ago knows no signal yet


def begun_by(marks: Path) -> int:
    """The process that left the first mark, once it is there."""
    while not (marks.is_file() and marks.read_bytes().endswith(b"\n")):
        time.sleep(0.05)
    return int(marks.read_text().split()[2])


def small_site(number: int) -> Pages:
    pages: dict[str, object] = {f"/gb/t20260301_100{n}.html": article(number * 10 + n) for n in range(3)}
    pages["/gb/"] = listed(*(f"./t20260301_100{n}.html" for n in range(3)))
    return Pages(pages, f"www{number}.yunxiu.example")


def work_off(settings: Settings, url: str, schedules: int, sources: int, kills: int, longest: float) -> None:
    (settings.home / "marks").mkdir()
    make_due(settings, schedules, sources)
    command = [sys.executable, str(ROOT / "tests" / "workers.py"), str(settings.home), url, "4", str(longest)]
    work_with(command, settings, 3, kills, (0.1, 1.5), settings.home / "marks" / "s0")
    with Home(settings) as home:
        runs = home.archive.timetable.runs()
    check_books(runs, schedules * sources)
    unended = check_marks(settings.home / "marks", runs)
    assert unended  # the first to be killed was at a run
    died = [run for run in runs if run.outcome == "interrupted"]
    assert unended <= len(died)
    assert all("died" in run.reason for run in died)
    print(f"{len(runs)} rows, {kills} workers killed, {len(died)} runs interrupted and taken up again")


def test_three_workers_killed_at_random(tmp_path: Path, url: str) -> None:
    work_off(a_home(tmp_path, url, sources=6), url, schedules=4, sources=6, kills=3, longest=2.0)


@pytest.mark.more
@pytest.mark.timeout(1_800)
def test_three_workers_and_five_hundred_runs(tmp_path: Path, url: str) -> None:
    work_off(a_home(tmp_path, url, sources=50), url, schedules=10, sources=50, kills=25, longest=1.0)


@pytest.mark.more
@pytest.mark.timeout(1_800)
def test_real_crawls_of_small_sites_survive_it_too(tmp_path: Path, url: str) -> None:
    """Two sites of three bulletins, two workers that are killed while they crawl: every bulletin is kept, once."""
    settings = Settings(home=tmp_path, archive=ArchiveSettings(url=url), crawl=CrawlSettings(timeout=20.0))
    with Serving([small_site(number) for number in range(2)]) as serving:
        with Home(settings) as home:
            home.make()
            if url:  # the workers read the home's own settings
                (tmp_path / "gongbao.toml").write_text(f'[archive]\nurl = "{url}"\n', encoding="utf-8")
            for number in range(2):
                source = a_county(serving.address, host=f"www{number}.yunxiu.example")
                home.archive.put_source(replace(source, id=f"s{number}"))
        make_due(settings, 3, 2)
        words = ["--home", str(tmp_path), "worker", "--jobs", "2"]
        work_with([sys.executable, "-c", f"from desk.cli import main; main({words!r})"], settings, 2, 4, (3.0, 9.0))
    with Home(settings) as home:
        crawls = [run for run in home.archive.timetable.runs() if run.kind == "crawl"]
        assert {run.outcome for run in crawls} <= {"done", "interrupted"}
        done = [run for run in crawls if run.outcome == "done"]
        assert Counter((run.schedule_id, run.source_id) for run in done) == Counter(
            (run.schedule_id, run.source_id) for run in crawls if run.attempt == 1
        )
        assert len(done) == 6
        assert home.archive.counts()["documents"] == 6
        assert home.archive.counts()["revisions"] == 6
        assert all(run.log and (tmp_path / run.log).is_file() for run in done)
        assert all(run.config_digest and run.family_version.startswith("trs/") for run in done)
