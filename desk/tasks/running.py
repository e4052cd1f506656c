"""Carry out runs that have been begun, whoever asked for them; list them, show them, try them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bulletin.errors import GongbaoError, LockedError, NotFoundError, UnreachableError, UsageError
from bulletin.ids import digest
from bulletin.run import Run, Scope
from bulletin.source import Source
from crawler.catalogue import table_of
from crawler.conversing import Halt
from crawler.families import families
from crawler.run import Charge
from crawler.run import crawl as crawl_sources
from desk.tasks.health import check_sources
from desk.tasks.leasing import LEASE, MOST_ATTEMPTS, Clock, Heartbeat, Workplace, utc_now
from desk.wiring import Home

OnEvent = Callable[[dict[str, Any]], None]

#: More of a log than this is not shown unless asked for.
_LOG_TAIL: Final = 2_000_000


@contextmanager
def begun_by_hand(
    home: Home, sources: Sequence[Source], scope: Scope, trigger: str = "hand", now: Clock = utc_now
) -> Iterator[list[Run]]:
    """Runs of these sources, begun at once, and kept alive to the end of the block. LockedError names the run that is
    at work on one of them already; then none is begun."""
    timetable = home.archive.timetable
    with Workplace(home.settings.home) as place:
        runs: list[Run] = []
        with Heartbeat(timetable, place.name, now=now) as heart:
            try:
                for source in sources:
                    at = now()
                    run = Run(0, source.id, trigger, at, scope=scope, worker=place.name, lease_until=at + LEASE)
                    runs.append(timetable.begin(replace(run, heartbeat_at=at), place.gone, MOST_ATTEMPTS))
                    heart.keep(runs[-1].id)
                yield runs
            except GongbaoError as error:
                outcome = "skipped" if isinstance(error, LockedError) else "failed"
                for run in runs:  # those that have ended are left as they are
                    timetable.finish(replace(run, outcome=outcome, reason=error.message, ended_at=now()))
                raise


def carry_out(
    home: Home,
    runs: Sequence[Run],
    sources: Sequence[Source],
    *,
    end: Callable[[Run], None] | None = None,
    halt: Halt | None = None,
    now: datetime | None = None,
    on_event: OnEvent | None = None,
) -> list[Run]:
    """Crawl the sources of begun runs, which share one scope, and write how each of them ended (or tell `end`).

    The same for a run by hand, on schedule, and tried again. Raises what a crawl raises; runs whose end it did not live
    to see are then still called running. Each source gets its word. `now` is the moment at which it is to begin.
    """
    scope = runs[0].scope
    log = log_name(runs[0])
    told = {run.source_id: described(home, run, source, log) for run, source in zip(runs, sources, strict=True)}
    charge = Charge(told, end or (lambda run: _finish(home, run)), log, halt)
    ended = crawl_sources(
        sources,
        home.settings,
        columns=scope.columns,
        since=scope.since,
        limit=scope.limit,
        full=scope.full,
        probe=scope.probe,
        now=now,
        charge=charge,
        on_event=on_event,
    )
    if not scope.probe:
        check_sources(home, ended)
    return ended


def _finish(home: Home, run: Run) -> None:
    home.archive.timetable.finish(run)


def described(home: Home, run: Run, source: Source, log: str) -> Run:
    """The run with the description, settings and rules it goes by."""
    config = json.dumps(
        [table_of(source), asdict(home.settings.crawl)], ensure_ascii=False, sort_keys=True, default=str
    )
    used = dict.fromkeys(column.family or source.family for column in source.columns)
    known = families()
    rules = " ".join(f"{name}/{known[name].version}" for name in used if name in known)
    return replace(run, log=log, config_digest=digest(config.encode()), family_version=rules)


def the_source_of(home: Home, run: Run) -> Source | str:
    """The source a run is to crawl; or why it cannot be crawled, in words."""
    source = home.archive.source(run.source_id)
    if source is None:
        return "there is no such source any more"
    if source.paused and run.trigger in ("schedule", "retry"):
        return "the source is paused"
    missing = [column for column in run.scope.columns if source.column(column) is None]
    return f"the source has no column {missing[0]} any more" if missing else source


def log_name(run: Run) -> str:
    """Where a run writes its log, within the home."""
    return f"logs/run-{run.id}.log"


def passing(error: BaseException) -> bool:
    """Whether an error says nothing about the run itself, so that it is worth another attempt."""
    return isinstance(error, UnreachableError | LockedError)


def the_run(home: Home, run_id: int) -> Run:
    return home.archive.timetable.run(run_id)


def log_of(home: Home, run: Run) -> str:
    """What a run wrote into its log, the end of it if it is very long. NotFoundError if there is none."""
    if not run.begun:
        raise NotFoundError(f"Run {run.id} has no log: it was {run.outcome}.", f"gongbao runs show {run.id}")
    file = home.settings.home / (run.log or log_name(run))
    if not file.is_file():
        raise NotFoundError(
            f"The log of run {run.id} is not here: {file.name}",
            f"It ran as {run.worker or 'another process'}, perhaps on another machine; or nothing was written.",
        )
    return _tail(file)


def _tail(file: Path) -> str:
    with file.open("rb") as log:
        size = log.seek(0, 2)
        log.seek(max(0, size - _LOG_TAIL))
        return log.read().decode("utf-8", "replace")


def list_runs(
    home: Home,
    *,
    source: str = "",
    schedule: int | None = None,
    kind: str = "",
    outcomes: Sequence[str] = (),
    since: datetime | None = None,
    limit: int = 20,
) -> list[Run]:
    """Runs, the newest row first; those that did not happen among them."""
    return home.archive.timetable.runs(
        source_id=source or None,
        schedule_id=schedule,
        kinds=(kind,) if kind else (),
        outcomes=outcomes,
        since=since,
        limit=limit,
    )


def retry_run(home: Home, run_id: int, now: Clock = utc_now) -> Run:
    """Queue a run again; a worker takes it. UsageError if it is not over, was taken up already, or cannot run."""
    run = the_run(home, run_id)
    if run.kind == "crawl":
        source = the_source_of(home, replace(run, trigger="hand"))
        if isinstance(source, str):
            raise UsageError(f"Run {run_id} cannot be tried again: {source}.", "`gongbao source list` names sources.")
    return home.archive.timetable.retry(run_id, now())
