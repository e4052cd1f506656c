"""Carry one claimed run out, whatever it is, and say how it ended."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bulletin.config import Settings
from bulletin.errors import DiskFullError, GongbaoError, IntegrityError, is_disk_full
from bulletin.logs import about, log_handler
from bulletin.run import Run, Tally
from crawler.conversing import Halt
from desk.tasks.chores import the_chore
from desk.tasks.leasing import Clock
from desk.tasks.running import carry_out, log_name, passing, the_source_of
from desk.wiring import Home

log: Final = logging.getLogger(__name__)

#: Carries a run out on a home; the run with its outcome, tally, reason and log.
Perform = Callable[[Home, Run, Halt, Clock], Run]


def perform(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
    """The crawl of one source, or one chore. Raises what they raise."""
    if run.kind != "crawl":
        return _chore(home, run, now)
    source = the_source_of(home, run)
    if isinstance(source, str):
        return replace(run, outcome="skipped", reason=source, ended_at=now())
    (ended,) = carry_out(home, [run], [source], end=lambda run: None, halt=halt)
    return ended


def _chore(home: Home, run: Run, now: Clock) -> Run:
    words = the_chore(run.kind).do(home, run.scope.argument, now())
    write_log(home, run, words, now)
    done = replace(run, outcome="done", ended_at=now(), tally=Tally(notes=tuple(words)), log=log_name(run))
    return replace(done, reason=words[0] if words else "")


def outcome_of(settings: Settings, run: Run, halt: Halt, now: Clock, how: Perform) -> tuple[Run, BaseException | None]:
    """The run as it ended, and what it ended with if that was an error. Never raises."""
    try:
        with about(run.id, run.source_id), Home(settings) as home:
            return how(home, run, halt, now), None
    except GongbaoError as error:
        outcome = "interrupted" if passing(error) or halt.asked else "failed"
        return replace(run, outcome=outcome, reason=_said(error), ended_at=now(), log=_log(settings, run)), error
    except Exception as error:
        if is_disk_full(error):
            full = DiskFullError("The disk is full.", "Make room.")
            return replace(run, outcome="failed", reason=full.message, ended_at=now()), full
        log.error("run %s: %s", run.id, traceback.format_exc())
        reason = f"unexpected {type(error).__name__}: {error}"
        return replace(run, outcome="failed", reason=reason, ended_at=now(), log=_log(settings, run)), error


def _said(error: GongbaoError) -> str:
    return f"{error.message} {error.advice}" if isinstance(error, IntegrityError) else error.message


def _log(settings: Settings, run: Run) -> str:
    return log_name(run) if (settings.home / log_name(run)).is_file() else ""


def write_log(home: Home, run: Run, words: list[str], now: Clock) -> None:
    """The log of a run that has no process of its own to write one."""
    file = home.settings.home / log_name(run)
    handler = log_handler(file, home.settings.logs, run.id, run.source_id)
    try:
        for word in words:
            handler.emit(_line(run, word, now))
    finally:
        handler.close()


def _line(run: Run, word: str, now: Clock) -> logging.LogRecord:
    said = {"name": run.kind, "levelno": logging.INFO, "levelname": "INFO", "msg": word, "created": now().timestamp()}
    return logging.makeLogRecord(said)
