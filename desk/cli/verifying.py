"""gongbao verify"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulletin.errors import IntegrityError
from desk.cli.printing import Printer, Session
from desk.tasks.adopting import adopt as adopt_captures
from desk.tasks.verifying import Verified, per_cent, verify, verify_export

_SHOWN = 200


def add_to(app: typer.Typer) -> None:
    app.command("verify", epilog="Example: gongbao verify --sample 5 --rate 20")(verify_command)


def verify_command(
    context: typer.Context,
    sample: Annotated[
        str, typer.Option(help="Read only so many per cent of the captures, by chance; the rest in full.")
    ] = "",
    export: Annotated[
        Path | None, typer.Option(help="Verify a folder of exports instead; needs no home.", metavar="DIR")
    ] = None,
    rate: Annotated[float, typer.Option(min=0, help="Read at most so many megabytes a second; 0: no limit.")] = 0.0,
    sm3: Annotated[bool, typer.Option("--sm3", help="Recompute the SM3 digests under the seals too.")] = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="First note captures without a row, which a killed crawl may leave.")
    ] = False,
    line: Annotated[str, typer.Option(help="A proof line published earlier, which the seals must lead to.")] = "",
) -> None:
    """Recompute the digest of every kept byte; compare captures, database, index and seals. Exit 7 on any mismatch.

    A verification that was interrupted goes on behind the last WARC file it had finished.
    """
    session: Session = context.obj
    printer = session.printer
    if export is not None:
        made = verify_export(export)
    else:
        with session.home() as home, printer.steps("verifying") as step:
            if adopt:
                printer.say(f"{adopt_captures(home)} captures without a row were noted.")
            made = verify(
                home, sample=per_cent(sample), rate=rate * 1e6, sm3=sm3, published=line, on_file=lambda n, w: step(n, w)
            )
    if printer.json:
        printer.answer(made.record())
    else:
        _tell(printer, made)
    if made.faults:
        raise typer.Exit(IntegrityError.exit_code)


def _tell(printer: Printer, made: Verified) -> None:
    for fault in made.faults[:_SHOWN]:
        printer.line(f"{fault.where}: {fault.item}: {fault.reason}")
    if len(made.faults) > _SHOWN:
        printer.line(f"… and {len(made.faults) - _SHOWN} more; --json or the report has them all")
    if printer.verbose:
        for note in made.notes:
            printer.line(f"note: {note.where}: {note.item}: {note.reason}")
    resumed = f" ({made.resumed} of them before an interruption)" if made.resumed else ""
    printer.line(
        f"{made.files} files{resumed}, {made.records} records, {made.bytes / 1e6:.1f} MB: "
        f"{len(made.faults)} faults, {len(made.notes)} notes"
    )
    if made.line:
        printer.line(f"proof of {made.sealed_until}: sha256:{made.line}")
    if made.report:
        printer.say(f"Report: {made.report}")
