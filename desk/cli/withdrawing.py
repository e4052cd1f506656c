"""gongbao withdrawn"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import typer

from bulletin.capture import RecordRef
from bulletin.errors import NothingMatchedError
from bulletin.ledger import ABSENT, Movement, Probed
from bulletin.record import CHINA, moment_record
from bulletin.run import Run
from bulletin.text.dates import date_range
from desk.cli.crawling import run_record, tell_runs
from desk.cli.finding import FAIL_EMPTY, SOURCE
from desk.cli.printing import Printer, Session
from desk.tasks.withdrawing import Dossier, disappeared, probe_suspected

STATE: Final = typer.Option(
    "--state",
    help="withdrawn (where not said), suspected, returned, any, or a state: delisted, gone, soft_404, "
    "redirected_home, replaced, blocked, site_down (may be given again).",
)


def add_to(app: typer.Typer) -> None:
    examples = "Examples: gongbao withdrawn --since 30d · gongbao withdrawn --state suspected --json"
    app.command("withdrawn", epilog=examples)(withdrawn)


def withdrawn(
    context: typer.Context,
    source: SOURCE = None,
    since: Annotated[
        str, typer.Option(help="Only what came into its state on this day or later: 2026-03, 30d, last-month.")
    ] = "",
    state: Annotated[list[str] | None, STATE] = None,
    probe: Annotated[bool, typer.Option("--probe", help="First ask again for those that are due for a probe.")] = False,
    fail_empty: FAIL_EMPTY = False,
) -> None:
    """What has disappeared at its source, with the evidence: every probe, and where its capture lies.

    A bulletin is withdrawn after at least three probes, on three days, over three days or more, that all found it
    absent. A refusal or a site that is down proves nothing.
    """
    session: Session = context.obj
    printer = session.printer
    first = date_range(since, datetime.now(CHINA).date())[0] if since else None
    with session.home() as home:
        runs = probe_suspected(home, source or ()) if probe else []
        found = disappeared(home, sources=source or (), states=state or (), since=first)
        counts = home.archive.ledger.counts(source or ())
    if printer.json:
        shown = [dossier_record(dossier) for dossier in found]
        printer.answer({"total": len(found), "bulletins": shown, "states": counts} | _probed_now(runs))
    else:
        if runs:
            tell_runs(printer, tuple(runs))
        elif probe:
            printer.say("Nothing is due for a probe.")
        for dossier in found:
            _tell(printer, dossier)
        suspected = sum(counts.get(name, 0) for name in ABSENT)
        more = f" {suspected} more may have been: --state suspected." if suspected and not state else ""
        printer.say(f"{len(found)} found.{more}")
    if fail_empty and not found:
        raise NothingMatchedError("Nothing matched.", "--state any shows everything that is in question.")


def _probed_now(runs: list[Run]) -> dict[str, Any]:
    return {"runs": [run_record(run) for run in runs]} if runs else {}


def dossier_record(dossier: Dossier) -> dict[str, Any]:
    """A bulletin in question as JSON."""
    document, standing, shown = dossier.document, dossier.standing, dossier.last_shown
    return {
        "id": document.id,
        "source": document.source_id,
        "region": document.region,
        "column": document.column,
        "url": document.url,
        "title": shown.harvest.title,
        "number": shown.harvest.number,
        "published_on": shown.harvest.published_on.isoformat() if shown.harvest.published_on else None,
        "state": standing.state,
        "since": moment_record(standing.since),
        "finding": standing.finding or None,
        "listed": standing.listed,
        "absent_probes": standing.absent_probes,
        "absent_days": standing.absent_days,
        "first_absent_at": moment_record(standing.first_absent_at),
        "last_absent_at": moment_record(standing.last_absent_at),
        "due_at": moment_record(standing.due_at),
        "first_seen": moment_record(document.first_seen),
        "last_seen": moment_record(document.last_seen),
        "revision": shown.number,
        "record": _record(shown.record),
        "probes": [_probe_record(probe) for probe in dossier.probes],
        "ledger": [_movement_record(moved) for moved in dossier.movements],
    }


def _probe_record(probe: Probed) -> dict[str, Any]:
    return {
        "at": moment_record(probe.probed_at),
        "url": probe.url,
        "finding": probe.finding,
        "status": probe.status or None,
        "code": probe.code or None,
        "note": probe.note or None,
        "counts": probe.counts and probe.finding in ABSENT,
        "record": _record(probe.record),
    }


def _movement_record(moved: Movement) -> dict[str, Any]:
    return {"at": moment_record(moved.moved_at), "event": moved.event, "from": moved.before, "to": moved.after}


def _tell(printer: Printer, dossier: Dossier) -> None:
    document, standing = dossier.document, dossier.standing
    printer.line(f"{dossier.last_shown.harvest.title or '(no title)'}")
    since = f" since {_day(standing.since)}" if standing.since else ""
    how = f" ({standing.finding})" if standing.finding and standing.finding != standing.state else ""
    listed = "still in its list" if standing.listed else "no longer in its list"
    printer.line(f"  {document.id}  {document.source_id}  {standing.state}{how}{since}, {listed}")
    printer.line(f"  {document.url}  last seen {_day(document.last_seen)}")
    for probe in dossier.probes:
        answer = f"{probe.finding}" + (f" {probe.status}" if probe.status else "")
        place = f"{probe.record.warc}@{probe.record.offset}" if probe.record else "no answer to keep"
        uncounted = "" if probe.counts or probe.finding not in ABSENT else "  (does not count)"
        note = f"  {probe.note}" if printer.verbose and probe.note else ""
        printer.line(f"    {probe.probed_at.astimezone(CHINA):%Y-%m-%d %H:%M}  {answer:20}  {place}{uncounted}{note}")
    for moved in dossier.movements:
        if moved.event == "returned":
            printer.line(f"    came back, noticed on {_day(moved.moved_at)}")


def _day(moment: datetime | None) -> str:
    return moment.astimezone(CHINA).date().isoformat() if moment else "–"


def _record(record: RecordRef | None) -> dict[str, Any] | None:
    return {"warc": record.warc, "offset": record.offset, "length": record.length} if record else None
