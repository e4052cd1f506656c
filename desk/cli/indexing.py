"""gongbao index status, update, rebuild"""

from __future__ import annotations

from dataclasses import asdict

import typer

from desk.cli.printing import Session
from desk.tasks.indexing import index_status, rebuild_index, update_index

app = typer.Typer(help="The index that searches are answered from.", no_args_is_help=True, rich_markup_mode=None)


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
def rebuild(context: typer.Context) -> None:
    """Build a new index beside the old one, check it, and switch to it. Searches go on meanwhile."""
    session: Session = context.obj
    with session.home() as home:
        total = home.archive.counts()["documents"]
        with session.printer.steps("rebuilding", total) as step:
            written = rebuild_index(home, lambda done: step(done, ""))
    _tell(session, written)


def _tell(session: Session, written: int) -> None:
    if session.printer.json:
        session.printer.answer({"indexed": written})
    else:
        session.printer.line(f"The index learnt of {written} bulletins.")
