"""The child process of a crawl: `python -m crawler.child`.

The order comes as one JSON line on stdin, events go out as JSON lines on stdout. A further line, or the end of stdin,
asks for an orderly end: the page under way is finished, what is pending stays pending. So a crawl outlives neither the
patience nor the life of the process that ordered it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from scrapy.crawler import CrawlerProcess

from archive import Archive, WarcVault, open_archive, open_vault
from archive.contents import contents_of
from bulletin.errors import GongbaoError
from bulletin.logs import log_handler
from bulletin.record import CHINA
from bulletin.source import Seed, Source
from crawler.clock import Clock
from crawler.depositing import Holdings
from crawler.errand import Errand, Order, order_of
from crawler.families import families
from crawler.frontier import Frontier
from crawler.looking import LookOrder, look_of, probe_record
from crawler.pace import polite_delay
from crawler.reader import Reader
from crawler.revisiting import due
from crawler.settings import scrapy_settings
from crawler.spiders.bulletins import BulletinsSpider
from crawler.spiders.survey import SurveySpider
from crawler.survey import MOST_REQUESTS, Survey
from crawler.walking import Walk

log: Final = logging.getLogger(__name__)

#: Articles of one source under way where it may be asked without a pause: one on the line, others being read and kept.
_AT_ONCE: Final = 5
#: Events of which there are several a page, and seconds for which they may wait for one another.
_FREQUENT: Final = frozenset(("fetched", "deposited"))
_MOMENT: Final = 0.1


def main() -> int:
    """Run one order. Exit code 0 also where sources failed: that is told in their events."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent passes an interruption on in its own way
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="\n")
    sys.stdout = sys.stderr  # whatever prints must not garble the events
    record = json.loads(sys.stdin.readline())
    crawl = _Look(look_of(record), out) if "look" in record else _Crawl(order_of(record), out)
    crawl.tell({"event": "begun", "pid": os.getpid()})
    try:
        crawl.run()
    except GongbaoError as error:
        crawl.tell({"event": "broken", "error": type(error).__name__, "message": error.message, "advice": error.advice})
    return 0


class _Task:
    """One order being carried out."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._spider: Any = None
        self._stop_asked = False
        self._flushed = 0.0

    def tell(self, event: dict[str, Any]) -> None:
        """One event, one line; many of them within a moment go out together. Nobody there to read them means that the
        parent is gone."""
        now = time.monotonic()
        try:
            self._out.write(json.dumps(event, ensure_ascii=False) + "\n")
            if now - self._flushed > _MOMENT or event["event"] not in _FREQUENT:
                self._flushed = now
                self._out.flush()
        except OSError:
            self.stop()

    def stop(self) -> None:
        self._stop_asked = True
        if self._spider:
            self._spider.stop()

    def run(self) -> None:
        raise NotImplementedError

    def _opened(self, spider: Any) -> None:
        self._spider = spider
        if self._stop_asked:
            spider.stop()

    def _let_run(self, process: CrawlerProcess) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        gc.freeze()  # what is loaded by now stays: the collector need not go through it again with every few pages
        process.start(install_signal_handlers=False)

    def _listen(self) -> None:
        """Wait for the parent's word, or its end."""
        from twisted.internet import reactor

        with contextlib.suppress(OSError, ValueError):
            sys.stdin.readline()
        reactor.callFromThread(self.stop)


class _Crawl(_Task):
    """Sources to crawl until they are done or an end is asked for."""

    def __init__(self, order: Order, out: TextIO) -> None:
        super().__init__(out)
        self._order = order
        self._clock = Clock(order.errand.now)
        self._error: GongbaoError | None = None

    def halt(self, error: GongbaoError) -> None:
        """Nothing can be kept any more: end, and say why."""
        if self._error is None:
            self._error = error
            log.error("%s", error)
            for walk in self._spider.walks if self._spider else ():
                walk.fail(error.message)
            if self._spider:
                self._spider.stopping.set()

    def run(self) -> None:
        _start_log(self._order)
        with ExitStack() as stack:
            reader = stack.enter_context(Reader(self._order.sources))
            if not self._order.errand.dry_run:
                reader.begin()
            self._crawl(*_holdings(self._order, self._clock, stack), reader)

    def _crawl(self, archive: Archive | None, vault: WarcVault | None, reader: Reader) -> None:
        order = self._order
        holdings = Holdings(None if order.errand.dry_run else archive, vault, self.halt)
        now = self._clock()
        walks = [_walk(order, archive, source_at, self.tell, now) for source_at in range(len(order.sources))]
        process = CrawlerProcess(scrapy_settings(order.settings.crawl, _bytes_today(order, archive, now), self._clock))
        process.crawl(
            BulletinsSpider,
            walks=walks,
            holdings=holdings,
            reader=reader,
            opened=self._opened,
            max_attachment_size=order.settings.crawl.max_attachment_size,
            clock=self._clock,
        )
        if not order.errand.dry_run:
            reader.get_ready()
        self._let_run(process)
        for walk in walks:
            if not walk.ended:
                walk.finish()
        if self._error:
            raise self._error


