"""Pages a second of the whole path (fetch, capture, extract, deposit), against a bare Scrapy spider that fetches the
same pages and does nothing with them.

Both run in child processes of this one, one after the other, several times in turns, against the same practice site on
loopback, over one connection and without any delay. Counted is the time from the first to the last answer, so that
neither start-up nor shutdown of a process is in it.

    python benchmarks/crawl.py [--scale N] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bulletin.config import Settings  # noqa: E402
from crawler.catalogue import source_of  # noqa: E402
from crawler.run import crawl  # noqa: E402
from desk.demo.server import Serving  # noqa: E402
from desk.demo.sites import site  # noqa: E402

#: What the project promises: at least a third of the bare spider's pages a second.
WANTED = 1 / 3

BARE = """
import json, sys, time
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
order = json.load(sys.stdin)
class Bare(Spider):
    name = "bare"
    first = last = 0.0
    pages = 0
    async def start(self):
        for url in order["urls"]:
            yield Request(url, dont_filter=True)
    def parse(self, response):
        now = time.monotonic()
        type(self).first = self.first or now
        type(self).last = now
        type(self).pages += 1
settings = {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "HTTPERROR_ALLOW_ALL": True, "RETRY_ENABLED": False, "USER_AGENT": "bare",
            "DEFAULT_REQUEST_HEADERS": {"Host": order["host"]}}
process = CrawlerProcess(settings)
process.crawl(Bare)
process.start()
print(json.dumps({"pages": Bare.pages, "seconds": Bare.last - Bare.first}))
"""


def bare(address: str, host: str, paths: list[str]) -> float:
    """Pages a second of a spider that fetches and forgets."""
    order = json.dumps({"urls": [f"http://{address}{path}" for path in paths], "host": host})
    done = subprocess.run([sys.executable, "-c", BARE], input=order, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["pages"] == len(paths), told
    return (told["pages"] - 1) / float(told["seconds"])


def whole(served, serving: Serving) -> tuple[float, list[str]]:
    """Pages a second of a first crawl into an empty archive; and the paths it asked for."""
    source = source_of(tomllib.loads(served.source_toml(serving.address)))
    moments: list[float] = []
    before = len(serving.requests)

    def watch(event: dict) -> None:
        if event["event"] in ("listed", "fetched", "deposited", "problem"):
            moments.append(time.monotonic())

    with tempfile.TemporaryDirectory() as home:
        run = crawl([source], Settings(home=Path(home)), on_event=watch)[0]
    assert run.outcome == "done", run
    return (run.tally.requests - 2) / (moments[-1] - moments[0]), serving.paths()[before:]


def main() -> int:
    options = argparse.ArgumentParser(description="pages a second: the whole path against bare Scrapy")
    options.add_argument("--scale", type=int, default=8)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    served = site("F1", scale=given.scale)
    ratios = []
    for _ in range(given.rounds):
        with Serving([served]) as serving:
            ours, paths = whole(served, serving)
            theirs = bare(serving.address, served.host, paths)
        ratios.append(ours / theirs)
        print(f"{len(paths)} pages: whole path {ours:.0f}/s, bare Scrapy {theirs:.0f}/s, ratio {ours / theirs:.2f}")
    ratio = median(ratios)
    print(f"median ratio {ratio:.2f} (promised: at least {WANTED:.2f})")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
