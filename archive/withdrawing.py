"""When is a bulletin withdrawn? What a list or a probe says changes its standing by these rules. Pure.

A paper is withdrawn only after probes on several days have all found it absent. A refusal or silence proves nothing:
it neither counts nor takes back what was counted. One proper answer takes everything back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bulletin.ledger import (
    ABSENT,
    BLOCKED,
    DELISTED,
    LISTED,
    REACHABLE,
    RETURNED,
    SITE_DOWN,
    WITHDRAWN,
    Movement,
    Standing,
)
from bulletin.record import CHINA

#: A probe may come so much early: crawls that begin at the same hour every day do not begin at the same second.
_SLACK: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Policy:
    """At least so many absent probes, on so many different Chinese days, the last so many days after the first.

    `pauses` are the days after the first, second ... absent probe until the next; the last one repeats. `patience` is
    the pause, in days, after a probe that showed nothing.
    """

    probes: int = 3
    days: int = 3
    span: int = 3
    pauses: tuple[int, ...] = (1, 2, 4, 7, 14, 30, 60)
    patience: int = 1


POLICY: Final = Policy()


def missed(standing: Standing, at: datetime) -> Standing:
    """A list that was read to its end shows the document no more. It is to be asked for at once, unless it is in
    question already."""
    if not standing.listed:
        return standing
    gone = replace(standing, listed=False, due_at=standing.due_at or at)
    return _moved(gone, DELISTED, at) if standing.state == LISTED else gone


def shown(standing: Standing, at: datetime) -> Standing:
    """A list shows a document that was missing. That does not prove that it is there: one found absent is to be asked
    for at once."""
    if standing.listed:
        return standing
    if standing.absent_probes:
        return replace(standing, listed=True, due_at=_earlier(standing.due_at, at))
    return _moved(replace(standing, listed=True, due_at=None), LISTED, at)


def probed(standing: Standing, finding: str, at: datetime, *, counts: bool = True, policy: Policy = POLICY) -> Standing:
    """What an answer to a request for the document makes of its standing."""
    if finding == REACHABLE:
        there = Standing(standing.document_id, standing.state, standing.since, standing.listed)
        return _moved(there, LISTED if standing.listed else DELISTED, at)
    if finding in ABSENT and counts:
        return _absent(standing, finding, at, policy)
    later = replace(standing, due_at=at + timedelta(days=policy.patience) - _SLACK)
    unknown = standing.state in (DELISTED, BLOCKED, SITE_DOWN) and not standing.absent_probes
    return _moved(later, finding, at) if unknown and finding in (BLOCKED, SITE_DOWN) else later


def movement(before: Standing, after: Standing, at: datetime) -> Movement | None:
    """The entry of the ledger for a change of state; None where the state is the same."""
    if before.state == after.state:
        return None
    event = RETURNED if before.state == WITHDRAWN else after.state
    return Movement(after.document_id, at, event, before.state, after.state)


def is_confirmed(standing: Standing, policy: Policy = POLICY) -> bool:
    """Whether the absent probes are enough, and far enough apart, for a withdrawal."""
    first, last = standing.first_absent_at, standing.last_absent_at
    if first is None or last is None:
        return False
    apart = (_day(last) - _day(first)).days
    return standing.absent_probes >= policy.probes and standing.absent_days >= policy.days and apart >= policy.span


def _absent(standing: Standing, finding: str, at: datetime, policy: Policy) -> Standing:
    last = standing.last_absent_at
    another_day = last is None or _day(at) > _day(last)  # a clock that went back brings no new day
    counted = replace(
        standing,
        finding=finding,
        absent_probes=standing.absent_probes + 1,
        absent_days=standing.absent_days + another_day,
        first_absent_at=standing.first_absent_at or at,
        last_absent_at=max(last, at) if last else at,
    )
    # A further probe of the same day says nothing about how soon the next one is wanted.
    pause = policy.pauses[min(counted.absent_days, len(policy.pauses)) - 1]
    waiting = replace(counted, due_at=at + timedelta(days=pause) - _SLACK)
    settled = standing.state == WITHDRAWN or is_confirmed(waiting, policy)
    return _moved(waiting, WITHDRAWN if settled else finding, at)


def _moved(standing: Standing, state: str, at: datetime) -> Standing:
    return standing if standing.state == state else replace(standing, state=state, since=at)


def _earlier(due: datetime | None, at: datetime) -> datetime:
    return min(due, at) if due else at


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
