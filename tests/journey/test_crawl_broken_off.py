"""Crawls that do not come to their end: interrupted, orphaned, killed. Nothing is lost and nothing is there twice."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from crawling import Pages, a_county, article, listed, run, settings, site_source

from archive import open_archive, open_vault
from bulletin.errors import LockedError
from crawler.catalogue import dump_source
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site

ROOT = Path(__file__).parents[2]

#: A process that crawls, as the command line's would.
CRAWLING = """
import json, sys
from pathlib import Path
from bulletin.config import CrawlSettings, Settings
from crawler.catalogue import load_source
from crawler.run import crawl
home = Path(sys.argv[1])
def tell(event):
    print(json.dumps(event), flush=True)
runs = crawl([load_source(Path(sys.argv[2]))], Settings(home=home, crawl=CrawlSettings(timeout=5.0)), on_event=tell)
run = runs[0]
tell({"event": "ended", "outcome": run.outcome, "new": run.tally.new, "reason": run.reason})
"""


def slowly(count, pause=0.15):
    """A county of `count` articles, each of which takes a while."""

    def page(number):
        def answer(headers):
            time.sleep(pause)
            return Answer(200, article(number).encode())

        return answer

    links = [f"t20260301_{1000 + n}.html" for n in range(count)]
    return Pages({"/gb/": listed(*links)} | {f"/gb/{link}": page(n) for n, link in enumerate(links)})


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
    for _ in range(200):
        try:
            return run(home, source)
        except LockedError:
            time.sleep(0.1)
    raise AssertionError("the source is still locked")


def test_interrupted_once_it_finishes_its_page_and_can_go_on(tmp_path):
    count = 25
    with Serving([slowly(count)]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "deposited")
        process.send_signal(signal.SIGINT)
        ended = until(events, "ended")
        process.wait(30)
        before = len(serving.requests)
        assert ended["outcome"] == "interrupted"
        assert 1 <= ended["new"] < count
        assert before < count + 2
        done, _ = run(tmp_path / "home", source)
        assert done.tally.new == count - ended["new"]
    revisions, pending, *_ = holdings(tmp_path / "home", source.id)
    assert (len(revisions), pending) == (count, [])


def test_interrupted_twice_it_ends_at_once(tmp_path):
    with Serving([slowly(3, pause=8)]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "listed")
        while not any("t2026" in path for path in serving.paths()):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        time.sleep(2)  # two signals that arrive together are one
        process.send_signal(signal.SIGINT)
        ended = until(events, "ended")
        assert ended["outcome"] == "interrupted"
        assert "SIGKILL" in ended["reason"]
        process.wait(30)


def test_an_orphaned_crawl_ends_in_order_and_frees_its_source(tmp_path):
    with Serving([slowly(40)]) as serving:
        source = a_county(serving.address)
        process, events = crawling(tmp_path / "home", source, tmp_path)
        until(events, "deposited")
        process.kill()
        process.wait(30)
        time.sleep(1)
        done, _ = wait_for_lock(tmp_path / "home", source)
        assert len(serving.requests) <= 40 + 8  # every article once, and little more
        assert done.outcome == "done"
    revisions, pending, *_ = holdings(tmp_path / "home", source.id)
    assert (len(revisions), pending) == (40, [])
    with open_archive(settings(tmp_path / "home").archive_url) as kept:
        assert [left.outcome for left in kept.runs(source.id)] == ["done", "interrupted"]


def test_the_death_of_the_child_is_told(tmp_path):
    with Serving([slowly(10)]) as serving:
        source = a_county(serving.address)
        done, _ = killed_after(tmp_path, source, 12, 0)
        assert done.outcome == "failed"
        assert "SIGKILL" in done.reason
        assert done.tally.new >= 1
        with open_archive(settings(tmp_path).archive_url) as kept:
            assert kept.runs(source.id)[0].outcome == "failed"


def killed_after(home, source, count, pause):
    """A crawl whose child is killed `pause` seconds after its event number `count`."""
    seen = []

    def watch(event):
        seen.append(event)
        if len(seen) == count:
            pid = next(past["pid"] for past in seen if past["event"] == "begun")
            threading.Timer(pause, lambda: _kill(pid)).start() if pause else _kill(pid)

    from crawler.run import crawl

    return crawl([source], settings(home), on_event=watch)[0], seen


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_killed_once_and_resumed(tmp_path):
    """The short form of the series below."""
    served = site("paged")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        run(tmp_path / "whole", source)
        killed_after(tmp_path / "killed", source, 15, 0.002)
        run(tmp_path / "killed", source)
    assert holdings(tmp_path / "killed", source.id) == holdings(tmp_path / "whole", source.id)
    assert read_every_capture(tmp_path / "killed") >= read_every_capture(tmp_path / "whole")


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_killed_at_twenty_random_moments_and_resumed(tmp_path):
    chance = random.Random(20260101)
    served = site("F1")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        whole, events = run(tmp_path / "whole", source)
        kills = 0
        for _ in range(20):
            done, _ = killed_after(
                tmp_path / "killed", source, chance.randint(3, len(events) // 8), chance.random() / 50
            )
            kills += done.outcome == "failed"
        done, _ = run(tmp_path / "killed", source)
    assert kills >= 12, "most kills should have come before the end"
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
