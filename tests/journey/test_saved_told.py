"""What a saved search finds reaches somebody: after the index has learnt it, and until a channel has taken it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commanding import Gongbao
from listener import TAKEN, Answer, Heard, Listener
from workers import Say, a_home, means, queued

from bulletin.config import AlertSettings, Settings
from bulletin.errors import UnreachableError, UsageError
from bulletin.run import Run, Tally
from crawler.conversing import Halt
from desk.tasks import chores
from desk.tasks.alerting import anything_to_send, check_alerts, send_alerts
from desk.tasks.chores import CHORES
from desk.tasks.leasing import Clock
from desk.tasks.saving import run_saved
from desk.wiring import Home
from desk.worker import Worker
from desk.worker.duties import DUTIES, Duty
from desk.worker.performing import perform

NOW = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
FLOOD = "全县防汛工作会议在云岫县召开，安排部署河道清淤和水库巡查，要求各镇落实责任。"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which a search was saved before anything was there to be found; one bulletin came in since."""
    gongbao = Gongbao(tmp_path / "home")
    page = tmp_path / "page.html"
    page.write_text(_page("县林业局组织护林员巡山", "清理防火隔离带三十里，劝返携带火种人员二十名。"), encoding="utf-8")
    assert gongbao("import", str(page)).code == 0
    assert gongbao("saved", "add", "防汛", "防汛").code == 0
    page.write_text(_page("关于防汛工作的通报", FLOOD), encoding="utf-8")
    assert gongbao("import", str(page)).code == 0
    return Settings(home=tmp_path / "home")


def _page(title: str, text: str) -> str:
    head = f"<meta charset=utf-8><meta name=ArticleTitle content='{title}'><title>{title}</title>"
    return f"<html><head>{head}</head><body><h1>{title}</h1><div><p>{text}</p><p>{text[::-1]}</p></div></body></html>"


def told_by(settings: Settings, **given: object) -> Home:
    alerts = AlertSettings(private=True, timeout=60.0, **given)  # type: ignore[arg-type]
    return Home(replace(settings, alerts=alerts))


def refusing(heard: Heard) -> Answer:
    return 500, {}, b""


def minute(home: Home, at: datetime) -> None:
    check_alerts(home, at)
    send_alerts(home, lambda: at)


def test_what_is_new_is_told_until_a_channel_has_taken_it(settings: Settings) -> None:
    with Listener(refusing) as server, told_by(settings, webhook_url=server.url) as home:
        CHORES["saved"].do(home, "", NOW)
        for hours in range(3):
            minute(home, NOW + timedelta(hours=hours))
        assert len(server.heard) == 3
        listed = Gongbao(settings.home)("alerts", "list").out
        assert "保存的检索 saved search 防汛" in listed
        assert "1 new of 1" in listed
        assert "关于防汛工作的通报" not in listed
        (known,) = home.archive.alerts.open()
        assert (known.matter.kind, known.matter.word) == ("saved", "防汛")
        server.answer = lambda heard: TAKEN
        for hours in range(3, 40, 4):
            CHORES["saved"].do(home, "", NOW + timedelta(hours=hours))
            minute(home, NOW + timedelta(hours=hours))
        assert len(server.heard) == 4
        told = server.heard[-1].json
        assert "新公报 New bulletins" in told["text"]
        assert "1 new of 1" in told["text"]
        assert "关于防汛工作的通报" in told["text"]
        assert [record["event"] for record in told["alerts"]] == ["found"]
        assert home.archive.alerts.open() == []


def test_another_channel_takes_what_the_first_never_did(settings: Settings) -> None:
    with Listener(refusing) as broken, told_by(settings, webhook_url=broken.url) as home:
        CHORES["saved"].do(home, "", NOW)
        minute(home, NOW)
    with Listener() as server, told_by(settings, wecom_url=server.url) as home:
        minute(home, NOW + timedelta(hours=1))
        minute(home, NOW + timedelta(hours=2))
        assert ["关于防汛工作的通报" in heard.json["text"]["content"] for heard in server.heard] == [True]
        assert home.archive.alerts.open() == []


