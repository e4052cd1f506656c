"""A list of a hundred thousand entries does not fill the memory of the process that crawls it."""

import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest
from crawling import HOST, a_county, settings
from sqlalchemy import create_engine, insert

from archive import open_archive, tables
from archive.keys import url_key
from crawler.run import crawl
from desk.demo.server import Serving
from desk.demo.site import Answer

pytestmark = pytest.mark.timeout(1200)

ENTRIES = 100_000
PER_PAGE = 100
MOST = 400_000_000  # bytes


class LongList:
    """A TRS list of ever so many entries, of which only the pages of the list are ever asked for."""

    name = host = HOST

    def answer(self, method, path, headers, body):
        if path == "/robots.txt":
            return Answer(404)
        stem = path.rpartition("/")[2].removesuffix(".html")
        page = int(stem.removeprefix("index_") or 0)
        pager = f'<script>createPageHTML({ENTRIES // PER_PAGE}, {page}, "index", "html");</script>'
        return Answer(200, f"<ul>{''.join(map(self.row, range(page * 100, page * 100 + 100)))}</ul>{pager}".encode())

    def row(self, number):
        return f'<li><a href="./t20260301_{number:07d}.html">{title(number)}</a><span>2026-03-01</span></li>'


def title(number):
    return f"云岫县人民政府关于第{number}号河道清淤事项的通知"


def crawled(home, serving, **options):
    """The run, and the peak of the child's memory: looked at while it lives, for with its end the figure is gone."""
    begun, over, peaks = Queue(), Event(), []

    def watch(event):
        if event["event"] == "begun":
            begun.put(event["pid"])

    def look():
        pid = begun.get()
        while pid and not over.wait(0.02):
            with suppress(FileNotFoundError, ProcessLookupError, StopIteration):
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
                peaks.append(next(int(line.split()[1]) * 1024 for line in status.splitlines() if line[:6] == "VmHWM:"))

    looking = Thread(target=look)
    looking.start()
    try:
        done = crawl([a_county(serving.address)], settings(home), on_event=watch, **options)[0]
    finally:
        over.set()
        begun.put(0)  # nobody, if it never began
        looking.join()
    return done, max(peaks)


def fill(home, source):
    """An archive in which every entry of the list is known already, by the rows a crawl asks for."""
    home.mkdir(exist_ok=True)
    with open_archive(settings(home).archive_url) as kept:
        kept.put_source(source)
    day, moment = date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)
    papers, urls = [], []
    for number in range(ENTRIES):
        url = f"http://{HOST}/gb/t20260301_{number:07d}.html"
        key = url_key(source.id, url)
        papers.append({"id": key, "source_id": source.id, "url": url, "column_id": "gb", "status": "listed"})
        papers[-1] |= {"first_seen": moment, "last_seen": moment, "seen_on": day, "revisions": 1, "region": "619901"}
        urls.append({"id": key, "source_id": source.id, "document_id": key, "url": url, "column_id": "gb"})
        urls[-1] |= {"revision": 1, "payload_digest": f"sha256:{number:064x}", "etag": f'"{number:032x}"'}
        urls[-1] |= {"listed_title": title(number), "listed_date": "2026-03-01"}
    engine = create_engine(settings(home).archive_url)
    with engine.begin() as conn:
        conn.execute(insert(tables.documents), papers)
        conn.execute(insert(tables.aliases), urls)
    engine.dispose()


@pytest.mark.more
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_a_hundred_thousand_unknown_entries(tmp_path):
    with Serving([LongList()]) as serving:
        done, held = crawled(tmp_path, serving, dry_run=True)
    assert (done.outcome, done.tally.new) == ("done", ENTRIES)
    assert held < MOST


@pytest.mark.more
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_a_hundred_thousand_known_entries(tmp_path):
    with Serving([LongList()]) as serving:
        fill(tmp_path, a_county(serving.address))
        done, held = crawled(tmp_path, serving, dry_run=True)
    assert (done.outcome, done.tally.new, done.tally.unchanged) == ("done", 0, ENTRIES)
    assert held < MOST
