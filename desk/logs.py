"""The logs of a home: who writes where, and what is thrown away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from bulletin.config import Settings
from bulletin.logs import log_handler

#: Where workers write, within the home.
WORKER_LOG: Final = "logs/worker.log"
#: Loggers of libraries that say too much.
_CHATTY: Final = ("scrapy", "asyncio", "alembic", "urllib3", "jieba")


@contextmanager
def logging_to(settings: Settings, name: str = WORKER_LOG) -> Iterator[None]:
    """Everything this process logs from INFO on goes to a file of the home, as the settings say how."""
    handler = log_handler(settings.home / name, settings.logs)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(before or logging.INFO, logging.INFO))
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def sweep_logs(settings: Settings, now: datetime) -> int:
    """Throw away logs of runs that are older than the settings want them kept; how many. The runs stay."""
    if not settings.logs.days:
        return 0
    gone = 0
    for path in _of_runs(settings.home / "logs"):
        with suppress(OSError):
            if now.timestamp() - path.stat().st_mtime > settings.logs.days * 86_400:
                path.unlink()
                gone += 1
    return gone


def _of_runs(folder: Path) -> Iterator[Path]:
    for pattern in ("run-[0-9]*.log*", "crawl-[0-9]*.log*"):
        yield from folder.glob(pattern)
