"""A county on loopback, from its source file to its exported bulletins, by the commands an archivist types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import Gongbao

from desk.demo.server import Serving
from desk.demo.sites import site


@pytest.fixture(scope="module")
def county() -> Iterator[Serving]:
    with Serving([site("F1")]) as serving:
        yield serving


@pytest.fixture(scope="module")
def gongbao(county: Serving, tmp_path_factory: pytest.TempPathFactory) -> Gongbao:
    folder = tmp_path_factory.mktemp("journey")
    file = folder / "yunxiu.toml"
    file.write_text(site("F1").source_toml(county.address), encoding="utf-8")
    command = Gongbao(folder / "home")
    assert command("source", "add", str(file)).code == 0
    crawled = command("crawl", "--json")
    assert crawled.code == 0, crawled.err
    return command


ORACLE = site("F1").expected()


def test_every_article_of_the_oracle_is_found_under_its_url(gongbao: Gongbao) -> None:
    for url in ORACLE["article_urls"]:
        told = gongbao("show", url, "--json")
        assert told.code == 0, (url, told.err)
        assert told.json["title"] == ORACLE["per_article"][url]["title"]


def test_nothing_else_is_kept_and_a_cross_post_once(gongbao: Gongbao) -> None:
    kept = {b["url"] for b in gongbao("export", "--format", "jsonl", "-o", "-").jsonl}
    assert kept <= set(ORACLE["article_urls"])
    assert len(kept) == ORACLE["documents"]
    assert all(len(kept & set(places)) == 1 for places in ORACLE["cross_posted"])


def test_a_second_crawl_fetches_no_known_article(gongbao: Gongbao, county: Serving) -> None:
    before = len(county.requests)
    again = gongbao("crawl", "--json").json
    asked = {"http://www.yunxiu.example" + request.path for request in county.requests[before:]}
    assert not asked & set(ORACLE["article_urls"])
    assert again["runs"][0]["tally"]["new"] == 0


def test_simplified_and_traditional_words_find_the_same(gongbao: Gongbao) -> None:
    simplified = gongbao("search", "乡镇", "--json", "--limit", "200").json
    traditional = gongbao("search", "鄉鎮", "--json", "--limit", "200").json
    assert simplified["total"] > 0
    assert {h["id"] for h in simplified["hits"]} == {h["id"] for h in traditional["hits"]}


def test_highlights_stand_on_the_original_glyphs(gongbao: Gongbao) -> None:
    hit = gongbao("search", "鄉鎮", "--json").json["hits"][0]
    assert hit["highlights"]
    assert {hit["snippet"][start:end] for start, end in hit["highlights"]} == {"乡镇"}


def test_a_range_is_exported_with_its_manifest_and_the_same_bytes_twice(gongbao: Gongbao, tmp_path: Path) -> None:
    words = ("export", "--from", "2026-02-01", "--to", "2026-02-28", "--undated", "exclude", "--format", "jsonl", "-o")
    assert gongbao(*words, str(tmp_path / "a.jsonl")).code == 0
    assert gongbao(*words, str(tmp_path / "b.jsonl")).code == 0
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    dated = [a for a in ORACLE["per_article"].values() if (a["published_on"] or "").startswith("2026-02")]
    assert len(rows) == len(dated) > 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    manifest = json.loads((tmp_path / "a.jsonl.manifest.json").read_text(encoding="utf-8"))
    assert "2026-02-28" in json.dumps(manifest)


def test_status_is_calm_after_a_good_crawl(gongbao: Gongbao) -> None:
    found = gongbao("status", "--json").json
    assert found["attention"] == []
    assert found["index"]["lag"] == 0
