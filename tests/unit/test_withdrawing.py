"""When a bulletin is withdrawn, and when nobody can say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.withdrawing import POLICY, Policy, is_confirmed, missed, movement, probed, shown
from bulletin.ledger import (
    ABSENT,
    BLOCKED,
    DELISTED,
    GONE,
    LISTED,
    REACHABLE,
    REDIRECTED_HOME,
    REPLACED,
    RETURNED,
    SITE_DOWN,
    SOFT_404,
    STATES,
    UNCLEAR,
    WITHDRAWN,
    Standing,
)

NOON = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)  # noon in China
NEVER = Standing("d")
FINDINGS = [*sorted(ABSENT), REACHABLE, BLOCKED, SITE_DOWN, UNCLEAR]


def day(number, hours=0.0):
    return NOON + timedelta(days=number, hours=hours)


def after(*steps, standing=NEVER):
    """The standing after probes: (day, finding), or (day, "missed"), (day, "shown")."""
    for number, finding in steps:
        if finding == "missed":
            standing = missed(standing, day(number))
        elif finding == "shown":
            standing = shown(standing, day(number))
        else:
            standing = probed(standing, finding, day(number))
    return standing


@pytest.mark.parametrize("finding", sorted(ABSENT))
def test_three_probes_on_three_days_over_three_days(finding):
    states = [after(*[(n, finding) for n in days]).state for days in ((0,), (0, 1), (0, 1, 3))]
    assert states == [finding, finding, WITHDRAWN]


def test_different_kinds_of_absence_count_together():
    found = after((0, GONE), (1, SOFT_404), (4, REDIRECTED_HOME))
    assert (found.state, found.finding, found.absent_probes) == (WITHDRAWN, REDIRECTED_HOME, 3)


@pytest.mark.parametrize("days", [(0, 0, 0, 0), (0, 0, 3, 3), (0, 1, 2), (0, 3), (0, 3, 3)])
def test_too_few_days_or_too_near_together(days):
    assert after(*[(n, GONE) for n in days]).state == GONE


def test_days_are_chinese_days():
    # 15:59 and 16:01 in UTC are two days in China.
    late, early = datetime(2026, 4, 1, 15, 59, tzinfo=UTC), datetime(2026, 4, 1, 16, 1, tzinfo=UTC)
    assert probed(probed(NEVER, GONE, late), GONE, early).absent_days == 2
    assert probed(probed(NEVER, GONE, early), GONE, early + timedelta(hours=20)).absent_days == 1


@pytest.mark.parametrize("nothing", [BLOCKED, SITE_DOWN, UNCLEAR])
def test_what_proves_nothing_neither_counts_nor_takes_back(nothing):
    assert after(*[(n, nothing) for n in range(30)], standing=after((0, GONE))).absent_probes == 1
    assert after((0, GONE), (1, nothing), (2, GONE), (3, nothing), (4, GONE)).state == WITHDRAWN
    assert after((0, GONE), (1, nothing)).state == GONE


def test_one_that_does_not_count_changes_no_state():
    found = probed(after((0, GONE), (1, GONE)), GONE, day(4), counts=False)
    assert (found.state, found.absent_probes) == (GONE, 2)


def test_one_proper_answer_takes_everything_back():
    assert after((0, GONE), (1, GONE), (2, REACHABLE)) == Standing("d", LISTED, day(2))
    assert after((0, GONE), (1, GONE), (2, REACHABLE), (3, GONE), (4, GONE)).state == GONE


def test_a_withdrawn_paper_that_is_there_again_has_returned():
    before = after((0, GONE), (1, GONE), (3, GONE))
    there = probed(before, REACHABLE, day(9))
    told = movement(before, there, day(9))
    assert (there.state, told.event, told.before, told.after) == (LISTED, RETURNED, WITHDRAWN, LISTED)


def test_it_stays_withdrawn_whatever_the_absence_looks_like_later():
    found = after((0, GONE), (1, GONE), (3, GONE), (7, REPLACED), (14, BLOCKED))
    assert (found.state, found.since, found.finding) == (WITHDRAWN, day(3), REPLACED)


def test_missing_from_its_list_it_is_due_at_once():
    found = after((0, "missed"))
    assert (found.state, found.listed, found.due_at) == (DELISTED, False, day(0))
    assert after((0, "missed"), (0, REACHABLE)) == Standing("d", DELISTED, day(0), listed=False)
    assert after((0, "missed"), (5, "missed")) == found


def test_delisted_and_nobody_can_say():
    assert after((0, "missed"), (0, SITE_DOWN)).state == SITE_DOWN
    assert after((0, "missed"), (0, BLOCKED), (1, SITE_DOWN)).state == SITE_DOWN
    assert after((0, "missed"), (0, BLOCKED), (1, REACHABLE)).state == DELISTED
    assert after((0, "missed"), (0, BLOCKED), (1, GONE)).state == GONE
    assert after((0, "missed"), (0, UNCLEAR)).state == DELISTED


def test_listed_again():
    assert after((0, "missed"), (0, REACHABLE), (9, "shown")) == Standing("d", LISTED, day(9))
    withdrawn = after((0, "missed"), (0, GONE), (1, GONE), (3, GONE))
    again = shown(withdrawn, day(4))
    assert (again.state, again.listed, again.due_at) == (WITHDRAWN, True, day(4))
    assert probed(again, REACHABLE, day(4)).state == LISTED


def test_a_dead_link_that_stays_in_its_list_is_not_asked_for_at_every_crawl():
    found = after((0, GONE))
    assert shown(found, day(0, 7)) == found


def test_missing_while_already_absent_keeps_what_was_counted():
    found = after((0, GONE), (1, "missed"), (1, GONE), (3, GONE))
    assert (found.state, found.absent_probes, found.listed) == (WITHDRAWN, 3, False)
    assert after((0, GONE), (0, "missed")).due_at == after((0, GONE)).due_at


def test_probes_thin_out():
    standing, waits = NEVER, []
    at = day(0)
    for _ in range(9):
        standing = probed(standing, GONE, at)
        waits.append(round((standing.due_at - at) / timedelta(days=1)))
        at = at + timedelta(days=waits[-1])
    assert waits == [*POLICY.pauses, 60, 60]


def test_a_crawl_at_the_same_hour_may_be_some_minutes_early():
    assert after((0, GONE)).due_at < day(1, -0.5)
    assert after((0, GONE)).due_at > day(0, 12)


def test_a_second_probe_on_the_same_day_does_not_thin_out_sooner():
    assert after((0, GONE), (0, GONE)).due_at == after((0, GONE)).due_at


def test_a_clock_that_goes_back_proves_nothing():
    found = after((10, GONE), (9, GONE), (8, GONE), (7, GONE))
    assert (found.state, found.absent_days, found.last_absent_at) == (GONE, 1, day(10))


def test_no_movement_without_a_change_of_state():
    assert movement(NEVER, after((0, REACHABLE)), day(0)) is None
    assert movement(after((0, GONE)), after((0, GONE), (1, GONE)), day(1)) is None


def test_another_policy():
    strict = Policy(probes=5, days=4, span=30)
    standing = NEVER
    for number in (0, 1, 3, 7, 14):
        standing = probed(standing, GONE, day(number), policy=strict)
        assert standing.state == GONE
    assert probed(standing, GONE, day(30), policy=strict).state == WITHDRAWN


@pytest.mark.parametrize(("state", "finding"), list(product(STATES, FINDINGS)))
def test_every_finding_in_every_state(state, finding):
    before = replace(NEVER, state=state, since=day(-9), listed=state not in (DELISTED, BLOCKED, SITE_DOWN))
    if state in ABSENT or state == WITHDRAWN:
        before = replace(before, finding=GONE, absent_probes=3, absent_days=3)
        before = replace(before, first_absent_at=day(-9), last_absent_at=day(-1 if state == WITHDRAWN else -9))
    found = probed(before, finding, day(0))
    if finding == REACHABLE:
        expected = LISTED if before.listed else DELISTED
    elif finding in ABSENT:
        expected = WITHDRAWN if state in ABSENT or state == WITHDRAWN else finding
    elif finding in (BLOCKED, SITE_DOWN) and state in (DELISTED, BLOCKED, SITE_DOWN):
        expected = finding
    else:
        expected = state
    assert found.state == expected
    assert found.since == (day(-9) if expected == state else day(0))
    assert (found.due_at is None) == (finding == REACHABLE)


steps = st.lists(st.tuples(st.integers(0, 12), st.sampled_from([*FINDINGS, "missed", "shown"])), max_size=25).map(
    lambda made: sorted(made, key=lambda step: step[0])
)


@given(steps)
def test_withdrawn_only_after_enough_absence_and_nothing_else(made):
    standing = NEVER
    counted = []
    for number, finding in made:
        before = standing
        standing = after((number, finding), standing=standing)
        if finding == REACHABLE:
            counted = []
        elif finding in ABSENT:
            counted.append(number)
        if before.state != WITHDRAWN and standing.state == WITHDRAWN:
            assert len(counted) >= 3
            assert len(set(counted)) >= 3
            assert counted[-1] - counted[0] >= 3
        assert standing.absent_probes == len(counted)
        assert standing.state in STATES
        assert (standing.state == WITHDRAWN) == (
            bool(counted) and (before.state == WITHDRAWN or is_confirmed(standing))
        )
        assert (standing.state == LISTED) <= standing.listed
