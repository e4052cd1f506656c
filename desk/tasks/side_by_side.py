"""Work shared out among processes, of which the one that asks is one."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")


def side_by_side(
    parts: Iterable[Part],
    here: Callable[[Part], Done],
    there: Callable[[Part], Done],
    workers: int,
    begin: tuple[Callable[..., None], tuple[Any, ...]],
) -> Iterator[Done]:
    """What comes of each part, in order. `workers` processes work at it: this one does `here` to a part, each further
    one runs `begin` and does `there`.

    This process does not wait for the others to start. It takes what none of them has begun, a few parts ahead at most,
    because what is ahead is kept waiting. Raises BrokenProcessPool where one of the others is ended from outside.
    """
    # Spawned, because an open database must not be inherited.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers - 1, mp_context=context, initializer=_begin, initargs=begin)
    left = iter(parts)
    ahead: deque[tuple[Part, Future[Done]]] = deque()
    try:
        while True:
            ahead.extend((part, pool.submit(there, part)) for part in islice(left, 4 * workers - len(ahead)))
            if not ahead:
                return
            if not ahead[0][1].done() and (free := _nobodys(ahead)) is not None:
                part = ahead[free][0]
                ahead[free] = part, Future()
                ahead[free][1].set_result(here(part))
                continue
            yield ahead.popleft()[1].result()
    finally:
        pool.shutdown(cancel_futures=True)


def _nobodys(ahead: Sequence[tuple[Part, Future[Done]]]) -> int | None:
    """The last of these that no process has begun; none will begin it any more."""
    return next((n for n in range(len(ahead) - 1, -1, -1) if ahead[n][1].cancel()), None)


def _begin(begin: Callable[..., None], given: tuple[Any, ...]) -> None:
    # Ctrl-C reaches every process of the terminal; the one that reports decides when to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(*given)
