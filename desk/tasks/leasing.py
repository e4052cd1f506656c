"""Who works on a home, and the sign of life that keeps a run theirs."""

from __future__ import annotations

import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from archive.timetable import Timetable
from bulletin.errors import LockedError
from bulletin.ids import digest
from crawler.locking import hold

#: So long a run is its worker's after the last sign of life.
LEASE: Final = timedelta(seconds=60)

#: Seconds between two signs of life.
BEAT: Final = 15.0

#: A run is begun at most so many times, if its workers die of it.
MOST_ATTEMPTS: Final = 5

log: Final = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Workplace:
    """A process at work on a home. Its name stands in the rows of its runs: machine, process, place, lot.

    It holds a lock of the operating system while it lives, so that others in the same folder of the same running
    machine know at once when it is gone; everybody else waits for its leases to run out.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        (home / "locks").mkdir(parents=True, exist_ok=True)
        self._place = _place(home / "locks")
        lot = secrets.token_hex(3)
        self.name = f"{socket.gethostname()}/{os.getpid()}/{self._place}-{lot}"
        self._lock = f"worker-{lot}"
        self._hold: Any = None

    def __enter__(self) -> Self:
        self._hold = hold(self._home, self._lock)
        self._hold.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hold.__exit__(None, None, None)
        (self._home / "locks" / f"{self._lock}.lock").unlink(missing_ok=True)

    def gone(self, worker: str) -> bool:
        """Whether the worker of that name is known to be dead. False where that cannot be known."""
        place, _, lot = worker.rpartition("/")[2].partition("-")
        if not self._place or place != self._place or not lot.isalnum() or worker == self.name:
            return False
        file = self._home / "locks" / f"worker-{lot}.lock"
        if not file.exists():
            return True
        try:
            with hold(self._home, f"worker-{lot}"):
                file.unlink(missing_ok=True)
                return True
        except LockedError:
            return False


def _place(locks: Path) -> str:
    """A name for this folder on this running machine; "" where none can be had. Containers on one machine that share
    the folder share it, machines that merely have the same name do not."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        told = locks.stat()
    except OSError:
        return ""
    return digest(json.dumps([boot, told.st_dev, told.st_ino]).encode()).rpartition(":")[2][:8]


class Heartbeat:
    """Renews the leases of the runs a process works on, from a thread of its own.

    `lost` is called, once, for a run that was taken away. A database that does not answer is asked again at the next
    beat: the lease may run out meanwhile, and then the run is lost.
    """

    def __init__(
        self,
        timetable: Timetable,
        worker: str,
        *,
        lost: Callable[[int], None] = lambda number: None,
        now: Clock = utc_now,
        lease: timedelta = LEASE,
        every: float = BEAT,
    ) -> None:
        self._timetable, self._worker, self._lost = timetable, worker, lost
        self._now, self._lease, self._every = now, lease, every
        self._guard = threading.Lock()
        self._numbers: set[int] = set()
        self._silenced = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(self._every)

    def keep(self, number: int) -> None:
        with self._guard:
            self._numbers.add(number)

    def drop(self, number: int) -> None:
        with self._guard:
            self._numbers.discard(number)

    def beat(self) -> None:
        """One sign of life for all runs."""
        with self._guard:
            numbers = set(self._numbers)
        if not numbers:
            return
        now = self._now()
        try:
            mine = self._timetable.beat(self._worker, numbers, now, now + self._lease)
        except Exception as error:  # whatever it is, this thread must go on
            if not self._silenced:
                log.warning("no sign of life could be given: %s", str(error).partition("\n")[0])
            self._silenced = True
            return
        self._silenced = False
        for number in numbers - mine:
            with self._guard:
                still = number in self._numbers  # it may have ended while the database was asked
                self._numbers.discard(number)
            if still:
                self._lost(number)

    def _beat_on(self) -> None:
        while not self._done.wait(self._every):
            self.beat()
