"""gongbao source probe, add, list, show, check, pause, resume"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bulletin.source import Source
from desk.cli import probing
from desk.cli.crawling import run_record
from desk.cli.printing import Session
from desk.tasks.sources import add_source, the_source

app = typer.Typer(help="Who publishes: the sources of this home.", no_args_is_help=True, rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="source")


probing.add_to(app)

Id = Annotated[str, typer.Argument(help="The source's id, as `source list` prints it.")]


@app.command("add", epilog="Example: gongbao source add 619901_yunxiu.toml")
def add(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="A source file (.toml), or the id of a shipped one.")],
) -> None:
    """Keep a source in this home. A source of the same id is replaced; its bulletins stay."""
    session: Session = context.obj
    with session.home(must_exist=False) as home:
        source = add_source(home, file)
    if session.printer.json:
        session.printer.answer(source_record(source))
    else:
        session.printer.line(f"{source.id}  {source.name}  {len(source.columns)} columns, family {source.family}")
        session.printer.say(f"Next: gongbao {'crawl' if source.verified else 'source check'} {source.id}")


@app.command("list")
def list_sources(context: typer.Context) -> None:
    """The sources kept here."""
    session: Session = context.obj
    with session.home() as home:
        sources = home.archive.sources()
    if session.printer.json:
        session.printer.answer({"sources": [source_record(s) for s in sources]})
        return
    rows = [(s.id, s.name, s.region, s.family, len(s.columns), _state(s)) for s in sources]
    session.printer.table(("id", "name", "region", "family", "columns", "state"), rows)


@app.command("show")
def show(context: typer.Context, source_id: Id) -> None:
    """One source: its columns, manners and latest runs."""
    session: Session = context.obj
    with session.home() as home:
        source = the_source(home, source_id)
        runs = home.archive.runs(source.id, 5)
        events = home.archive.ledger.events(source.id)[:5]
    printer = session.printer
    if printer.json:
        told = [{"at": event.noticed_at.isoformat(), "event": event.kind, "note": event.note} for event in events]
        printer.answer(source_record(source) | {"runs": [run_record(run) for run in runs], "events": told})
        return
    printer.line(f"{source.id}  {source.name}  ({_state(source)})")
    printer.line(f"region {source.region}  family {source.family}  {source.url}")
    printer.line(f"one request every {source.manners.delay:g} s or slower")
    printer.table(("column", "name", "url"), [(c.id, c.name, c.url) for c in source.columns])
    for run in runs:
        printer.line(
            f"{run.started_at:%Y-%m-%d %H:%M}Z  {run.outcome:11}  {run.tally.new} new, {run.tally.failed} failed"
        )
    for event in events:
        printer.line(f"{event.noticed_at:%Y-%m-%d %H:%M}Z  {event.kind}: {event.note}")


@app.command("pause")
def pause(context: typer.Context, source_id: Id) -> None:
    """Leave a source out of every crawl that does not name it."""
    _set_paused(context.obj, source_id, True)


@app.command("resume")
def resume(context: typer.Context, source_id: Id) -> None:
    """Take a paused source in again."""
    _set_paused(context.obj, source_id, False)


def _set_paused(session: Session, source_id: str, paused: bool) -> None:
    with session.home() as home:
        source = the_source(home, source_id)
        home.archive.pause_source(source.id, paused)
    word = "paused" if paused else "active"
    if session.printer.json:
        session.printer.answer({"id": source.id, "state": word})
    else:
        session.printer.line(f"{source.id}  {word}")


def source_record(source: Source) -> dict[str, Any]:
    """A source as JSON."""
    return asdict(source) | {"state": _state(source)}


def _state(source: Source) -> str:
    return "paused" if source.paused else "active" if source.verified else "unverified"
