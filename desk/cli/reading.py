"""gongbao read, gongbao import"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from bulletin.errors import GongbaoError, UsageError
from bulletin.harvest import Harvest
from desk.cli.printing import Printer, Session
from desk.tasks.indexing import update_index
from desk.tasks.reading import printed, read_pages
from desk.tasks.taking_in import Taken, take_in

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH", help="Files, folders, zip files; - takes paths from stdin, one a line.")
]


def add_to(app: typer.Typer) -> None:
    app.command("read", epilog="Example: gongbao read 通知.html --why")(read)
    app.command("import", epilog="Example: gongbao import saved-pages/ --source 619901_yunxiu")(import_pages)


def read(
    context: typer.Context,
    paths: Paths,
    url: Annotated[str, typer.Option(help="The address the page was saved from.")] = "",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a page.")] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Show which rule gave each field, and what was taken away.")
    ] = False,
) -> None:
    """Read pages and print what was read. Nothing is archived."""
    session: Session = context.obj
    printer = session.printer
    failed = 0
    gc.freeze()  # what is loaded by now stays: the collector need not go through it again with every few pages
    for path, harvest in read_pages(named(paths), url):
        if isinstance(harvest, GongbaoError):
            failed += 1
        if jsonl or printer.json:
            printer.answer(printed(path, harvest, url))
        elif isinstance(harvest, GongbaoError):
            printer.warn(f"{path}: {harvest.message}")
        else:
            _show(printer, path, harvest, why)
    if failed:
        raise typer.Exit(4)


def import_pages(
    context: typer.Context,
    paths: Paths,
    source: Annotated[
        str, typer.Option(help="The source the pages belong to. Without it: that of the URL's host, else `import`.")
    ] = "",
    url: Annotated[str, typer.Option(help="The address the page was saved from (for one page).")] = "",
) -> None:
    """Take saved pages into the archive: .html .htm .mhtml .txt, WARC, WACZ, folders and zip files of them."""
    session: Session = context.obj
    printer = session.printer
    with session.home(must_exist=False) as home:
        with printer.steps("taking in") as step:
            count = iter(range(1, sys.maxsize))
            taken = take_in(
                home, named(paths), source_id=source, url=url, on_file=lambda path, _: step(next(count), path)
            )
        indexed = update_index(home)
    _tell_taken(printer, taken)
    counts = {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged, "failed": len(taken.failed)}
    counts |= {"captures": taken.captures, "indexed": indexed}
    if printer.json:
        printer.answer(counts | _taken_record(taken))
    else:
        for path, outcome, document_id in taken.documents:
            printer.line(f"{document_id}  {outcome:9}  {path}")
        printer.say(", ".join(f"{count} {word}" for word, count in counts.items()))
    if taken.failed:
        raise typer.Exit(4)


def _tell_taken(printer: Printer, taken: Taken) -> None:
    """What did not become a bulletin of the import, and why."""
    for path, reason in taken.failed:
        printer.warn(f"{path}: {reason}")
    for path, reason in taken.unread:
        printer.say(f"{path} is kept, and no bulletin: {reason}")
    for path, owner, column in taken.placed:
        printer.say(f"{path} belongs to {owner}" + (f", column {column}" if column else "") + ": its host is theirs")
    if taken.left_out:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in sorted(taken.left_out.items()))
        printer.say(f"Left out, being no pages: {kinds}")


def _taken_record(taken: Taken) -> dict[str, Any]:
    """File by file, what became of it, as JSON."""
    return {
        "documents": [{"path": p, "outcome": o, "id": i} for p, o, i in taken.documents],
        "placed": [{"path": p, "source": s, "column": c or None} for p, s, c in taken.placed],
        "unread": [{"path": p, "reason": e} for p, e in taken.unread],
        "errors": [{"path": p, "error": e} for p, e in taken.failed],
        "left_out": dict(taken.left_out),
    }


def named(paths: Iterable[str]) -> Iterator[str]:
    """The paths given, those on stdin in place of `-`."""
    for path in paths:
        if path != "-":
            yield path
        elif sys.stdin.isatty():
            raise UsageError(
                "- takes paths from stdin, and stdin is a terminal.", "find pages -name '*.html' | gongbao read -"
            )
        else:
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())


def _show(printer: Printer, path: str, harvest: Harvest, why: bool) -> None:
    record = printed(path, harvest)
    printer.line(f"── {path}")
    evidence = record["evidence"]
    for name, value in record.items():
        if name in (
            "path",
            "text",
            "sections",
            "tables",
            "chrome",
            "evidence",
            "doubts",
            "rows",
            "repairs",
            "attachments",
        ):
            continue
        if value not in (None, "", [], {}):
            told = evidence.get(name) if why else None
            printer.line(
                f"{name}: {_short(value)}" + (f"   ← {told['from']} ({told['confidence']:.2f})" if told else "")
            )
    for attachment in record["attachments"]:
        printer.line(f"attachment: {attachment['name']}  {attachment['url']}")
    for row in record["rows"]:
        printer.line(f"row: {row['date'] or '–':10}  {row['title']}  {row['url']}")
    for doubt in record["doubts"]:
        printer.line(f"doubt: {doubt['field'] or 'page'}: {doubt['reason']}")
    if why:
        for line in record["chrome"]:
            printer.line(f"taken away ({line['role']}): {line['text']}")
        for mend in record["repairs"]:
            printer.line(f"repaired ({mend['kind']}): {mend['was']} → {mend['now']}")
    printer.line()
    printer.line(record["text"])
    printer.line()


def _short(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "; ".join(f"{entry.get('label', '')} {entry.get('value', '')}".strip() for entry in value)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
