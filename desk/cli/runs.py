"""gongbao runs list, show, log, retry"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from bulletin.errors import UsageError, did_you_mean
from bulletin.record import CHINA
from bulletin.run import OUTCOMES, Run
from bulletin.text.dates import date_range
from desk.cli.crawling import run_record
from desk.cli.printing import Printer, Session
from desk.scheduling.lengths import in_words
from desk.tasks.running import list_runs, log_of, retry_run, the_run

app = typer.Typer(help="Every run, and every one that did not happen.", no_args_is_help=True, rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="runs")


Number = Annotated[int, typer.Argument(help="The number of the run, as `runs list` prints it.", metavar="ID")]


@app.command("list", epilog="Example: gongbao runs list --outcome failed --outcome missed --since 7d")
def list_command(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="Only of this source.")] = "",
    schedule: Annotated[int | None, typer.Option(help="Only of this schedule.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Only these (may be given again): " + ", ".join(OUTCOMES))
    ] = None,
    kind: Annotated[str, typer.Option(help="crawl, or the name of a chore.")] = "",
    since: Annotated[str, typer.Option(help="From this day on: 2026-03-01, 7d, last-month.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many; 0: all.", min=0)] = 20,
) -> None:
    """Runs, the newest first: what was done, and what was missed or skipped, and why."""
    session: Session = context.obj
    for word in outcome or ():
        if word not in OUTCOMES:
            raise UsageError(f"No run ends {word!r}.", did_you_mean(word, list(OUTCOMES)))
    day = date_range(since, datetime.now(CHINA).date())[0] if since else None
    first = datetime.combine(day, time(), CHINA) if day else None
    with session.home() as home:
        found = list_runs(
            home, source=source, schedule=schedule, kind=kind, outcomes=outcome or (), since=first, limit=limit
        )
    if session.printer.json:
        session.printer.answer({"runs": [run_record(run) for run in found]})
        return
    columns = ("id", "what", "trigger", "due", "began", "took", "outcome", "new", "changed", "failed", "reason")
    session.printer.table(columns, [_row(run) for run in found])
    if not found:
        narrowed = source or schedule or outcome or kind or since
        session.printer.say(
            "No run is like that: gongbao runs list" if narrowed else "There is none yet: gongbao crawl"
        )


@app.command("show")
def show(context: typer.Context, number: Number) -> None:
    """Everything known of one run."""
    session: Session = context.obj
    with session.home() as home:
        run = the_run(home, number)
    if session.printer.json:
        session.printer.answer(run_record(run))
    else:
        _tell(session.printer, run)


@app.command("log")
def log(context: typer.Context, number: Number) -> None:
    """What a run wrote into its log."""
    session: Session = context.obj
    with session.home() as home:
        run = the_run(home, number)
        text = log_of(home, run)
    if session.printer.json:
        session.printer.answer({"id": run.id, "log": run.log or None, "text": text})
    else:
        session.printer.line(text.rstrip("\n"))


@app.command("retry")
def retry(context: typer.Context, number: Number) -> None:
    """Queue a run that is over once more; one that was missed or skipped too. A worker takes it."""
    session: Session = context.obj
    with session.home() as home:
        again = retry_run(home, number)
    if session.printer.json:
        session.printer.answer(run_record(again))
        return
    session.printer.line(f"Run {again.id} takes up run {number} again; it waits for a worker.")
    session.printer.say("`gongbao worker --once` is one that stops when nothing is left to do.")


def _row(run: Run) -> tuple[object, ...]:
    counted = (run.tally.new, run.tally.changed, run.tally.failed) if run.kind == "crawl" and run.over else ("–",) * 3
    return (
        run.id,
        run.source_id or run.kind,
        run.trigger,
        _shown(run.due_at),
        _shown(run.started_at) if run.begun else "–",
        _took(run),
        run.outcome,
        *counted,
        run.reason or "–",
    )


def _tell(printer: Printer, run: Run) -> None:
    printer.line(f"Run {run.id}  {run.source_id or run.kind}  {run.outcome}{f': {run.reason}' if run.reason else ''}")
    said = run_record(run)
    names = ["trigger", "schedule_id", "due_at", "started_at", "ended_at", "heartbeat_at", "attempt", "retry_of"]
    for name in [*names, "worker", "family_version", "config_digest", "log"]:
        if said[name] not in (None, ""):
            printer.line(f"  {name:14}  {said[name]}")
    if run.kind == "crawl":
        counted = {name: count for name, count in said["tally"].items() if isinstance(count, int)}
        printer.line("  " + "  ".join(f"{name} {count}" for name, count in counted.items()))
    for code, count in run.tally.problems:
        printer.line(f"  {count} × {code}")
    for note in run.tally.notes:
        printer.line(f"  {note}")


def _shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if moment else "–"


def _took(run: Run) -> str:
    if not run.begun:
        return "–"
    return in_words(((run.ended_at or datetime.now(UTC)) - run.started_at).total_seconds())
