"""gongbao diff"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from desk.cli.printing import Printer, Session
from desk.tasks.comparing import Compared, compare_revisions

#: How a piece looks: marks where there is no colour, and the style on a terminal.
_PIECES = {"same": ("", "", ""), "taken": ("[-", "-]", "red strike"), "put": ("{+", "+}", "green")}


def add_to(app: typer.Typer) -> None:
    app.command("diff", epilog="Example: gongbao diff 5a5db7 1 2")(diff)


def diff(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The bulletin's id, the beginning of it, or its URL.", metavar="ID")],
    first: Annotated[int | None, typer.Argument(help="The earlier revision.", metavar="N", min=1)] = None,
    second: Annotated[int | None, typer.Argument(help="The later one; the newest where not said.", metavar="M")] = None,
) -> None:
    """What changed between two revisions: fields, attachments, and the text by sentence and character.

    Without numbers: the newest and the one before it.
    """
    session: Session = context.obj
    with session.home() as home:
        made = compare_revisions(home, name, first, second)
    if session.printer.json:
        session.printer.answer(made.record())
    else:
        _tell(session.printer, made)


def _tell(printer: Printer, made: Compared) -> None:
    before, after = made.before, made.after
    printer.line(
        f"{made.document.id}  revision {before.number} ({before.fetched_at:%Y-%m-%d}) → {after.number} "
        f"({after.fetched_at:%Y-%m-%d})  {made.document.url}"
    )
    found = made.difference
    if not found:
        printer.line("Nothing that is compared differs.")
    for field in found.fields:
        printer.line(f"{field.field}: {field.was or '–'} → {field.now or '–'}")
    for file in found.files:
        printer.line(f"attachment {file.what}: {file.name}")
    for change in found.text:
        place = f"¶{change.paragraph}" + (f" {change.under}" if change.under else "")
        line = Text(f"{place} ({', '.join(change.labels)}): ")
        for kind, text in change.pieces:
            opened, closed, style = _PIECES[kind]
            line.append(
                text if printer.on_terminal else f"{opened}{text}{closed}", style if printer.on_terminal else ""
            )
        printer.line(line)