def test_without_a_channel_the_log_of_the_run_tells(settings: Settings) -> None:
    with Home(settings) as home:
        first, second = CHORES["saved"].do(home, "", NOW)
        assert first == "防汛: 1 new of 1"
        assert second.startswith("防汛: 关于防汛工作的通报")
        assert home.archive.alerts.latest() == []
        assert CHORES["saved"].do(home, "", NOW) == ["防汛: 0 new of 1"]


def test_what_could_not_be_noted_is_new_the_next_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise UnreachableError("The database cannot be used.")

    with Home(settings) as home:
        monkeypatch.setattr(chores, "announce", away)
        with pytest.raises(UnreachableError):
            CHORES["saved"].do(home, "", NOW)
        assert run_saved(home, "防汛", keep=False).results.total == 1


def test_a_search_that_cannot_be_read_keeps_no_other_from_being_run(settings: Settings) -> None:
    (settings.home / "saved" / "乙.toml").write_text("query = [", encoding="utf-8")
    with Listener() as server, told_by(settings, webhook_url=server.url) as home:
        with pytest.raises(UsageError, match=r"乙\.toml"):
            CHORES["saved"].do(home, "", NOW)
        minute(home, NOW)
        assert "关于防汛工作的通报" in server.heard[0].json["text"]


def test_news_is_no_trouble_that_could_be_over_or_come_back(settings: Settings) -> None:
    with Listener() as server, told_by(settings, webhook_url=server.url, quiet="00:00-23:59") as home:
        CHORES["saved"].do(home, "", NOW)
        minute(home, NOW)
        check_alerts(home, NOW + timedelta(days=8))
        assert not anything_to_send(home, NOW)
        assert [one.event for one in home.archive.alerts.pending()] == ["opened"]


def test_searches_are_run_when_the_index_has_learnt_and_told_by_the_same_worker(
    settings: Settings, tmp_path: Path
) -> None:
    begun: list[str] = []
    indexing = threading.Event()

    def carried(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        begun.append(run.kind)
        if run.kind == "crawl":
            return replace(run, outcome="done", tally=Tally(new=1), ended_at=now())
        if run.kind == "saved":
            assert indexing.is_set()
            return perform(home, run, halt, now)
        indexing.wait(0.5)
        indexing.set()
        return replace(run, outcome="done", ended_at=now())

    a_home(settings.home, sources=1)
    with Listener() as server:
        alerts = AlertSettings(private=True, webhook_url=server.url)
        settings = replace(settings, alerts=alerts)
        with Home(settings) as home:
            home.archive.timetable.enqueue(queued("s0", datetime.now(UTC)))
        duties = tuple(duty for duty in DUTIES if duty.name == "alerts")
        say = Say()
        Worker(settings, jobs=3, say=say, means=means(perform=carried, duties=duties)).work(once=True)
        for thread in threading.enumerate():
            if thread.name == "telling":
                thread.join()
        assert begun == ["crawl", "index", "saved"], say.words
        assert "关于防汛工作的通报" in server.heard[-1].json["text"]


def test_what_ends_while_the_worker_is_at_its_duties_is_told_before_it_goes(tmp_path: Path) -> None:
    settings, looking, asked = a_home(tmp_path), threading.Event(), list[datetime]()

    def patient(home: Home, run: Run, halt: Halt, now: Clock) -> Run:
        looking.wait(60)
        return replace(run, outcome="done", ended_at=now())

    def tell(home: Home, now: datetime) -> list[str]:
        asked.append(now)
        return []

    def slow(home: Home, now: datetime) -> list[str]:
        if worker._under_way():
            looking.set()
            while worker._under_way():
                time.sleep(0.01)
        return []

    with Home(settings) as home:
        home.archive.timetable.enqueue(queued("", datetime.now(UTC), kind="saved"))
    duties = (Duty("alerts", 3_600, tell), Duty("slow", 0, slow))
    worker = Worker(settings, means=means(perform=patient, duties=duties))
    worker.work(once=True)
    assert len(asked) == 2
