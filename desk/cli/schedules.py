"""gongbao schedule add, list, next, pause, resume, remove"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bulletin.errors import UsageError
from bulletin.record import CHINA, moment_record
from bulletin.run import Run, Schedule, Scope
from bulletin.text.dates import date_range
from desk.cli.printing import Session
from desk.scheduling.cron import zone
from desk.scheduling.lengths import in_words, seconds_of
from desk.scheduling.sentence import in_chinese, in_english
from desk.tasks.scheduling import (
    add_schedule,
    chosen_schedules,
    last_runs,
    list_schedules,
    next_times,
    pause_schedules,
    remove_schedules,
    resume_schedules,
)

app = typer.Typer(help="When what is crawled, and when chores are done.", no_args_is_help=True, rich_markup_mode=None)


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="schedule")


Numbers = Annotated[list[int] | None, typer.Argument(help="Numbers of schedules.", metavar="[ID]...")]
Group = Annotated[str, typer.Option(help="All schedules of this group.")]
Everything = Annotated[bool, typer.Option("--all", help="All schedules.")]


@app.command(
    "add",
    epilog='Examples: gongbao schedule add 619901_yunxiu --cron "0 3 * * *" · gongbao schedule add --all --cron @daily '
    "--jitter 1h --hours 22:00-06:00 · gongbao schedule add --chore backup --to /mnt/copies --cron @weekly",
)
def add(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Source ids.")] = None,
    cron: Annotated[
        str, typer.Option(help='"0 3 * * *" (minute hour day month weekday), L for the last day; @daily.')
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Every source that may be crawled, whenever it is due.")
    ] = False,
    chore: Annotated[str, typer.Option(help="Instead of a crawl: index, saved, verify, backup.")] = "",
    to: Annotated[
        str, typer.Option(help="The folder of a backup; of saved searches only this one; `all` verifies everything.")
    ] = "",
    tz: Annotated[str, typer.Option(help="The time zone the line is meant in.")] = "Asia/Shanghai",
    overlap: Annotated[str, typer.Option(help="When the run before is not over: skip, or queue one.")] = "skip",
    missed: Annotated[str, typer.Option(help="When no worker was there: run once, late; or skip.")] = "once",
    window: Annotated[str, typer.Option(help="How late a run may begin: 90m, 6h, 1d.")] = "6h",
    jitter: Annotated[str, typer.Option(help="Spread the starts over so long.")] = "0",
    hours: Annotated[str, typer.Option(help="Hours of the day in which runs may begin: 22:00-06:00.")] = "",
    maintenance: Annotated[
        list[str] | None,
        typer.Option(help="No run begins then: 02:00-04:00, Sun 02:00-04:00, 2026-12-01T22:00/2026-12-02T06:00."),
    ] = None,
    group: Annotated[str, typer.Option(help="A name to pause and resume several by.")] = "",
    column: Annotated[list[str] | None, typer.Option(help="Only this column (may be given again).")] = None,
    since: Annotated[str, typer.Option(help="Nothing listed before this date.")] = "",
    limit: Annotated[int, typer.Option(help="At most this many bulletins of each source.", min=0)] = 0,
    full: Annotated[bool, typer.Option("--full", help="Every list page, and ask again for what is known.")] = False,
) -> None:
    """Crawl sources at certain times, or do a chore. Says the line as a sentence, and when it is due next."""
    session: Session = context.obj
    if not cron:
        raise UsageError("Say when: a schedule needs --cron.", 'For example --cron "0 3 * * *", or --cron @daily')
    if sum(map(bool, (source, everything, chore))) != 1:
        raise UsageError("Say what is scheduled.", "Source ids, or --all for every source, or --chore NAME.")
    first_day = date_range(since, datetime.now(CHINA).date())[0] if since else None
    asked = Schedule(
        0,
        cron,
        datetime.now(UTC),
        sources=tuple(dict.fromkeys(source or ())),
        kind=chore or "crawl",
        scope=Scope(tuple(column or ()), first_day, limit, full, argument=to),
        group=group,
        tz=tz,
        overlap=overlap,
        missed=missed,
        window=seconds_of(window),
        jitter=seconds_of(jitter),
        hours=hours,
        maintenance=tuple(maintenance or ()),
    )
    with session.home() as home:
        made = add_schedule(home, asked)
    if session.printer.json:
        session.printer.answer(schedule_record(made))
        return
    session.printer.line(f"Schedule {made.id}: {_what(made)}")
    session.printer.line(in_chinese(made.cron, made.tz))
    session.printer.line(in_english(made.cron, made.tz))
    _tell_times(session, made, 5)
    session.printer.say("A worker does it: gongbao worker")


@app.command("list")
def list_all(context: typer.Context, group: Annotated[str, typer.Option(help="Only this group.")] = "") -> None:
    """The schedules, each with its last run and the next."""
    session: Session = context.obj
    with session.home() as home:
        found = list_schedules(home, group=group)
        last = last_runs(home, found)
    if session.printer.json:
        session.printer.answer({"schedules": [schedule_record(s, last.get(s.id)) for s in found]})
        return
    columns = ("id", "what", "cron", "sentence", "group", "last run", "next")
    session.printer.table(columns, [_row(schedule, last.get(schedule.id)) for schedule in found])
    if not found:
        session.printer.say('There is none yet: gongbao schedule add SOURCE --cron "0 3 * * *"')


@app.command("next")
def following(
    context: typer.Context,
    number: Numbers = None,
    count: Annotated[int, typer.Option(help="How many times of each.", min=1, max=1000)] = 5,
) -> None:
    """When schedules are due next, in their own zones."""
    session: Session = context.obj
    with session.home() as home:
        found = chosen_schedules(home, number or (), everything=not number)
    if session.printer.json:
        session.printer.answer({"schedules": [schedule_record(s, count=count) for s in found]})
        return
    for schedule in found:
        session.printer.line(f"Schedule {schedule.id}: {_what(schedule)}  {in_chinese(schedule.cron, schedule.tz)}")
        if schedule.paused:
            session.printer.line("  paused")
        else:
            _tell_times(session, schedule, count)


@app.command("pause")
def pause(context: typer.Context, number: Numbers = None, group: Group = "", everything: Everything = False) -> None:
    """Let nothing be due until they are resumed."""
    session: Session = context.obj
    with session.home() as home:
        chosen = chosen_schedules(home, number or (), group=group, everything=everything)
        _tell_state(session, pause_schedules(home, chosen))


@app.command("resume")
def resume(context: typer.Context, number: Numbers = None, group: Group = "", everything: Everything = False) -> None:
    """Let them be due again from now on."""
    session: Session = context.obj
    with session.home() as home:
        chosen = chosen_schedules(home, number or (), group=group, everything=everything)
        _tell_state(session, resume_schedules(home, chosen))


@app.command("remove")
def remove(context: typer.Context, number: Numbers = None, group: Group = "", everything: Everything = False) -> None:
    """Take schedules away. Their runs stay in the list of runs; what waits in the queue is skipped."""
    session: Session = context.obj
    with session.home() as home:
        chosen = chosen_schedules(home, number or (), group=group, everything=everything)
        remove_schedules(home, chosen)
    if session.printer.json:
        session.printer.answer({"removed": [schedule.id for schedule in chosen]})
        return
    for schedule in chosen:
        session.printer.line(f"Schedule {schedule.id} removed: {_what(schedule)} {schedule.cron}")


def schedule_record(schedule: Schedule, last: Run | None = None, count: int = 5) -> dict[str, Any]:
    """A schedule as JSON. `next` are its next times, each with its zone's offset; empty while it is paused."""
    plain = ("id", "kind", "group", "cron", "tz", "overlap", "missed", "window", "jitter", "hours")
    times = [] if schedule.paused else next_times(schedule, datetime.now(UTC), count)
    return {
        **{name: getattr(schedule, name) for name in plain},
        "sources": list(schedule.sources),
        "maintenance": list(schedule.maintenance),
        "scope": asdict(schedule.scope) | {"since": schedule.scope.since.isoformat() if schedule.scope.since else None},
        "sentence": {"zh": in_chinese(schedule.cron, schedule.tz), "en": in_english(schedule.cron, schedule.tz)},
        "state": "paused" if schedule.paused else "active",
        "paused_at": moment_record(schedule.paused_at),
        "created_at": moment_record(schedule.created_at),
        "next": [moment.isoformat() for moment in times],
        "last_run": {"id": last.id, "outcome": last.outcome, "at": moment_record(last.started_at)} if last else None,
    }


