"""gongbao saved add, list, run, remove"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bulletin.errors import GongbaoError
from desk.cli.finding import (
    DATE,
    FROM,
    NUMBER,
    OFFICE,
    ONLY,
    QUERY,
    REGION,
    SORT,
    SOURCE,
    STATUS,
    TO,
    UNDATED,
    WITHOUT,
)
from desk.cli.found import hit_record, tell_results
from desk.cli.printing import Session
from desk.tasks.asking import Asking
from desk.tasks.saving import Fresh, remove_saved, run_saved, save_search, saved_names, saved_searches

app = typer.Typer(
    help="Searches kept by name, and what they have found since.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="saved")


NAME = Annotated[str, typer.Argument(help="The search's name, as `saved list` prints it.")]


@app.command("add", epilog="Example: gongbao saved add 防汛 '防汛 OR 抗旱' --office 水利局")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Letters, Chinese characters, digits, - and _.")],
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
    only: ONLY = None,
    without: WITHOUT = None,
    sort: SORT = "",
) -> None:
    """Keep a search. What it finds today counts as known; `saved run` tells what came in since."""
    session: Session = context.obj
    several = (tuple(chosen or ()) for chosen in (source, only, without, status))
    sources, wanted, unwanted, states = several
    words = " ".join(query or ())
    asked = Asking(words, first, last, date, undated, sources, region, office, number, wanted, unwanted, sort, states)
    with session.home() as home:
        replaced = name in saved_names(home)
        found = save_search(home, name, asked)
    if session.printer.json:
        session.printer.answer({"name": name, **asdict(asked), "total": found})
    else:
        place = ", in the place of the search that bore this name" if replaced else ""
        session.printer.line(f"{name} is kept{place}; it finds {found} bulletins today.")


@app.command("list")
def list_saved(context: typer.Context) -> None:
    """The searches kept here."""
    session: Session = context.obj
    with session.home() as home:
        searches = saved_searches(home)
    if session.printer.json:
        session.printer.answer({"saved": [{"name": name, **asdict(asked)} for name, asked in searches.items()]})
        return
    rows = [
        (name, asked.query, asked.first, asked.last, asked.region, asked.office, _besides(asked))
        for name, asked in searches.items()
    ]
    session.printer.table(("name", "query", "from", "to", "region", "office", "besides"), rows)


def _besides(asked: Asking) -> str:
    """The options that have no column of their own, as they would be typed."""
    usual, told = Asking(), []
    for name in ("date", "undated", "source", "number", "status", "only", "without", "sort"):
        value = getattr(asked, name)
        if value != getattr(usual, name):
            told += [f"--{name} {one}" for one in ((value,) if isinstance(value, str) else value)]
    return " ".join(told)


@app.command("run", epilog="Example: gongbao saved run --json, in a scheduler after gongbao crawl")
def run(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(help="Which; all where none is named.", metavar="NAME")] = None,
    limit: Annotated[int, typer.Option(help="Hits shown of each search.", min=0)] = 10,
    peek: Annotated[bool, typer.Option("--peek", help="Show it again next time.")] = False,
) -> None:
    """What came in since a search was last run, or kept."""
    session: Session = context.obj
    runs: list[Fresh] = []
    failed: list[tuple[str, GongbaoError]] = []
    with session.home() as home:
        for name in names or saved_names(home):
            try:
                runs.append(run_saved(home, name, limit=limit, keep=not peek))
            except GongbaoError as error:
                failed.append((name, error))
    alone = len(failed) == 1 and not runs
    if session.printer.json or not alone:
        _tell(session, runs, failed)
    if failed:
        raise failed[0][1] if alone else typer.Exit(4)


@app.command("remove")
def remove(context: typer.Context, name: NAME) -> None:
    """Forget a saved search."""
    session: Session = context.obj
    with session.home() as home:
        remove_saved(home, name)
    session.printer.say(f"{name} is forgotten.")


def _tell(session: Session, runs: list[Fresh], failed: list[tuple[str, GongbaoError]]) -> None:
    printer = session.printer
    if printer.json:
        told: list[dict[str, Any]] = [
            {
                "name": one.name,
                "total": one.total,
                "new": one.results.total,
                "hits": list(map(hit_record, one.results.hits)),
            }
            for one in runs
        ]
        errors = [{"name": name, "error": error.message} for name, error in failed]
        printer.answer({"runs": told, "failed": errors})
        return
    for one in runs:
        printer.line(f"{one.name}: {one.results.total} new of {one.total}")
        if one.results.total:
            tell_results(printer, one.results, 0, False)
    for name, error in failed:
        printer.say(f"{name}: {error.message} {error.advice}")
