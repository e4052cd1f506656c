"""gongbao replay"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any

import typer

from desk.cli.printing import Printer, Session
from desk.tasks.replaying import Replayed, replay
from desk.tasks.verifying import per_cent

_SHOWN = 50


def add_to(app: typer.Typer) -> None:
    app.command("replay", epilog="Example: gongbao replay --older-than trs/3 --dry-run")(replay_command)


def replay_command(
    context: typer.Context,
    source: Annotated[str, typer.Option(help="Only the bulletins of this source.")] = "",
    older_than: Annotated[
        str, typer.Option(help="Only what a family read before its version N.", metavar="FAMILY/N")
    ] = "",
    sample: Annotated[str, typer.Option(help="Only so many per cent of the bulletins, by chance.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read otherwise; keep nothing.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read; 0: one for each core.")] = 0,
) -> None:
    """Read kept captures again with today's rules. A new reading is laid beside the old one; nothing is fetched."""
    session: Session = context.obj
    with session.home() as home, session.printer.steps("replaying") as step:
        made = replay(
            home,
            source_id=source,
            older_than=older_than,
            dry_run=dry_run,
            sample=per_cent(sample),
            workers=workers,
            on_progress=step,
        )
    if session.printer.json:
        session.printer.answer(_record(made))
    else:
        _tell(session.printer, made)
    if made.failed:
        raise typer.Exit(4)


def _record(made: Replayed) -> dict[str, Any]:
    plain = {name: getattr(made, name) for name in ("dry_run", "read", "unchanged", "resumed", "indexed")}
    failed = [{"id": name, "revision": number, "error": error} for name, number, error in made.failed]
    return plain | {"changed": [asdict(change) for change in made.changed], "failed": failed}


def _tell(printer: Printer, made: Replayed) -> None:
    for change in made.changed[:_SHOWN]:
        rules = change.read_by if change.read_by == change.was_read_by else f"{change.was_read_by} → {change.read_by}"
        printer.line(f"{change.document_id}/{change.revision}  {rules}  {', '.join(change.fields)}  {change.url}")
    if len(made.changed) > _SHOWN:
        printer.line(f"… and {len(made.changed) - _SHOWN} more; --json has them all")
    for name, number, error in made.failed:
        printer.warn(f"{name}/{number}: {error}")
    counted = Counter(name for change in made.changed for name in change.fields)
    for name, count in counted.most_common():
        printer.line(f"{count:6}  {name}")
    verb = "would be read otherwise" if made.dry_run else "read otherwise, kept beside the old reading"
    printer.line(f"{made.read} revisions read, {made.unchanged} unchanged, {len(made.changed)} {verb}")
    if made.resumed:
        printer.say(f"{made.resumed} bulletins were done before an interruption.")
