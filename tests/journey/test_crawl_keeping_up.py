"""The second crawl and those after it: what is due is asked for again, one paper stays one document."""

from datetime import UTC, datetime, timedelta

import pytest
from crawling import HOST, Pages, a_county, article, listed, problems, run, settings
from sqlalchemy import create_engine, text

from archive import open_archive
from bulletin.source import Revisits
from desk.demo.server import Serving
from desk.demo.site import Answer


def archive(home):
    return open_archive(settings(home).archive_url)


def aged(home, days):
    """Make everything that was asked for so far lie so many days back."""
    engine = create_engine(settings(home).archive_url)
    with engine.begin() as conn:
        conn.execute(text(f"UPDATE captures SET fetched_at = datetime(fetched_at, '-{days} days')"))
    engine.dispose()


def three(**more):
    pages = {"/gb/": listed(*(f"./t20260301_100{n}.html" for n in (1, 2, 3)))}
    return Pages(pages | {f"/gb/t20260301_100{n}.html": article(n) for n in (1, 2, 3)} | more)


def asked(serving, since=0):
    return [path for path in serving.paths()[since:] if "/t2026" in path]


def test_known_articles_are_visited_again_when_they_are_due_and_not_before(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address, revisits=Revisits(share=0.25, shortest=2.0, longest=30.0))
        first, _ = run(tmp_path, source)
        with archive(tmp_path) as kept:
            visited = [one.visited_at for one in kept.known(source.id).values()]
        assert all(datetime.now(UTC) - moment < timedelta(minutes=10) for moment in visited)
        at = len(serving.requests)
        run(tmp_path, source)
        assert asked(serving, at) == []
        aged(tmp_path, 31)
        at = len(serving.requests)
        again, _ = run(tmp_path, source)
        assert len(asked(serving, at)) == 3
        assert (first.tally.new, again.tally.new, again.tally.changed, again.tally.unchanged) == (3, 0, 0, 3)
        at = len(serving.requests)
        run(tmp_path, source)
        assert asked(serving, at) == []


def test_a_revisit_notices_a_change_and_an_absence_the_list_does_not_show(tmp_path):
    pages = three()
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        run(tmp_path, source)
        aged(tmp_path, 400)
        pages.pages["/gb/t20260301_1001.html"] = article(1, "清淤期限延至下月底，台账报送顺延一个月，其余不变。")
        pages.pages["/gb/t20260301_1002.html"] = Answer(404, b"gone")
        done, _ = run(tmp_path, source)
        assert (done.tally.changed, done.tally.withdrawn, problems(done)) == (1, 0, {"gone": 1})
        at = len(serving.requests)
        run(tmp_path, source)
        assert asked(serving, at) == []  # an answer of 404 is a visit too
    with archive(tmp_path) as kept:
        (document,) = kept.find_id(f"http://{HOST}/gb/t20260301_1001.html")
        assert len(kept.revisions(document)) == 2
        assert kept.counts()["documents"] == 3


def test_no_more_than_the_policy_allows(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address, revisits=Revisits(most=1))
        run(tmp_path, source)
        aged(tmp_path, 400)
        at = len(serving.requests)
        run(tmp_path, source)
        assert len(asked(serving, at)) == 1


def test_a_cross_posted_article_is_one_document_with_an_alias_and_two_sightings(tmp_path):
    pages = three(**{"/jb/": listed("./t20260301_2001.html"), "/jb/t20260301_2001.html": article(2)})
    with Serving([pages]) as serving:
        source = a_county(serving.address, columns=("gb", "jb"))
        done, _ = run(tmp_path, source)
    urls = [f"http://{HOST}/gb/t20260301_1002.html", f"http://{HOST}/jb/t20260301_2001.html"]
    with archive(tmp_path) as kept:
        known = kept.known(source.id)
        assert len({known[url].document_id for url in urls}) == 1
        sightings = kept.sightings(known[urls[0]].document_id)
        assert [(one.url, one.column) for one in sightings] == [(urls[0], "gb"), (urls[1], "jb")]
        assert kept.counts()["documents"] == 3
        assert kept.find_id(urls[1]) == kept.find_id(urls[0])
    assert done.tally.new == 3


@pytest.mark.parametrize(
    "foreign",
    ["<meta name=SiteIDCode content=5301020011>", "<meta name=SiteDomain content=www.cheap-shoes.example>"],
    ids=["code", "domain"],
)
def test_a_copy_of_another_site_is_never_archived_as_the_county_s(tmp_path, foreign):
    pages = three(**{"/gb/t20260301_1002.html": foreign + article(2)})
    with Serving([pages]) as serving:
        done, _ = run(tmp_path, a_county(serving.address, site_code="6199010007"))
    assert (done.tally.new, problems(done)) == (2, {"identity_mismatch": 1})


def test_a_whole_list_of_another_site_is_not_read(tmp_path):
    pages = three()
    pages.pages["/gb/"] = "<meta name=SiteIDCode content=5301020011>" + pages.pages["/gb/"]
    with Serving([pages]) as serving:
        done, _ = run(tmp_path, a_county(serving.address, site_code="6199010007"))
        assert asked(serving) == []
    assert problems(done) == {"identity_mismatch": 1}
