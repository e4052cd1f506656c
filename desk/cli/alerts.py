"""gongbao alerts list, check, test"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bulletin.alert import NEWS, Alert
from bulletin.errors import CrawlError
from bulletin.record import CHINA, moment_record
from desk.alerts.message import clean, named
from desk.cli.printing import Session
from desk.tasks.alerting import Told, check_alerts, send_alerts, stuck_channels, try_channels

app = typer.Typer(help="What somebody was told, or is to be told.", no_args_is_help=True, rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="alerts")


@app.command("list")
def list_command(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    limit: Annotated[int, typer.Option(help="With --all: at most so many; 0: all.", min=0)] = 50,
) -> None:
    """What is wrong, since when, and what has not reached its channel yet."""
    session: Session = context.obj
    with session.home() as home:
        alerts = home.archive.alerts
        found = alerts.latest(limit) if everything else alerts.open()[::-1]
        stuck = stuck_channels(home)
    if session.printer.json:
        waiting = [
            {"channel": s.channel, "count": s.count, "since": moment_record(s.since), "why": s.trouble} for s in stuck
        ]
        session.printer.answer({"alerts": [_record(alert) for alert in found], "stuck": waiting})
        return
    rows = [
        (alert.id, _shown(alert.opened_at), _shown(alert.closed_at), named(alert), _reason(alert)) for alert in found
    ]
    session.printer.table(("id", "since", "until", "what", "reason"), rows)
    if not found:
        session.printer.say("Nothing is wrong." if not everything else "Nobody was ever told anything.")
    for one in stuck:
        session.printer.warn(f"! {one.channel}: {one.count} events wait since {_shown(one.since)}: {one.trouble}")


@app.command("check")
def check(context: typer.Context) -> None:
    """Look for what is wrong now and tell it, as a worker does every minute; run by a timer of the machine's it also
    tells when the worker has stopped."""
    session: Session = context.obj
    with session.home() as home:
        opened = check_alerts(home, datetime.now(UTC))
        told = send_alerts(home)
        known = home.archive.alerts.open()
    if session.printer.json:
        session.printer.answer({"new": opened, "open": [_record(alert) for alert in known], "sent": _sent(told)})
    else:
        session.printer.line(f"{len(known)} open, {len(opened)} of them new")
    _end(told, "What waits is kept, and tried again.")


@app.command("test")
def try_command(
    context: typer.Context,
    channel: Annotated[list[str] | None, typer.Argument(help="Only these; all that are set without one.")] = None,
) -> None:
    """Send a test message now. Exit code 4 where it did not arrive."""
    session: Session = context.obj
    with session.home() as home:
        told = try_channels(home, channel or (), datetime.now(UTC))
    if session.printer.json:
        session.printer.answer({"sent": _sent(told)})
    else:
        for one in told:
            if not one.trouble:
                session.printer.line(f"{one.channel}: sent")
    _end(told)


def _end(told: Sequence[Told], consolation: str = "") -> None:
    failed = [one for one in told if one.trouble]
    if failed:
        advice = dict.fromkeys(one.advice for one in failed)
        trouble = "; ".join(f"{one.channel}: {one.trouble}" for one in failed)
        raise CrawlError(trouble, " ".join([*advice, consolation]).strip())


def _sent(told: Sequence[Told]) -> list[dict[str, Any]]:
    return [{"channel": one.channel, "events": one.count, "trouble": one.trouble} for one in told]


def _record(alert: Alert) -> dict[str, Any]:
    matter = alert.matter
    return {
        "id": alert.id,
        "source_id": matter.source_id,
        "kind": matter.kind,
        "word": matter.word,
        "reason": matter.reason,
        "grave": matter.grave,
        "opened_at": moment_record(alert.opened_at),
        "closed_at": moment_record(alert.closed_at),
    }


def _reason(alert: Alert) -> str:
    """In one line; of what a saved search found only how much."""
    lines = alert.matter.reason.splitlines()
    return clean(" ".join(lines[:1] if alert.matter.kind in NEWS else lines)) or "–"


def _shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else "–"
