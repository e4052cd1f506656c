"""gongbao search, gongbao show"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from bulletin.document import Document, Revision
from bulletin.errors import NothingMatchedError, UsageError
from bulletin.query import DateRange, Filters
from bulletin.record import CHINA, record_of
from bulletin.results import Hit, Results
from bulletin.text.dates import date_range
from desk.cli.printing import Printer, Session
from desk.tasks.finding import in_script, search, the_bulletin

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
FAIL_EMPTY = Annotated[bool, typer.Option("--fail-empty", help="End with exit code 3 where nothing matches.")]

DATES = ("published", "dated", "seen")
SORTS = ("relevance", "newest", "oldest")


def add_to(app: typer.Typer) -> None:
    examples = "Examples: gongbao search 河道清淤 · gongbao search '\"防汛 预案\" OR 抗旱' --from 2019 --to 2019-06"
    app.command("search", epilog=examples)(search_command)
    app.command("show", epilog="Example: gongbao show 3f2a --script traditional")(show)


def filters_of(
    first: str, last: str, meaning: str, undated: str, source: list[str] | None, region: str, office: str, number: str
) -> Filters:
    """The options that narrow a search or an export, checked."""
    if meaning not in DATES:
        raise UsageError(f"--date takes {', '.join(DATES)}, not {meaning!r}.", "published is what the page says.")
    if undated not in ("include", "exclude", "only"):
        raise UsageError(f"--undated takes include, exclude or only, not {undated!r}.", "include is what is not said.")
    today = datetime.now(CHINA).date()
    start = date_range(first, today)[0] if first else None
    end = date_range(last, today)[1] if last else None
    if start and end and start > end:
        raise UsageError(f"The range is upside down: {start} comes after {end}.", "Change --from and --to round.")
    dates = DateRange(start, end, meaning, undated)
    return Filters(dates, tuple(source or ()), region, office, number)


def search_command(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help='Words (all must match), "phrases", OR, -not, (groups), 标题: 文号: 机构: ….')
    ],
    first: FROM = "",
    last: TO = "",
    date: DATE = "published",
    undated: UNDATED = "include",
    source: SOURCE = None,
    region: REGION = "",
    office: OFFICE = "",
    number: NUMBER = "",
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = "relevance",
    limit: Annotated[int, typer.Option(min=0)] = 10,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count the hits by source, region, office and year.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show how the question was understood.")] = False,
    fail_empty: FAIL_EMPTY = False,
) -> None:
    """Find bulletins, in simplified or traditional characters alike. Any two characters in a row are found."""
    session: Session = context.obj
    if sort not in SORTS:
        raise UsageError(f"--sort takes {', '.join(SORTS)}, not {sort!r}.", "relevance is what is not said.")
    filters = filters_of(first, last, date, undated, source, region, office, number)
    with session.home() as home:
        results = search(home, query, filters, sort=sort, limit=limit, offset=offset, facets=facets, explain=explain)
    if session.printer.json:
        session.printer.answer(results_record(results, facets=facets, explain=explain))
    else:
        tell_results(session.printer, results, offset, explain)
    if fail_empty and not results.total:
        raise NothingMatchedError("Nothing matched.", "Fewer words, or a wider range of dates?")


def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The bulletin's id, the beginning of it, or its URL.", metavar="ID")],
    revision: Annotated[int | None, typer.Option(help="An earlier revision.", min=1)] = None,
    script: Annotated[str, typer.Option(help="as-is, simplified or traditional; what is stored stays.")] = "as-is",
    raw: Annotated[bool, typer.Option("--raw", help="The page's bytes as they were captured.")] = False,
) -> None:
    """Show one bulletin."""
    session: Session = context.obj
    with session.home() as home:
        document, found = the_bulletin(home, name, revision)
        if raw:
            if found.record is None:
                raise UsageError("No capture is kept of this revision.", "Leave --raw out to see what was read.")
            sys.stdout.buffer.write(home.vault.read(found.record).body)
            return
    shown = in_script(found, script)
    if session.printer.json:
        session.printer.answer(record_of(shown.harvest, document=document, revision=shown))
    else:
        _tell_bulletin(session.printer, document, shown)


def results_record(results: Results, *, facets: bool, explain: bool) -> dict[str, Any]:
    """The promised JSON of a search."""
    return {
        "total": results.total,
        "date": results.date,
        "hits": [_hit_record(hit) for hit in results.hits],
        "facets": {facet.name: dict(facet.counts) for facet in results.facets} if facets else {},
        "explain": [{"what": what, "how": how} for what, how in results.explain] if explain else [],
    }


def _hit_record(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.document_id,
        "revision": hit.revision,
        "score": round(hit.score, 4),
        "title": hit.title,
        "number": hit.number,
        "index_number": hit.index_number,
        "office": hit.office,
        "source": hit.source,
        "region": hit.region,
        "dated_on": hit.dated_on.isoformat() if hit.dated_on else None,
        "published_on": hit.published_on.isoformat() if hit.published_on else None,
        "url": hit.url,
        "snippet": hit.snippet.text,
        "highlights": [list(pair) for pair in hit.snippet.highlights],
        "found_in": {
            "field": hit.snippet.where,
            "attachment": hit.snippet.attachment,
            "name": hit.snippet.name,
            "page": hit.snippet.page,
        },
    }


def tell_results(printer: Printer, results: Results, offset: int, explain: bool) -> None:
    """Hits for a person: title, what it is, and the place that matched, marked."""
    for place, hit in enumerate(results.hits, start=offset + 1):
        day = hit.published_on or hit.dated_on
        facts = [day.isoformat() if day else "undated", hit.office or hit.source, hit.number or "", hit.document_id]
        printer.line(Text(f"{place:3}. ").append(hit.title or "(no title)", style="bold"))
        printer.line("     " + "  ".join(fact for fact in facts if fact))
        if hit.snippet.attachment:
            page = f", page {hit.snippet.page}" if hit.snippet.page else ""
            printer.line(f"     in attachment {hit.snippet.attachment}{page}: {hit.snippet.name}")
        printer.line(Text("     ").append_text(marked(hit.snippet.text, hit.snippet.highlights, printer.on_terminal)))
    for facet in results.facets:
        printer.line(f"{facet.name}: " + "  ".join(f"{value or '–'} ({count})" for value, count in facet.counts[:12]))
    if explain:
        for what, how in results.explain:
            printer.line(f"{what}: {how}")
    printer.say(f"{results.total} found; ranges and order go by the {results.date} date.")


def marked(text: str, highlights: tuple[tuple[int, int], ...], on_terminal: bool) -> Text:
    """The snippet with its hits marked: in colour on a terminal, in 【】 elsewhere and where colour is not wanted."""
    shown = Text()
    at = 0
    for start, end in highlights:
        shown.append(text[at:start])
        shown.append(text[start:end] if on_terminal else f"【{text[start:end]}】", style="bold yellow")
        at = end
    return shown.append(text[at:])


def _tell_bulletin(printer: Printer, document: Document, revision: Revision) -> None:
    record = record_of(revision.harvest, document=document, revision=revision)
    printer.line(Text(revision.harvest.title or "(no title)", style="bold"))
    hidden = "title text sections attachments block tables rows chrome evidence doubts repairs record".split()
    for name, value in record.items():
        if name not in hidden and value not in (None, "", [], {}):
            printer.line(f"{name}: {'、'.join(value) if isinstance(value, list) else value}")
    for attachment in record["attachments"]:
        printer.line(f"attachment: {attachment['name']}  {attachment['url']}")
    for doubt in record["doubts"]:
        printer.line(f"doubt: {doubt['field'] or 'page'}: {doubt['reason']}")
    printer.line()
    printer.line(revision.harvest.text)