def _row(schedule: Schedule, last: Run | None) -> tuple[object, ...]:
    due = schedule.next_due_at.astimezone(zone(schedule.tz)) if schedule.next_due_at else None
    return (
        schedule.id,
        _what(schedule),
        schedule.cron,
        in_chinese(schedule.cron, schedule.tz),
        schedule.group or "–",
        f"{last.id} {last.outcome} {last.started_at.astimezone(CHINA):%m-%d %H:%M}" if last else "–",
        "paused" if schedule.paused else f"{due:%Y-%m-%d %H:%M %z}" if due else "–",
    )


def _what(schedule: Schedule) -> str:
    if schedule.kind != "crawl":
        return f"{schedule.kind} {schedule.scope.argument}".rstrip()
    named = ", ".join(schedule.sources[:3]) + (
        f" and {len(schedule.sources) - 3} more" if len(schedule.sources) > 3 else ""
    )
    scope = schedule.scope
    narrowed = (
        ", ".join(scope.columns),
        f"from {scope.since} on" if scope.since else "",
        f"{scope.limit} at most" if scope.limit else "",
        "full" if scope.full else "",
    )
    said = "; ".join(filter(None, narrowed))
    return (named or "every source") + (f" ({said})" if said else "")


def _tell_times(session: Session, schedule: Schedule, count: int) -> None:
    now = datetime.now(UTC)
    for moment in next_times(schedule, now, count):
        wait = in_words((moment - now).total_seconds())
        session.printer.line(f"  {moment:%Y-%m-%d %H:%M %a} {moment:%z}  in {wait}")


def _tell_state(session: Session, schedules: list[Schedule]) -> None:
    if session.printer.json:
        session.printer.answer({"schedules": [schedule_record(schedule) for schedule in schedules]})
        return
    for schedule in schedules:
        session.printer.line(f"Schedule {schedule.id} {'paused' if schedule.paused else 'active'}: {_what(schedule)}")
