"""What keeping costs: the same crawl as it is, and with a keeper that keeps nothing (no WARC record, no row of it).

Both crawl the same practice site on loopback, without any delay, in child processes, one after the other, several times
in turns. Compared are pages a second, from the first list to the last bulletin, and the processor seconds of the crawl
with the process that reads for it; promised is that keeping takes at most a quarter of the throughput.

    python benchmarks/capturing.py [--scale 4] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive import open_archive  # noqa: E402
from bulletin.config import Settings  # noqa: E402
from crawler.catalogue import source_of  # noqa: E402
from crawler.errand import Errand, order_record  # noqa: E402
from desk.demo.server import Serving  # noqa: E402
from desk.demo.sites import site  # noqa: E402

#: What the project promises: at least so much of the throughput without keeping.
WANTED = 0.75

CHILD = """
import os, sys, time
from crawler import child
from crawler.depositing import Holdings
from crawler.walking import Walk
from bulletin.capture import RecordRef
from bulletin.ids import digest
if sys.argv[1] == "forgetful":
    Holdings.keep = lambda self, source, capture, known: RecordRef("none", 0, 0, digest(capture.payload))
begun = []
tell = Walk.tell
def timed(self, event, **more):
    if event == "listed" and not begun:
        begun.append((time.monotonic(), time.process_time()))
    timed.last = time.monotonic(), time.process_time()
    tell(self, event, **more)
Walk.tell = timed
child.main()
(wall, spent), last = begun[0], timed.last
spent -= sum(os.times()[2:4])  # the child that reads
sys.__stdout__.write('{"event": "measured", "wall": %f, "processor": %f}' % (last[0] - wall, last[1] - spent))
"""


def crawled(served, serving: Serving, how: str) -> tuple[float, float]:
    """Pages a second, and processor seconds a page, of a first crawl into an empty archive."""
    source = source_of(tomllib.loads(served.source_toml(serving.address)))
    before = len(serving.requests)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        with open_archive(settings.archive_url) as kept:
            kept.put_source(source)
        order = order_record([source], settings, Errand())
        command = [sys.executable, "-c", CHILD, how]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()  # and left open: its end would be ours
            told = [json.loads(line) for line in child.stdout]
        with open_archive(settings.archive_url) as kept:
            assert kept.counts()["documents"] > 50
            assert (kept.counts()["captures"] == 0) == (how == "forgetful")
    pages = len(serving.requests) - before
    return pages / told[-1]["wall"], told[-1]["processor"] / pages


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--scale", type=int, default=4)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    served = site("F1", scale=given.scale)
    ratios, spent = [], []
    for _ in range(given.rounds):
        with Serving([served]) as serving:
            ours, our_cost = crawled(served, serving, "keeping")
            theirs, their_cost = crawled(served, serving, "forgetful")
        ratios.append(ours / theirs)
        spent.append(their_cost / our_cost)
        print(
            f"keeping {ours:.0f} pages/s ({1000 * our_cost:.1f} ms of processor a page), "
            f"forgetful {theirs:.0f} pages/s ({1000 * their_cost:.1f} ms): {ratios[-1]:.2f} "
            f"(by processor {spent[-1]:.2f})",
            flush=True,
        )
    ratio = median(ratios)
    print(f"median ratio {ratio:.2f}, by processor {median(spent):.2f} (promised: at least {WANTED})")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