class _Look(_Task):
    """A site to look at; nothing is kept."""

    def __init__(self, order: LookOrder, out: TextIO) -> None:
        super().__init__(out)
        self._order = order

    def run(self) -> None:
        order = self._order
        _log_to([_terse_handler()])
        manners = replace(order.source.manners, max_requests=MOST_REQUESTS)
        source = replace(order.source, manners=manners, columns=())
        nowhere = Frontier(source, Errand(dry_run=True), known={}, pending=(), swept={}, first={}, max_pages=0)
        process = CrawlerProcess(scrapy_settings(order.settings.crawl))
        process.crawl(
            SurveySpider,
            survey=Survey(order.source, given=order.given),
            walk=Walk(source, nowhere, self.tell),
            done=lambda probe: self.tell({"event": "probed", "source": source.id, "probe": probe_record(probe)}),
            opened=self._opened,
        )
        self._let_run(process)


def _holdings(order: Order, clock: Clock, stack: ExitStack) -> tuple[Archive | None, WarcVault | None]:
    settings = order.settings
    if order.errand.dry_run:
        file = settings.archive_url.removeprefix("sqlite:///")
        there = not settings.archive_url.startswith("sqlite:") or os.path.exists(file)  # noqa: PTH110
        return (stack.enter_context(open_archive(settings.archive_url)) if there else None), None
    warc = settings.archive
    dechunk = settings.warc.dechunk
    vault = open_vault(
        settings.vault_path, version=warc.warc_version, size=warc.warc_size, dechunk=dechunk, clock=clock
    )
    stack.enter_context(vault)
    return stack.enter_context(open_archive(settings.archive_url)), vault


def _walk(order: Order, archive: Archive | None, at: int, tell: Any, now: datetime) -> Walk:
    source, errand = order.sources[at], order.errand
    columns = [column for column in source.columns if not errand.columns or column.id in errand.columns]
    known = archive.known(source.id) if archive else {}
    frontier = Frontier(
        source,
        errand,
        known=known,
        due=due(known.values(), source.revisits, now, errand.columns),
        probes=_in_question(archive, source, errand, now),
        contents=contents_of(archive, source.id) if archive else {},
        pending=_pending(archive, source.id, errand),
        swept={column.id: archive.sweep(source.id, column.id) for column in columns} if archive else {},
        first={c.id: families()[c.family or source.family].first_listing(c) for c in columns},
        max_pages=order.settings.crawl.max_list_pages,
    )
    manners = source.manners
    limited = bool(manners.max_bytes_per_day or manners.max_requests)  # then each answer is counted before the next ask
    hurried = not limited and polite_delay(source, source.url, order.settings.crawl.delay, 0.0) == 0
    return Walk(source, frontier, tell, window=_AT_ONCE if hurried else 1)


def _bytes_today(order: Order, archive: Archive | None, now: datetime) -> dict[str, int]:
    """What the hosts of these sources have sent since midnight (Asia/Shanghai), by the runs of the day. A source's
    bytes count for each of its hosts, because its runs do not tell them apart."""
    if archive is None:
        return {}
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = {host for source in order.sources for host in source.hosts}
    spent: Counter[str] = Counter()
    for source in archive.sources():
        hosts = asked.intersection(source.hosts)
        today = [run for run in archive.runs(source.id, 100) if run.started_at >= midnight] if hosts else []
        for host in hosts:
            spent[host] += sum(run.tally.bytes for run in today)
    return dict(spent)


def _pending(archive: Archive | None, source_id: str, errand: Errand) -> list[Any]:
    if archive is None:
        return []
    return [seed for seed in archive.pending(source_id) if not errand.columns or seed.column in errand.columns]


def _in_question(archive: Archive | None, source: Source, errand: Errand, now: datetime) -> list[Seed]:
    """What may have been withdrawn and is due to be asked for."""
    seeds = archive.ledger.due(source.id, now, source.revisits.most) if archive else []
    return [seed for seed in seeds if not errand.columns or seed.column in errand.columns]


class _Terse(logging.Formatter):
    """For a terminal: what happened; where in the program is for the log file."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return ""


def _start_log(order: Order) -> None:
    """Everything from INFO on into a file of the home, warnings to stderr too."""
    handlers: list[logging.Handler] = [_terse_handler()]
    if not order.errand.dry_run:
        name = order.log or f"logs/crawl-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
        file = order.settings.home / name
        run = Path(name).stem.removeprefix("run-")
        alone = order.sources[0].id if len(order.sources) == 1 else ""
        number = int(run) if run.isdecimal() else None
        handlers.append(log_handler(file, order.settings.logs, number, alone))
    _log_to(handlers)


def _terse_handler() -> logging.Handler:
    terse = logging.StreamHandler(sys.stderr)
    terse.setLevel(logging.WARNING)
    terse.setFormatter(_Terse("%(levelname)s: %(message)s"))
    return terse


def _log_to(handlers: list[logging.Handler]) -> None:
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)
    for chatty in ("scrapy", "asyncio", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
