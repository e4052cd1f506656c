"""gongbao crawl"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from bulletin.errors import UsageError
from bulletin.record import CHINA, moment_record
from bulletin.run import Run
from bulletin.text.dates import date_range
from desk.cli.printing import Printer, Session
from desk.tasks.crawling import crawl, exit_code
from desk.tasks.sources import unverified

#: So many problems are named before --verbose is asked for.
_FEW: Final = 5


def add_to(app: typer.Typer) -> None:
    app.command("crawl", epilog="Examples: gongbao crawl · gongbao crawl 619901_yunxiu --column gb --since 2026-01")(
        crawl_command
    )


def crawl_command(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Argument(help="Source ids; all verified ones where none is named.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All verified ones, as where none is named.")] = False,
    column: Annotated[list[str] | None, typer.Option(help="Only this column (may be given again).")] = None,
    since: Annotated[
        str, typer.Option(help="Nothing listed before this date: 2026-03-01, 2026-03, 30d, last-month.")
    ] = "",
    limit: Annotated[int, typer.Option(help="At most this many bulletins of each source.", min=0)] = 0,
    full: Annotated[
        bool, typer.Option("--full", help="Read every list page, and ask again for what is known.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the lists, say what would be fetched, keep nothing.")
    ] = False,
) -> None:
    """Fetch what is new, keep it, read it, and let the index follow. Ctrl-C once finishes the page at hand."""
    session: Session = context.obj
    printer = session.printer
    if every and source:
        raise UsageError("--all does not go with names.", "Name sources, or take them all.")
    first_day = date_range(since, datetime.now(CHINA).date())[0] if since else None
    with session.home() as home, printer.steps("crawling") as step:
        watcher = Watcher(printer, step, dry_run)
        crawled = crawl(
            home,
            source or (),
            columns=column or (),
            since=first_day,
            limit=limit,
            full=full,
            dry_run=dry_run,
            on_event=watcher.see,
        )
        waiting = unverified(home)
    if printer.json:
        printer.answer(
            {"runs": [run_record(run) for run in crawled.runs], "indexed": crawled.indexed} | watcher.listed()
        )
    else:
        tell_runs(printer, crawled.runs)
        watcher.tell_problems()
        if waiting and not source:
            printer.say(f"Left out, because nobody has looked at them yet: {', '.join(waiting)}.")
            printer.say("Next: gongbao source check")
        if not session.settings.crawl.contact:
            printer.say("No contact is set: sites cannot reach you. Put it into gongbao.toml, [crawl] contact.")
        if not dry_run:
            printer.say(f"The index learnt of {crawled.indexed} bulletins.")
    code = exit_code(crawled.runs)
    if code:
        raise typer.Exit(code)


class Watcher:
    """Turns what the crawl tells into progress, warnings, and (in a dry run) the list of what it would fetch."""

    def __init__(self, printer: Printer, step: Any, dry_run: bool) -> None:
        self._printer = printer
        self._step = step
        self._dry_run = dry_run
        self._fetched = 0
        self._problems: list[str] = []
        self._would: list[dict[str, str]] = []

    def see(self, event: dict[str, Any]) -> None:
        kind = event.get("event")
        if kind == "fetched":
            self._fetched += 1
            self._step(self._fetched, str(event.get("url", "")))
        elif kind == "would_fetch":
            self._would.append({key: str(event.get(key, "")) for key in ("source", "column", "url", "title", "date")})
            if not self._printer.json:
                self._printer.line(f"{event.get('date') or '–':10}  {event.get('title', '')}  {event['url']}")
        elif kind == "problem":
            self._problems.append(f"{event.get('code')}: {event.get('url')} {event.get('words', '')}".rstrip())

    def tell_problems(self) -> None:
        """The pages that were not what was asked for; the first few unless --verbose."""
        shown = self._problems if self._printer.verbose else self._problems[:_FEW]
        for problem in shown:
            self._printer.say(f"  {problem}")
        if len(shown) < len(self._problems):
            self._printer.say(f"  and {len(self._problems) - len(shown)} more: --verbose, or the log")

    def listed(self) -> dict[str, Any]:
        return {"would_fetch": self._would} if self._dry_run else {}


def run_record(run: Run) -> dict[str, Any]:
    """A run as JSON. `started_at` is null for one that never began, or has not yet."""
    plain = ("id", "trigger", "outcome", "reason", "kind", "schedule_id", "attempt", "retry_of", "worker")
    moments = ("due_at", "ready_at", "expires_at", "heartbeat_at", "ended_at")
    return {
        **{name: getattr(run, name) for name in plain},
        "source": run.source_id or None,
        "started_at": moment_record(run.started_at) if run.begun else None,
        **{name: moment_record(getattr(run, name)) for name in moments},
        **{name: getattr(run, name) or None for name in ("config_digest", "family_version", "log")},
        "scope": asdict(run.scope) | {"since": run.scope.since.isoformat() if run.scope.since else None},
        "tally": asdict(run.tally) | {"problems": dict(run.tally.problems), "notes": list(run.tally.notes)},
    }


def tell_runs(printer: Printer, runs: tuple[Run, ...]) -> None:
    """The closing tally, a line a source, and below it what an archivist should know."""
    columns = ("source", "outcome", "new", "changed", "unchanged", "withdrawn", "blocked", "failed", "requests")
    counted = [[getattr(run.tally, name) for name in columns[2:]] for run in runs]
    printer.table(columns, [[run.source_id, run.outcome, *counts] for run, counts in zip(runs, counted, strict=True)])
    for run in runs:
        if run.reason:
            printer.say(f"{run.source_id}: {run.reason}")
        for code, count in run.tally.problems:
            printer.say(f"{run.source_id}: {count} × {code}")
        for note in run.tally.notes:
            printer.say(f"{run.source_id}: {note}")
