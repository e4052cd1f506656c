"""Crawls that do not come to their end: interrupted, orphaned, killed. Nothing is lost and nothing is there twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import Queue

import pytest
from crawling import Pages, a_county, article, listed, run, settings, site_source

from archive import open_archive, open_vault
from bulletin.errors import LockedError
from crawler.catalogue import dump_source
from crawler.run import crawl
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site

ROOT = Path(__file__).parents[2]

#: A process that crawls, as the command line's would. It tells, too, when it has understood that it is to end.
CRAWLING = """
import json, os, sys
from pathlib import Path
from bulletin.config import CrawlSettings, Settings
from crawler import conversing
from crawler.catalogue import load_source
from crawler.run import crawl
class Halt(conversing.Halt):
    def ask(self):
        super().ask()
        os.write(1, b'{"event": "asked"}\\n')
conversing.Halt = Halt
home = Path(sys.argv[1])
def tell(event):
    # In one piece: `print` writes the end of a line by itself where nothing is buffered, and a signal may come between.
    sys.stdout.write(json.dumps(event) + "\\n")
    sys.stdout.flush()
runs = crawl([load_source(Path(sys.argv[2]))], Settings(home=home, crawl=CrawlSettings(timeout=200.0)), on_event=tell)
run = runs[0]
tell({"event": "ended", "outcome": run.outcome, "new": run.tally.new, "reason": run.reason})
"""


class Slow(Pages):
    """A county of `count` articles; all but the first `quick` of them take `pause` seconds, until they are hastened."""

    def __init__(self, count, *, quick=0, pause):
        links = [f"t20260301_{1000 + n}.html" for n in range(count)]
        pages = {f"/gb/{link}": self._page(n, 0 if n < quick else pause) for n, link in enumerate(links)}
        super().__init__({"/gb/": listed(*links)} | pages)
        self.hastened = threading.Event()

    def _page(self, number, pause):
        def answer(headers):
            self.hastened.wait(pause)
            return Answer(200, article(number).encode())

        return answer


class Deadly:
    """A site whose `last` request ever is answered only when `killed`: a moment before, `reached` is called."""

    def __init__(self, served, last, reached):
        self.served, self.name, self.host = served, served.name, served.host
        self.killed, self._last, self._reached, self._asked = threading.Event(), last, reached, count(1)

    def answer(self, *asked):
        if next(self._asked) == self._last:
            self._reached()
            assert self.killed.wait(200)
        return self.served.answer(*asked)


def crawling(home, source, tmp_path):
    """The crawling process, and its events as they come."""
    file = tmp_path / f"{source.id}.toml"
    file.write_text(dump_source(source), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", CRAWLING, str(home), str(file)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    return process, (json.loads(line) for line in process.stdout)


def until(events, name):
    """The first event of a name; all that came before is passed over."""
    return next(event for event in events if event["event"] == name)


def holdings(home, source_id):
    """What an archive comes down to: documents, their revisions, what is pending, what was swept."""
    with open_archive(settings(home).archive_url) as kept:
        known = kept.known(source_id)
        revisions = {
            url: [revision.content_digest for revision in kept.revisions(one.document_id)] for url, one in known.items()
        }
        counts = kept.counts()
        return revisions, kept.pending(source_id), counts["documents"], counts["revisions"], counts["attachments"]


def read_every_capture(home):
    """All of the vault can be read; what it holds by URL and status."""
    with open_vault(settings(home).vault_path) as vault:
        return {(capture.url, capture.status) for _, capture in vault.captures()}


def wait_for_lock(home, source):
    """Until whoever holds the source has gone."""
    for _ in range(1000):
        try:
            return run(home, source)
        except LockedError:
            time.sleep(0.1)
    raise AssertionError("the source is still locked")


def test_interrupted_once_it_finishes_its_page_and_can_go_on(tmp_path):
    many = 25
    pages = Slow(many, quick=2, pause=5)  # two minutes, if nobody ends it
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "deposited")
        process.send_signal(signal.SIGINT)
        ended = until(events, "ended")
        process.wait()
        before = len(serving.requests)
        assert ended["outcome"] == "interrupted"
        assert 1 <= ended["new"] < many
        assert before < many + 2
        pages.hastened.set()
        done, _ = run(tmp_path / "home", source)
        assert done.tally.new == many - ended["new"]
    revisions, pending, *_ = holdings(tmp_path / "home", source.id)
    assert (len(revisions), pending) == (many, [])


def test_interrupted_twice_it_ends_at_once(tmp_path):
    with Serving([Slow(3, pause=150)]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "listed")
        while not any("t2026" in path for path in serving.paths()):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        until(events, "asked")  # two signals that arrive together are one
        process.send_signal(signal.SIGINT)
        ended = until(events, "ended")
        assert ended["outcome"] == "interrupted"
        assert "SIGKILL" in ended["reason"]
        process.wait()


def test_an_orphaned_crawl_ends_in_order_and_frees_its_source(tmp_path):
    pages = Slow(40, quick=2, pause=2)  # more than a minute, if it did not end
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "deposited")
        process.kill()
        process.wait()
        time.sleep(1)
        threading.Timer(10, pages.hastened.set).start()
        done, _ = wait_for_lock(tmp_path / "home", source)
        assert len(serving.requests) <= 40 + 8  # every article once, and little more
        assert done.outcome == "done"
        assert done.tally.new >= 1
    revisions, pending, *_ = holdings(tmp_path / "home", source.id)
    assert (len(revisions), pending) == (40, [])
    with open_archive(settings(tmp_path / "home").archive_url) as kept:
        assert [left.outcome for left in kept.runs(source.id)] == ["done", "interrupted"]


def test_the_death_of_the_child_is_told(tmp_path):
    pids = []

    def watch(event):
        pids.extend([event["pid"]] if event["event"] == "begun" else [])
        if event["event"] == "progress" and event["new"]:
            _kill(pids[0])

    with Serving([Slow(10, quick=5, pause=200)]) as serving:
        source = a_county(serving.address)
        done = crawl([source], settings(tmp_path), on_event=watch)[0]
        assert done.outcome == "failed"
        assert "SIGKILL" in done.reason
        assert done.tally.new >= 1
        with open_archive(settings(tmp_path).archive_url) as kept:
            assert kept.runs(source.id)[0].outcome == "failed"


def killed_at(home, served, last, pause):
    """A crawl of a practice site whose child is killed `pause` seconds after its request number `last`, which it never
    sees answered, while it is at what came before. (It asks a host one thing at a time.)"""
    begun = Queue()

    def reached():
        threading.Timer(pause, end).start()

    def end():
        _kill(begun.get())
        deadly.killed.set()

    def watch(event):
        if event["event"] == "begun":
            begun.put(event["pid"])

    deadly = Deadly(served, last, reached)
    with Serving([deadly]) as serving:
        source = site_source(served, serving.address)
        return crawl([source], settings(home), on_event=watch)[0]


def _kill(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def resumed(home, served):
    with Serving([served]) as serving:
        return run(home, site_source(served, serving.address))[0], len(serving.requests)


def test_killed_once_and_resumed(tmp_path):
    """The short form of the series below."""
    served = site("paged")
    resumed(tmp_path / "whole", served)
    assert killed_at(tmp_path / "killed", served, 6, 0.002).outcome == "failed"
    resumed(tmp_path / "killed", served)
    source = site_source(served, "127.0.0.1:9")
    assert holdings(tmp_path / "killed", source.id) == holdings(tmp_path / "whole", source.id)
    assert read_every_capture(tmp_path / "killed") >= read_every_capture(tmp_path / "whole")


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_killed_at_twenty_random_moments_and_resumed(tmp_path):
    chance = random.Random(20260101)
    served = site("F1")
    whole, requests = resumed(tmp_path / "whole", served)
    killed_by = [chance.randint(1, requests // 20) for _ in range(20)]  # together fewer than there are
    for last in killed_by:
        assert killed_at(tmp_path / "killed", served, last, chance.random() / 20).outcome == "failed"
    done, _ = resumed(tmp_path / "killed", served)
    source = site_source(served, "127.0.0.1:9")
    assert done.outcome == whole.outcome
    assert holdings(tmp_path / "killed", source.id) == holdings(tmp_path / "whole", source.id)
    assert read_every_capture(tmp_path / "killed") >= read_every_capture(tmp_path / "whole")
    with (
        open_archive(settings(tmp_path / "killed").archive_url) as kept,
        open_vault(tmp_path / "killed" / "vault") as vault,
    ):
        for url in kept.known(source.id):
            revision = kept.revision(kept.find_id(url)[0])
            assert vault.read(revision.record).status == 200
