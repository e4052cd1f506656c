"""gongbao schedule, runs and worker, as they are typed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import Gongbao
from crawling import Pages, a_county, article, listed
from workers import a_home, queued

from bulletin.errors import LockedError
from bulletin.run import Run, Scope
from crawler.locking import at_host, hold
from desk.demo.server import Serving
from desk.tasks.chores import CHORES
from desk.tasks.crawling import crawl
from desk.tasks.leasing import LEASE, Workplace, utc_now
from desk.tasks.running import begun_by_hand
from desk.wiring import Home
from desk.worker import Means, Worker
from desk.worker.duties import DUTIES


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    a_home(tmp_path / "home", sources=3)
    return Gongbao(tmp_path / "home")


def test_a_schedule_is_read_back_as_a_sentence_with_its_next_times(gongbao: Gongbao) -> None:
    told = gongbao("schedule", "add", "s0", "s1", "--cron", "30 2 L * *", "--tz", "Europe/Berlin", "--group", "夜间")
    assert told.code == 0
    assert "每月最后一天 02:30（Europe/Berlin）" in told.out
    assert "At 02:30, on the last day of the month (Europe/Berlin)" in told.out
    assert told.out.count("  in ") == 5
    (kept,) = gongbao("--json", "schedule", "list").json["schedules"]
    assert (kept["sources"], kept["tz"], kept["group"], kept["state"]) == (
        ["s0", "s1"],
        "Europe/Berlin",
        "夜间",
        "active",
    )
    assert kept["sentence"]["zh"].startswith("每月最后一天")
    assert len(kept["next"]) == 5
    assert all(moment.endswith(("+01:00", "+02:00")) for moment in kept["next"])
    listed_words = gongbao("schedule", "list")
    assert "s0, s1" in listed_words.out
    assert re.search(r" 02:30 \+0[12]00", listed_words.out)
    assert gongbao("schedule", "next", "--count", "3").out.count("  in ") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["s0"], "needs --cron"),
        (["s0", "--cron", "0 0 31 2 *"], "never comes round"),
        (["s0", "--cron", "* * *"], "no cron line"),
        (["s0", "--cron", "@daily", "--tz", "Asia/Peking"], "no time zone"),
        (["s0", "--cron", "@daily", "--overlap", "kill"], "no policy"),
        (["s0", "--cron", "@daily", "--missed", "never"], "no policy"),
        (["s0", "--cron", "@daily", "--window", "soon"], "no length of time"),
        (["s0", "--cron", "@daily", "--jitter", "-5"], "no length of time"),
        (["s0", "--cron", "@daily", "--hours", "25:00-26:00"], "no hours of a day"),
        (["s0", "--cron", "@daily", "--maintenance", "Blursday"], "no maintenance window"),
        (["s9", "--cron", "@daily"], "no source"),
        (["s0", "--cron", "@daily", "--column", "nosuch"], "no column"),
        (["s0", "--all", "--cron", "@daily"], "what is scheduled"),
        (["--cron", "@daily"], "what is scheduled"),
        (["--chore", "dishes", "--cron", "@daily"], "no chore"),
        (["--chore", "backup", "--cron", "@daily"], "needs a folder"),
        (["--chore", "backup", "--to", "relative", "--cron", "@daily"], "needs a folder"),
        (["--chore", "verify", "--to", "/mnt/copies", "--cron", "@daily"], "does not know what to do"),
        (["--chore", "saved", "--to", "防汛", "--cron", "@daily"], "no saved search"),
        (["--chore", "index", "--limit", "5", "--cron", "@daily"], "crawls nothing"),
        (["s0", "--to", "/mnt/copies", "--cron", "@daily"], "no folder"),
        (["s0", "--cron", "0 12 * * *", "--hours", "22:00-06:00"], "never falls into the permitted hours"),
        (["s0", "--cron", "* 2 * * SUN", "--maintenance", "周日 02:00-03:00"], "outside of maintenance"),
        (["s0", "--cron", "@daily", "--jitter", "12h"], "beyond the window of 6 h"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice(gongbao: Gongbao, words: list[str], said: str) -> None:
    told = gongbao("schedule", "add", *words)
    assert told.code == 2
    assert said in told.err
    assert len(told.err.splitlines()) > 1
    assert gongbao("--json", "schedule", "list").json == {"schedules": []}
    assert "There is none yet" in gongbao("runs", "list").err
    assert "No run is like that" in gongbao("runs", "list", "--kind", "dishes").err


def test_what_narrows_a_crawl_is_said(gongbao: Gongbao) -> None:
    told = gongbao("schedule", "add", "s0", "--cron", "@daily", "--since", "2026-03-01", "--limit", "5", "--full")
    assert "s0 (from 2026-03-01 on; 5 at most; full)" in told.out


def test_a_backup_into_the_home_is_refused(gongbao: Gongbao) -> None:
    told = gongbao("schedule", "add", "--chore", "backup", "--to", str(gongbao.home / "copy"), "--cron", "@daily")
    assert told.code == 2
    assert "what is to be backed up" in told.err


def test_one_a_group_or_all_are_paused_and_resumed(gongbao: Gongbao) -> None:
    for name, group in (("s0", "a"), ("s1", "a"), ("s2", "b")):
        assert gongbao("schedule", "add", name, "--cron", "@daily", "--group", group).code == 0

    def states() -> list[str]:
        return [schedule["state"] for schedule in gongbao("--json", "schedule", "list").json["schedules"]]

    gongbao("schedule", "pause", "1")
    assert states() == ["paused", "active", "active"]
    gongbao("schedule", "pause", "--group", "a")
    assert states() == ["paused", "paused", "active"]
    gongbao("schedule", "resume", "--all")
    assert states() == ["active", "active", "active"]
    gongbao("schedule", "pause", "--all")
    assert states() == ["paused"] * 3
    assert gongbao("--json", "schedule", "next", "3").json["schedules"][0]["next"] == []
    assert gongbao("schedule", "remove", "--group", "a").code == 0
    assert states() == ["paused"]
    for words in (["pause"], ["pause", "1", "--all"], ["pause", "99"], ["resume", "--group", "none"], ["remove", "1"]):
        assert gongbao("schedule", *words).code == 2


def test_runs_are_listed_shown_and_tried_again(gongbao: Gongbao) -> None:
    now = utc_now()
    with Home(a_home(gongbao.home, sources=3)) as home:
        missed = queued("s0", now, outcome="missed", reason="no worker was there", ended_at=now)
        home.archive.timetable.enqueue(missed)
        home.archive.timetable.enqueue(queued("gone", now, outcome="failed", reason="r", ended_at=now))
    found = gongbao("--json", "runs", "list").json["runs"]
    assert [(run["id"], run["source"], run["outcome"]) for run in found] == [(2, "gone", "failed"), (1, "s0", "missed")]
    assert found[1]["started_at"] is None
    assert found[1]["reason"] == "no worker was there"
    assert [run["id"] for run in gongbao("--json", "runs", "list", "--outcome", "missed").json["runs"]] == [1]
    assert gongbao("runs", "list", "--outcome", "lost").code == 2
    assert "no worker was there" in gongbao("runs", "list").out
    assert "missed: no worker was there" in gongbao("runs", "show", "1").out
    assert gongbao("runs", "log", "1").code == 2
    again = gongbao("--json", "runs", "retry", "1").json
    assert (again["retry_of"], again["outcome"], again["attempt"], again["trigger"]) == (1, "queued", 2, "retry")
    refused = gongbao("runs", "retry", "1")
    assert refused.code == 2
    assert "run 3" in refused.err
    gone = gongbao("runs", "retry", "2")
    assert gone.code == 2
    assert "no such source" in gone.err
    for command in ("show", "log", "retry"):
        assert gongbao("runs", command, "99").code == 2


def test_a_scheduled_crawl_is_the_crawl_one_types(tmp_path: Path) -> None:
    """A real site, a worker, and the same crawl by hand: one path, the same kind of row; index and seals follow."""
    gongbao = Gongbao(tmp_path)
    pages: dict[str, object] = {f"/gb/t20260301_100{n}.html": article(n) for n in range(4)}
    pages["/gb/"] = listed(*(f"./t20260301_100{n}.html" for n in range(4)))
    with Serving([Pages(pages)]) as serving:
        settings = a_home(tmp_path, sources=0)
        with Home(settings) as home:
            home.archive.put_source(a_county(serving.address))
            home.archive.timetable.enqueue(queued("619901_yunxiu", utc_now(), scope=Scope(full=True)))
        worker = gongbao("--json", "worker", "--once")
        assert worker.code == 0, worker.out
        crawled, indexed = worker.json["runs"]
        assert (crawled["kind"], crawled["outcome"], crawled["tally"]["new"]) == ("crawl", "done", 4)
        assert crawled["scope"]["full"]
        assert (indexed["kind"], indexed["trigger"], indexed["reason"]) == (
            "index",
            "follow",
            "the index learnt of 4 bulletins",
        )
        assert gongbao("search", "河道", "--json").json["total"] == 4
        by_hand = gongbao("--json", "crawl")
        assert by_hand.code == 0
    last, _, first = gongbao("--json", "runs", "list", "--limit", "3").json["runs"]
    assert (last["trigger"], last["outcome"], last["tally"]["unchanged"]) == ("hand", "done", 4)
    assert first["tally"]["bytes"] > 0
    for run in (first, last):
        assert run["config_digest"].startswith("sha256:")
        assert run["family_version"].startswith("trs/")
        assert run["worker"]
        assert run["ended_at"]
    assert first["config_digest"] == last["config_digest"]
    assert "Spider opened" in gongbao("runs", "log", str(first["id"])).out
    assert gongbao("--json", "runs", "log", str(last["id"])).json["log"] == last["log"]
    with Home(settings) as home:
        assert home.archive.timetable.schedules()[0].kind == "verify"


def test_by_hand_and_by_worker_never_meet_at_one_source(gongbao: Gongbao) -> None:
    with Home(a_home(gongbao.home, sources=3)) as home, Workplace(gongbao.home) as place:
        now = utc_now()
        home.archive.timetable.enqueue(queued("s1", now))
        run = home.archive.timetable.claim(place.name, now, now + LEASE)
        assert run
        told = gongbao("crawl", "s0", "s1")
        assert told.code == 6
        assert f"run {run.id}" in told.err
        skipped = home.archive.timetable.runs(source_id="s0")[0]
        assert (skipped.outcome, skipped.trigger) == ("skipped", "hand")
        assert f"run {run.id}" in skipped.reason
    with Home(a_home(gongbao.home, sources=3)) as home:
        source = home.archive.source("s2")
        assert source
        with begun_by_hand(home, [source], Scope()) as (mine,):
            home.archive.timetable.enqueue(queued("s2", now))
            assert home.archive.timetable.claim("w", utc_now(), utc_now() + LEASE) is None
            home.archive.timetable.finish(replace(mine, outcome="done", ended_at=utc_now()))
        with hold(gongbao.home, "s2"), pytest.raises(LockedError):  # a child that outlived its worker for a moment
            crawl(home, ["s2"])
        assert home.archive.timetable.runs(source_id="s2", limit=1)[0].outcome == "skipped"
        with hold(gongbao.home, at_host("S2.yunxiu.example")), pytest.raises(LockedError):  # another source of the host
            crawl(home, ["s2"])


def test_chores_are_rows_too(gongbao: Gongbao, tmp_path: Path) -> None:
    settings, now = a_home(gongbao.home, sources=3), datetime.now(UTC)
    copies = tmp_path / "copies"
    with Home(settings) as home:
        for kind in CHORES:
            scope = Scope(argument=str(copies) if kind == "backup" else "")
            home.archive.timetable.enqueue(
                Run(0, "", "hand", now, outcome="queued", kind=kind, scope=scope, ready_at=now)
            )
        home.archive.timetable.enqueue(
            Run(
                0,
                "",
                "hand",
                now + timedelta(seconds=1),
                outcome="queued",
                kind="verify",
                ready_at=now,
                scope=Scope(argument="all"),
            )
        )
    done = Worker(settings, means=Means(duties=(), pause=0.02)).work(once=True)
    assert {run.kind: run.outcome for run in done} == dict.fromkeys(CHORES, "done")
    reasons = [run.reason for run in done if run.kind == "verify"]
    assert any(reason.startswith("share ") for reason in reasons)
    assert any(reason.startswith("everything") for reason in reasons)
    assert (copies / "gongbao.db").is_file() or any(copies.rglob("*.db"))
    backup = next(run for run in done if run.kind == "backup")
    assert str(copies) in gongbao("runs", "log", str(backup.id)).out


def test_duties_have_names_of_their_own() -> None:
    assert len({duty.name for duty in DUTIES}) == len(DUTIES)
    assert all(duty.every >= 1 for duty in DUTIES)
