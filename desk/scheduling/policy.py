"""What becomes of every time a schedule was due: run, run late, missed, or skipped, and why. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile
from typing import Final

from bulletin.run import Firing, Ruling, Schedule, Situation
from desk.scheduling.cron import Cron, open_cron
from desk.scheduling.lengths import in_words
from desk.scheduling.windows import Windows, open_windows

#: A worker that sees a due time no later than this was there for it.
ON_TIME: Final = timedelta(minutes=5)

#: How far ahead it is looked whether a line ever falls into permitted hours, in time and in times.
_LOOKED_AHEAD: Final = timedelta(days=5 * 366)
_MINUTES_OF_A_WEEK: Final = 7 * 24 * 60

#: So many missed times of a schedule get a row each, and so many rows are written for all its sources together, in one
#: transaction; one row of each source stands for all older times.
MOST_ROWS: Final = 500
MOST_IN_ALL: Final = 10_000


def fire(schedule: Schedule, situations: Sequence[Situation], now: datetime) -> Firing:
    """What becomes of the times from `schedule.next_due_at` to `now`, for every source, and what is due next.

    Of several times that passed while no worker was there, the last is run late if the schedule says so and its window
    has not closed; all others are missed.
    """
    cron = open_cron(schedule.cron, schedule.tz)
    first = schedule.next_due_at
    if first is None or first > now:
        return Firing((), cron.after(now) if first is None else first)
    most = max(1, min(MOST_ROWS, MOST_IN_ALL // max(1, len(situations))))
    times, more = _times(cron, first, now, most)
    windows = open_windows(schedule.hours, schedule.maintenance, cron.zone)
    last = [_last(schedule, times[-1], now, situation, windows) for situation in situations]
    in_its_place = {ruling.source_id: ruling.outcome == "queued" for ruling in last}
    before = [_missed(at, s, windows, in_its_place[s.source_id]) for at in times[:-1] for s in situations]
    oldest = [_long_missed(first, times[0], situation) for situation in situations] if more else []
    return Firing((*oldest, *before, *last), cron.after(now))


def ever_open(cron: Cron, windows: Windows, now: datetime) -> bool:
    """Whether a run may begin at some time of a line: at one of those of a week of minutes, or of five years."""
    times = islice(takewhile(lambda moment: moment < now + _LOOKED_AHEAD, cron.moments(now)), _MINUTES_OF_A_WEEK)
    first = next(times, None)
    return first is None or any(not windows.bar(moment) for moment in chain([first], times))


def expected(schedule: Schedule, now: datetime) -> datetime | None:
    """When it is due next, asked now; earlier than `next_due_at` where the clock has been put back."""
    return open_cron(schedule.cron, schedule.tz).after(now)


def _times(cron: Cron, first: datetime, now: datetime, most: int) -> tuple[list[datetime], bool]:
    """The `most` newest due times from `first` to `now`, rising, and whether there are more before them."""
    back = takewhile(lambda moment: moment > first, cron.moments_back(now))
    newest = list(islice(back, most))[::-1]
    return (newest, True) if len(newest) == most else ([first, *newest], False)


def _long_missed(first: datetime, until: datetime, situation: Situation) -> Ruling:
    reason = f"no worker was there for this time and all others before {until:%Y-%m-%d %H:%M}Z"
    return Ruling(situation.source_id, first, "missed", reason)


def _missed(at: datetime, situation: Situation, windows: Windows, in_its_place: bool) -> Ruling:
    bar = situation.bar or windows.bar(at)
    reason = bar or "no worker was there" + ("; a later time is run in its place" if in_its_place else "")
    return Ruling(situation.source_id, at, "skipped" if bar else "missed", reason)


def _last(schedule: Schedule, at: datetime, now: datetime, situation: Situation, windows: Windows) -> Ruling:
    source_id = situation.source_id
    shut, late = windows.bar(at), now - at
    closes = at + timedelta(seconds=schedule.window)
    if situation.bar or shut:
        return Ruling(source_id, at, "skipped", situation.bar or shut)
    if late > ON_TIME and (schedule.missed == "skip" or now > closes):
        why = "late runs are not wanted" if schedule.missed == "skip" else f"later than {in_words(schedule.window)}"
        return Ruling(
            source_id, at, "missed", f"no worker was there; seen {in_words(late.total_seconds())} late, {why}"
        )
    busy = _overlap(schedule, situation)
    if busy:
        return Ruling(source_id, at, "skipped", busy)
    ready = windows.open_from(max(at + _spread(schedule, source_id, at), now if late > ON_TIME else at), closes)
    if ready is None:
        return Ruling(source_id, at, "missed", "no permitted hour was left in which it could begin")
    reason = f"{in_words(late.total_seconds())} late" if late > ON_TIME else ""
    waits_for_another = schedule.overlap == "queue" and situation.running is not None
    return Ruling(source_id, at, "queued", reason, ready, None if waits_for_another else max(closes, ready + ON_TIME))


def _overlap(schedule: Schedule, situation: Situation) -> str:
    """Why a run would be one too many of its schedule; "" if it is not."""
    if situation.running is not None and schedule.overlap == "skip":
        return f"run {situation.running} of this schedule is still at work"
    if situation.queued is not None:
        return f"run {situation.queued} of this schedule waits already"
    return ""


def _spread(schedule: Schedule, source_id: str, at: datetime) -> timedelta:
    """The jitter of one run: by chance, yet the same for every worker that asks."""
    if schedule.jitter <= 0:
        return timedelta()
    lot = hashlib.sha256(f"{schedule.id} {source_id} {at.isoformat()}".encode()).digest()
    return timedelta(seconds=int.from_bytes(lot[:6], "big") % schedule.jitter)
