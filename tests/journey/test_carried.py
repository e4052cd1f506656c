"""Bulletins whose pages are empty frames, but whose list's answer carries them whole."""

import re

from crawling import problems, run, settings, site_source

from archive import open_archive
from bulletin.source import Seed
from crawler.rereading import reread
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site
from desk.wiring import Home

SHELL = Answer(200, b"<html><body><div id=app></div><script src=/app.js></script></body></html>")
#: The pages of the column's bulletins, their files left alone.
PAGES = r"^/yxx/c100012/\d{6}/\w+\.shtml"
FIELDS = "title number index_number source_name dated_on published_on".split()


def bare(text):
    return re.sub(r"\s+", "", text)


def crawled(home, pattern):
    served = site("F4")
    with Serving([served]) as serving:
        serving.fail(pattern, SHELL)
        source = site_source(served, serving.address)
        done, _ = run(home, source, columns=("gb",))
    return served.expected(), source, done


def test_they_are_kept_with_their_fields_and_say_where_they_come_from(tmp_path):
    told, source, done = crawled(tmp_path, PAGES)
    listed = [row["url"] for row in told["columns"]["gb"]["rows"]]
    wanted = {url: told["per_article"][url] for url in listed if url in told["per_article"]}
    with open_archive(settings(tmp_path).archive_url) as kept:
        known = {url: kept.revision(one.document_id) for url, one in kept.known(source.id).items()}
    assert set(known) == set(wanted)
    assert done.tally.new == len(wanted) > 30
    assert problems(done) == {}
    for url, article in wanted.items():
        harvest = known[url].harvest
        assert [str(getattr(harvest, name) or "") for name in FIELDS] == [
            str(article[name] or "") for name in FIELDS
        ], url
        assert not [line for line in article["paragraphs"] if bare(line) not in bare(harvest.text)], url
        assert any("list" in doubt.reason for doubt in harvest.doubts)
        assert harvest.read_by == "ucap/1"


def test_they_are_read_again_from_the_answer_that_carried_them(tmp_path):
    _, source, _ = crawled(tmp_path, PAGES)
    with Home(settings(tmp_path)) as home:
        url, one = next(iter(home.archive.known(source.id).items()))
        revision = home.archive.revision(one.document_id)
        capture = home.vault.read(revision.record)
        again = reread(source, Seed(url, "gb"), capture, lambda url: None).harvest
    assert "/common/search/" in capture.url
    assert (again.title, again.text) == (revision.harvest.title, revision.harvest.text)


def test_a_page_that_is_gone_is_gone(tmp_path):
    served = site("F4")
    with Serving([served]) as serving:
        serving.fail(PAGES, Answer(404, b"gone"))
        done, _ = run(tmp_path, site_source(served, serving.address), columns=("gb",))
    assert done.tally.new == 0
    assert set(problems(done)) == {"gone"}
