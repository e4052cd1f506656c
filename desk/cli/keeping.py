"""gongbao init, gongbao status, gongbao config"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.config import CONFIG_NAME
from desk.cli.crawling import run_record
from desk.cli.printing import Session
from desk.cli.sources import source_record
from desk.tasks.status import Status, status_of
from desk.wiring import Home

config_app = typer.Typer(
    help="The settings, and the layer each came from.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    app.command("init", epilog="Example: gongbao init 云岫档案")(init)
    app.command("status")(status)


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="Where; --home or ./gongbao-home without it.", metavar="DIR")
    ] = None,
) -> None:
    """Make a home: a folder for the database, the index, the captures and the logs."""
    session: Session = context.obj
    settings = session.settings
    if folder is not None:
        settings = replace(settings, home=folder.expanduser().absolute())
    with Home(settings) as home:
        made = home.make()
        home.archive.counts()  # the database is made, or its version refused, now and not at the first crawl
    if session.printer.json:
        session.printer.answer({"home": str(settings.home), "made": made})
        return
    session.printer.line(f"{settings.home}  {'made' if made else 'was there already'}")
    session.printer.say(
        f"Settings: {settings.home / CONFIG_NAME}. Next: gongbao --home {settings.home} source add FILE"
    )


def status(context: typer.Context) -> None:
    """One screen: sources and their last crawls, archive, index, disk, and what needs attention."""
    session: Session = context.obj
    with session.home() as home:
        found = status_of(home)
    printer = session.printer
    if printer.json:
        printer.answer(_status_record(found))
        return
    counts = found.counts
    printer.line(f"{found.home}")
    printer.line("  ".join(f"{count} {name}" for name, count in counts.items()))
    printer.line(f"{found.vault_bytes / 1e6:.1f} MB of captures, {found.free_bytes / 1e9:.1f} GB of disk free")
    if found.index:
        printer.line(f"index: {found.index.entries} bulletins, {found.index.lag} changes behind")
    rows = [_source_row(health) for health in found.sources]
    if rows:
        printer.table(("source", "name", "last crawl", "outcome", "new", "last done"), rows)
    for word in found.attention:
        printer.line(f"! {word}")
    if not found.attention:
        printer.say("Nothing needs attention.")


@config_app.command("show")
def show(context: typer.Context) -> None:
    """Every setting, its value, and the layer that gave it: default, file, environment or flag."""
    session: Session = context.obj
    settings = session.settings
    rows = [("home", str(settings.home), "--home, GONGBAO_HOME or default"), *settings.values()]
    if session.printer.json:
        session.printer.answer({name: {"value": value, "from": layer} for name, value, layer in rows})
    else:
        session.printer.table(("setting", "value", "from"), [(n, v if v != "" else "–", layer) for n, v, layer in rows])


@config_app.command("check")
def check(context: typer.Context) -> None:
    """Read all settings; a wrong one is named, with what to put in its place."""
    session: Session = context.obj
    settings = session.settings
    if session.printer.json:
        session.printer.answer({"home": str(settings.home), "ok": True})
    else:
        session.printer.line(f"The settings of {settings.home} are in order.")


def _source_row(health: Any) -> tuple[object, ...]:
    run = health.last_run
    when = f"{run.started_at:%Y-%m-%d %H:%M}Z" if run else "never"
    done = f"{health.last_done:%Y-%m-%d}" if health.last_done else "never"
    return (health.source.id, health.source.name, when, run.outcome if run else "–", run.tally.new if run else 0, done)


def _status_record(found: Status) -> dict[str, Any]:
    return {
        "home": str(found.home),
        "counts": found.counts,
        "index": asdict(found.index) | {"lag": found.index.lag} if found.index else None,
        "vault_bytes": found.vault_bytes,
        "free_bytes": found.free_bytes,
        "sources": [
            source_record(h.source) | {"last_run": run_record(h.last_run) if h.last_run else None}
            for h in found.sources
        ],
        "attention": list(found.attention),
    }
