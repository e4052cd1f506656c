"""From something wrong to somebody told: by a worker, over hours, while channels fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import Gongbao
from listener import TAKEN, Listener
from workers import Say, means, queued
from workers import a_home as a_worker_home

from bulletin.alert import Matter
from bulletin.config import AlertSettings, Settings
from bulletin.run import Run, Schedule
from bulletin.vitals import Condition, Finding
from desk.tasks import troubles
from desk.tasks.alerting import anything_to_send, check_alerts, send_alerts, stuck_channels
from desk.tasks.scheduling import add_schedule
from desk.tasks.status import status_of
from desk.tasks.troubles import matters_of
from desk.wiring import Home
from desk.worker import Worker
from desk.worker.duties import DUTIES

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(a_worker_home(tmp_path / "home", sources=3)) as made:
        yield made


def told_by(home: Home, **given: object) -> Home:
    """The same home with these settings of alerts."""
    settings = AlertSettings(private=True, timeout=60.0, **given)  # type: ignore[arg-type]
    return Home(replace(home.settings, alerts=settings))


def ill(home: Home, source: str = "s0", word: str = "fault", at: datetime = NOW) -> None:
    findings = () if word == "normal" else (Finding("down", "通知公告", "the list could not be reached", word),)
    home.archive.vitals.settle(Condition(source, word, at, at, None, findings))


def minute(home: Home, at: datetime) -> list[str]:
    """What a worker does each minute; the channels that took something."""
    check_alerts(home, at)
    return [told.channel for told in send_alerts(home, lambda: at) if not told.trouble]


def texts(server: Listener) -> list[str]:
    return [heard.json["text"] for heard in server.heard]


def test_a_source_in_trouble_is_told_once_and_its_recovery_too(home: Home) -> None:
    with Listener() as server, told_by(home, webhook_url=server.url) as home:
        ill(home, "s0")
        ill(home, "s1", "blocked")
        for number in range(5):
            minute(home, NOW + number * MINUTE)
        assert len(server.heard) == 1
        assert "站点故障 site fault" in texts(server)[0]
        assert "被拦截 blocked" in texts(server)[0]
        ill(home, "s0", "normal", NOW + HOUR)
        minute(home, NOW + HOUR)
        assert "已恢复 Recovered" in texts(server)[1]
        assert "被拦截" not in texts(server)[1]
        assert [alert.matter.source_id for alert in home.archive.alerts.open()] == ["s1"]
        for number in range(9):
            minute(home, NOW + number * timedelta(days=1))
        assert [event["event"] for heard in server.heard[2:] for event in heard.json["alerts"]] == ["repeated"]


def test_a_channel_that_answers_500_for_a_day_loses_nothing(home: Home) -> None:
    broken = [True]
    with (
        Listener(lambda heard: (500, {}, b"") if broken[0] else TAKEN) as server,
        Listener() as other,
        told_by(home, webhook_url=server.url, wecom_url=other.url) as home,
    ):
        ill(home, "s0")
        for number in range(0, 24 * 60, 5):
            at = NOW + number * MINUTE
            if number == 600:
                ill(home, "s1", "stalled", at)
                ill(home, "s0", "normal", at)
            minute(home, at)
        assert len(other.heard) == 2  # the channel that works is told at once
        assert 24 <= len(server.heard) <= 32  # the other is tried less and less often
        (stuck,) = stuck_channels(home)
        assert (stuck.channel, stuck.count, stuck.since) == ("webhook", 3, NOW)
        assert any("webhook takes nothing, 3 wait" in words for words in status_of(home, NOW).attention)
        broken[0] = False
        later = NOW + timedelta(days=1, hours=1)
        assert minute(home, later) == ["webhook"]
        said = server.heard[-1].json["alerts"]
        assert [(one["source_id"], one["event"]) for one in said] == [("s0", "recovered"), ("s1", "opened")]
        assert stuck_channels(home) == []
        assert minute(home, later + HOUR) == []


def test_quiet_hours_end_in_one_message(home: Home) -> None:
    with Listener() as server, told_by(home, webhook_url=server.url, quiet="22:00-07:00") as home:
        night = NOW.replace(hour=16)  # midnight in Shanghai
        ill(home, "s0", at=night)
        disk = Matter("", "disk", "low", "900 MB", grave=True)
        check_alerts(home, night, matters_of(home, night))
        send_alerts(home, lambda: night)
        assert server.heard == []
        check_alerts(home, night + HOUR, [*matters_of(home, night), disk])
        send_alerts(home, lambda: night + HOUR)
        assert ["磁盘" in text and "站点故障" not in text for text in texts(server)] == [True]
        ill(home, "s1", at=night)
        check_alerts(home, night + 2 * HOUR, [*matters_of(home, night), disk])
        morning = night + 7 * HOUR
        assert [told.count for told in send_alerts(home, lambda: morning)] == [2]


def test_a_channel_that_is_set_later_hears_what_is_open(home: Home) -> None:
    ill(home)
    assert minute(home, NOW) == []
    with Listener() as server, told_by(home, webhook_url=server.url) as home:
        assert minute(home, NOW + HOUR) == ["webhook"]
        assert minute(home, NOW + 2 * HOUR) == []
        assert "站点故障" in texts(server)[0]


def test_two_workers_tell_once(home: Home) -> None:
    with (
        Listener() as server,
        told_by(home, webhook_url=server.url) as one,
        told_by(home, webhook_url=server.url) as two,
    ):
        ill(one)
        check_alerts(one, NOW)
        check_alerts(two, NOW)
        assert len(one.archive.alerts.open()) == 1
        send_alerts(one, lambda: NOW)
        send_alerts(two, lambda: NOW)
        assert len(server.heard) == 1


def test_what_a_killed_worker_was_sending_is_sent_by_another(home: Home) -> None:
    with Listener() as server, told_by(home, webhook_url=server.url) as home:
        ill(home)
        check_alerts(home, NOW)
        home.archive.alerts.claim(
            ("webhook",), NOW + 10 * MINUTE, lambda waiting: waiting
        )  # and no more is heard of it
        assert minute(home, NOW + 9 * MINUTE) == []
        assert anything_to_send(home, NOW + 10 * MINUTE)
        assert minute(home, NOW + 10 * MINUTE) == ["webhook"]


def test_a_channel_that_breaks_keeps_no_other_from_being_used(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.alerts import wecom

    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(wecom.WeCom, "send", broken)
    with Listener() as server, told_by(home, webhook_url=server.url, wecom_url="http://127.0.0.1:9/") as home:
        ill(home, "s0")
        check_alerts(home, NOW)
        told = {one.channel: one.trouble for one in send_alerts(home, lambda: NOW)}
    assert told == {"webhook": "", "wecom": "unexpected RuntimeError"}


def test_a_paused_source_is_nobodys_trouble_and_nobodys_relief(home: Home) -> None:
    with Listener() as server, told_by(home, webhook_url=server.url) as home:
        ill(home)
        minute(home, NOW)
        home.archive.pause_source("s0", True)
        minute(home, NOW + HOUR)
        assert len(server.heard) == 1
        assert home.archive.alerts.open() == []


def ended(home: Home, source: str, outcome: str, at: datetime, kind: str = "crawl") -> None:
    run = Run(0, source, "schedule", at, at, outcome, reason=f"because {outcome}", kind=kind, ready_at=at)
    home.archive.timetable.enqueue(run)


def kinds(home: Home, at: datetime = NOW) -> list[tuple[str, str]]:
    return [(matter.source_id, matter.kind) for matter in matters_of(home, at)]


def test_runs_that_keep_failing(home: Home) -> None:
    ended(home, "s0", "failed", NOW - 3 * HOUR)
    ended(home, "s1", "failed", NOW - 3 * HOUR)
    assert kinds(home) == []
    ended(home, "s0", "failed", NOW - 2 * HOUR)
    ended(home, "s1", "done", NOW - 2 * HOUR)
    assert kinds(home) == [("s0", "runs")]
    ended(home, "s0", "interrupted", NOW - HOUR)  # says nothing
    assert kinds(home) == [("s0", "runs")]
    ill(home, "s0")
    assert kinds(home) == [("s0", "source")]
    ended(home, "", "failed", NOW, "backup")
    assert kinds(home) == [("s0", "source"), ("", "chore")]


def test_the_machine(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = home.settings.home / "logs"
    report = {"started_at": NOW.isoformat(), "faults": [{}, {}], "sample": None}
    (logs / "verify-1.json").write_text(json.dumps(report), encoding="utf-8")
    (logs / "backup.json").write_text(json.dumps({"at": (NOW - timedelta(days=9)).isoformat()}), encoding="utf-8")
    add_schedule(home, Schedule(0, "@daily", NOW, sources=("s0",)), lambda: NOW)
    home.archive.timetable.enqueue(replace(queued("s2", NOW), outcome="missed"))
    monkeypatch.setattr(troubles, "LOW_DISK", 10**18)
    assert kinds(home) == [("", "disk"), ("", "fixity"), ("", "worker"), ("", "backup"), ("", "missed")]
    assert [matter.kind for matter in matters_of(home, NOW) if matter.grave] == ["disk", "fixity"]


def test_a_worker_tells_by_itself_and_pings(tmp_path: Path) -> None:
    with Listener() as server:
        settings = a_worker_home(tmp_path, sources=1)
        alerts = AlertSettings(private=True, webhook_url=f"{server.url}/in", heartbeat_url=f"{server.url}/beat")
        settings = replace(settings, alerts=alerts)
        with Home(settings) as home:
            ill(home)
        Worker(settings, say=Say(), means=means(duties=DUTIES, now=lambda: datetime.now(UTC))).work(once=True)
        settle_threads()
    heard = {(one.method, one.path) for one in server.heard}
    assert heard == {("POST", "/in"), ("GET", "/beat")}
    with Home(settings) as home:
        assert home.archive.alerts.pending() == []


def settle_threads() -> None:
    import threading

    for thread in threading.enumerate():
        if thread.name in ("telling", "telling-life"):
            thread.join()


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Settings = a_worker_home(tmp_path / "home", sources=1)
    gongbao = Gongbao(settings.home)
    assert gongbao("alerts", "test").code == 2
    with Home(settings) as home:
        ill(home)
    with Listener() as server:
        monkeypatch.setenv("GONGBAO_ALERTS_WEBHOOK_URL", f"{server.url}/geheim")
        refused = gongbao("alerts", "test")
        assert refused.code == 4
        assert (refused.out + refused.err).count("private network") == 1
        assert "alerts.private = true" in refused.err
        monkeypatch.setenv("GONGBAO_ALERTS_PRIVATE", "true")
        assert gongbao("alerts", "test").out == "webhook: sent\n"
        assert gongbao("alerts", "test", "wecom").code == 2
        checked = gongbao("alerts", "check", "--json").json
        assert checked["sent"] == [{"channel": "webhook", "events": 1, "trouble": ""}]
    listed = gongbao("alerts", "list")
    assert "第0号 (s0): 站点故障 site fault" in listed.out
    assert gongbao("alerts", "list", "--json", "--all").json["alerts"][0]["word"] == "fault"
    shown = gongbao("config", "show")
    assert "geheim" not in shown.out
    assert "(set)" in shown.out
    assert "geheim" not in gongbao("--json", "config", "show").out
