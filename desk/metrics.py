"""What a home is doing, in Prometheus's text format (version 0.0.4), and whether it can do anything.

Everything is read from the home when it is asked for, so any process can tell, whoever did the work. Figures "of a day"
are of the last 24 hours.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from statistics import quantiles
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bulletin.errors import GongbaoError
from bulletin.run import Run
from bulletin.vitals import WORDS
from desk.tasks.indexing import index_status
from desk.tasks.signs import last_backup, last_verification, worker_of
from desk.tasks.sizes import bytes_in
from desk.wiring import Home
from desk.worker.conditions import LEAST_DISK

_DAY: Final = timedelta(days=1)
_YIELDS: Final = ("new", "changed", "unchanged", "withdrawn", "blocked", "failed")

Details = dict[str, Any]


def metrics_of(home: Home, now: datetime) -> bytes:
    """All metrics of a home."""
    told = _Gauges()
    told.one("build_info", "The version of Gongbao.", 1, version=version("gongbao"))
    _archive(home, told)
    _queue(home, now, told)
    _runs(home, now, told)
    _sources(home, told)
    _index(home, told)
    _keeping(home, now, told)
    _alerts(home, told)
    return generate_latest(told.registry)


def healthz(home: Home) -> tuple[bool, Details]:
    """Whether this process works at all: it can ask its database something."""
    try:
        return True, {"bulletins": home.archive.counts()["documents"]}
    except GongbaoError as error:
        return False, {"database": error.message}


def readyz(home: Home) -> tuple[bool, Details]:
    """Whether requests can be answered now: database, index and disk, each with `ok` or what is wrong. An archive in
    which there is nothing yet needs no index."""
    well, counted = healthz(home)
    details: Details = {"database": "ok" if well else "it does not answer"}
    try:
        wrong = index_status(home).needs_rebuild if well and counted["bulletins"] else ""
        details["index"] = wrong or "ok"
    except GongbaoError as error:
        details["index"] = error.message
    try:
        free = shutil.disk_usage(home.settings.home).free
        details["disk"] = "ok" if free >= LEAST_DISK else f"{free // 1_000_000} MB are free"
    except OSError as error:
        details["disk"] = f"it cannot be read: {error.strerror}"
    return all(said == "ok" for said in details.values()), details


class _Gauges:
    """A registry of its own, so that nothing else of the process appears."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._made: dict[str, Gauge] = {}

    def one(self, name: str, words: str, value: float, **labels: str) -> None:
        if name not in self._made:
            self._made[name] = Gauge(f"gongbao_{name}", words, list(labels), registry=self.registry)
        gauge = self._made[name]
        (gauge.labels(**labels) if labels else gauge).set(value)

    def moment(self, name: str, words: str, at: datetime | None, **labels: str) -> None:
        if at:
            self.one(name, words, at.timestamp(), **labels)


def _archive(home: Home, told: _Gauges) -> None:
    counts = home.archive.counts()
    told.one("bulletins", "Bulletins kept.", counts["documents"])
    told.one("revisions", "Revisions kept.", counts["revisions"])


def _queue(home: Home, now: datetime, told: _Gauges) -> None:
    queued = home.archive.timetable.runs(outcomes=("queued",))
    running = home.archive.timetable.runs(outcomes=("running",))
    for name, words, runs in (("queued", "that wait", queued), ("running", "under way", running)):
        told.one(f"runs_{name}_now", f"Runs {words}.", len(runs))
        for kind, count in Counter(run.kind for run in runs).items():
            told.one(f"runs_{name}", f"Runs {words}, by kind.", count, kind=kind)
    waits = [(now - run.ready_at).total_seconds() for run in queued if run.ready_at and run.ready_at <= now]
    told.one("queue_oldest_seconds", "How long the run has waited that is due longest.", max(waits, default=0.0))
    for source_id, count in home.archive.vitals.waiting().items():
        told.one("pages_pending", "Pages still to be asked for.", count, source=source_id)


def _runs(home: Home, now: datetime, told: _Gauges) -> None:
    lately = [run for run in home.archive.timetable.runs(since=now - _DAY) if run.over]
    for (kind, outcome), count in Counter((run.kind, run.outcome) for run in lately).items():
        told.one("runs_day", "Runs of a day.", count, kind=kind, outcome=outcome)
    crawls = [run for run in lately if run.kind == "crawl"]
    _yields(crawls, told)
    begun = [run for run in lately if run.begun and run.ended_at]
    for kind in dict.fromkeys(run.kind for run in begun):
        took = [(run.ended_at - run.started_at).total_seconds() for run in begun if run.kind == kind and run.ended_at]
        _spread("run_seconds", "How long runs of a day took.", took, told, kind=kind)
    late = [(run.started_at - run.ready_at).total_seconds() for run in begun if run.ready_at]
    _spread("run_wait_seconds", "How long runs of a day waited for a worker.", late, told)


