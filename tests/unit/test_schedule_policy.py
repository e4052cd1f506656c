"""What becomes of every time a schedule was due, told by a clock that the tests move."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import UsageError
from bulletin.run import Firing, Schedule, Situation
from desk.scheduling.cron import open_cron, zone
from desk.scheduling.policy import MOST_IN_ALL, MOST_ROWS, ON_TIME, expected, fire
from desk.scheduling.windows import open_windows

NOW = datetime(2026, 4, 1, 19, 0, tzinfo=UTC)  # 3 o'clock in Shanghai
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FREE = (Situation("s1"),)


def daily(**changes: object) -> Schedule:
    made = Schedule(1, "0 3 * * *", NOW - DAY, sources=("s1",), next_due_at=NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def told(firing: Firing) -> list[tuple[datetime, str]]:
    return [(ruling.due_at, ruling.outcome) for ruling in firing.rulings]


def test_what_is_due_is_queued_and_the_next_time_known() -> None:
    firing = fire(daily(), FREE, NOW + MINUTE)
    (ruling,) = firing.rulings
    assert (ruling.due_at, ruling.outcome, ruling.reason, ruling.ready_at) == (NOW, "queued", "", NOW)
    assert ruling.expires_at == NOW + 6 * HOUR
    assert firing.next_due_at == NOW + DAY


def test_what_is_not_due_stays() -> None:
    assert fire(daily(), FREE, NOW - MINUTE) == Firing((), NOW)
    assert fire(daily(next_due_at=None), FREE, NOW - MINUTE) == Firing((), NOW)


def test_a_missed_time_is_run_late_within_its_window() -> None:
    (ruling,) = fire(daily(), FREE, NOW + 2 * HOUR).rulings
    assert (ruling.outcome, ruling.reason, ruling.ready_at) == ("queued", "2 h late", NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("changes", "late", "words"),
    [
        ({}, 7 * HOUR, "later than 6 h"),
        ({"window": 60}, ON_TIME + MINUTE, "later than 1 min"),
        ({"missed": "skip"}, HOUR, "late runs are not wanted"),
    ],
)
def test_a_time_missed_for_good_is_said_to_be(changes: dict[str, object], late: timedelta, words: str) -> None:
    firing = fire(daily(**changes), FREE, NOW + late)
    (ruling,) = firing.rulings
    assert ruling.outcome == "missed"
    assert words in ruling.reason
    assert firing.next_due_at == NOW + DAY


def test_many_missed_times_are_run_once() -> None:
    firing = fire(daily(), FREE, NOW + 3 * DAY + HOUR)
    assert told(firing) == [(NOW + day * DAY, "missed") for day in range(3)] + [(NOW + 3 * DAY, "queued")]
    assert firing.rulings[0].reason == "no worker was there; a later time is run in its place"
    assert firing.next_due_at == NOW + 4 * DAY
    late = fire(daily(), FREE, NOW + 3 * DAY + 8 * HOUR)
    assert Counter(outcome for _, outcome in told(late)) == {"missed": 4}
    assert late.rulings[0].reason == "no worker was there"


def test_a_clock_that_jumps_ahead_by_years_is_survived() -> None:
    firing = fire(daily(cron="* * * * *", sources=("s1", "s2")), (*FREE, Situation("s2")), NOW + 80 * 365 * DAY)
    assert len(firing.rulings) == 2 * (MOST_ROWS + 1)
    assert firing.rulings[0].due_at == NOW
    assert "all others before" in firing.rulings[0].reason
    assert firing.next_due_at == NOW + 80 * 365 * DAY + MINUTE


def test_a_week_without_a_worker_writes_no_more_rows_for_many_sources_than_a_transaction_should_hold() -> None:
    many = tuple(Situation(f"s{number}") for number in range(1_000))
    firing = fire(daily(cron="* * * * *"), many, NOW + 7 * DAY)
    assert len(firing.rulings) <= MOST_IN_ALL + len(many)
    of_one = [ruling for ruling in firing.rulings if ruling.source_id == "s7"]
    assert of_one[0].due_at == NOW
    assert "all others before" in of_one[0].reason
    assert [ruling.outcome for ruling in of_one[-2:]] == ["missed", "queued"]


def test_a_clock_that_is_put_back_does_not_hold_the_schedule_up() -> None:
    ahead = daily(next_due_at=NOW + 400 * DAY)
    assert expected(ahead, NOW) == NOW + DAY


def test_an_overlap_is_skipped_or_queues_one() -> None:
    running = (Situation("s1", running=17),)
    (skipped,) = fire(daily(), running, NOW).rulings
    assert (skipped.outcome, skipped.reason) == ("skipped", "run 17 of this schedule is still at work")
    (queued,) = fire(daily(overlap="queue"), running, NOW).rulings
    assert (queued.outcome, queued.expires_at) == ("queued", None)  # it waits as long as the one before takes
    for overlap in ("queue", "skip"):
        (skipped,) = fire(daily(overlap=overlap), (Situation("s1", queued=18),), NOW).rulings
        assert (skipped.outcome, skipped.reason) == ("skipped", "run 18 of this schedule waits already")


def test_a_source_that_is_gone_is_skipped_with_the_reason_whenever_it_is_seen() -> None:
    gone = (Situation("s1", bar="there is no such source any more"), Situation("s2"))
    firing = fire(daily(), gone, NOW + DAY + HOUR)
    assert [(r.source_id, r.outcome) for r in firing.rulings] == [
        ("s1", "skipped"),
        ("s2", "missed"),
        ("s1", "skipped"),
        ("s2", "queued"),
    ]
    assert firing.rulings[0].reason == firing.rulings[2].reason == "there is no such source any more"


def test_jitter_is_the_same_for_every_worker_and_another_for_every_source() -> None:
    many = tuple(Situation(f"s{n}") for n in range(200))
    firing = fire(daily(jitter=600), many, NOW)
    assert firing == fire(daily(jitter=600), many, NOW + MINUTE)
    waits = [ruling.ready_at - NOW for ruling in firing.rulings if ruling.ready_at]
    assert min(waits) >= timedelta(0)
    assert max(waits) < timedelta(seconds=600)
    assert len(set(waits)) > 100


def test_outside_the_permitted_hours_it_is_skipped() -> None:
    (ruling,) = fire(daily(hours="08:00-18:00"), FREE, NOW).rulings
    assert (ruling.outcome, ruling.reason) == ("skipped", "it falls outside the permitted hours 08:00-18:00")
    (ruling,) = fire(daily(hours="22:00-06:00"), FREE, NOW).rulings
    assert ruling.outcome == "queued"


def test_a_late_run_waits_for_permitted_hours_and_not_for_ever() -> None:
    nightly = daily(hours="22:00-06:00", window=24 * 3600)
    (ruling,) = fire(nightly, FREE, NOW + 5 * HOUR).rulings  # 8 in the morning
    assert (ruling.outcome, ruling.ready_at) == ("queued", NOW + 19 * HOUR)
    (ruling,) = fire(replace(nightly, window=6 * 3600), FREE, NOW + 5 * HOUR).rulings
    assert (ruling.outcome, ruling.reason) == ("missed", "no permitted hour was left in which it could begin")


@pytest.mark.parametrize(
    ("window", "shut"),
    [
        ("Thu 02:00-04:00", True),  # the 2nd of April 2026 is a Thursday
        ("周四 02:00-04:00", True),
        ("星期四 2:00-4:00", True),
        ("thursday 02:00-03:01", True),
        ("Wed 23:00-04:00", True),
        ("Wed 02:00-04:00", False),
        ("Thu 03:01-04:00", False),
        ("Thu 23:00-04:00", False),
        ("02:00-04:00", True),
        ("2026-04-02T03:00/2026-04-02T03:01", True),
        ("2026-04-01T19:00Z/2026-04-01T19:01Z", True),
        ("2026-04-02T03:01/2026-04-03T03:01", False),
        ("2026-04-01/2026-04-02", False),
        ("2026-04-02/2026-04-03", True),
    ],
)
def test_maintenance(window: str, shut: bool) -> None:
    (ruling,) = fire(daily(maintenance=(window,)), FREE, NOW).rulings
    assert ruling.outcome == ("skipped" if shut else "queued")
    assert ruling.reason == ("it falls into maintenance" if shut else "")


@pytest.mark.parametrize(
    ("hours", "maintenance"),
    [
        ("25:00-26:00", ()),
        ("3", ()),
        ("03:00-03:00", ()),
        ("24:30-25:00", ()),
        ("00:00-24:00", ()),
        ("", ("Blursday 02:00-04:00",)),
        ("", ("周八 02:00-04:00",)),
        ("", ("2026-04-02/2026-04-01",)),
        ("", ("2026-13-02/2027-01-01",)),
        ("", ("/",)),
        ("", ("",)),
        ("", ("Sun 04:00-04:00",)),
    ],
)
def test_senseless_windows_are_refused(hours: str, maintenance: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as error:
        open_windows(hours, maintenance, zone("Asia/Shanghai"))
    assert error.value.advice


@pytest.mark.parametrize("name", ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_a_year_looked_at_now_and_then_leaves_no_time_out(name: str) -> None:
    """A worker that is there on some days only: every time of the year becomes one row, in its order."""
    line = "30 2 * * *"
    at = datetime(2026, 1, 1, tzinfo=UTC)
    cron = open_cron(line, name)
    schedule = daily(cron=line, tz=name, next_due_at=cron.after(at))
    seen = []
    for step in range(0, 365 * 24, 7):
        now = at + step * HOUR
        if step // 24 % 10 < 3:  # out for a week
            firing = fire(schedule, FREE, now)
            seen += told(firing)
            schedule = replace(schedule, next_due_at=firing.next_due_at)
    times = [due for due, _ in seen]
    assert times == cron.next_times(at, len(times))
    assert len(times) > 350
    counted = Counter(outcome for _, outcome in seen)
    assert counted["queued"] > 80
    assert counted["missed"] > 200


@given(
    st.lists(st.integers(-3 * 24 * 60, 5 * 24 * 60), max_size=30),
    st.sampled_from(["*/7 * * * *", "30 2 * * *", "0 0 L * *"]),
)
def test_a_clock_that_jumps_about_fires_nothing_twice_and_never_stops(jumps: list[int], line: str) -> None:
    now, done = NOW, set()
    schedule = daily(cron=line, tz="America/New_York", next_due_at=open_cron(line, "America/New_York").after(now))
    for jump in jumps:
        now += jump * MINUTE
        due = expected(schedule, now)
        assert due
        if schedule.next_due_at and due < schedule.next_due_at:
            schedule = replace(schedule, next_due_at=due)
        firing = fire(schedule, FREE, now)
        assert firing.next_due_at
        assert firing.next_due_at > now
        times = [at for at, _ in told(firing)]
        assert times == sorted(set(times))
        done.update(times)  # what is there already stays the row it is
        schedule = replace(schedule, next_due_at=firing.next_due_at)
    assert all(open_cron(line, "America/New_York").after(at - timedelta(seconds=1)) == at for at in done)
