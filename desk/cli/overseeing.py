"""gongbao status"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import typer

from bulletin.record import CHINA, moment_record
from desk.cli.crawling import run_record
from desk.cli.printing import Printer, Session
from desk.cli.sources import source_record
from desk.health.words import said
from desk.tasks.status import SourceHealth, Status, status_of

_COLUMNS: Final = ("source", "name", "word", "since", "last run", "outcome", "next run", "new", "pending", "withdrawn")


def add_to(app: typer.Typer) -> None:
    app.command("status", epilog="Example: gongbao status || mail -s gongbao archive@example.org")(status)


def status(context: typer.Context) -> None:
    """One screen: how every source is doing and why, the worker, index, copies, disk, and what needs attention.

    Exit codes: 0 nothing is wrong, 4 a source is in trouble, 5 every source is blocked, 1 the worker has stopped,
    7 the last verification found faults, 8 the disk is nearly full; the gravest wins (8, 7, 1, 5, 4).
    """
    session: Session = context.obj
    with session.home() as home:
        found = status_of(home)
    if session.printer.json:
        session.printer.answer(_record(found))
    else:
        _tell(session.printer, found)
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def _tell(printer: Printer, found: Status) -> None:
    counts, fresh = found.counts, sum(health.fresh for health in found.sources)
    printer.line(f"{found.home}  {_when(found.at)}")
    printer.line(
        f"{counts['documents']} bulletins in {counts['revisions']} revisions, {fresh} new this week, "
        f"{counts['pending']} pages pending; {found.vault_bytes / 1e6:.1f} MB of captures, "
        f"{found.free_bytes / 1e9:.1f} GB of disk free"
    )
    worker = found.worker
    told = f" ({worker.host}, process {worker.pid}, {_when(worker.seen_at)})" if worker.seen_at else ""
    checked = f"{_when(found.verified.at)}, {found.verified.faults} faults" if found.verified else "never"
    printer.line(f"worker: {worker.state}{told}; verified: {checked}; backed up: {_when(found.backed_up_at)}")
    if found.index:
        printer.line(f"index: {found.index.entries} bulletins, {found.index.lag} changes behind")
    rows = [_row(health) for health in found.sources]
    if rows:
        printer.table(_COLUMNS, rows)
    for health in found.sources:
        for finding in health.condition.findings if health.condition and printer.verbose else ():
            printer.line(f"  {health.source.id}: {finding.column}: {finding.reason}")
    for words in found.attention:
        printer.line(f"! {words}")
    if not found.attention:
        printer.say("Nothing needs attention.")


def _row(health: SourceHealth) -> tuple[object, ...]:
    run, condition = health.last_run, health.condition
    word = "paused" if health.source.paused else said(condition.word) if condition else "–"
    return (
        health.source.id,
        health.source.name,
        word,
        f"{condition.since.astimezone(CHINA):%Y-%m-%d}" if condition else "–",
        _when(run.started_at) if run else "never",
        run.outcome if run else "–",
        _when(health.next_due_at) if health.next_due_at else "–",
        health.fresh,
        health.pending,
        health.withdrawn,
    )


def _record(found: Status) -> dict[str, Any]:
    worker, verified = found.worker, found.verified
    return {
        "home": str(found.home),
        "at": moment_record(found.at),
        "exit_code": found.exit_code,
        "counts": found.counts,
        "worker": asdict(worker) | {"seen_at": moment_record(worker.seen_at)},
        "index": asdict(found.index) | {"lag": found.index.lag} if found.index else None,
        "verified": asdict(verified) | {"at": moment_record(verified.at)} if verified else None,
        "backed_up_at": moment_record(found.backed_up_at),
        "vault_bytes": found.vault_bytes,
        "free_bytes": found.free_bytes,
        "sources": [source_record(health.source) | _health_record(health) for health in found.sources],
        "attention": list(found.attention),
    }


def _health_record(health: SourceHealth) -> dict[str, Any]:
    condition = health.condition
    return {
        "word": health.word,
        "since": moment_record(condition.since) if condition else None,
        "checked_at": moment_record(condition.checked_at) if condition else None,
        "findings": [asdict(finding) for finding in condition.findings] if condition else [],
        "troubled": health.troubled,
        "last_run": run_record(health.last_run) if health.last_run else None,
        "last_done": moment_record(health.last_done),
        "next_due_at": moment_record(health.next_due_at),
        "pending": health.pending,
        "new_this_week": health.fresh,
        "withdrawn_lately": health.withdrawn,
    }


def _when(moment: datetime | None) -> str:
    """A moment as clocks in China show it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else "never"
