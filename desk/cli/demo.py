"""gongbao demo"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.crawling import Watcher, tell_runs
from desk.cli.found import tell_results
from desk.cli.printing import Printer, Session
from desk.tasks.asking import Asking, filters_of
from desk.tasks.crawling import crawl, exit_code
from desk.tasks.demo import SITES, WORDS, add_practice_sources, demo_home, probe_words, serve_practice
from desk.tasks.exporting import export
from desk.tasks.finding import search
from desk.wiring import Home


def add_to(app: typer.Typer) -> None:
    app.command("demo", epilog="Examples: gongbao demo · gongbao demo --site F1")(demo)


def demo(
    context: typer.Context,
    keep: Annotated[Path, typer.Option(help="The folder to leave everything in.", metavar="DIR")] = Path(
        "gongbao-demo"
    ),
    site: Annotated[str, typer.Option(help="Only serve this practice site, until Ctrl-C.")] = "",
    port: Annotated[int, typer.Option(help="The port to serve on; any free one without it.", min=0, max=65535)] = 0,
) -> None:
    """The main job on the invented county 云岫县, on this machine alone: crawl it, keep it, find it, export it."""
    session: Session = context.obj
    printer = session.printer
    if site:
        _serve_only(printer, site, port)
        return
    with demo_home(session.settings, keep) as home, serve_practice(port) as serving:
        printer.line(f"1  Serving 云岫县 and five other layouts on {serving.address}")
        ids = add_practice_sources(home, serving)
        code = _crawl_all(printer, home, ids)
        _search_both(printer, home)
        _export_range(printer, home)
        _say_where(printer, home)
    if code:
        raise typer.Exit(code)


def _crawl_all(printer: Printer, home: Home, ids: list[str]) -> int:
    printer.line(f"2  Crawling {len(ids)} sources with Scrapy: capture first, then read, then deposit")
    with printer.steps("crawling") as step:
        crawled = crawl(home, ids, on_event=Watcher(printer, step, False).see)
    tell_runs(printer, crawled.runs)
    counts = home.archive.counts()
    printer.line("   " + "  ".join(f"{count} {name}" for name, count in counts.items()))
    printer.line(f"3  The index learnt of {crawled.indexed} bulletins")
    # A collection from no government's site and pages that answer 404 are there on purpose and must be reported.
    return exit_code(crawled.runs) if not crawled.indexed else 0


def _search_both(printer: Printer, home: Home) -> None:
    for number, word in enumerate(WORDS, start=4):
        printer.line(f"{number}  gongbao search {word}")
        results = search(home, Asking(word), limit=3)
        tell_results(printer, results, 0, False)


def _export_range(printer: Printer, home: Home) -> None:
    first, last = "2026-01", "2026-03"
    printer.line(f"6  gongbao export --from {first} --to {last} --format csv")
    filters = filters_of(first, last, "published", "include", None, "", "", "")
    for name in ("csv", "jsonl"):
        out = home.settings.home / f"bulletins-2026q1.{name}"
        done = export(home, filters, "", format_name=name, out=out, options={"bom": True} if name == "csv" else {})
        printer.line(f"   {done.counts['bulletins']} bulletins  {out}")


def _say_where(printer: Printer, home: Home) -> None:
    place = home.settings.home
    printer.line(f"Everything lies in {place}: sources/, vault/ (WARC), gongbao.db, index/, logs/, the exports.")
    printer.line("Try next:")
    for words in (
        "search 防汛 --sort newest --facets",
        "search 河长制 OR 医保 --from 2026-02 --explain",
        "search 机构:水利局 --json",
        "status",
        "export --from 2025 --to 2026 --format md -o bulletins.md",
    ):
        printer.line(f"  gongbao --home {place} {words}")
    printer.line(f"  gongbao demo --site {SITES[0]}    (look at the county's site in a browser)")


def _serve_only(printer: Printer, name: str, port: int) -> None:
    with serve_practice(port, (name,)) as serving:
        printer.line(f"http://{serving.address}/  (Ctrl-C ends it)")
        printer.line(f"To collect it, in another window: {probe_words(name, serving)}")
        while True:
            time.sleep(3600)
