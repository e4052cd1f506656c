"""Workers for tests: with a stub in place of the crawl, in this process or as a process of its own that can be killed.

Run as a script it is such a process: `python tests/workers.py HOME DATABASE JOBS SECONDS`.
"""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from builders import a_source

from bulletin.config import ArchiveSettings, Settings
from bulletin.run import Run, Tally
from bulletin.source import Source
from crawler.conversing import Halt
from desk.tasks.leasing import Clock, utc_now
from desk.wiring import Home
from desk.worker import Means, Worker

ROOT = Path(__file__).resolve().parents[1]


def a_home(folder: Path, url: str = "", sources: int = 1) -> Settings:
    """A home with small sources s0, s1, ... on hosts of their own."""
    settings = Settings(home=folder, archive=ArchiveSettings(url=url))
    with Home(settings) as home:
        home.make()
        for number in range(sources):
            home.archive.put_source(small_source(number))
    return settings


def small_source(number: int) -> Source:
    host = f"s{number}.yunxiu.example"
    return a_source(id=f"s{number}", name=f"第{number}号", hosts=(host,), url=f"http://{host}/")


def queued(source: str, at: datetime, **changes: object) -> Run:
    run = Run(0, source, "schedule", at, outcome="queued", ready_at=at, due_at=at)
    return replace(run, **changes)  # type: ignore[arg-type]


def crawled(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
    """A crawl that meets one known bulletin at once."""
    return replace(run, outcome="done", tally=Tally(requests=2, unchanged=1), ended_at=now())


class Say:
    """What a worker said."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, words: str) -> None:
        self.words.append(words)

    def __contains__(self, part: str) -> bool:
        return any(part in words for words in self.words)


def means(**changes: object) -> Means:
    """Stub crawls, no duties, quick to notice things."""
    made = Means(perform=crawled, duties=(), free_disk=lambda settings: 10**12, pause=0.02)
    return replace(made, **changes)  # type: ignore[arg-type]


def _marked(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
    """A crawl that takes a moment, and leaves marks when it begins and when it ends, for whoever looks afterwards
    whether two were at one source at a time. A mark is a single append, which other processes see whole. The first
    crawl of s0 takes as long as its worker lives."""
    marks = home.settings.home / "marks" / run.source_id
    endless = run.source_id == "s0" and not marks.exists()
    with marks.open("ab", buffering=0) as file:
        file.write(f"begin {run.id} {os.getpid()} {time.monotonic_ns()}\n".encode())
        time.sleep(3_600 if endless else random.uniform(0.0, float(sys.argv[4])))
        file.write(f"end {run.id} {os.getpid()} {time.monotonic_ns()}\n".encode())
    return crawled(home, run, halt, now)


def main() -> None:
    folder, url, jobs = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    settings = Settings(home=folder, archive=ArchiveSettings(url=url))
    with_marks = means(perform=_marked, lease=timedelta(seconds=120), beat=2.0, now=utc_now)
    Worker(settings, jobs=jobs, say=print, means=with_marks).work()


if __name__ == "__main__":
    main()
