"""gongbao upgrade"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from desk.cli.printing import Session
from desk.tasks.upgrading import planned
from desk.tasks.upgrading import upgrade as upgrade_home


def add_to(app: typer.Typer) -> None:
    app.command("upgrade", epilog="Examples: gongbao upgrade --dry-run · gongbao upgrade")(upgrade)


def upgrade(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which steps would be taken.")] = False,
) -> None:
    """Bring a home of an earlier version to this one: a copy of the database first, then every step, forward only.

    Other commands take the same steps when they first open such a home. A home of a later version is refused.
    """
    session: Session = context.obj
    printer = session.printer
    with session.home() as home:
        made = planned(home) if dry_run else upgrade_home(home)
    if printer.json:
        printer.answer({"dry_run": dry_run, "index": made.index, **asdict(made.plan)})
        return
    if not made.words:
        printer.line(f"{session.settings.home} is of this version (schema {made.plan.wanted}).")
        return
    if dry_run:
        printer.say(f"Schema {made.plan.found or 'none'} is found, {made.plan.wanted} is wanted. It would:")
    for words in made.words:
        printer.line(words)
