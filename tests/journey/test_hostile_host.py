"""H1: every path ends in its code, within its time, and without a storm of requests."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from crawling import problems, run, settings, site_source

from archive import open_archive, open_vault
from crawler.run import crawl
from desk.demo.h1 import OUTCOMES
from desk.demo.server import Serving
from desk.demo.sites import site

#: How often a path may be asked for: once, and what following a redirect or one second try needs.
MOST_ASKED = {"/loop/": 9, "/ct6/": 2, "/429/": 2, "/slow/": 2}


def on_its_own(path, number, serving):
    """A source for one path of H1, under a host name of its own, so that all of them are crawled side by side."""
    source = site_source(site("H1"), serving.address)
    host = f"h1-{number}.yunxiu.example"
    columns = tuple(replace(column, url=f"http://{host}/list.html") for column in source.columns)
    home = f"http://{host}/"
    named = f"h1_{number}"
    return replace(source, id=named, url=home, hosts=(host,), columns=columns, resolve=((host, serving.address),))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Each path crawled: path -> (run, events, paths asked for)."""
    home = tmp_path_factory.mktemp("h1")
    with ExitStack() as stack:
        servings = {path: stack.enter_context(Serving([site("H1", only=[path])])) for path in OUTCOMES}
        servings["/429/"].fail(
            "^/429/", lambda answer: replace(answer, headers=(*answer.headers[:1], ("Retry-After", "1")))
        )
        sources = [on_its_own(path, number, serving) for number, (path, serving) in enumerate(servings.items())]
        events = []
        slow = [at for at, path in enumerate(servings) if OUTCOMES[path] == "timeout"]
        rest = [source for at, source in enumerate(sources) if at not in slow]
        done = crawl(rest, settings(home), on_event=events.append)
        done += crawl([sources[at] for at in slow], settings(home, timeout=8.0), on_event=events.append)
        by_source = {run.source_id: run for run in done}
        runs = [by_source[source.id] for source in sources]
        yield (
            home,
            {
                path: (done, [event for event in events if event.get("source") == done.source_id], serving.paths())
                for done, (path, serving) in zip(runs, servings.items(), strict=True)
            },
        )


@pytest.mark.parametrize("path", OUTCOMES)
def test_it_ends_in_its_code(hostile, path):
    done, events, _ = hostile[1][path]
    told = {event["code"]: event["words"] for event in events if event["event"] == "problem"}
    if OUTCOMES[path] == "read":
        assert (done.tally.new, told, done.outcome) == (1, {}, "done")
    else:
        assert done.tally.new == 0
        assert set(told) == {OUTCOMES[path]}
        assert all(told.values())
        assert problems(done) == {OUTCOMES[path]: 1}


@pytest.mark.parametrize("path", OUTCOMES)
def test_it_is_asked_for_no_more_than_needed(hostile, path):
    _, _, asked = hostile[1][path]
    assert 1 <= asked.count(path) <= MOST_ASKED.get(path, 1)
    assert len(asked) <= 2 + MOST_ASKED.get(path, 1)  # robots.txt and the list


def test_what_was_answered_is_kept_as_evidence_and_nothing_bad_as_a_bulletin(hostile):
    home, _ = hostile
    with open_archive(settings(home).archive_url) as kept:
        assert kept.counts()["documents"] == sum(outcome == "read" for outcome in OUTCOMES.values())
    with open_vault(settings(home).vault_path) as vault:
        statuses = [capture.status for _, capture in vault.captures()]
    assert {521, 412, 403, 429, 302} <= set(statuses)


def test_a_second_crawl_asks_again_only_for_what_may_be_otherwise(hostile, tmp_path):
    """A mirror, a shell or a page that is not there does not wait; a refusal does."""
    home, crawled = hostile
    with open_archive(settings(home).archive_url) as kept:
        waiting = {path for path, (done, _, _) in crawled.items() if kept.pending(done.source_id)}
    assert waiting == {"/jsl/", "/rs/", "/wzws/", "/429/", "/slow/"}


def test_after_three_refusals_of_a_kind_the_host_is_left_alone(tmp_path):
    with Serving([site("H1", only=["/jsl/", "/rs/"])]) as serving:
        serving.fail(r"^/list", lambda answer: replace(answer, body=answer.body.replace(b"</ul>", MORE + b"</ul>")))
        serving.fail(r"^/jsl/\d", site("H1").answer("GET", "/jsl/", {}, b""))
        source = site_source(site("H1"), serving.address)
        done, _ = run(tmp_path, source)
        guarded = [path for path in serving.paths() if path.startswith(("/jsl/", "/rs/"))]
    assert 3 <= len(guarded) <= 5  # on this machine five may be under way when the first refusal is read
    assert problems(done) == {"challenged_js": len(guarded)}
    assert "challenged_js" in done.reason


MORE = b"".join(b'<li><a href="/jsl/%d.html">x y z x y z x y z</a><span>2026-03-01</span></li>' % n for n in range(9))


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_host_whose_robots_cannot_be_read_is_not_crawled(tmp_path, status):
    with Serving([site("H1", robots=status)]) as serving:
        done, _ = run(tmp_path, site_source(site("H1"), serving.address), crawling={"retries": 0})
        assert set(serving.paths()) == {"/robots.txt"}
    assert (done.outcome, problems(done)) == ("blocked", {"robots_unknown": 1})


def secure(serving, **changes):
    source = site_source(site("H1", only=["/gz/"]), serving.address)
    columns = tuple(replace(column, url=column.url.replace("http:", "https:")) for column in source.columns)
    return replace(source, url=source.url.replace("http:", "https:"), columns=columns, **changes)


@pytest.mark.parametrize("tls", ["expired", "self-signed"])
def test_a_certificate_nobody_should_trust_is_not_trusted(tmp_path, tls):
    with Serving([site("H1", only=["/gz/"])], tls=tls) as serving:
        done, _ = run(tmp_path, secure(serving))
        assert serving.paths() == []
    assert (done.outcome, problems(done)) == ("failed", {"tls_failed": 1})


def test_unless_the_source_says_so(tmp_path):
    with Serving([site("H1", only=["/gz/"])], tls="self-signed") as serving:
        done, _ = run(tmp_path, secure(serving, verify_tls=False))
    assert (done.tally.new, problems(done)) == (1, {})


def test_a_host_without_an_address(tmp_path):
    source = replace(site_source(site("H1"), "127.0.0.1:9"), resolve=(), hosts=("h1.yunxiu.invalid",))
    columns = tuple(replace(column, url="http://h1.yunxiu.invalid/list.html") for column in source.columns)
    done, _ = run(tmp_path, replace(source, url="http://h1.yunxiu.invalid/", columns=columns), crawling={"delay": 0.0})
    assert (done.outcome, problems(done)) == ("failed", {"dns_failed": 1})


@pytest.mark.more
def test_thirty_seconds_of_patience_are_had_once(tmp_path):
    with Serving([site("H1", only=["/429/"])]) as serving:
        done, _ = run(tmp_path, site_source(site("H1"), serving.address))
        assert serving.paths().count("/429/") == 2
    assert problems(done) == {"rate_limited": 1}
    assert done.ended_at
    assert (done.ended_at - done.started_at).total_seconds() >= 30
