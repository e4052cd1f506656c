"""A site that changes its publishing system between two crawls: said aloud, nothing lost, nothing switched silently."""

from dataclasses import replace

import pytest
from commanding import Gongbao
from crawling import Pages, a_county, article, listed, problems, run, settings

from archive import open_archive
from crawler.catalogue import dump_source
from desk.demo.server import Serving

NUMBERS = range(1001, 1006)


def before():
    rows = listed(*(f"./t20260301_{n}.html" for n in NUMBERS))
    return Pages({"/": rows, "/gb/": rows} | {f"/gb/t20260301_{n}.html": article(n) for n in NUMBERS})


def after(*more):
    """The same papers, and more, by Visual SiteBuilder."""
    numbers = [*more, *NUMBERS]
    rows = "".join(
        f'<li id="line_u8_{at}"><a href="/info/1021/{n}.htm">云岫县人民政府第{n}号通知</a><span>2026-03-01</span></li>'
        for at, n in enumerate(numbers)
    )
    page = f"<html><!-- Announced by Visual SiteBuilder 9 --><link href=/_sitegray/a.css><body><ul>{rows}</ul></body>"
    texts = {n: article(n).replace("TRS_Editor", "v_news_content") for n in numbers}
    signed = "<!-- Announced by Visual SiteBuilder 9 --><link href=/_sitegray/a.css>"
    there = {f"/info/1021/{n}.htm": text.replace("<head>", f"<head>{signed}") for n, text in texts.items()}
    return Pages({"/": page, "/gb/": page} | there)


def kept(home, source):
    with open_archive(settings(home).archive_url) as archive:
        known = archive.known(source.id)
        return archive.counts()["documents"], {one.status for one in known.values()}, archive.sources()[0].family


def test_the_crawl_says_that_the_list_shows_nothing_and_keeps_to_its_family(tmp_path):
    with Serving([before()]) as serving:
        run(tmp_path, a_county(serving.address))
    with Serving([after(2001)]) as serving:
        source = a_county(serving.address)
        done, events = run(tmp_path, source)
        words = [event["words"] for event in events if event["event"] == "problem"]
        assert (done.outcome, problems(done)) == ("partly", {"list_empty": 1})
        assert "5 bulletins are kept" in words[0]
        assert "another system" in words[0]
        assert serving.paths() == ["/robots.txt", "/gb/"]
    assert kept(tmp_path, source) == (5, {"listed"}, "trs")


def test_check_names_the_other_system_and_the_described_anew_source_knows_the_old_papers(tmp_path):
    gongbao = Gongbao(tmp_path)

    def describe(source):
        (tmp_path / "county.toml").write_text(dump_source(source), encoding="utf-8")
        assert gongbao("source", "add", str(tmp_path / "county.toml")).code == 0

    with Serving([before()]) as serving:
        describe(a_county(serving.address))
        assert gongbao("crawl").code == 0
    with Serving([after(2001)]) as serving:
        source = a_county(serving.address)
        describe(source)
        told = gongbao("source", "check")
        assert told.code == 4
        assert "family_changed" in told.out
        assert "now like vsb" in told.out
        describe(replace(source, family="vsb"))
        assert gongbao("crawl").code == 0
    with open_archive(settings(tmp_path).archive_url) as archive:
        assert archive.counts()["documents"] == 6  # the five old papers under their new addresses, and one that is new
        assert len(archive.known(source.id)) == 11


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<html><body><p>新版网站正在建设之中，旧版栏目请见网站地图。</p><a href='/'>首页</a></body></html>",
            1,
        ),
        ("<html><body><div class=list>暂无相关信息</div><a href='/'>首页</a><a href='/a'>地图</a></body></html>", 0),
    ],
    ids=["nothing", "empty"],
)
def test_a_list_on_which_nothing_is_found_is_told_from_one_that_is_empty(tmp_path, html, expected):
    with Serving([Pages({"/gb/": html})]) as serving:
        done, _ = run(tmp_path, a_county(serving.address))
    assert problems(done).get("list_empty", 0) == expected
