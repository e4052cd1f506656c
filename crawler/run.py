"""Start and stop a crawl for the floor above.

Scrapy's reactor can run once in a process, and a crawl may die of what it meets; so it runs in a child process, which
can be started any number of times and whose death is told like anything else that happens.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from archive import Archive, open_archive
from bulletin import errors
from bulletin.config import Settings
from bulletin.errors import ConfigError, CrawlError, GongbaoError, did_you_mean
from bulletin.run import Run, Tally
from bulletin.source import Source
from crawler.errand import Errand, order_record
from crawler.locking import hold

#: One thing that happened in a crawl. `event` names it: started, begun (with the child's `pid`), listed, would_fetch,
#: fetched, deposited, problem, note, progress, finished. `source` says whose it is; the other keys depend on it.
Event = dict[str, Any]
OnEvent = Callable[[Event], None]

_ENVIRONMENT: Final = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def crawl(
    sources: Sequence[Source],
    settings: Settings,
    *,
    columns: Sequence[str] = (),
    since: date | None = None,
    limit: int = 0,
    full: bool = False,
    dry_run: bool = False,
    trigger: str = "manual",
    on_event: OnEvent | None = None,
) -> list[Run]:
    """Crawl `sources` side by side; one Run each, in their order, when all have ended.

    The first SIGINT lets the child finish the page it is at and save its state (outcome `interrupted`), the second
    ends it at once. `limit` counts articles per source. A dry run reads lists only and changes nothing; its runs have
    the id 0 and are not kept. Raises LockedError if one of the sources is being crawled already, ConfigError for a
    column nobody has, DiskFullError and other ArchiveErrors where nothing could be kept any more.
    """
    _check_columns(sources, columns)
    errand = Errand(tuple(columns), since, limit, full, dry_run)
    with ExitStack() as stack:
        held = [] if dry_run else [stack.enter_context(hold(settings.home, source.id)) for source in sources]
        archive = None if dry_run else stack.enter_context(open_archive(settings.archive_url))
        started = datetime.now(UTC)
        runs = {source.id: _begin(archive, source, trigger, started) for source in sources}
        watch = _Watch(runs, archive, on_event or (lambda event: None))
        for run in runs.values():
            watch.take({"event": "started", "source": run.source_id, "run": run.id})
        error = _converse(order_record(sources, settings, errand), held, watch)
        watch.close(error)
        if watch.broken:
            raise watch.broken
        return [watch.runs[source.id] for source in sources]


class _Watch:
    """Takes the child's events and turns the last one of each source into its ended Run."""

    def __init__(self, runs: dict[str, Run], archive: Archive | None, on_event: OnEvent) -> None:
        self.runs = runs
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
            self._end(event["source"], event["outcome"], Tally(**tally), event["reason"])
        self._on_event(event)

    def close(self, reason: str) -> None:
        """End the runs whose end the child did not live to tell, with what was last heard of them."""
        for source_id, run in list(self.runs.items()):
            if run.ended_at is None:
                heard = self._progress.get(source_id, {})
                names = ("requests", "new", "changed", "unchanged", "withdrawn", "blocked", "failed")
                tally = Tally(**{name: heard.get(name, 0) for name in names})
                outcome = "interrupted" if self.stopping else "failed"
                self._end(source_id, outcome, tally, self.broken.message if self.broken else reason)

    def _end(self, source_id: str, outcome: str, tally: Tally, reason: str) -> None:
        run = replace(self.runs[source_id], ended_at=datetime.now(UTC), outcome=outcome, tally=tally, reason=reason)
        self.runs[source_id] = run
        if self._archive and run.ended_at:
            self._archive.end_run(run.id, outcome, tally, reason, run.ended_at)


def _check_columns(sources: Sequence[Source], columns: Sequence[str]) -> None:
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


def _converse(order: dict[str, Any], held: Sequence[int], watch: _Watch) -> str:
    """Give the child its order and hear it out; why it ended badly, or ""."""
    with _child(held) as child, _interruptions(child, watch):
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
            child.stdin.flush()
        except OSError:
            return "the crawling process could not be started"
        for line in child.stdout:
            watch.take(json.loads(line))
        code = child.wait()
    return "" if code == 0 else f"the crawling process ended with {_ending(code)}"


@contextmanager
def _child(held: Sequence[int]) -> Iterator[subprocess.Popen[str]]:
    """The child, in a group of its own, so that Ctrl-C in a terminal reaches it once and through us. On POSIX it holds
    the locks too: as long as it lives, nobody else crawls these sources."""
    root = Path(__file__).parents[1]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    apart: dict[str, Any] = (
        {"start_new_session": True, "pass_fds": tuple(held)}
        if os.name == "posix"
        else {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": path},
        **apart,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        return


@contextmanager
def _interruptions(child: subprocess.Popen[str], watch: _Watch) -> Iterator[None]:
    """The first SIGINT asks the child for an orderly end, the second ends it. Signals are the main thread's; in another
    one the caller's own way of stopping holds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupted(number: int, frame: object) -> None:
        if watch.stopping:
            child.kill()
            return
        watch.stopping = True
        try:
            assert child.stdin
            child.stdin.write("stop\n")
            child.stdin.flush()
        except (OSError, ValueError):
            return

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
