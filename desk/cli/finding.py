"""gongbao search, gongbao show"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.text import Text

from bulletin.document import Document, Revision
from bulletin.errors import NothingMatchedError, UsageError
from bulletin.ledger import LISTED, Standing
from bulletin.record import CHINA, record_of
from desk.cli.found import hit_record, results_record, tell_results
from desk.cli.printing import Printer, Session
from desk.tasks.asking import Asking
from desk.tasks.earlier import search_with_earlier
from desk.tasks.finding import in_script, related, search, the_bulletin
from desk.tasks.saving import the_question

FROM = Annotated[
    str, typer.Option("--from", help="First day: 2019-03-18, 2019-03, 2019, 2019年3月18日, last-month, 30d.")
]
TO = Annotated[str, typer.Option("--to", help="Last day, included.")]
DATE = Annotated[str, typer.Option("--date", help="Which date a range means: published, dated or seen.")]
UNDATED = Annotated[str, typer.Option("--undated", help="Papers without that date: include, exclude or only.")]
SOURCE = Annotated[list[str] | None, typer.Option("--source", help="A source's id (may be given again).")]
REGION = Annotated[str, typer.Option("--region", help="A division code, its first digits, or a name.")]
OFFICE = Annotated[str, typer.Option("--office", help="Part of the issuing office's name.")]
NUMBER = Annotated[str, typer.Option("--number", help="A document or index number, however written, or a part of it.")]
QUERY = Annotated[
    list[str] | None, typer.Argument(help='Words (all must match), "phrases", OR, -not, (groups), 标题: 文号: 机构: ….')
]
SORT = Annotated[str, typer.Option(help="relevance, newest, oldest or number.", show_default="relevance")]
ONLY = Annotated[
    list[str] | None, typer.Option("--only", help="FACET=VALUE as --facets prints them, e.g. topic=水利 (repeatable).")
]
WITHOUT = Annotated[list[str] | None, typer.Option("--without", help="The same, left out: kind=issue, year=2019.")]
STATUS = Annotated[
    list[str] | None,
    typer.Option(
        "--status", help="Where it stands at its source: listed, delisted, withdrawn, suspected, any (repeatable)."
    ),
]
FAIL_EMPTY = Annotated[bool, typer.Option("--fail-empty", help="End with exit code 3 where nothing matches.")]


def add_to(app: typer.Typer) -> None:
    examples = (
        "Examples: gongbao search 河道清淤 · gongbao search '\"防汛 预案\" OR 抗旱' --from 2019 --to 2019-06 · "
        "gongbao search '标题:防汛 -演练' --explain · gongbao search 河道清淤 --earlier"
    )
    app.command("search", epilog=examples)(search_command)
    app.command("show", epilog="Example: gongbao show 3f2a --script traditional")(show)


def search_command(
    context: typer.Context,
    query: QUERY = None,
    first: FROM = "",
    last: TO = "",
    date: DATE = "published",
    undated: UNDATED = "include",
    source: SOURCE = None,
    region: REGION = "",
    office: OFFICE = "",
    number: NUMBER = "",
    status: STATUS = None,
    sort: SORT = "",
    limit: Annotated[int, typer.Option(min=0)] = 10,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count the hits by source, region, office, topic, kind, year, month.")
    ] = False,
    only: ONLY = None,
    without: WITHOUT = None,
    collapse: Annotated[
        bool | None,
        typer.Option(
            "--collapse/--every-place",
            help="One bulletin in several places as one hit, or each; collapsed where not said, but with --json.",
        ),
    ] = None,
    earlier: Annotated[
        bool, typer.Option("--earlier", help="Find also what only an earlier revision says, behind the others.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the question was understood, and the hits of each term.")
    ] = False,
    saved: Annotated[str, typer.Option(help="A saved search in the place of a question; see `gongbao saved`.")] = "",
    fail_empty: FAIL_EMPTY = False,
) -> None:
    """Find bulletins, in simplified or traditional characters alike. Any two characters in a row are found.

    \b
    防汛 通知            both; what no blank divides is one run
    防汛 OR 抗旱         either, as 防汛 或 抗旱 and 防汛|抗旱
    防汛 -演练           without
    "防汛 工作"          one run; "防汛 演练"~5 near each other
    (防汛 OR 抗旱) 通知  grouping
    防汛*  原字形:發展   begins so; these very glyphs
    标题:防汛            also 文号: 索引号: 机构: 来源: 主题: 县: 日期:
    title:防汛           also number: index: office: source: topic: region: date:
    2019-01..2019-06     a range of dates; 2019年 is the year, or this text
    〔2019〕9号, 2019 9  a number, however written, or a piece of it
    \b
    What holds a blank or " ( ) | * stands between '…' in a shell.
    """
    session: Session = context.obj
    asked = Asking(
        " ".join(query or ()),
        first,
        last,
        date,
        undated,
        tuple(source or ()),
        region,
        office,
        number,
        tuple(only or ()),
        tuple(without or ()),
        sort,
        tuple(status or ()),
    )
    # A script that reads on page by page must meet every bulletin, unless it asks otherwise.
    collapsed = not session.printer.json if collapse is None else collapse
    how = {"limit": limit, "offset": offset, "facets": facets, "explain": explain, "collapse": collapsed}
    with session.home() as home:
        find = search_with_earlier if earlier else search
        results = find(home, the_question(home, asked, saved), **how)
    if session.printer.json:
        session.printer.answer(results_record(results, facets=facets, explain=explain, undated=undated))
    else:
        tell_results(session.printer, results, offset, explain, undated)
    if fail_empty and not results.total:
        raise NothingMatchedError("Nothing matched.", "Fewer words, or a wider range of dates?")


def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The bulletin's id, the beginning of it, or its URL.", metavar="ID")],
    revision: Annotated[int | None, typer.Option(help="An earlier revision.", min=1)] = None,
    script: Annotated[str, typer.Option(help="as-is, simplified or traditional; what is stored stays.")] = "as-is",
    near: Annotated[int, typer.Option("--related", help="So many bulletins about the same besides.", min=0)] = 0,
    raw: Annotated[bool, typer.Option("--raw", help="The page's bytes as they were captured.")] = False,
) -> None:
    """Show one bulletin."""
    session: Session = context.obj
    if raw and session.printer.json:
        raise UsageError("--raw prints the page's own bytes, which are no JSON.", "Leave out --raw, or --json.")
    with session.home() as home:
        document, found = the_bulletin(home, name, revision)
        if raw:
            if found.record is None:
                raise UsageError("No capture is kept of this revision.", "Leave --raw out to see what was read.")
            sys.stdout.buffer.write(home.vault.read(found.record).body)
            return
        others = related(home, document.id, near) if near else ()
        standing = home.archive.ledger.standing(document.id)
    shown = in_script(found, script)
    if session.printer.json:
        record = record_of(shown.harvest, document=document, revision=shown)
        session.printer.answer(record | {"related": [hit_record(hit) for hit in others]} if near else record)
        return
    _tell_bulletin(session.printer, document, shown, standing)
    for hit in others:
        session.printer.line(f"related: {hit.document_id}  {hit.title or '(no title)'}")


def _tell_bulletin(printer: Printer, document: Document, revision: Revision, standing: Standing) -> None:
    record = record_of(revision.harvest, document=document, revision=revision)
    printer.line(Text(revision.harvest.title or "(no title)", style="bold"))
    hidden = "title text sections attachments block tables rows chrome evidence doubts repairs record".split()
    for name, value in record.items():
        if name not in hidden and value not in (None, "", [], {}):
            printer.line(f"{name}: {'、'.join(value) if isinstance(value, list) else value}")
    if standing.since and standing.state != LISTED:
        since = standing.since.astimezone(CHINA).date()
        how = f", found {standing.finding} by {standing.absent_probes} probes" if standing.finding else ""
        printer.line(f"at its source: {standing.state} since {since}{how} (`gongbao withdrawn --state any`)")
    for attachment in record["attachments"]:
        printer.line(f"attachment: {attachment['name']}  {attachment['url']}")
    for doubt in record["doubts"]:
        printer.line(f"doubt: {doubt['field'] or 'page'}: {doubt['reason']}")
    printer.line()
    printer.line(revision.harvest.text)
