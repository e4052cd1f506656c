"""gongbao index status, update, rebuild"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli.lexicon import add_to, trial
from desk.cli.printing import Session
from desk.tasks.indexing import index_status, rebuild_index, update_index

app = typer.Typer(help="The index that searches are answered from.", no_args_is_help=True, rich_markup_mode=None)
add_to(app)


@app.command("status")
def status(context: typer.Context) -> None:
    """What the index holds, and how far it lags behind the archive."""
    session: Session = context.obj
    with session.home() as home:
        found = index_status(home)
    if session.printer.json:
        session.printer.answer(asdict(found) | {"lag": found.lag})
        return
    session.printer.line(
        f"{found.entries} bulletins, change {found.checkpoint} of {found.last_change}, {found.lag} behind"
    )
    if found.needs_rebuild:
        session.printer.line(f"{found.needs_rebuild}: gongbao index rebuild")


@app.command("update")
def update(context: typer.Context) -> None:
    """Let the index learn what changed in the archive."""
    session: Session = context.obj
    with session.home() as home, session.printer.steps("indexing") as step:
        written = update_index(home, lambda done: step(done, ""))
    _tell(session, written)


@app.command("rebuild")
def rebuild(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the saved searches would gain or lose; change nothing.")
    ] = False,
) -> None:
    """Build a new index beside the old one, check it, and switch to it. Searches go on meanwhile."""
    session: Session = context.obj
    with session.home() as home:
        if dry_run:
            trial(session, home, None)
            return
        total = home.archive.counts()["documents"]
        with session.printer.steps("rebuilding", total) as step:
            written = rebuild_index(home, lambda done: step(done, ""))
    _tell(session, written)


def _tell(session: Session, written: int) -> None:
    if session.printer.json:
        session.printer.answer({"indexed": written})
    else:
        session.printer.line(f"The index learnt of {written} bulletins.")
