"""A site nobody knows: looked at, described, and crawled by that description without an edit."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commanding import Gongbao, Told
from crawling import HOST, Pages, article, listed, site_source

from archive import open_archive
from bulletin.config import Settings
from crawler.catalogue import dump_source, load_source
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site

#: Practice site -> the family its source file should name.
SITES = {"F1": "trs", "F3": "vsb"}
MORE = {
    "F2": "hanweb",
    "F4": "ucap",
    "F5": "lonsun",
    "F6": "legacy",
    "F7": "gkmlpt",
    "express": "generic",
    "news": "trs",
    "disclosure": "generic",
    "paged": "generic",
    "collection": "generic",
}


def look(gongbao: Gongbao, serving: Serving, host: str, *words: str) -> Told:
    return gongbao(
        "source", "probe", f"http://{host}/", "--resolve", f"{host}={serving.address}", "--no-progress", *words
    )


def described(name: str, folder: Path) -> tuple[dict[str, Any], list[str], Gongbao, Serving]:
    """What a look at a practice site said, and what it asked for; the site goes on being served."""
    served = site(name)
    serving = Serving([served])
    serving.__enter__()
    gongbao = Gongbao(folder / "home")
    told = look(gongbao, serving, served.host, "--write", str(folder / "found.toml"), "--json")
    assert told.code == 0, told.err
    return told.json, serving.paths(), gongbao, serving


@pytest.mark.parametrize("name", [*SITES, *(pytest.param(name, marks=pytest.mark.more) for name in MORE)])
def test_what_the_probe_writes_crawls_the_whole_site(name: str, tmp_path: Path) -> None:
    found, asked, gongbao, serving = described(name, tmp_path)
    try:
        oracle = site(name).expected()
        assert found["requests"] == len(asked) <= 25
        assert len(set(asked)) == len(asked)
        assert found["source"].get("family", "generic") == (SITES | MORE)[name]
        assert gongbao("source", "add", str(tmp_path / "found.toml")).code == 0
        assert gongbao("crawl").code in (0, 4)  # 4: a practice site has a page that cannot be read
        settings = Settings(home=gongbao.home)
        with open_archive(settings.archive_url) as kept:
            (source,) = kept.sources()
            assert set(kept.known(source.id)) == set(oracle["article_urls"])
            assert kept.counts()["documents"] == oracle["documents"]
        for sample in found["samples"]:
            if sample["bulletin"] and sample["url"] in oracle["per_article"]:
                assert sample["bulletin"]["title"] == oracle["per_article"][sample["url"]]["title"]
    finally:
        serving.__exit__(None, None, None)


def test_it_is_told_what_everything_rests_on(tmp_path: Path) -> None:
    found, _, _, serving = described("F1", tmp_path)
    serving.__exit__(None, None, None)
    assert found["families"][0]["name"] == "trs"
    assert any("tYYYYMMDD_N.html" in reason for reason in found["families"][0]["reasons"])
    assert found["site_codes"] == ["6199010007"]
    assert any("619901" in note and "register" in note for note in found["notes"])
    assert len(found["samples"]) == 10
    assert all(sample["bulletin"]["doubts"] == [] for sample in found["samples"])
    source = load_source(tmp_path / "found.toml")
    assert (source.region, source.office, source.site_code) == ("619901", "云岫县人民政府", "6199010007")
    assert {column.name for column in source.columns} == {"政府公报", "工作简报", "通知公告", "政府文件"}
    text = (tmp_path / "found.toml").read_text("utf-8")
    assert text.startswith("# Proposed by")
    assert dict(source.resolve)[HOST].startswith("127.0.0.1:")


def test_a_look_keeps_nothing_and_needs_no_home(tmp_path: Path) -> None:
    _, _, gongbao, serving = described("F1", tmp_path)
    serving.__exit__(None, None, None)
    assert not gongbao.home.exists()


def test_a_person_is_shown_families_columns_bulletins_and_the_file(tmp_path: Path) -> None:
    served = site("F1")
    with Serving([served]) as serving:
        told = look(Gongbao(tmp_path / "home"), serving, served.host)
    assert told.code == 0
    assert re.search(r"^trs +0\.\d\d  .*createPageHTML", told.out, re.M)
    assert re.search(r"^tzgg +通知公告 +trs 0\.\d\d +15 .*goes on", told.out, re.M)
    assert "10. " in told.out
    assert 'family = "trs"' in told.out


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "found.toml").write_text("precious", encoding="utf-8")
    served = site("F1")
    with Serving([served]) as serving:
        told = look(Gongbao(tmp_path / "home"), serving, served.host, "--write", str(tmp_path / "found.toml"))
    assert told.code == 2
    assert (tmp_path / "found.toml").read_text("utf-8") == "precious"


def plain(**pages: Any) -> Pages:
    return Pages({"/": "<html><title>某站</title><p>欢迎</p></html>"} | pages)


@pytest.mark.parametrize(
    ("pages", "code", "reason"),
    [
        ({}, 4, "no list of bulletins was found"),
        ({"/robots.txt": Answer(403, b"x")}, 5, "robots_unknown"),
        ({"/": Answer(521, b"x", (("X-Via-JSL", "1"),))}, 5, "challenged_js"),
        ({"/": Answer(500, b"x")}, 4, "down"),
        ({"/": Answer(302, b"", (("Location", "http://elsewhere.example/"),))}, 4, "elsewhere.example"),
        ({"/": Answer(404, b"x")}, 4, "gone"),
    ],
    ids=["nothing", "robots", "challenge", "down", "elsewhere", "gone"],
)
def test_a_site_that_gives_nothing_is_said_to_give_nothing(
    pages: dict[str, Any], code: int, reason: str, tmp_path: Path
) -> None:
    with Serving([plain(**pages)]) as serving:
        told = look(Gongbao(tmp_path / "home"), serving, HOST)
        assert len(serving.paths()) <= 5
    assert told.code == code
    assert reason in told.out
    assert "[[columns]]" not in told.out


def test_a_private_address_is_looked_at_only_when_told_where(tmp_path: Path) -> None:
    with Serving([plain()]) as serving:
        told = Gongbao(tmp_path / "home")("source", "probe", f"http://{serving.address}/")
        assert serving.paths() == []
    assert told.code == 4
    assert "private" in told.out


def test_a_resolve_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    assert Gongbao(tmp_path / "home")("source", "probe", "http://a.example/", "--resolve", "a").code == 2
    assert Gongbao(tmp_path / "home")("source", "probe", "ftp://a.example/").code == 2


def test_a_list_page_may_be_named_instead_of_the_home_page(tmp_path: Path) -> None:
    pages = {"/x/gb/": listed(*(f"./t2026030{n}_100{n}.html" for n in range(1, 7)))}
    pages |= {f"/x/gb/t2026030{n}_100{n}.html": article(n) for n in range(1, 7)}
    with Serving([plain(**pages)]) as serving:
        told = Gongbao(tmp_path / "home")(
            "source", "probe", f"http://{HOST}/x/gb/", "--resolve", f"{HOST}={serving.address}", "--json"
        )
    found = told.json["source"]
    assert told.code == 0
    assert [column["url"] for column in found["columns"]] == [f"http://{HOST}/x/gb/"]
    assert found["url"] == f"http://{HOST}/"


def test_a_column_on_another_host_is_described_and_crawled_though_a_third_host_is_silent(tmp_path: Path) -> None:
    other = "zwgk.yunxiu.example"
    menu = f'<a href="/gb/">政府公报</a><a href="http://{other}/tz/">通知公告</a>'
    menu += '<a href="http://old.yunxiu.example/jb/">工作简报</a>'
    portal = {"/": f"<html><title>云岫县人民政府</title>{menu}</html>"}
    portal["/gb/"] = listed(*(f"./t2026030{n}_100{n}.html" for n in range(1, 7)))
    portal |= {f"/gb/t2026030{n}_100{n}.html": article(n) for n in range(1, 7)}
    catalogue = {"/tz/": listed(*(f"./t2026030{n}_200{n}.html" for n in range(1, 7)))}
    catalogue |= {f"/tz/t2026030{n}_200{n}.html": article(10 + n) for n in range(1, 7)}
    silent = Pages({"/robots.txt": Answer(403, b"x")}, host="old.yunxiu.example")
    gongbao = Gongbao(tmp_path / "home")
    with Serving([Pages(portal), Pages(catalogue, host=other), silent]) as serving:
        where = [word for host in (HOST, other, silent.host) for word in ("--resolve", f"{host}={serving.address}")]
        told = gongbao("source", "probe", f"http://{HOST}/", *where, "--write", str(tmp_path / "found.toml"))
        assert told.code == 0, told.err
        assert re.search(r"^! 工作简报 .*left out: .*robots", told.out, re.M), told.out
        assert gongbao("source", "add", str(tmp_path / "found.toml")).code == 0
        assert gongbao("crawl").code == 0
    source = load_source(tmp_path / "found.toml")
    assert source.hosts == (HOST, "yunxiu.example", other)
    assert len(gongbao("export", "--format", "jsonl", "-o", "-").jsonl) == 12


# -- source check -----------------------------------------------------------------------------------------------------


def kept(folder: Path, serving: Serving, name: str = "F1", **changes: Any) -> Gongbao:
    gongbao = Gongbao(folder / "home")
    source = replace(site_source(site(name), serving.address), **changes)
    (folder / "source.toml").write_text(dump_source(source), encoding="utf-8")
    assert gongbao("source", "add", str(folder / "source.toml")).code == 0
    return gongbao


def drifts(told: Told) -> set[str]:
    return {drift["code"] for one in told.json["checked"] for drift in one["drifts"]}


def test_a_source_that_is_as_described_has_not_drifted_and_is_verified(tmp_path: Path) -> None:
    with Serving([site("F1")]) as serving:
        gongbao = kept(tmp_path, serving, verified=False)
        told = gongbao("source", "check", "619901_yunxiu", "--json")
        assert len(serving.paths()) <= 25
    assert (told.code, drifts(told)) == (0, set())
    assert told.json["checked"][0]["verified"]
    assert "unverified" not in gongbao("source", "list").out


def test_sources_nobody_has_looked_at_are_crawled_only_when_named(tmp_path: Path) -> None:
    pages = {"/zwgk/gb/": listed("./t20260301_1001.html"), "/zwgk/gb/t20260301_1001.html": article(1)}
    gongbao = Gongbao(tmp_path / "home")
    with Serving([Pages(pages)]) as serving:
        for name, verified in (("619901_seen", True), ("619901_new", False)):
            source = replace(site_source(site("F1"), serving.address), id=name, verified=verified)
            column = replace(source.columns[0], url=f"http://{HOST}/zwgk/gb/")
            file = tmp_path / f"{name}.toml"
            file.write_text(dump_source(replace(source, columns=(column,), site_code="")), encoding="utf-8")
            told = gongbao("source", "add", str(file))
            assert ("Next: gongbao crawl" in told.err + told.out) == verified
        for words in (("crawl",), ("crawl", "--all")):
            told = gongbao(*words)
            assert "619901_seen  done" in told.out
            assert "Left out" in told.err
            assert "619901_new" in told.err
        assert gongbao("crawl", "--all", "619901_new").code == 2
        assert "619901_new  done" in gongbao("crawl", "619901_new").out


def test_a_site_with_another_system_another_code_and_no_entries(tmp_path: Path) -> None:
    with Serving([site("F1")]) as serving:
        gongbao = kept(tmp_path, serving)
        assert gongbao("crawl", "--limit", "20").code == 0
        serving.fail(r"^/zwgk/jb/", Answer(404, b"gone"))
        serving.fail(r"^/zwgk/gb/(?:index\.html)?$", Answer(200, "<p>新版网站建设中，敬请期待。</p>".encode() * 90))
        serving.fail(
            r"^/zwgk/tzgg/.*html",
            lambda answer: replace(answer, body=answer.body.replace(b"6199010007", b"6199020007")),
        )
        told = gongbao("source", "check", "--json")
    found = told.json["checked"][0]["drifts"]
    assert told.code == 4
    assert {"column_unreachable", "column_empty", "family_changed"} <= drifts(told)
    assert any("政府公报" in drift["where"] for drift in found if drift["code"] == "column_empty")


def test_fields_that_were_there_are_missed(tmp_path: Path) -> None:
    def stripped(answer: Answer) -> Answer:
        text = answer.body.decode()
        text = re.sub(r"<li><b>索引号.*?</li>", "", text)
        return replace(answer, body=text.encode(), headers=tuple(h for h in answer.headers if h[0] != "ETag"))

    with Serving([site("F1")]) as serving:
        gongbao = kept(tmp_path, serving)
        assert gongbao("crawl", "--column", "jb").code == 0
        serving.fail(r"/t20\d{6}_\d+\.html", stripped)
        told = gongbao("source", "check", "--json")
    words = [drift["words"] for one in told.json["checked"] for drift in one["drifts"]]
    assert drifts(told) == {"fields_missing"}
    assert any("index_number is gone" in word for word in words)


def test_a_changed_site_code_is_drift(tmp_path: Path) -> None:
    with Serving([site("F1")]) as serving:
        gongbao = kept(tmp_path, serving, site_code="6199010001")
        told = gongbao("source", "check", "--json")
    assert told.code == 4
    assert drifts(told) & {"site_code_changed", "site_unreachable", "column_unreachable"}


def test_a_site_that_is_gone_is_drift(tmp_path: Path) -> None:
    with Serving([site("F1")]) as serving:
        gongbao = kept(tmp_path, serving)
        serving.fail("", Answer(0))
        told = gongbao("source", "check", "--json")
    assert drifts(told) == {"site_unreachable"}
    assert told.code in (4, 5)
