"""gongbao repair"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, BinaryIO

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
        failed = 0
        with _opened(path) as stream:
            for answer in repaired_lines((line.decode("utf-8", "replace") for line in stream), damaged):
                failed += "error" in answer
                printer.answer(answer)
        if failed:
            raise typer.Exit(4)
        return
    with _opened(path) as stream:
        text, encoding = decoded(stream.read())
    if encoding != "utf-8":
        printer.say(f"The text came in {encoding}; it is given back in UTF-8.")
    answer = repaired(text, damaged)
    if printer.json:
        printer.answer(answer)
        return
    sys.stdout.write(answer["text"])
    for doubt in answer["doubts"]:
        printer.warn(f"doubt: {doubt['reason']}")
    printer.say(f"{len(answer['repairs'])} repairs, {len(answer['doubts'])} doubts; --json shows each with its place.")


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding it came in: UTF-8, or GB18030 where it is no UTF-8. UsageError for neither."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError:
            continue
    raise UsageError("The text is neither UTF-8 nor GB18030.", "Say which encoding it is in by converting it to UTF-8.")


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    if not Path(path).is_file():
        raise UsageError(f"There is no file {path}.", "Name a text file, or give the text on stdin.")
    return Path(path).open("rb")
