"""Work shared out among processes, of which the one that asks is one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, Final, Generic, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")

#: Parts that wait at a process, so that it need not wait while this one is busy; and parts begun before the first that
#: is not done, because what is ahead is kept waiting.
_WAITING: Final = 3
_AHEAD: Final = 5


def side_by_side(
    parts: Iterable[Part],
    here: Callable[[Part], Done],
    there: Callable[[Part], Done],
    workers: int,
    begin: tuple[Callable[..., None], tuple[Any, ...]],
) -> Generator[Done, None, None]:
    """What comes of each part, in order. `workers` processes work at it: this one does `here` to a part, each further
    one runs `begin` and does `there`.

    This process does not wait for the others to start, nor while there is a part that none of them was given; none is
    started for a single part. Raises BrokenProcessPool where one of the others is ended from outside.
    """
    left = iter(parts)
    ahead = deque(_Ahead[Part, Done](part) for part in islice(left, _AHEAD * workers))
    if len(ahead) < 2:
        yield from (here(one.part) for one in ahead)
        return
    # Spawned, because an open database must not be inherited.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers - 1, mp_context=context, initializer=_begin, initargs=begin)
    started = [pool.submit(int) for _ in range(workers - 1)]
    try:
        while True:
            ahead.extend(_Ahead(part) for part in islice(left, _AHEAD * workers - len(ahead)))
            if not ahead:
                return
            given = sum(one.is_given and not one.future.done() for one in ahead)
            own = [one for one in ahead if not one.is_given]
            for one in own[: max(0, _WAITING * sum(map(Future.done, started)) - given)]:
                one.future, one.is_given = pool.submit(there, one.part), True
            if not ahead[0].future.done() and (mine := next((one for one in own if not one.is_given), None)):
                mine.future.set_result(here(mine.part))
                mine.is_given = True
                continue
            yield ahead.popleft().future.result()
    finally:
        # Nothing is cancelled before: a cancelled future keeps the pool from telling that a process has ended.
        pool.shutdown(cancel_futures=True)


class _Ahead(Generic[Part, Done]):
    """A part, and what becomes of it. It is given to a process, or done here."""

    def __init__(self, part: Part) -> None:
        self.part, self.is_given = part, False
        self.future: Future[Done] = Future()


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process of the terminal; the one that reports decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_asking_one, daemon=True).start()
    begin(*given)


def _end_with_the_asking_one() -> None:
    # One that is killed tells nobody, and its work would be waited for without end.
    asking = multiprocessing.parent_process()
    if asking is not None:
        wait([asking.sentinel])
        os._exit(1)
