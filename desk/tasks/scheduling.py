"""Schedules: kept, looked at, paused; and what is due written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bulletin.errors import NotFoundError, UsageError, did_you_mean
from bulletin.run import Firing, Run, Schedule, Scope, Situation
from desk.scheduling.cron import Cron, open_cron
from desk.scheduling.lengths import in_words
from desk.scheduling.policy import ever_open, expected, fire
from desk.scheduling.windows import open_windows
from desk.tasks.chores import CHORES, the_chore
from desk.tasks.leasing import utc_now
from desk.tasks.sources import the_source
from desk.wiring import Home

Now = Callable[[], datetime]

OVERLAPS = ("skip", "queue")
MISSED = ("once", "skip")


def add_schedule(home: Home, asked: Schedule, now: Now = utc_now) -> Schedule:
    """Keep a schedule. UsageError for a line that never fires, a zone that does not exist, hours that are none, a
    policy nobody knows, a chore without what it needs; NotFoundError for a source that is not here."""
    return home.archive.timetable.add(_checked(home, asked, now()))


def _checked(home: Home, asked: Schedule, at: datetime) -> Schedule:
    """The schedule as it is kept."""
    cron = open_cron(asked.cron, asked.tz)
    _refuse_never_run(asked, cron, at)
    _check(home, asked)
    return replace(asked, cron=cron.line, created_at=at, next_due_at=cron.after(at))


def _refuse_never_run(asked: Schedule, cron: Cron, at: datetime) -> None:
    """UsageError for a schedule of which all, or many, times would be skipped or missed whatever happens."""
    if not ever_open(cron, open_windows(asked.hours, asked.maintenance, cron.zone), at):
        hours = f"the permitted hours {asked.hours}" if asked.hours else "a time outside of maintenance"
        said = f"{asked.cron!r} never falls into {hours}."
        raise UsageError(said, "Change the line, --hours or --maintenance.")
    if asked.jitter > asked.window:
        spread, window = in_words(asked.jitter), in_words(asked.window)
        said = f"A jitter of {spread} spreads starts beyond the window of {window}."
        raise UsageError(said, "They would be missed: take a longer --window, or less --jitter.")


def _check(home: Home, asked: Schedule) -> None:
    for word, known in ((asked.overlap, OVERLAPS), (asked.missed, MISSED)):
        if word not in known:
            raise UsageError(f"{word!r} is no policy.", did_you_mean(word, list(known)))
    if asked.kind != "crawl":
        if replace(asked.scope, argument="") != Scope():
            raise UsageError("A chore crawls nothing.", "Leave out --column, --since, --limit and --full.")
        the_chore(asked.kind).check(home, asked.scope.argument)
        return
    if asked.scope.argument:
        raise UsageError("A crawl has no folder to go to.", "--to belongs to --chore backup.")
    for name in asked.sources:
        source = the_source(home, name)
        for column in asked.scope.columns:
            if source.column(column) is None:
                raise UsageError(
                    f"{name} has no column {column!r}.", did_you_mean(column, [c.id for c in source.columns])
                )


def list_schedules(home: Home, *, group: str = "") -> list[Schedule]:
    """Those that hold, in their order."""
    found = home.archive.timetable.schedules()
    return [schedule for schedule in found if not group or schedule.group == group]


def chosen_schedules(
    home: Home, ids: Sequence[int] = (), *, group: str = "", everything: bool = False
) -> list[Schedule]:
    """The named ones, or those of a group, or all. UsageError where none or more than one of these is said."""
    if sum(map(bool, (ids, group, everything))) != 1:
        raise UsageError("Say which schedules are meant.", "Their numbers, or --group NAME, or --all.")
    found = home.archive.timetable.schedules()
    if everything:
        return found
    if group:
        named = [schedule for schedule in found if schedule.group == group]
        if not named:
            raise NotFoundError(f"No schedule is in a group {group!r}.", did_you_mean(group, [s.group for s in found]))
        return named
    known = {schedule.id: schedule for schedule in found}
    for number in ids:
        if number not in known:
            raise NotFoundError(f"There is no schedule {number}.", "`gongbao schedule list` names them.")
    return [known[number] for number in dict.fromkeys(ids)]


def pause_schedules(home: Home, schedules: Sequence[Schedule], now: Now = utc_now) -> list[Schedule]:
    """Nothing of them is due until they are resumed; those paused already stay so. What is queued is still run."""
    for schedule in schedules:
        if not schedule.paused:
            home.archive.timetable.pause(schedule.id, now())
    return [home.archive.timetable.schedule(schedule.id) for schedule in schedules]


def resume_schedules(home: Home, schedules: Sequence[Schedule], now: Now = utc_now) -> list[Schedule]:
    """They are due again from now on; times that passed meanwhile are not made up for."""
    for schedule in schedules:
        if schedule.paused:
            home.archive.timetable.resume(schedule.id, expected(schedule, now()))
    return [home.archive.timetable.schedule(schedule.id) for schedule in schedules]


def remove_schedules(home: Home, schedules: Sequence[Schedule], now: Now = utc_now) -> None:
    """Their runs stay; those that wait are skipped."""
    for schedule in schedules:
        home.archive.timetable.remove(schedule.id, now())


def next_times(schedule: Schedule, now: datetime, count: int = 5) -> list[datetime]:
    """When it is due next, in its own zone."""
    cron = open_cron(schedule.cron, schedule.tz)
    return [moment.astimezone(cron.zone) for moment in cron.next_times(now, count)]


def last_runs(home: Home, schedules: Sequence[Schedule]) -> dict[int, Run]:
    """The newest row of each schedule that has any."""
    found = {s.id: home.archive.timetable.runs(schedule_id=s.id, limit=1) for s in schedules}
    return {number: runs[0] for number, runs in found.items() if runs}


def write_down_due(home: Home, now: datetime) -> list[Run]:
    """A row for everything that is due: to be run, missed, or skipped, with its reason. The rows that are new."""

    def decide(schedule: Schedule, situations: Sequence[Situation]) -> Firing:
        return fire(schedule, situations, now)

    timetable = home.archive.timetable
    return [run for number in timetable.due(now) for run in timetable.fire(number, now, decide)]


def not_before(home: Home, run: Run, now: datetime) -> tuple[datetime, str] | None:
    """When a run that was to begin now may begin, and why not now: its schedule's hours are over, or maintenance has
    begun, while it waited. None if it may."""
    if run.schedule_id is None:
        return None
    schedule = home.archive.timetable.schedule(run.schedule_id)
    windows = open_windows(schedule.hours, schedule.maintenance, open_cron(schedule.cron, schedule.tz).zone)
    shut = windows.bar(now)
    if not shut:
        return None
    return windows.open_from(now, now + timedelta(days=8)) or now + timedelta(hours=1), shut


def follow_the_clock(home: Home, now: datetime) -> list[Schedule]:
    """Schedules that wait for a time further off than their line says, because the clock was put back, are set right.
    A time that was run already is not run again."""
    mended = []
    for schedule in home.archive.timetable.schedules():
        due = None if schedule.paused else expected(schedule, now)
        if due and (schedule.next_due_at is None or schedule.next_due_at > due):
            home.archive.timetable.expect(schedule.id, due)
            mended.append(schedule)
    return mended


def keep_house(home: Home, now: Now = utc_now) -> list[Schedule]:
    """Give every chore that has a time of its own its schedule, once: one that was removed does not come back."""
    wanted = [Schedule(0, chore.cron, now(), kind=kind, group="chores") for kind, chore in CHORES.items() if chore.cron]
    made = [home.archive.timetable.add_first(_checked(home, schedule, now())) for schedule in wanted]
    return [schedule for schedule in made if schedule]
