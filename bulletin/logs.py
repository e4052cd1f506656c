"""How a line of a log looks, and where it ends: as a line of words or a JSON object, in a file that is put aside when
it has grown."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any, Final

from bulletin.config import LogSettings
from bulletin.record import moment_text

#: What this thread is at work on: run and source.
_ABOUT: Final[ContextVar[tuple[int | None, str]]] = ContextVar("about", default=(None, ""))


@contextmanager
def about(run_id: int | None, source_id: str) -> Iterator[None]:
    """Lines written within carry these ids."""
    token = _ABOUT.set((run_id, source_id))
    try:
        yield
    finally:
        _ABOUT.reset(token)


def log_handler(file: Path, settings: LogSettings, run_id: int | None = None, source_id: str = "") -> logging.Handler:
    """Writes everything from INFO on to a file, with the ids of `about`, or else the given ones."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = Aside(file, settings.max_size, settings.kept)
    handler.setFormatter(JsonLine(run_id, source_id) if settings.json else Words())
    handler.setLevel(logging.INFO)
    return handler


class Words(logging.Formatter):
    """A line for people, the run and source in brackets where they are known."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        run_id, source_id = _ABOUT.get()
        line = super().formatMessage(record)
        return line if run_id is None else f"{line} [run {run_id} {source_id}".rstrip() + "]"


class JsonLine(logging.Formatter):
    """One JSON object a line: at, level, logger, message, run, source, and error where there was one."""

    def __init__(self, run_id: int | None = None, source_id: str = "") -> None:
        super().__init__()
        self._run_id, self._source_id = run_id, source_id

    def format(self, record: logging.LogRecord) -> str:
        run_id, source_id = _ABOUT.get()
        told: dict[str, Any] = {
            "at": moment_text(datetime.fromtimestamp(record.created, UTC), "milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        told |= {"run": run_id if run_id is not None else self._run_id, "source": source_id or self._source_id}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in told.items() if value not in (None, "")}, ensure_ascii=False)


class Aside(WatchedFileHandler):
    """A file that is renamed to .1, .2, ... when it has grown to `most` bytes. Several processes may write to it: each
    notices when another has put it aside. Lines of a full disk are lost, nothing else is."""

    def __init__(self, file: Path, most: int, kept: int) -> None:
        super().__init__(file, encoding="utf-8", errors="backslashreplace", delay=True)
        self._file, self._most, self._kept = file, most, kept

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            if self._most and self._file.is_file() and self._file.stat().st_size >= self._most:
                self._put_aside()
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """A log that cannot be written ends no work."""

    def _put_aside(self) -> None:
        """Whoever can make the folder `.turn` does it; the others go on writing meanwhile."""
        turn = self._file.with_name(self._file.name + ".turn")
        with suppress(FileNotFoundError):
            if datetime.now(UTC).timestamp() - turn.stat().st_mtime > 60:  # its maker died
                turn.rmdir()
        try:
            turn.mkdir()
        except FileExistsError:
            return
        try:
            if self._file.stat().st_size < self._most:
                return
            for number in range(max(self._kept, 1), 1, -1):
                with suppress(FileNotFoundError):
                    self._aside(number - 1).replace(self._aside(number))
            os.replace(self._file, self._aside(1))  # noqa: PTH105
            if not self._kept:
                self._aside(1).unlink()
        finally:
            turn.rmdir()

    def _aside(self, number: int) -> Path:
        return self._file.with_name(f"{self._file.name}.{number}")
