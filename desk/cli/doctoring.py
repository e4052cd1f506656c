"""gongbao doctor"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bulletin.errors import UsageError
from desk.cli.printing import Printer, Session
from desk.tasks.doctor import Examined, examine, mend, preview


def add_to(app: typer.Typer) -> None:
    app.command("doctor", epilog="Examples: gongbao doctor · gongbao doctor --fix --dry-run · gongbao doctor --fix")(
        doctor
    )


def doctor(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended without losing anything; says first what.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: only say what would be mended.")] = False,
) -> None:
    """Look for missing and orphan files, broken links, an index behind, clocks, locks and runs left by dead workers.

    Exit codes: 0 nothing but notes, 4 something is to be done, 7 something is lost or broken, 8 the disk is nearly
    full. What --fix mended does not count.
    """
    if dry_run and not fix:
        raise UsageError("--dry-run belongs to --fix.", "gongbao doctor alone changes nothing.")
    session: Session = context.obj
    printer = session.printer
    with session.home() as home:
        found = examine(home)
        if fix:
            for words in preview(found.complaints):
                printer.say(f"{'would mend' if dry_run else 'mending'}: {words}")
            found = found if dry_run else mend(home, found)
    if printer.json:
        printer.answer(
            {"exit_code": found.exit_code, "dry_run": dry_run, "findings": [asdict(one) for one in found.complaints]}
        )
    else:
        _tell(printer, found)
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def _tell(printer: Printer, found: Examined) -> None:
    for one in found.complaints:
        if one.severity == "note" and not printer.verbose and one.code not in ("disk", "schema"):
            continue
        printer.line(f"{'mended' if one.fixed else one.severity}: {one.code}: {one.item}: {one.words}")
        if one.advice and not one.fixed:
            printer.line(f"  {one.advice}")
        elif one.fix and not one.fixed:
            printer.line(f"  --fix would: {one.fix}")
    left = sum(one.severity != "note" and not one.fixed for one in found.complaints)
    counted = "1 finding asks" if left == 1 else f"{left} findings ask"
    printer.line(f"{counted} for something" if left else "Nothing asks for anything.")
