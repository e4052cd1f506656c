"""gongbao index status, update, rebuild, use"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli import lexicon
from desk.cli.printing import Session
from desk.tasks.indexing import index_status, lies_apart, rebuild_index, update_index, use_index

_Workers = Annotated[
    int,
    typer.Option(min=0, help="Processes that analyse for tantivy where much is to be written; 0: one for each core."),
]

app = typer.Typer(help="The index that searches are answered from.", no_args_is_help=True, rich_markup_mode=None)
lexicon.add_to(app)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="index")


@app.command("status")
def status(context: typer.Context) -> None:
    """What the index holds, and how far it lags behind the archive."""
    session: Session = context.obj
    with session.home() as home:
        found = index_status(home)
    if session.printer.json:
        session.printer.answer(asdict(found) | {"engine": found.engine, "lag": found.lag})
        return
    session.printer.line(
        f"{found.engine}: {found.entries} bulletins, change {found.checkpoint} of {found.last_change}, "
        f"{found.lag} behind, {found.size / 1_000_000:.1f} MB"
    )
    if found.needs_rebuild:
        session.printer.line(f"{found.needs_rebuild}: gongbao index rebuild")


@app.command("update")
def update(context: typer.Context, workers: _Workers = 0) -> None:
    """Let the index learn what changed in the archive."""
    session: Session = context.obj
    with session.home() as home, session.printer.steps("indexing") as step:
        written = update_index(home, lambda done: step(done, ""), workers)
    _tell(session, written)


@app.command("rebuild")
def rebuild(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the saved searches would gain or lose; change nothing.")
    ] = False,
    workers: _Workers = 0,
) -> None:
    """Build a new index beside the old one, check it, and switch to it. Searches go on meanwhile."""
    session: Session = context.obj
    with session.home() as home:
        if dry_run:
            lexicon.trial(session, home, None)
            return
        total = home.archive.counts()["documents"]
        with session.printer.steps("rebuilding", total) as step:
            written = rebuild_index(home, lambda done: step(done, ""), workers)
    _tell(session, written)


@app.command("use", epilog="Example: gongbao index use tantivy:///srv/gongbao/index")
def use(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="ENGINE:///FOLDER: whoosh, or tantivy for more than about 20,000.")],
    workers: _Workers = 0,
) -> None:
    """Change the engine or the place of the index: build it there, check it, and use it from then on."""
    session: Session = context.obj
    with session.home() as home:
        file = context.find_root().params.get("config")
        before, total = home.settings.index_url, home.archive.counts()["documents"]
        with session.printer.steps("building", total) as step:
            written = use_index(home, url, file, lambda done: step(done, ""), workers)
        apart = lies_apart(home, before, url)
    if session.printer.json:
        session.printer.answer({"indexed": written, "before": before})
    else:
        session.printer.line(f"Searches are answered from the new index of {written} bulletins.")
        if apart:
            session.printer.say(f"The old one still lies at {before} and may be removed.")


def _tell(session: Session, written: int) -> None:
    if session.printer.json:
        session.printer.answer({"indexed": written})
    else:
        session.printer.line(f"The index learnt of {written} bulletins.")
