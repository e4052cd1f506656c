"""Replay of kept captures by two processes against one, in the same run (aim: at least 1.3 times as fast).

The home is filled from a practice site without a network: every article and every file it shows is kept as a capture
and read as a crawl reads it (by as many processes as there are cores). Printed are seconds and processor seconds of
both, so that a busy machine can be told from work done twice: two processes are at most as many times as fast as their
processor seconds allow, which is printed too, and on a busy machine any clock is a matter of luck. Starting them costs
some two seconds, so a small home says little. 10,000 captures take four minutes on two idle cores, one for the filling.

    python benchmarks/replaying.py [--scale 78] [--rounds 1]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

# This folder holds a search.py: run as a script, the repository itself must come first.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bulletin.capture import Capture
from bulletin.config import Settings
from bulletin.source import Seed
from crawler.answers import UnfitError
from crawler.catalogue import source_of
from crawler.rereading import Reread, reread
from desk.demo.site import PracticeSite
from desk.demo.sites import site
from desk.tasks.replaying import replay
from desk.wiring import Home

#: What the project promises of two idle cores.
WANTED = 1.3
BEGUN = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Spent:
    """What a replay took."""

    wall: float
    processor: float
    read: int


def capture_of(served: PracticeSite, url: str, at: datetime) -> Capture | None:
    """What the site answers, as it would cross the line."""
    path = urlsplit(url).path
    answer = served.answer("GET", path, {}, b"")
    if answer.status != 200:
        return None
    headers = (*answer.headers, ("Content-Length", str(len(answer.body))))
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    asked = f"GET {path} HTTP/1.1\r\nHost: {served.host}\r\n\r\n".encode()
    body = answer.body
    return Capture(url, at, 200, headers, body, body, "OK", head.encode() + body, asked, "127.0.0.1")


_site: list[PracticeSite] = []


def article(asked: tuple[int, str, str]) -> tuple[str, list[Capture], Reread | None]:
    """Column, captures and reading of an article, the `number`th of its site."""
    (number, url, column), served = asked, _site[0]
    source = source_of(tomllib.loads(served.source_toml("127.0.0.1:9")))
    met: list[Capture] = []

    def find(wanted: str) -> Capture | None:
        capture = capture_of(served, wanted, BEGUN + timedelta(seconds=60 * number + len(met)))
        met.extend([capture] if capture else [])
        return capture

    first = find(url)
    try:
        return column, met, reread(source, Seed(url, column), first, find) if first else None
    except UnfitError:
        return column, met, None


def articles(served: PracticeSite) -> Iterator[tuple[str, list[Capture], Reread | None]]:
    """All of them, read by processes that are forked: nothing is open yet that they must not share."""
    _site[:] = [served]
    asked = [(n, url, told["column"]) for n, (url, told) in enumerate(served.expected()["per_article"].items())]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("fork")) as pool:
        yield from pool.map(article, asked, chunksize=20)


def fill(home: Home, served: PracticeSite) -> int:
    """Every article of the site and its files, kept and taken in; the number of captures."""
    source = source_of(tomllib.loads(served.source_toml("127.0.0.1:9")))
    found = articles(served)
    first = next(found)
    home.make()
    home.archive.put_source(source)
    kept = 0
    with home.archive.batch():
        for column, captures, read in chain([first], found):
            records = []
            for capture in captures:
                record = home.vault.keep(capture)
                kind = capture.header("Content-Type").partition(";")[0].strip().lower()
                home.archive.captures.kept(source.id, capture.url, 200, capture.fetched_at, record, kind)
                records.append(record)
            kept += len(records)
            if read:
                home.archive.deposit(
                    source, column, captures[0].url, read.harvest, fetched_at=captures[0].fetched_at,
                    payload_digest=read.payload_digest, record=records[0],
                )  # fmt: skip
    home.vault.close()
    return kept


def spent(home: Home, workers: int) -> Spent:
    """A dry run over everything. Processor time includes that of the workers and of the children they start."""
    before, start = os.times(), perf_counter()
    made = replay(home, dry_run=True, workers=workers)
    wall, after = perf_counter() - start, os.times()
    assert not made.failed, made.failed[:3]
    assert not made.changed, made.changed[:3]
    return Spent(wall, sum(after[:4]) - sum(before[:4]), made.read)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--scale", type=int, default=78, help="how many times the site's hundred articles")
    options.add_argument("--rounds", type=int, default=1)
    given = options.parse_args()
    gains = []
    with tempfile.TemporaryDirectory() as folder, Home(Settings(home=Path(folder) / "home")) as home:
        start = perf_counter()
        captures = fill(home, site("F1", scale=given.scale))
        print(f"{captures:,} captures kept and read in {perf_counter() - start:.0f} s", flush=True)
        for _ in range(given.rounds):
            one, two = spent(home, 1), spent(home, 2)
            gains.append(one.wall / two.wall)
            print(
                f"{one.read:,} revisions: one process {one.wall:.1f} s ({one.processor:.1f} s of processor), "
                f"two {two.wall:.1f} s ({two.processor:.1f} s): {gains[-1]:.2f} times as fast, "
                f"of {2 * one.processor / two.processor:.2f} that two idle cores allow",
                flush=True,
            )
    gain = median(gains)
    print(f"two processes: {gain:.2f} times as fast as one (promised: at least {WANTED})")
    return 0 if gain >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
