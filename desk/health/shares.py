"""Has a share jumped? Pure.

Bulletins of one day resemble each other, so that ten without a number are not ten witnesses. With a correlation of 0.5
within a run, `n` bulletins of it count as `n / (1 + 0.5 (n - 1))` independent ones (design effect of cluster sampling,
Kish 1965), never as two. How improbable their share is where another one is usual is bounded by Chernoff:
`exp(-n * KL(share || usual))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import Final

#: A share counts as jumped where chance would bring it less often than once in e^8, about 3,000, times.
_SURPRISE: Final = 8.0
_CORRELATION: Final = 0.5
#: Bulletins that can be a jump, and the latest ones among which it is looked for.
LEAST: Final = 3
_LATEST: Final = 12

#: So many of so many bulletins, in one run.
Counted = tuple[int, int]


def jumped(now: Counted, before: Sequence[Counted]) -> tuple[int, int, float] | None:
    """The latest bulletins whose share has jumped above the usual one, as (of which, of how many, usual share); None
    where it has not.

    `before` are earlier runs, newest first; a jump may have come over several of them. Without one there is no usual.
    """
    some = of = 0
    witnesses = 0.0
    for back, (count, total) in enumerate([now, *before], 1):
        some, of, witnesses = some + count, of + total, witnesses + _witnesses(total)
        usual = _usual(before[back - 1 :])
        if usual is None or of > max(_LATEST, now[1]):
            return None
        if of >= LEAST and some / of > usual and witnesses * _divergence(some / of, usual) >= _SURPRISE:
            return some, of, usual
    return None


def _witnesses(count: int) -> float:
    return count / (1 + _CORRELATION * (count - 1)) if count else 0.0


def _usual(runs: Iterable[Counted]) -> float | None:
    """The share of earlier bulletins; half a case is added, because what was never seen is not impossible."""
    some = of = 0
    for count, total in runs:
        some, of = some + count, of + total
    return (some + 0.5) / (of + 1) if of >= LEAST else None


def _divergence(share: float, usual: float) -> float:
    """The Kullback-Leibler divergence of two shares."""
    rest = (1 - share) * log((1 - share) / (1 - usual)) if share < 1 else 0.0
    return share * log(share / usual) + rest if share > 0 else rest
