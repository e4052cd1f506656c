"""gongbao backup, gongbao restore"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.printing import Session
from desk.tasks.copying import back_up, restore


def add_to(app: typer.Typer) -> None:
    app.command("backup", epilog="Example: gongbao backup /mnt/copies/yunxiu")(backup_command)
    app.command("restore", epilog="Example: gongbao --home new-home restore /mnt/copies/yunxiu")(restore_command)


def backup_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder, or an earlier backup's.", metavar="PATH")],
) -> None:
    """Copy the home: what is new since the last backup to the same folder. Crawls may go on meanwhile."""
    session: Session = context.obj
    with session.home() as home, session.printer.steps("backing up") as step:
        made = back_up(home, folder, on_file=step)
    if session.printer.json:
        answer = {"path": str(folder), "files": len(made.files), "copied": made.copied, "bytes": made.bytes}
        session.printer.answer({**answer, "made_at": made.made_at, "counts": dict(made.counts)})
        return
    session.printer.line(f"{folder}: {len(made.files)} files, {made.copied} of them copied now")
    session.printer.say(f"{made.counts['documents']} documents and {made.counts['captures']} captures are in it.")


def restore_command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder of the backup.", metavar="PATH")],
) -> None:
    """Put a backup into an empty home (--home), every byte checked on the way, and build its index."""
    session: Session = context.obj
    with session.printer.steps("restoring") as step:
        done = restore(session.settings, folder, on_file=step)
    home = session.settings.home
    if session.printer.json:
        answer = {"home": str(home), "files": len(done.backup.files), "made_at": done.backup.made_at}
        session.printer.answer({**answer, "indexed": done.indexed, "left_out": list(done.left_out)})
        return
    session.printer.line(f"{home}: the home of {done.backup.made_at}, {done.indexed} bulletins indexed")
    for name in done.left_out:
        session.printer.warn(f"{name} led out of the home and was taken out of gongbao.toml; set it again if needed.")