def _yields(crawls: Sequence[Run], told: _Gauges) -> None:
    bulletins: Counter[tuple[str, str]] = Counter()
    troubles: Counter[tuple[str, str]] = Counter()
    asked: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for run in crawls:
        for result in _YIELDS:
            bulletins[run.source_id, result] += getattr(run.tally, result)
        for code, count in run.tally.problems:
            troubles[run.source_id, code] += count
        asked[run.source_id] += run.tally.requests
        sent[run.source_id] += run.tally.bytes
        if run.begun and run.ended_at:
            seconds[run.source_id] += round((run.ended_at - run.started_at).total_seconds())
    for (source, result), count in bulletins.items():
        told.one("bulletins_day", "What crawls of a day met.", count, source=source, result=result)
    for (source, code), count in troubles.items():
        told.one("errors_day", "Errors of a day by code.", count, source=source, code=code)
    for source, count in asked.items():
        told.one("requests_day", "Requests of a day.", count, source=source)
        told.one("bytes_day", "Bytes received in a day.", sent[source], source=source)
        if count:
            words = "How long a request took in a day on average, polite waits included."
            told.one("request_seconds_mean", words, seconds[source] / count, source=source)


def _spread(name: str, words: str, values: Sequence[float], told: _Gauges, **labels: str) -> None:
    """Median, 95th percentile and longest."""
    if not values:
        return
    cuts = quantiles(values, n=20, method="inclusive") if len(values) > 1 else [values[0]] * 19
    for quantile, value in (("0.5", cuts[9]), ("0.95", cuts[18]), ("1", max(values))):
        told.one(name, words, value, quantile=quantile, **labels)


def _sources(home: Home, told: _Gauges) -> None:
    called = home.archive.vitals.conditions_now()
    for source in home.archive.sources():
        word = called[source.id].word if source.id in called else ""
        for known in WORDS if word else ():
            told.one("source_word", "1 for the word of a source.", float(known == word), source=source.id, word=known)
        told.one("source_paused", "1 where a source is paused.", float(source.paused), source=source.id)
        done = _newest(home.archive.timetable.runs(source_id=source.id, kinds=("crawl",), outcomes=("done",), limit=1))
        words = "When the last crawl that went through ended."
        told.moment("source_last_done_timestamp_seconds", words, done, source=source.id)


def _newest(runs: Iterable[Run]) -> datetime | None:
    return next((run.ended_at for run in runs), None)


def _index(home: Home, told: _Gauges) -> None:
    try:
        index = index_status(home)
    except GongbaoError:
        told.one("index_usable", "1 where the index can be searched.", 0)
        return
    told.one("index_usable", "1 where the index can be searched.", float(not index.needs_rebuild))
    told.one("index_lag_changes", "Changes the index has not learnt yet.", index.lag)
    told.one("index_bulletins", "Bulletins in the index.", index.entries)


def _keeping(home: Home, now: datetime, told: _Gauges) -> None:
    checked = last_verification(home)
    if checked:
        told.moment("verified_timestamp_seconds", "When the last verification began.", checked.at)
        told.one("fixity_age_seconds", "How long ago that was.", (now - checked.at).total_seconds())
        told.one("fixity_faults", "Faults it found.", checked.faults)
    told.moment("backup_timestamp_seconds", "When the home was last backed up from here.", last_backup(home))
    worker = worker_of(home, home.archive.timetable.schedules(), now)
    told.one("worker_up", "1 where a worker gave a sign of life lately.", float(worker.state == "working"))
    told.moment("worker_seen_timestamp_seconds", "The worker's last sign of life.", worker.seen_at)
    disk = shutil.disk_usage(home.settings.home)
    told.one("disk_free_bytes", "Free disk where the home lies.", disk.free)
    told.one("disk_size_bytes", "The size of that disk.", disk.total)
    told.one("vault_bytes", "Bytes of WARC files.", bytes_in(home.settings.vault_path, "*.warc*"))


def _alerts(home: Home, told: _Gauges) -> None:
    known = home.archive.alerts.open()
    told.one("alerts_open_now", "Open alerts.", len(known))
    for (kind, word), count in Counter((alert.matter.kind, alert.matter.word) for alert in known).items():
        told.one("alerts_open", "Open alerts, by what they are about.", count, kind=kind, word=word)
    for channel, count in Counter(one.channel for one in home.archive.alerts.pending()).items():
        told.one("alerts_undelivered", "Events that wait for a channel.", count, channel=channel)
