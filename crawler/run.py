"""Start and stop a crawl for the floor above.

Scrapy's reactor can run once in a process, and a crawl may die of what it meets; so it runs in a child process, which
can be started any number of times and whose death is told like anything else that happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from archive import Archive, open_archive
from bulletin import errors
from bulletin.config import Settings
from bulletin.errors import ConfigError, CrawlError, GongbaoError, did_you_mean
from bulletin.probe import Probe
from bulletin.run import Run, Tally
from bulletin.source import Source
from bulletin.vitals import observed_of
from crawler.clock import Clock
from crawler.conversing import Halt, converse
from crawler.errand import Errand, order_record
from crawler.locking import at_host, hold
from crawler.looking import look_record, probe_of, provisional
from crawler.pace import Hours

#: One thing that happened in a crawl. `event` names it: started, begun (with the child's `pid`), listed, would_fetch,
#: fetched, opened (the contents of an issue), deposited, problem, note, progress, finished. `source` says whose it is;
#: the other keys depend on it.
Event = dict[str, Any]
OnEvent = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Charge:
    """Runs that the caller has begun, by source, and ends: `end` is told how each of them went. `log` names their log
    within the home; `halt` ends the crawl from another thread."""

    runs: Mapping[str, Run]
    end: Callable[[Run], None]
    log: str = ""
    halt: Halt | None = None


def crawl(
    sources: Sequence[Source],
    settings: Settings,
    *,
    columns: Sequence[str] = (),
    since: date | None = None,
    limit: int = 0,
    full: bool = False,
    dry_run: bool = False,
    probe: bool = False,
    now: datetime | None = None,
    trigger: str = "manual",
    charge: Charge | None = None,
    on_event: OnEvent | None = None,
) -> list[Run]:
    """Crawl `sources` side by side; one Run each, in their order, when all have ended.

    The first SIGINT lets the child finish the page it is at and save its state (outcome `interrupted`), the second
    ends it at once. `limit` counts articles per source. With `probe` only bulletins that may have been withdrawn are
    asked for. `now` is the moment at which the crawl is to begin, where it is not the present one. A dry run reads
    lists only and changes nothing; its runs have the id 0 and are not kept. With a `charge` the runs are the caller's.
    Raises LockedError if one of the sources, or of their hosts, is being crawled already, ConfigError for a column
    nobody has, DiskFullError and other ArchiveErrors where nothing could be kept any more.
    """
    check_columns(sources, columns)
    Hours(settings.crawl.hours)
    errand = Errand(tuple(columns), since, limit, full, dry_run, probe, now)
    clock = Clock(now)
    with ExitStack() as stack:
        hosts = {at_host(host) for source in sources for host in source.hosts}
        names = [] if dry_run else [*(source.id for source in sources), *sorted(hosts)]
        held = [stack.enter_context(hold(settings.home, name)) for name in names]
        archive = None if dry_run else stack.enter_context(open_archive(settings.archive_url))
        started = clock()
        if charge:
            runs, end = dict(charge.runs), charge.end
        else:
            runs, end = {source.id: _begin(archive, source, trigger, started) for source in sources}, _ender(archive)
        watch = _Watch(runs, archive, end, on_event or (lambda event: None), clock)
        for run in runs.values():
            watch.take({"event": "started", "source": run.source_id, "run": run.id})
        order = order_record(sources, settings, errand, charge.log if charge else "")
        error = converse(order, held, watch, charge.halt if charge else None)
        watch.close(error)
        if watch.broken:
            raise watch.broken
        return [watch.runs[source.id] for source in sources]


def probe(
    url: str,
    settings: Settings,
    *,
    source: Source | None = None,
    resolve: Sequence[tuple[str, str]] = (),
    on_event: OnEvent | None = None,
) -> Probe:
    """Look at a site with at most 25 polite requests, and keep nothing.

    Without `source` the site is unknown: its system, columns and division are looked for, and a description is
    proposed. With it, its columns are looked at as it describes them. `resolve` are (host, address:port) at which a
    host is really reached. Raises CrawlError where the looking itself failed; a site that cannot be reached is no
    error but a Probe that says so.
    """
    seen = source or provisional(url, resolve)
    watch = _Onlooker(on_event or (lambda event: None))
    error = converse(look_record(seen, settings, given=source is not None), (), watch)
    if watch.broken:
        raise watch.broken
    if watch.probe is None:
        raise CrawlError(f"{url} could not be looked at: {error or 'interrupted'}.", "Try again; the log says more.")
    return watch.probe


class _Onlooker:
    """Takes the events of a look, and in the end what it showed."""

    def __init__(self, on_event: OnEvent) -> None:
        self.probe: Probe | None = None
        self.broken: GongbaoError | None = None
        self.stopping = False
        self._on_event = on_event

    def take(self, event: Event) -> None:
        if event["event"] == "probed":
            self.probe = probe_of(event["probe"])
        elif event["event"] == "broken":
            kind = getattr(errors, event["error"], CrawlError)
            self.broken = kind(event["message"], event["advice"])
        else:
            self._on_event(event)


class _Watch:
    """Takes the child's events and turns the last one of each source into its ended Run."""

    def __init__(
        self,
        runs: dict[str, Run],
        archive: Archive | None,
        end: Callable[[Run], None],
        on_event: OnEvent,
        clock: Clock,
    ) -> None:
        self.runs = runs
        self._tell_end = end
        self._clock = clock
        self.broken: GongbaoError | None = None
        self.stopping = False
        self._archive = archive
        self._on_event = on_event
        self._progress: dict[str, Event] = {}

    def take(self, event: Event) -> None:
        name = event["event"]
        if name == "broken":
            kind = getattr(errors, event["error"], CrawlError)
            self.broken = kind(event["message"], event["advice"])
            return
        if name == "progress":
            self._progress[event["source"]] = event
        if name == "finished":
            tally = dict(event["tally"])
            tally["problems"] = tuple((code, count) for code, count in tally["problems"])
            tally["notes"] = tuple(tally["notes"])
            self._observe(event["source"], event.get("observed", ()))
            self._end(event["source"], event["outcome"], Tally(**tally), event["reason"])
        self._on_event(event)

    def close(self, reason: str) -> None:
        """End the runs whose end the child did not live to tell, with what was last heard of them."""
        for source_id, run in list(self.runs.items()):
            if run.ended_at is None:
                heard = self._progress.get(source_id, {})
                names = ("requests", "new", "changed", "unchanged", "withdrawn", "blocked", "failed", "bytes")
                tally = Tally(**{name: heard.get(name, 0) for name in names})
                outcome = "interrupted" if self.stopping else "failed"
                self._end(source_id, outcome, tally, self.broken.message if self.broken else reason)

    def _observe(self, source_id: str, observed: Sequence[dict[str, Any]]) -> None:
        run = self.runs[source_id]
        if self._archive:
            self._archive.vitals.note(run.id, source_id, run.started_at, map(observed_of, observed))

    def _end(self, source_id: str, outcome: str, tally: Tally, reason: str) -> None:
        run = replace(self.runs[source_id], ended_at=self._clock(), outcome=outcome, tally=tally, reason=reason)
        self.runs[source_id] = run
        self._tell_end(run)


def _ender(archive: Archive | None) -> Callable[[Run], None]:
    def end(run: Run) -> None:
        if archive and run.ended_at:
            archive.end_run(run.id, run.outcome, run.tally, run.reason, run.ended_at)

    return end


def check_columns(sources: Sequence[Source], columns: Sequence[str]) -> None:
    """ConfigError for a column that none of the sources has."""
    there = [column.id for source in sources for column in source.columns]
    for name in columns:
        if name not in there:
            raise ConfigError(f"No source here has a column {name!r}.", did_you_mean(name, there))


def _begin(archive: Archive | None, source: Source, trigger: str, started: datetime) -> Run:
    """A fresh run. One that is still called running although nobody holds its lock has died."""
    if archive is None:
        return Run(0, source.id, trigger, started)
    for left in archive.runs(source.id, limit=5):
        if left.outcome == "running":
            archive.end_run(left.id, "interrupted", left.tally, "the process died", started)
    return archive.begin_run(source.id, trigger, started)
