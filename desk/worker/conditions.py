"""What a worker works under: time that passes, a clock that may jump, a disk that may fill up, a database that may be
away."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from bulletin.config import Settings
from bulletin.errors import DiskFullError, LockedError, UnreachableError
from desk.tasks.leasing import Clock

Say = Callable[[str], None]
T = TypeVar("T")

#: With less free disk than this nothing is begun. Bytes.
LEAST_DISK: Final = 200_000_000

#: Seconds for which nothing is begun after a run met a full disk, whatever the disk says by then (it may be a quota).
_AFTER_FULL: Final = 60.0

#: Seconds by which a clock may differ from the time that passed before it is said to have jumped.
_JUMP: Final = 30.0

#: Seconds: the longest between two tries at a database that is away, and how long a stopped worker still tries.
_LONGEST_WAIT: Final = 15.0
_LAST_TRIES: Final = 30.0


#: What a database meets that will be over some time.
AWAY: Final = (UnreachableError, LockedError, DiskFullError)


class Rhythm:
    """Tells when something is to be done again."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def is_time(self, what: str, every: float) -> bool:
        """Whether so many seconds have passed since this was last answered with yes."""
        passed, last = time.monotonic(), self._last.get(what)
        if last is not None and passed - last < every:
            return False
        self._last[what] = passed
        return True

    def again(self, what: str) -> None:
        """It is time at once."""
        self._last.pop(what, None)


class SteadyClock:
    """Notices that a clock was set. Nobody is called dead by a clock that was set a moment ago: living workers need
    time to renew their leases by it."""

    def __init__(self, now: Clock, settle: float) -> None:
        self._now, self._settle = now, settle
        self._ahead: float | None = None
        self._unsettled_until = 0.0

    def jumped(self) -> bool:
        """Whether it was set since this was last asked."""
        ahead = self._now().timestamp() - time.monotonic()
        before, self._ahead = self._ahead, ahead
        jumped = before is not None and abs(ahead - before) > _JUMP
        if jumped:
            self.unsettle()
        return jumped

    def unsettle(self) -> None:
        self._unsettled_until = time.monotonic() + self._settle

    @property
    def settled(self) -> bool:
        return time.monotonic() >= self._unsettled_until


def free_disk(settings: Settings) -> int:
    """Bytes."""
    return shutil.disk_usage(settings.home).free


class Room:
    """Whether there is disk enough to begin something; says when that changes. `short` is what was last found."""

    def __init__(self, free: Callable[[], int], say: Say) -> None:
        self._free, self._say = free, say
        self.short = False
        self._full_until = 0.0

    def ran_out(self) -> None:
        """A run met a full disk."""
        self._full_until = time.monotonic() + _AFTER_FULL

    def enough(self) -> bool:
        free = self._free()
        short = free < LEAST_DISK or time.monotonic() < self._full_until
        if short and not self.short:
            self._say(f"The disk is full: {free // 1_000_000} MB are free. Nothing is begun until there is room.")
        elif self.short and not short:
            self._say("There is room on the disk again.")
        self.short = short
        return not short


class Patience:
    """Asks a database until it answers, or has room again. Says once that it is away, and once that it is back."""

    def __init__(self, say: Say, stopping: threading.Event, came_back: Callable[[], None], first: float = 1.0) -> None:
        self._say, self._stopping, self._came_back = say, stopping, came_back
        self._first = first
        self._away = False
        self._turn = threading.Lock()  # runs ask too, in their threads, and what is said must be in order

    def __call__(self, ask: Callable[[], T]) -> T:
        """The answer. Raises one of AWAY only when the worker was stopped and time is up."""
        wait, tried_until = self._first, 0.0
        while True:
            try:
                answer = ask()
            except AWAY as error:
                with self._turn:
                    if not self._away:
                        self._away = True
                        self._say(f"{error.message.splitlines()[0]} Waiting for it.")
                if self._stopping.is_set():
                    tried_until = tried_until or time.monotonic() + _LAST_TRIES
                    if time.monotonic() > tried_until:
                        raise
                    time.sleep(min(wait, 1.0))
                else:
                    self._stopping.wait(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
                continue
            with self._turn:
                if self._away:
                    self._away = False
                    self._say("The database answers again.")
                    self._came_back()
            return answer
