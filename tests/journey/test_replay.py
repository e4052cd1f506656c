"""`gongbao replay`: kept captures read again, the new reading beside the old, nothing fetched, nothing lost."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from commanding import Gongbao
from crawling import article

from bulletin.config import Settings
from crawler.families import families
from desk.demo.server import Serving
from desk.demo.sites import site
from desk.tasks import replaying
from desk.wiring import Home

SITES = ("paged", "express")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with articles in several pages, and with attached files."""
    folder = tmp_path_factory.mktemp("replay")
    gongbao = Gongbao(folder / "home")
    with Serving([site(name) for name in SITES]) as serving:
        for name in SITES:
            (folder / f"{name}.toml").write_text(site(name).source_toml(serving.address), encoding="utf-8")
            assert gongbao("source", "add", str(folder / f"{name}.toml")).code == 0
        assert gongbao("crawl").code == 0
    (folder / "page.html").write_text(article(5), encoding="utf-8")
    assert gongbao("import", str(folder / "page.html")).code == 0
    return folder / "home"


@pytest.fixture
def gongbao(crawled: Path, tmp_path: Path) -> Gongbao:
    shutil.copytree(crawled, tmp_path / "home")
    return Gongbao(tmp_path / "home")


@pytest.fixture
def better_rules(monkeypatch: pytest.MonkeyPatch) -> str:
    """A family whose next version reads another author."""
    family = families()[_family()]
    before = type(family).read

    def read(self: object, page: object, source: object) -> object:
        harvest = before(self, page, source)  # type: ignore[arg-type]
        return replace(harvest, author="凤学范", read_by=f"{family.name}/99")

    monkeypatch.setattr(type(family), "read", read)
    return family.name


def _family() -> str:
    text = site("paged").source_toml("127.0.0.1:1")
    return next(line.split('"')[1] for line in text.splitlines() if line.startswith("family"))


def test_the_same_rules_read_the_same(gongbao: Gongbao) -> None:
    told = gongbao("replay", "--json", "--workers", "1")
    assert told.code == 0, told.out
    count = gongbao("status", "--json").json["counts"]
    assert (told.json["read"], told.json["unchanged"]) == (count["revisions"], count["revisions"])
    assert told.json["changed"] == []
    assert count["readings"] == count["revisions"]


def test_several_processes_read_the_same(gongbao: Gongbao) -> None:
    told = gongbao("replay", "--json", "--workers", "2", "--dry-run").json
    assert told["read"] == told["unchanged"] > 20


def test_what_several_processes_read_otherwise_is_told_and_kept_once(gongbao: Gongbao) -> None:
    statement = "UPDATE readings SET author = '凤学范', read_by = 'trs/0' WHERE id % 3 = 0"
    with sqlite3.connect(gongbao.home / "gongbao.db") as database:
        count = database.execute(statement).rowcount
    told = gongbao("replay", "--json", "--workers", "2").json
    assert len(told["changed"]) == len({change["document_id"] for change in told["changed"]}) == count > 5
    assert all("author" in change["fields"] and change["was_read_by"] == "trs/0" for change in told["changed"])
    again = gongbao("replay", "--json", "--workers", "2").json
    assert (again["changed"], again["failed"]) == ([], [])


def test_a_dry_run_tells_and_keeps_nothing(gongbao: Gongbao, better_rules: str) -> None:
    before = gongbao("status", "--json").json["counts"]
    told = gongbao("replay", "--dry-run", "--workers", "1", "--json").json
    assert told["changed"]
    assert all({"author", "read_by"} <= set(change["fields"]) for change in told["changed"])
    assert gongbao("status", "--json").json["counts"] == before


def test_a_sample_reads_a_part_and_keeps_no_place(gongbao: Gongbao, better_rules: str) -> None:
    count = gongbao("status", "--json").json["counts"]["revisions"]
    told = gongbao("replay", "--dry-run", "--sample", "30%", "--workers", "1", "--json").json
    assert count / 10 < told["read"] < count / 2
    assert gongbao("replay", "--dry-run", "--workers", "1", "--json").json["read"] == count


def test_a_better_reading_lies_beside_the_old_one(gongbao: Gongbao, better_rules: str) -> None:
    before = gongbao("status", "--json").json["counts"]
    told = gongbao("replay", "--workers", "1", "--json").json
    after = gongbao("status", "--json").json["counts"]
    assert after["readings"] == before["readings"] + len(told["changed"])
    kept = ("documents", "revisions", "sightings", "captures")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    change = told["changed"][0]
    with Home(Settings(home=gongbao.home)) as home:
        old, new = home.archive.readings(change["document_id"], change["revision"])
    assert old.harvest.author != new.harvest.author == "凤学范"
    assert new.harvest.read_by == f"{better_rules}/99"
    assert gongbao("show", change["document_id"], "--json").json["author"] == "凤学范"
    assert gongbao("verify", "--json").json["faults"] == []
    again = gongbao("replay", "--workers", "1", "--json").json
    assert again["changed"] == []


def test_only_older_readings_of_a_family(gongbao: Gongbao, better_rules: str) -> None:
    none = gongbao("replay", "--older-than", f"{better_rules}/0", "--workers", "1", "--json").json
    assert none["read"] == 0
    some = gongbao("replay", "--older-than", f"{better_rules}/50", "--workers", "1", "--json").json
    assert some["read"] >= len(some["changed"]) > 0
    rest = gongbao("replay", "--older-than", f"{better_rules}/50", "--workers", "1", "--json").json
    assert rest["read"] == some["read"] - len(some["changed"])
    assert gongbao("replay", "--older-than", "trs").code == 2
    assert gongbao("replay", "--source", "nobody").code == 2


def test_an_interrupted_replay_goes_on(gongbao: Gongbao, better_rules: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_BATCH", 4)

    def stop(done: int, last: str) -> None:
        if done >= 8:
            raise KeyboardInterrupt

    with Home(Settings(home=gongbao.home)) as home:
        with pytest.raises(KeyboardInterrupt):
            replaying.replay(home, workers=1, on_progress=stop)
        made = replaying.replay(home, workers=1)
        assert made.resumed >= 8
        assert made.read + made.resumed == home.archive.counts()["documents"]
        readings = home.archive.counts()["readings"]
    assert Gongbao(gongbao.home)("replay", "--workers", "1", "--json").json["changed"] == []
    with Home(Settings(home=gongbao.home)) as home:
        assert home.archive.counts()["readings"] == readings


def test_a_page_that_can_no_longer_be_read_stops_nothing(gongbao: Gongbao, monkeypatch: pytest.MonkeyPatch) -> None:
    family = families()[_family()]
    before = type(family).read
    seen: list[object] = []

    def choking(self: object, page: object, source: object) -> object:
        seen.append(page)
        if len(seen) == 1:
            raise RecursionError("too deep")
        return before(self, page, source)  # type: ignore[arg-type]

    monkeypatch.setattr(type(family), "read", choking)
    told = gongbao("replay", "--workers", "1", "--json")
    assert told.code == 4
    assert len(told.json["failed"]) == 1
    assert told.json["read"] > 20
