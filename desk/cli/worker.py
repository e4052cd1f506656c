"""gongbao worker"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Annotated

import typer

from bulletin.errors import DiskFullError
from desk.cli.crawling import run_record
from desk.cli.printing import Session
from desk.tasks.crawling import exit_code


def add_to(app: typer.Typer) -> None:
    app.command("worker", epilog="Examples: gongbao worker --jobs 4 · gongbao worker --once")(worker_command)


def worker_command(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Run what is due now, then stop.")] = False,
    jobs: Annotated[int, typer.Option(help="So many runs side by side.", min=1, max=64)] = 2,
) -> None:
    """Run what is due, until told to stop (Ctrl-C, SIGTERM): crawls finish the page they are at, and go on next time.

    Several workers may share a home. A worker that dies loses nothing: another one takes its runs up again.
    """
    from desk.logs import logging_to
    from desk.worker import Worker

    log = logging.getLogger("gongbao.worker")
    session: Session = context.obj

    def say(words: str) -> None:
        log.info("%s", words)
        session.printer.say(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z  {words}")

    with session.home(), logging_to(session.settings):
        worker = Worker(session.settings, jobs=jobs, say=say)
        ended = worker.work(once=once)
    if session.printer.json:
        session.printer.answer({"runs": [run_record(run) for run in ended]})
    if once and worker.short_of_disk:
        raise DiskFullError("The disk is full; not everything that is due was done.", "Make room, then run it again.")
    code = exit_code([run for run in ended if run.outcome not in ("skipped", "interrupted")])
    if once and code:
        raise typer.Exit(code)
