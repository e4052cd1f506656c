"""What is told, and when. Pure: what is wrong now and what is known go in, a decision comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from bulletin.alert import NEWS, Alert, Decision, Delivery, Matter

#: The same is not told twice within so long.
DAY: Final = timedelta(days=1)
#: What is wrong with a machine comes and goes; it is over when it was gone for so long.
CALM: Final = timedelta(minutes=30)
#: Minutes between two tries of a channel that does not work; the last goes on.
_WAITS: Final = (1, 2, 5, 10, 30, 60)
_LONGEST: Final = timedelta(minutes=_WAITS[-1])


def decide(
    matters: Sequence[Matter],
    known: Sequence[Alert],
    over: Sequence[Alert],
    now: datetime,
    repeat: timedelta = timedelta(days=7),
    unwatched: Collection[str] = (),
) -> Decision:
    """Compare what is wrong now with the open alerts and those that were closed within the last day.

    A matter that comes back within a day of having been told is told when that day is over, if it is still there. A
    source with which something else is wrong now is one alert over and another begun, of which only the new one is
    told. With `repeat` (never less than a day; 0: never) what is still wrong is told again. Of `unwatched` sources
    (paused, removed) nothing is known, so that nobody is told they were well.
    """
    wrong = {matter.key: matter for matter in matters}
    unwell = {matter.source_id for matter in matters if matter.source_id}.union(unwatched)
    open_keys = {alert.matter.key for alert in known}
    gone = [alert for alert in known if alert.matter.key not in wrong and alert.matter.kind not in NEWS]
    there = [alert for alert in known if alert.matter.key in wrong]
    over_now = [alert for alert in gone if _is_over(alert, now)]
    replaced = [alert for alert in over_now if alert.matter.source_id in unwell]
    return Decision(
        opened=tuple((m, _tell_at(m, over, now)) for key, m in wrong.items() if key not in open_keys),
        repeated=tuple(alert.id for alert in there if repeat and _is_time(alert, now, max(repeat, DAY))),
        calmed=tuple(alert.id for alert in gone if alert.calm_since is None),
        back=tuple(alert.id for alert in there if alert.calm_since is not None),
        recovered=tuple(alert.id for alert in over_now if alert not in replaced),
        replaced=tuple(alert.id for alert in replaced),
        fresh={a.id: wrong[a.matter.key] for a in there if a.matter != wrong[a.matter.key]},
    )


def _is_over(alert: Alert, now: datetime) -> bool:
    """A source is looked at by a run, whose word counts at once; a machine must have been well for a while."""
    if alert.matter.kind == "source":
        return True
    return alert.calm_since is not None and abs(now - alert.calm_since) >= CALM


def _is_time(alert: Alert, now: datetime, repeat: timedelta) -> bool:
    return alert.told_at is not None and abs(now - alert.told_at) >= repeat


def _tell_at(matter: Matter, over: Sequence[Alert], now: datetime) -> datetime:
    told = [alert.told_at for alert in over if alert.matter.key == matter.key and alert.told_at]
    return max([now, *(moment + DAY for moment in told)])


def to_send(
    pending: Sequence[Delivery], now: datetime, is_quiet: Callable[[datetime], bool], grave_always: bool = True
) -> list[Delivery]:
    """What is to be sent now. In quiet hours nothing is, or only what is grave; a channel that failed a moment ago is
    left alone; a channel that has something to send gets everything that waits for it. Moments further ahead than we
    ever set them were written by a clock that has been put back since."""
    waiting = {one.channel for one in pending if one.attempts and _lies_ahead(one.next_try_at, now, _LONGEST)}
    ready = [one for one in pending if not _lies_ahead(one.wanted_at, now, DAY) and one.channel not in waiting]
    if not is_quiet(now):
        return ready
    return [one for one in ready if grave_always and one.alert.matter.grave]


def _lies_ahead(moment: datetime, now: datetime, most: timedelta) -> bool:
    return now < moment <= now + most


def next_try(attempts: int, now: datetime) -> datetime:
    """When a channel that failed so many times is tried again."""
    return now + timedelta(minutes=_WAITS[min(max(attempts, 1), len(_WAITS)) - 1])
