"""gongbao source probe, gongbao source check"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bulletin.probe import ColumnSeen, FamilySeen, Probe, Sample
from crawler.looking import probe_record
from crawler.troubles import BLOCKED
from desk.cli.printing import Printer, Session
from desk.tasks.probing import Checked, check_source, probe_site, source_text, write_source
from desk.tasks.sources import the_source


def add_to(app: typer.Typer) -> None:
    app.command("probe", epilog="Example: gongbao source probe http://www.yunxiu.example/ --write 619901_yunxiu.toml")(
        probe
    )
    app.command("check")(check)


def probe(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The site's home page, or one of its list pages.")],
    write: Annotated[str, typer.Option(help="Write the proposed source to this file, or into this folder.")] = "",
    resolve: Annotated[
        list[str] | None, typer.Option(help="HOST=ADDRESS:PORT: where a host is really reached (may be given again).")
    ] = None,
) -> None:
    """Look at an unknown site with a few polite requests: its publishing system, its columns, sample bulletins, and a
    source file ready to keep. Keeps nothing."""
    session: Session = context.obj
    printer = session.printer
    with printer.steps("looking") as step:
        found = probe_site(session.settings, url, resolve or (), _Counter(step).see)
    path = write_source(found, write) if write and found.source else None
    if printer.json:
        text = source_text(found) if found.source else None
        printer.answer(probe_record(found) | {"toml": text, "written": str(path) if path else None})
    else:
        _show(printer, found)
        if path:
            printer.say(f"Wrote {path}. Next: look it through, then gongbao source add {path}")
        elif found.source:
            printer.line()
            printer.line(source_text(found).rstrip())
    if code := _exit_code(found):
        raise typer.Exit(code)


def check(
    context: typer.Context,
    source_id: Annotated[str | None, typer.Argument(help="Without it, every source that is not paused.")] = None,
) -> None:
    """Look at a source's site again and say what is no longer as its file says. Fetches a few pages, keeps none; a
    source that was unverified and shows no difference is verified from now on."""
    session: Session = context.obj
    printer = session.printer
    with session.home() as home:
        kept = [the_source(home, source_id)] if source_id else [s for s in home.archive.sources() if not s.paused]
        with printer.steps("looking") as step:
            counter = _Counter(step)
            checked = [check_source(home, source, counter.see) for source in kept if source.columns]
    if printer.json:
        printer.answer({"checked": [_checked_record(one) for one in checked]})
    else:
        for one in checked:
            _tell(printer, one)
    drifted = [one for one in checked if one.drifts]
    if drifted:
        blocked = all(_exit_code(one.probe) == 5 for one in checked)
        raise typer.Exit(5 if blocked else 4)


class _Counter:
    """Turns what a look tells into progress."""

    def __init__(self, step: Any) -> None:
        self._step = step
        self._done = 0

    def see(self, event: dict[str, Any]) -> None:
        if event.get("event") == "fetched":
            self._done += 1
            self._step(self._done, str(event.get("url", "")))


def _exit_code(found: Probe) -> int:
    """0 a source was found, 5 the site wants us to stay away, 4 there was nothing to be found."""
    if found.code in BLOCKED:
        return 5
    return 0 if found.source and not found.code else 4


def _show(printer: Printer, found: Probe) -> None:
    name = found.source.name if found.source else ""
    printer.line(f"{name}  {found.url}  ({found.requests} requests)".strip())
    if found.code:
        printer.line(f"The site could not be looked at. {found.code}: {found.reason}")
    if found.code == "private_address":
        printer.line("Where that is on purpose, ask by a name: http://NAME/ --resolve NAME=ADDRESS:PORT")
    _show_families(printer, found)
    if found.columns:
        printer.line()
        heads = ("column", "name", "family", "entries", "of", "state")
        printer.table(heads, [_column_row(seen) for seen in found.columns])
    for number, sample in enumerate(found.samples, 1):
        printer.line()
        _show_sample(printer, number, sample)
    notes = [note for note in found.notes if not (found.code and found.reason in note)]
    if notes:
        printer.line()
        for note in notes:
            printer.line(f"! {note}")


def _show_families(printer: Printer, found: Probe) -> None:
    if found.family is None and not found.code:
        printer.line("No known publishing system was recognised; lists are read by general rules.")
    for seen in found.families:
        if seen.name != "generic":
            printer.line(_family_line(seen))


def _family_line(seen: FamilySeen) -> str:
    return f"{seen.name}  {seen.score:.2f}  {'; '.join(seen.reasons)}"


def _column_row(seen: ColumnSeen) -> tuple[object, ...]:
    score = f" {seen.families[0].score:.2f}" if seen.families and seen.families[0].name != "generic" else ""
    state = seen.trouble or ("empty" if seen.says_empty else "goes on" if seen.onward else "one page")
    total = seen.total if seen.total is not None else "–"
    family = (seen.families[0].name if seen.families else "–") + score
    return seen.column.id, seen.column.name, family, seen.rows, total, state


def _show_sample(printer: Printer, number: int, sample: Sample) -> None:
    harvest = sample.harvest
    if harvest is None:
        printer.line(f"{number:2}. {sample.listed_title}  [{sample.code}: {sample.trouble}]")
        printer.line(f"    {sample.url}")
        return
    day = harvest.published_on or harvest.dated_on or "undated"
    told = [str(day), harvest.number, harvest.index_number, harvest.office or harvest.source_name]
    printer.line(f"{number:2}. {harvest.title or '(no title)'}")
    printer.line("    " + "  ".join(part for part in told if part))
    start = harvest.text[:60].replace("\n", " ")
    printer.line(f"    {start}…  ({len(harvest.text)} characters, {len(harvest.attachments)} attachments)")
    printer.line(f"    {sample.url}")
    for doubt in harvest.doubts:
        printer.line(f"    ? {doubt.field or 'page'}: {doubt.reason}")


def _checked_record(one: Checked) -> dict[str, Any]:
    found = probe_record(one.probe)
    del found["source"]
    drifts = [asdict(drift) for drift in one.drifts]
    return {"source": one.source.id, "drifts": drifts, "verified": one.source.verified} | found


def _tell(printer: Printer, one: Checked) -> None:
    listed = sum(seen.rows for seen in one.probe.columns)
    read = sum(sample.harvest is not None for sample in one.probe.samples)
    state = f"{len(one.drifts)} differences" if one.drifts else "as described"
    printer.line(f"{one.source.id}  {state}  ({listed} entries listed, {read} bulletins read)")
    for drift in one.drifts:
        printer.line(f"  {drift.code}: {drift.where}: {drift.words}")
    for note in one.probe.notes:
        printer.say(f"  {note}")
    if one.learnt:
        printer.say(f"{one.source.id} is verified from now on: a crawl takes it in.")
