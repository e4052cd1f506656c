"""What is told and when, with a clock that is moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bulletin.alert import Alert, Delivery, Matter
from desk.alerts.deciding import CALM, DAY, decide, next_try, to_send
from desk.alerts.message import compose, fitted

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STALLED = Matter("yunxiu", "source", "stalled", "通知公告: 30 天无更新", "云岫县人民政府")
BLOCKED = replace(STALLED, word="blocked")
DISK = Matter("", "disk", "low", "900 MB", grave=True)


def open_alert(matter: Matter, number: int = 1, **changes: object) -> Alert:
    return replace(Alert(number, matter, NOW, told_at=NOW), **changes)  # type: ignore[arg-type]


def delivery(alert: Alert, number: int = 1, **changes: object) -> Delivery:
    made = Delivery(number, alert, "webhook", "opened", NOW, NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_what_is_new_is_opened_and_what_goes_on_is_left() -> None:
    made = decide([STALLED, DISK], [open_alert(DISK)], [], NOW + HOUR)
    assert made.opened == ((STALLED, NOW + HOUR),)
    assert not made.repeated
    assert not made.recovered


def test_a_source_that_is_well_again_is_told_at_once() -> None:
    assert decide([], [open_alert(STALLED)], [], NOW + HOUR).recovered == (1,)


def test_a_source_that_is_called_something_else_is_told_once() -> None:
    made = decide([BLOCKED], [open_alert(STALLED)], [], NOW + HOUR)
    assert made.opened == ((BLOCKED, NOW + HOUR),)
    assert (made.recovered, made.replaced) == ((), (1,))


def test_crawls_that_keep_failing_are_no_relief_where_the_source_is_called_something() -> None:
    failing = open_alert(replace(STALLED, kind="runs", word="failing"), calm_since=NOW)
    made = decide([STALLED], [failing], [], NOW + CALM)
    assert (made.recovered, made.replaced) == ((), (1,))


def test_one_chore_that_works_again_is_told_though_another_does_not() -> None:
    index, backup = (Matter("", "chore", word) for word in ("index", "backup"))
    known = [open_alert(index, calm_since=NOW), open_alert(backup, 2)]
    assert decide([backup], known, [], NOW + CALM).recovered == (1,)


def test_nobody_is_told_that_a_paused_source_is_well() -> None:
    made = decide([], [open_alert(STALLED)], [], NOW + HOUR, unwatched={"yunxiu"})
    assert (made.recovered, made.replaced) == ((), (1,))


def test_a_machine_must_have_been_well_for_a_while() -> None:
    alert = open_alert(DISK)
    assert decide([], [alert], [], NOW).calmed == (1,)
    calm = replace(alert, calm_since=NOW)
    assert not decide([], [calm], [], NOW + CALM - timedelta(seconds=1)).recovered
    assert decide([], [calm], [], NOW + CALM).recovered == (1,)
    assert decide([DISK], [calm], [], NOW + CALM).back == (1,)


@pytest.mark.parametrize(("days", "asked", "told"), [(1, 1, True), (0.9, 1, False), (6.9, 7, False), (7, 7, True)])
def test_what_goes_on_is_told_again_after_so_many_days(days: float, asked: int, told: bool) -> None:
    made = decide([DISK], [open_alert(DISK)], [], NOW + timedelta(days=days), timedelta(days=asked))
    assert bool(made.repeated) == told


def test_nothing_is_told_again_where_nobody_wants_it() -> None:
    assert not decide([DISK], [open_alert(DISK)], [], NOW + 99 * DAY, timedelta(0)).repeated


def test_what_comes_back_within_a_day_is_told_when_the_day_is_over() -> None:
    before = open_alert(STALLED, closed_at=NOW + HOUR)
    assert decide([STALLED], [], [before], NOW + 2 * HOUR).opened == ((STALLED, NOW + DAY),)


def test_words_that_change_are_kept() -> None:
    changed = replace(STALLED, reason="通知公告: 31 天无更新")
    assert decide([changed], [open_alert(STALLED)], [], NOW).fresh == {1: changed}


def quiet(at: datetime) -> bool:
    return at.hour < 6


def sent(pending: Sequence[Delivery], now: datetime, grave: bool = True) -> list[int]:
    return [one.id for one in to_send(pending, now, quiet, grave)]


def test_quiet_hours_hold_back_until_they_end() -> None:
    pending = [delivery(open_alert(STALLED)), delivery(open_alert(DISK), 2)]
    assert sent(pending, NOW) == [2]
    assert sent(pending, NOW, grave=False) == []
    assert sent(pending, NOW + 4 * HOUR) == [1, 2]


def test_a_channel_that_failed_waits_with_everything_and_then_gets_everything() -> None:
    failed = delivery(open_alert(DISK), attempts=3, next_try_at=NOW + 5 * HOUR - timedelta(minutes=1))
    fresh = delivery(open_alert(STALLED), 2, wanted_at=NOW + 4 * HOUR)
    assert sent([failed, fresh], NOW + 4 * HOUR) == []
    assert sent([failed, fresh], NOW + 5 * HOUR) == [1, 2]
    assert sent([failed, replace(fresh, channel="email")], NOW + 4 * HOUR) == [2]


def test_tries_are_spaced_and_never_end() -> None:
    waits = [(next_try(attempts, NOW) - NOW).total_seconds() / 60 for attempts in (1, 2, 3, 4, 5, 6, 7, 1000)]
    assert waits == [1, 2, 5, 10, 30, 60, 60, 60]


def test_a_clock_that_was_put_back_silences_nothing() -> None:
    year = timedelta(days=365)
    written = delivery(open_alert(STALLED), attempts=2, wanted_at=NOW + year, next_try_at=NOW + year)
    assert sent([written], NOW + 4 * HOUR) == [1]
    assert decide([], [open_alert(DISK, calm_since=NOW + year)], [], NOW).recovered == (1,)
    assert decide([DISK], [open_alert(DISK, told_at=NOW + year)], [], NOW).repeated == (1,)


def test_one_message_holds_everything_in_both_languages() -> None:
    over = open_alert(BLOCKED, 3, closed_at=NOW + HOUR)
    events = [delivery(open_alert(STALLED)), delivery(open_alert(DISK, 2), 2, event="repeated")]
    made = compose([*events, delivery(over, 3, event="recovered")], NOW, home="云岫档案")
    assert made.subject == "公报 Gongbao 云岫档案: 新问题 New 1 · 仍未解决 Still open 1 · 已恢复 Recovered 1"
    assert "- 云岫县人民政府 (yunxiu): 停更 stalled, 自 since 2026-04-01 10:00: 通知公告: 30 天无更新" in made.text
    assert "- 磁盘空间不足 the disk is nearly full, 自 since 2026-04-01 10:00: 900 MB" in made.text
    assert "- 云岫县人民政府 (yunxiu): 被拦截 blocked (2026-04-01 10:00 – 2026-04-01 11:00)" in made.text
    assert [record["event"] for record in made.records] == ["repeated", "opened", "recovered"]


def test_one_language_alone() -> None:
    chinese = compose([delivery(open_alert(DISK))], NOW, home="h", language="zh").text
    english = compose([delivery(open_alert(DISK))], NOW, home="h", language="en").text
    assert "磁盘空间不足" in chinese
    assert "disk" not in chinese
    assert "the disk is nearly full" in english
    assert "磁盘" not in english


def test_what_began_and_ended_unheard_is_told_once() -> None:
    alert = open_alert(STALLED, closed_at=NOW + HOUR)
    made = compose([delivery(alert), delivery(alert, 2, event="recovered")], NOW, home="h")
    assert made.text.count("停更") == 1
    assert [record["event"] for record in made.records] == ["recovered"]


def test_words_of_a_site_cannot_shape_a_message() -> None:
    nasty = replace(STALLED, reason="a\r\nBcc: x@example.org\u202e\x00\n\n【已恢复】" + "长" * 999, name="县\n政府")
    made = compose([delivery(open_alert(nasty))], NOW, home="h\r\nTo: y")
    assert "\n" not in made.subject
    assert "\r" not in made.text
    assert "县 政府 (yunxiu)" in made.text
    assert max(map(len, made.text.splitlines())) < 400


def test_a_long_message_is_cut_at_a_line_and_says_so() -> None:
    events = [delivery(open_alert(replace(STALLED, source_id=f"s{n}"), n), n) for n in range(200)]
    made = compose(events, NOW, home="h", longest=2048)
    assert len(made.text.encode()) <= 2048
    assert "更多" in made.text or "more lines" in made.text
    assert len(made.records) == 200
    assert fitted(["a", "b"], 2048) == "a\nb"
