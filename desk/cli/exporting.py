"""gongbao export"""

from __future__ import annotations

import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from bulletin.errors import IntegrityError, NothingMatchedError, UsageError
from desk.cli.finding import DATE, FAIL_EMPTY, FROM, NUMBER, OFFICE, REGION, SOURCE, STATUS, TO, UNDATED
from desk.cli.found import MEANINGS
from desk.cli.printing import Session
from desk.tasks.asking import filters_of
from desk.tasks.exporting import export, format_names


def add_to(app: typer.Typer) -> None:
    example = "Example: gongbao export --from 2019-01 --to 2019-06 --format csv --bom -o 2019上半年.csv"
    app.command("export", epilog=example)(export_command)


def export_command(
    context: typer.Context,
    format_name: Annotated[str, typer.Option("--format", help="The format; --formats lists them.")] = "jsonl",
    out: Annotated[str, typer.Option("--out", "-o", help="The file to write; - or nothing for stdout.")] = "-",
    first: FROM = "",
    last: TO = "",
    date: DATE = "published",
    undated: UNDATED = "include",
    query: Annotated[str, typer.Option(help="Only what this search finds.")] = "",
    source: SOURCE = None,
    region: REGION = "",
    office: OFFICE = "",
    number: NUMBER = "",
    status: STATUS = None,
    bom: Annotated[bool, typer.Option("--bom", help="CSV for Excel: begin with a byte order mark.")] = False,
    formats: Annotated[bool, typer.Option("--formats", help="List the formats and end.")] = False,
    fail_empty: FAIL_EMPTY = False,
) -> None:
    """Export bulletins by date range. The file appears whole or not at all, with a manifest beside it."""
    session: Session = context.obj
    printer = session.printer
    if formats:
        if printer.json:
            printer.answer({"formats": dict(format_names())})
        else:
            printer.table(("format", "what it is"), format_names())
        return
    if format_name not in dict(format_names()):
        known = ", ".join(name for name, _ in format_names())
        raise UsageError(f"There is no format {format_name!r}.", f"There are {known}; --formats says more.")
    filters = filters_of(first, last, date, undated, source, region, office, number, status)
    path = None if out == "-" else Path(out)
    with session.home() as home:
        stream = sys.stdout.buffer if path is None else None
        done = export(
            home, filters, query, format_name=format_name, out=path, stream=stream, options={"bom": True} if bom else {}
        )
    count = done.counts["bulletins"]
    if printer.json and path:
        printer.answer(asdict(done))
    elif path:
        printer.line(f"{count} bulletins  {path}")
    meaning = f"The range goes by the {MEANINGS[date]}; papers without one: {undated}."
    printer.say(f"{count} bulletins exported. {meaning}")
    if done.damaged:
        where = ", ".join(islice(done.damaged, 3)) + (" …" if len(done.damaged) > 3 else "")
        raise IntegrityError(
            f"{len(done.damaged)} damaged records were left out of the export: {where}.",
            "The manifest names all; `gongbao verify` says what else is damaged, a backup may have them whole.",
        )
    if fail_empty and not count:
        raise NothingMatchedError("Nothing matched.", "Fewer words, or a wider range of dates?")
