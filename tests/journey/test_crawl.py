"""From a list page to the archive: what is fetched, what is kept, and what happens when a site misbehaves."""

import gzip
import socket
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from crawling import HOST, Pages, a_county, article, listed, problems, run, settings, site_source
from warcio.archiveiterator import ArchiveIterator

from archive import open_archive, open_vault
from bulletin.errors import ConfigError, GongbaoError, LockedError
from bulletin.source import Manners
from crawler.locking import hold
from crawler.run import crawl
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site

HTML = (("Content-Type", "text/html; charset=utf-8"),)


def archive(home):
    return open_archive(settings(home).archive_url)


def metadata(home):
    """The metadata records of a home's vault, with their blocks."""
    for file in sorted(settings(home).vault_path.glob("*.warc.gz*")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "metadata":
                    yield record, record.content_stream().read().decode()


def captures(home):
    with open_vault(settings(home).vault_path) as vault:
        return [capture for _, capture in vault.captures()]


def titles(home, source):
    with archive(home) as kept:
        ids = {known.document_id for known in kept.known(source.id).values()}
        return sorted(kept.revision(document).harvest.title for document in ids)


def three(**more):
    return Pages(
        {"/gb/": listed("./t20260301_1001.html", "./t20260301_1002.html", "./t20260301_1003.html")}
        | {f"/gb/t20260301_100{n}.html": article(n) for n in (1, 2, 3)}
        | more
    )


@pytest.fixture(scope="module")
def f1(tmp_path_factory):
    """The practice site F1 crawled twice."""
    home = tmp_path_factory.mktemp("f1")
    served = site("F1")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        first, events = run(home, source)
        before = serving.paths()
        second, _ = run(home, source)
        yield home, served.expected(), source, first, events, before, second, serving.paths()[len(before) :]


def asked(serving, part):
    return sum(part in path for path in serving.paths())


def path_of(url):
    return "/" + url.split("/", 3)[3]


def test_every_article_is_taken_once(f1):
    home, told, source, first, _, asked, _, _ = f1
    with archive(home) as kept:
        assert set(kept.known(source.id)) == set(told["article_urls"])
        assert kept.counts()["documents"] == told["documents"]
        assert kept.pending(source.id) == []
    assert first.outcome == "done"
    assert first.tally.new == told["documents"]
    wanted = [path_of(url) for url in told["article_urls"]]
    assert sorted(path for path in asked if path in wanted) == sorted(wanted)


def test_every_list_page_is_read_once(f1):
    _, told, _, _, _, asked, _, _ = f1
    wanted = [path_of(url) for url in told["list_urls"]]
    lists = [path for path in asked if path.startswith("/zwgk/") and path.rpartition("/")[2][:5] in ("", "index")]
    assert lists == wanted


def test_what_is_no_bulletin_is_not_fetched_or_not_taken(f1):
    _, told, _, first, _, asked, _, _ = f1
    for link in told["skipped_links"]:
        assert (path_of(link["url"]) in asked) == (link["why"] == "not_found")
    assert problems(first) == {"gone": 1}


def test_a_second_crawl_fetches_no_known_article(f1):
    _, told, _, _, _, _, second, asked = f1
    assert not {path_of(url) for url in told["article_urls"]} & set(asked)
    assert (second.tally.new, second.tally.changed, second.outcome) == (0, 0, "done")


def test_every_exchange_is_in_the_vault_with_its_bytes(f1):
    home, _, _, _, _, asked, _, again = f1
    kept = captures(home)
    assert [path_of(capture.url) for capture in kept] == [*asked, *again]
    assert all(capture.wire and capture.request for capture in kept[: len(asked)])
    with archive(home) as rows:
        assert rows.counts()["captures"] == len(kept)


def test_attachments_are_kept_with_their_digests(f1):
    home, told, *_ = f1
    with archive(home) as kept:
        for url, paper in told["per_article"].items():
            harvest = kept.revision(kept.find_id(url)[0]).harvest
            assert len(harvest.attachments) == len(paper["attachments"]), url
            assert all(a.digest.startswith("sha256:") and a.size for a in harvest.attachments), url


def test_events_tell_the_whole_story(f1):
    _, told, _, first, events, *_ = f1
    names = [event["event"] for event in events]
    assert names[0] == "started"
    assert names[-1] == "finished"
    assert names.count("deposited") == len(told["article_urls"])
    assert events[-1]["tally"]["new"] == first.tally.new


def test_a_full_crawl_asks_again_but_is_spared_the_bodies(f1, tmp_path):
    served = site("F1")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        run(tmp_path, source, columns=["jb"])
        before = len(serving.requests)
        done, _ = run(tmp_path, source, columns=["jb"], full=True)
        again = serving.requests[before:]
    assert (done.tally.new, done.tally.changed) == (0, 0)
    conditional = [
        ask for ask in again if {name.lower() for name in ask.headers} & {"if-none-match", "if-modified-since"}
    ]
    assert len(conditional) == 7
    assert [c.status for c in captures(tmp_path)].count(304) == 7


def test_a_dry_run_says_what_it_would_fetch_and_changes_nothing(tmp_path):
    with Serving([three()]) as serving:
        done, events = run(tmp_path / "home", a_county(serving.address), dry_run=True)
        assert serving.paths() == ["/robots.txt", "/gb/"]
    told = [event for event in events if event["event"] == "would_fetch"]
    assert [event["url"][-9:] for event in told] == ["1001.html", "1002.html", "1003.html"]
    assert told[0]["date"] == "2026-03-01"
    assert done.id == 0
    assert not (tmp_path / "home").exists()


def test_since_and_limit(tmp_path):
    old = listed("./t20260301_1001.html", "./t20260301_1002.html").replace("2026-03-01", "2026-01-01", 1)
    with Serving([three(**{"/gb/": old})]) as serving:
        source = a_county(serving.address)
        assert run(tmp_path / "a", source, since=date(2026, 2, 1))[0].tally.new == 1
        assert run(tmp_path / "b", source, limit=1)[0].tally.new == 1
        assert run(tmp_path / "b", source)[0].tally.new == 1


def test_a_changed_list_entry_brings_a_second_revision(tmp_path):
    pages = three()
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        run(tmp_path, source)
        pages.pages["/gb/"] = pages.pages["/gb/"].replace("1002.html号事项的通知", "1002.html号事项的通知（修订）")
        pages.pages["/gb/t20260301_1002.html"] = article(
            2, "清淤期限延至下月底，台账报送期限顺延一个月，其余各项不变。"
        )
        done, _ = run(tmp_path, source)
        assert (done.tally.changed, done.tally.new) == (1, 0)
        assert asked(serving, "1001") == 1
    with archive(tmp_path) as kept:
        document = kept.find_id(f"http://{HOST}/gb/t20260301_1002.html")[0]
        assert [revision.number for revision in kept.revisions(document)] == [1, 2]


BAD = {
    "empty": Answer(200, b"", HTML),
    "soft_404": Answer(200, "<html><title>提示</title>您访问的页面不存在</html>".encode(), HTML),
    "gone": Answer(404, b"x"),
    "down": Answer(500, b"x"),
    "forbidden": Answer(403, b"x"),
    "challenged_js": Answer(521, b"x", (("X-Via-JSL", "1"),)),
    "too_large": Answer(200, gzip.compress(b" " * 9_000_000), (*HTML, ("Content-Encoding", "gzip"))),
    "too_large-deflate": Answer(200, zlib.compress(b"<p>" * 4_000_000, 9), (*HTML, ("Content-Encoding", "deflate"))),
    "too_large-plain": Answer(200, b"<p>x" * 1_500_000, HTML),
    "redirect_loop": Answer(302, b"", (("Location", "/gb/t20260301_9.html"),)),
    "redirect_loop-two": Answer(302, b"", (("Location", "/gb/back"),)),
    "off_host": Answer(302, b"", (("Location", "http://elsewhere.example/"),)),
    "off_host-metadata": Answer(302, b"", (("Location", "http://169.254.169.254/latest/"),)),
    "disconnected": Answer(200, article(2).encode(), HTML, cut=60),
    "disconnected-silent": Answer(0),
    "timeout": Answer(200, article(2).encode(), HTML, drip=1.0),
    "identity_mismatch": Answer(200, b"<meta name=SiteDomain content=spam.example>" + article(2).encode(), HTML),
    "empty-body": Answer(200, "<html><body><h1>通知</h1></body></html>".encode(), HTML),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """A list whose every second entry is a bad page."""
    home = tmp_path_factory.mktemp("bad")
    pages, links = {}, []
    for number, answer in enumerate(BAD.values(), 101):
        wrong, right = f"t20260301_{number}0.html", f"t20260301_{number}1.html"
        if answer.headers == (("Location", "/gb/t20260301_9.html"),):
            answer = Answer(302, b"", (("Location", f"/gb/{wrong}"),))
        if answer.headers == (("Location", "/gb/back"),):
            pages["/gb/back"] = Answer(302, b"", (("Location", f"/gb/{wrong}"),))
        pages |= {f"/gb/{wrong}": answer, f"/gb/{right}": article(number)}
        links += [f"./{wrong}", f"./{right}"]
    with Serving([Pages({"/gb/": listed(*links)} | pages)]) as serving:
        limits = {"max_page_size": 5_000_000, "timeout": 8.0}
        done, events = run(home, a_county(serving.address), crawling=limits)
        yield home, done, events, serving.paths()


@pytest.mark.parametrize(("number", "case"), list(enumerate(BAD, 101)), ids=BAD)
def test_a_bad_page_is_reported_with_its_code_and_words(bad, number, case):
    _, _, events, asked = bad
    told = [event for event in events if event["event"] == "problem" and event["url"].endswith(f"_{number}0.html")]
    assert [event["code"] for event in told] == [case.partition("-")[0]]
    assert told[0]["words"]
    assert sum(path.endswith(f"_{number}0.html") for path in asked) <= 10


def test_bad_pages_stop_nothing_and_become_no_bulletins(bad):
    home, done, _, _ = bad
    assert done.tally.new == len(BAD)
    assert done.outcome == "partly"
    assert len(titles(home, a_county(""))) == len(BAD)


def test_bad_pages_are_kept_as_evidence(bad):
    home, _, _, _ = bad
    kept = [capture for capture in captures(home) if capture.url.endswith("0.html")]
    assert {capture.status for capture in kept} >= {200, 302, 403, 404, 500, 521}
    assert {capture.truncated for capture in kept} >= {"length", "disconnect", "time"}


def test_what_may_be_otherwise_tomorrow_stays_pending(bad):
    home, _, _, _ = bad
    with archive(home) as kept:
        waiting = {int(seed.url[-9:-6]) for seed in kept.pending("619901_yunxiu")}
    passing = {"down", "forbidden", "challenged_js", "disconnected", "disconnected-silent", "timeout"}
    assert waiting == {number for number, case in enumerate(BAD, 101) if case in passing}


def test_what_failed_for_now_is_tried_again_and_what_is_gone_is_not_kept_waiting(tmp_path):
    pages = three(**{"/gb/t20260301_1002.html": Answer(500, b"x"), "/gb/t20260301_1003.html": Answer(404, b"x")})
    with Serving([pages]) as serving:
        source = a_county(serving.address)
        run(tmp_path, source)
        with archive(tmp_path) as kept:
            assert [seed.url[-9:] for seed in kept.pending(source.id)] == ["1002.html"]
        pages.pages["/gb/t20260301_1002.html"] = article(2)
        pages.pages["/gb/"] = listed("./t20260301_1001.html")
        assert run(tmp_path, source)[0].tally.new == 1


def test_redirects_are_followed_hop_by_hop_and_each_is_kept(tmp_path):
    moved = {
        "/gb/t20260301_1002.html": Answer(302, b"", (("Location", "/x/two"),)),
        "/x/two": Answer(301, b"", (("Location", "three.html"),)),
        "/x/three.html": article(2),
    }
    with Serving([three(**moved)]) as serving:
        done, _ = run(tmp_path, a_county(serving.address))
    assert done.tally.new == 3
    statuses = {path_of(capture.url): capture.status for capture in captures(tmp_path)}
    assert (statuses["/gb/t20260301_1002.html"], statuses["/x/two"], statuses["/x/three.html"]) == (302, 301, 200)
    via = {record.rec_headers.get_header("WARC-Target-URI"): block for record, block in metadata(tmp_path)}
    assert via == {
        f"http://{HOST}/x/two": f"via: http://{HOST}/gb/t20260301_1002.html\r\n",
        f"http://{HOST}/x/three.html": f"via: http://{HOST}/x/two\r\n",
    }
    with archive(tmp_path) as kept:
        assert f"http://{HOST}/gb/t20260301_1002.html" in kept.known("619901_yunxiu")


def test_a_redirect_to_itself_with_a_cookie_is_a_cookie_question(tmp_path):
    def door(headers):
        if "pass=1" in {name.lower(): value for name, value in headers.items()}.get("cookie", ""):
            return Answer(200, article(2).encode())
        return Answer(302, b"", (("Location", "/gb/t20260301_1002.html"), ("Set-Cookie", "pass=1")))

    with Serving([three(**{"/gb/t20260301_1002.html": door})]) as serving:
        assert run(tmp_path, a_county(serving.address))[0].tally.new == 3


def test_retry_after_is_honoured_once(tmp_path):
    busy = Answer(429, b"slow", (("Retry-After", "1"),))
    with Serving([three()]) as serving:
        serving.fail("1002", busy, times=1)
        done, _ = run(tmp_path / "a", a_county(serving.address))
        assert (done.tally.new, problems(done)) == (3, {})
    with Serving([three(**{"/gb/t20260301_1002.html": busy})]) as serving:
        done, _ = run(tmp_path / "b", a_county(serving.address))
        assert (asked(serving, "1002"), problems(done)) == (2, {"rate_limited": 1})


def test_a_page_that_vanishes_during_the_crawl(tmp_path):
    with Serving([three()]) as serving:
        serving.fail("1003", Answer(404, b"gone"))
        done, _ = run(tmp_path, a_county(serving.address))
    assert (done.tally.new, problems(done), done.outcome) == (2, {"gone": 1}, "done")


def test_a_known_article_that_vanishes_is_not_yet_withdrawn_and_stays_kept(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address)
        run(tmp_path, source)
        serving.fail("1003", Answer(404, b"gone"))
        done, _ = run(tmp_path, source, full=True)
    assert (done.tally.withdrawn, problems(done)) == (0, {"gone": 1})
    assert len(titles(tmp_path, source)) == 3


def test_a_list_that_never_ends(tmp_path):
    def more(number):
        return f"<a href='?page={number + 1}'>下一页</a>"

    def same(headers):
        return Answer(200, listed("./t20260301_1001.html", more=more(1)).encode())

    pages = three(
        **{"/gb/": same, **{f"/gb/?page={n}": listed("./t20260301_1001.html", more=more(n)) for n in range(2, 50)}}
    )
    with Serving([pages]) as serving:
        done, _ = run(tmp_path, a_county(serving.address, family="generic"))
        assert asked(serving, "/gb/") <= 6
    assert "list_endless" in problems(done)
    assert done.outcome == "partly"


@pytest.mark.parametrize("robots", [Answer(403, b"x"), Answer(401, b"x"), Answer(500, b"x"), Answer(0)])
def test_without_consent_we_stay_away_and_say_so(tmp_path, robots):
    with Serving([three(**{"/robots.txt": robots})]) as serving:
        done, _ = run(tmp_path, a_county(serving.address))
        assert set(serving.paths()) == {"/robots.txt"}
    assert (done.outcome, done.tally.new) == ("blocked", 0)
    assert problems(done) == {"robots_unknown": 1}
    assert "robots.txt" in done.reason


def test_robots_rules_are_obeyed_and_kept(tmp_path):
    rules = b"User-agent: *\nDisallow: /gb/t20260301_1002\n"
    with Serving([three(**{"/robots.txt": Answer(200, rules, (("Content-Type", "text/plain"),))})]) as serving:
        done, _ = run(tmp_path, a_county(serving.address))
        assert asked(serving, "1002") == 0
    assert (done.tally.new, problems(done)) == (2, {"robots_forbidden": 1})
    assert captures(tmp_path)[0].body == rules


def test_three_refusals_in_a_row_and_we_leave(tmp_path):
    with Serving([three()]) as serving:
        serving.fail("t20260301", Answer(403, b"x"))
        done, _ = run(tmp_path, a_county(serving.address))
        assert asked(serving, "t20260301") == 3
    assert (problems(done), done.outcome) == ({"forbidden": 3}, "partly")
    with archive(tmp_path) as kept:
        assert len(kept.pending("619901_yunxiu")) == 3


def test_a_site_that_is_down(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody else has this port, and nobody listens at it
        done, _ = run(tmp_path, a_county(f"127.0.0.1:{taken.getsockname()[1]}"))
    assert done.outcome == "failed"
    assert problems(done) == {"down": 1}
    assert "robots.txt" in done.reason


def test_a_private_address_is_refused_unless_the_source_is_meant_for_it(tmp_path):
    with Serving([three()]) as serving:
        port = serving.address.rpartition(":")[2]
        source = a_county(serving.address, host=f"127.0.0.1:{port}", resolve=(), hosts=("127.0.0.1",))
        done, _ = run(tmp_path / "a", source)
        assert problems(done) == {"private_address": 1}
        assert serving.paths() == []
        done, _ = run(tmp_path / "b", source, crawling={"private_hosts": True, "delay": 0.0})
        assert done.tally.new == 3


def test_we_say_who_we_are(tmp_path):
    with Serving([three()]) as serving:
        contact = {"user_agent": "Gongbao/0.1 (+https://a.example)", "contact": "archive@a.example"}
        run(tmp_path, a_county(serving.address), crawling=contact)
        assert serving.requests
        for ask in serving.requests:
            headers = {name.lower(): value for name, value in ask.headers.items()}
            assert headers["user-agent"] == "Gongbao/0.1 (+https://a.example; archive@a.example)"
            assert headers["from"] == "archive@a.example"
            assert ask.host == HOST


def test_a_limit_of_requests(tmp_path):
    with Serving([three()]) as serving:
        done, _ = run(tmp_path, a_county(serving.address, manners=Manners(delay=0.0, max_requests=4)))
        assert len(serving.requests) == 4
    assert "limit" in done.reason
    with archive(tmp_path) as kept:
        assert kept.pending("619901_yunxiu")


def test_an_article_in_pages_is_stitched_and_a_missing_page_is_reported(tmp_path):
    served = site("paged")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        done, _ = run(tmp_path, source)
    told = served.expected()
    assert done.tally.new == told["documents"]
    with archive(tmp_path) as kept:
        for url, paper in told["per_article"].items():
            pages = kept.revision(kept.find_id(url)[0]).harvest.pages
            if paper["page_count"] > 1:
                assert (pages.of, list(pages.missing)) == (paper["page_count"], list(paper["missing_pages"])), url


def test_several_sources_at_once(tmp_path):
    other = Pages(three().pages, host="www.songquan.example")
    with Serving([three(), other]) as serving:
        second = replace(a_county(serving.address, host=other.host), id="619902_songquan", region="619902")
        runs = crawl([a_county(serving.address), second], settings(tmp_path))
    assert [(done.source_id, done.tally.new) for done in runs] == [("619901_yunxiu", 3), ("619902_songquan", 3)]


def test_one_crawl_of_a_source_at_a_time(tmp_path):
    with hold(tmp_path, "619901_yunxiu"), pytest.raises(LockedError, match="being crawled"):
        run(tmp_path, a_county("127.0.0.1:9"))


def test_a_run_left_behind_by_a_dead_process_is_ended(tmp_path):
    with archive(tmp_path) as kept:
        kept.begin_run("619901_yunxiu", "manual", datetime.now(UTC))
    with Serving([three()]) as serving:
        run(tmp_path, a_county(serving.address))
    with archive(tmp_path) as kept:
        assert [left.outcome for left in kept.runs("619901_yunxiu")] == ["done", "interrupted"]


def test_a_vault_that_cannot_be_opened_is_said_and_the_run_has_failed(tmp_path):
    (tmp_path / "vault").write_text("not a folder", encoding="utf-8")
    with pytest.raises(GongbaoError) as raised:
        run(tmp_path, a_county("127.0.0.1:9"))
    assert raised.value.advice
    with archive(tmp_path) as kept:
        assert [left.outcome for left in kept.runs("619901_yunxiu")] == ["failed"]


def test_a_column_nobody_has_is_named(tmp_path):
    with pytest.raises(ConfigError, match="'bg'"):
        run(tmp_path, a_county("127.0.0.1:9"), columns=["bg"])
