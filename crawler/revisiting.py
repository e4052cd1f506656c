"""Which known articles are due to be asked for again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from heapq import nlargest

from bulletin.document import Known
from bulletin.record import CHINA
from bulletin.source import Revisits, Seed


def due(known: Iterable[Known], policy: Revisits, now: datetime, columns: Collection[str] = ()) -> list[Seed]:
    """The articles whose next visit is due at `now`, the longest overdue first (measured by how long they should have
    waited), no more than the policy allows; only those of `columns`, if any are named.

    One that was never asked for is not due: it waits in the queue or was taken in from elsewhere. Nor is one that may
    have been withdrawn: the ledger says when that is to be asked for.
    """
    if not (policy.share and policy.most):
        return []
    overdue = ((_overdue(one, policy, now), one) for one in known if not columns or one.column in columns)
    chosen = nlargest(policy.most, (pair for pair in overdue if pair[0] >= 1), key=lambda pair: pair[0])
    return [Seed(one.url, one.column, one.listed_title, one.listed_date) for _, one in chosen]


def pause_after(age: timedelta, policy: Revisits) -> timedelta:
    """How long an article of that age is left alone after a visit."""
    shortest, longest = timedelta(days=policy.shortest), timedelta(days=policy.longest)
    return min(max(age * policy.share, shortest, timedelta(minutes=1)), max(longest, timedelta(minutes=1)))


def _overdue(one: Known, policy: Revisits, now: datetime) -> float:
    """How many times the pause has passed since the last visit; 1 and more is due."""
    if one.visited_at is None or one.in_question:
        return 0.0
    seen_on = one.visited_at.astimezone(CHINA).date()
    age = max(seen_on - (one.published_on or seen_on), timedelta(0))
    return (now - one.visited_at) / pause_after(age, policy)
