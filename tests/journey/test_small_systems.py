"""The systems that have no practice site: told, looked at, followed to the end of every list, and read."""

import pytest
from commanding import Gongbao
from crawling import HOST, problems, run, settings
from smallcms import CUT, DIALECTS, UNDATED, SmallCms, text, title

from archive import open_archive
from bulletin.source import Column, Manners, Source
from crawler.extract.page import open_page
from crawler.families import recognise
from desk.demo.server import Serving

#: Two of them in every run, all of them in the long one.
EACH = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.more] if at > 1 else []) for at, name in enumerate(DIALECTS)]
)


def source_of(site, address):
    there = tuple(Column(name, name, url) for name, url in site.columns().items())
    given = {"hosts": (HOST,), "manners": Manners(delay=0.0), "resolve": ((HOST, address),)}
    return Source("619901_x", "云岫县", "619901", f"http://{HOST}/", there, family=site.dialect.family, **given)


def known(home, source):
    with open_archive(settings(home).archive_url) as kept:
        return set(kept.known(source.id))


def harvests(home, source):
    with open_archive(settings(home).archive_url) as kept:
        return {url: kept.revision(one.document_id).harvest for url, one in kept.known(source.id).items()}


def bare(html):
    return html.replace("<p>", "").split("</p>")[:-1]


@EACH
def test_it_is_told_from_a_list_and_two_articles(name):
    site = SmallCms(DIALECTS[name])
    paths = [site.dialect.list_path("zfwj", 1), *(site.dialect.article_path("zfwj", n) for n in (0, 7))]
    judged = recognise([open_page(site.pages[path].encode(), url=f"http://{HOST}{path}") for path in paths])
    assert judged[0][0].name == name
    assert judged[0][1].score >= 0.5
    assert all(likeness.score < 0.5 for _, likeness in judged[1:])


@EACH
def test_every_column_is_followed_to_its_end_and_read(name, tmp_path):
    site = SmallCms(DIALECTS[name])
    with Serving([site]) as serving:
        source = source_of(site, serving.address)
        done, _ = run(tmp_path, source)
        asked = serving.paths()
        again, _ = run(tmp_path, source)
        later = serving.paths()[len(asked) :]
    assert (done.outcome, problems(done)) == ("done", {})
    assert len(asked) == len(set(asked))
    read = harvests(tmp_path, source)
    assert set(read) == site.articles
    assert done.tally.new == len(site.articles) == 31
    cut = f"http://{HOST}{site.dialect.article_path(*CUT)}"
    parts = (1, 2, 3) if site.dialect.cut else (1,)
    assert read[cut].text.split("\n") == [line for part in parts for line in bare(text(*CUT, part))]
    undated = f"http://{HOST}{site.dialect.article_path(*UNDATED)}"
    assert read[undated].title == title(*UNDATED)
    assert not {path for path in later if f"http://{HOST}{path}" in site.articles}
    assert (again.outcome, again.tally.new) == ("done", 0)


@EACH
@pytest.mark.more
def test_what_a_look_describes_is_crawled_completely(name, tmp_path):
    site, gongbao = SmallCms(DIALECTS[name]), Gongbao(tmp_path / "home")
    with Serving([site]) as serving:
        where = ("--resolve", f"{HOST}={serving.address}", "--no-progress", "--write", str(tmp_path / "found.toml"))
        told = gongbao("source", "probe", f"http://{HOST}/", "--json", *where)
        assert told.code == 0, told.err
        assert told.json["source"]["family"] == name
        assert gongbao("source", "add", str(tmp_path / "found.toml")).code == 0
        assert gongbao("crawl").code == 0
    with open_archive(settings(gongbao.home).archive_url) as kept:
        (source,) = kept.sources()
        assert set(kept.known(source.id)) == site.articles
