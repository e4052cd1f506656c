"""gongbao repair"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bulletin.errors import UsageError
from desk.cli.printing import Session
from desk.tasks.repairing import repaired, repaired_lines


def add_to(app: typer.Typer) -> None:
    app.command("repair", epilog="Example: gongbao repair damaged.txt --damaged yes")(repair)


def repair(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A text file; - or nothing for stdin.")] = "-",
    damaged: Annotated[str, typer.Option(help="auto, or yes: the text is known to come from the converter.")] = "auto",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='{"id", "text", "damaged"} a line in, one answer a line out.')
    ] = False,
) -> None:
    """Repair text that a bad converter damaged: inserted readings, bytes out of phase, stray spaces and marks.

    Every repair is told: offsets in the text as received and in the repaired text, was, now, kind, sureness.
    """
    session: Session = context.obj
    printer = session.printer
    if jsonl:
        with _opened(path) as lines:
            for answer in repaired_lines(lines, damaged):
                printer.answer(answer)
        return
    with _opened(path) as stream:
        answer = repaired(stream.read(), damaged)
    if printer.json:
        printer.answer(answer)
        return
    sys.stdout.write(answer["text"])
    for doubt in answer["doubts"]:
        printer.warn(f"doubt: {doubt['reason']}")
    printer.say(f"{len(answer['repairs'])} repairs, {len(answer['doubts'])} doubts; --json shows each with its place.")


def _opened(path: str) -> AbstractContextManager[TextIO]:
    if path == "-":
        return nullcontext(sys.stdin)
    if not Path(path).is_file():
        raise UsageError(f"There is no file {path}.", "Name a text file, or give the text on stdin.")
    return Path(path).open(encoding="utf-8-sig", errors="surrogateescape", newline="")
