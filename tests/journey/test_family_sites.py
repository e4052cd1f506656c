"""Each CMS family on its practice site, over the wire: every list page, every article once, and nothing twice."""

from collections import Counter

import pytest
from crawling import problems, run, settings, site_source

from archive import open_archive
from desk.demo.server import Serving
from desk.demo.sites import site

SITES = ("F2", "F3", *(pytest.param(name, marks=pytest.mark.more) for name in ("F4", "F5", "F6", "F7")))


def path_of(url):
    return "/" + url.split("/", 3)[3]


def known(home, source):
    with open_archive(settings(home).archive_url) as kept:
        return set(kept.known(source.id)), kept.counts()["documents"], kept.pending(source.id)


@pytest.fixture(scope="module", params=SITES)
def twice(request, tmp_path_factory):
    """A practice site crawled twice: (home, oracle, source, first run, its requests, second run, its requests)."""
    home = tmp_path_factory.mktemp(request.param)
    served = site(request.param)
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        first, _ = run(home, source)
        before = [(asked.method, asked.path) for asked in serving.requests]
        second, _ = run(home, source)
        after = [(asked.method, asked.path) for asked in serving.requests][len(before) :]
        yield home, served.expected(), source, first, before, second, after


def test_every_article_is_fetched_and_kept_once(twice):
    home, told, source, first, asked, _, _ = twice
    addresses, documents, pending = known(home, source)
    assert addresses == set(told["article_urls"])
    assert documents == told["documents"] == first.tally.new
    assert pending == []
    assert first.outcome == "done"
    assert set(problems(first)) == {"gone"}  # the one link that leads nowhere
    counted = Counter(path for _, path in asked)
    assert {url: counted[path_of(url)] for url in told["article_urls"]} == dict.fromkeys(told["article_urls"], 1)


def test_no_list_page_is_asked_for_twice(twice):
    _, told, _, _, asked, _, _ = twice
    pages = {path_of(url).partition("#")[0] for url in told["list_urls"] if "?" not in url}
    counted = Counter(path for method, path in asked if method == "GET" and path in pages)
    # Columns named by a fragment share their page.
    several = Counter(path_of(column["url"]).partition("#")[0] for column in told["columns"].values())
    assert all(count <= several.get(path, 1) for path, count in counted.items())
    assert set(counted) == pages


def test_a_second_run_fetches_no_known_article(twice):
    _, told, _, _, _, second, asked = twice
    assert not {path for _, path in asked} & {path_of(url) for url in told["article_urls"]}
    assert second.tally.new == 0
    assert second.outcome == "done"


def test_hanweb_windows_hold_three_pages(tmp_path):
    served = site("F2")
    with Serving([served]) as serving:
        run(tmp_path, site_source(served, serving.address), columns=("tzgg",))
        windows = [asked.path.partition("?")[2] for asked in serving.requests if asked.method == "POST"]
    assert windows == ["startrecord=46&endrecord=90&perpage=15", "startrecord=91&endrecord=135&perpage=15"]


def test_the_next_generation_is_read_to_its_end(tmp_path):
    served = site("F2", variant="jpaas")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        done, _ = run(tmp_path, source)
    assert known(tmp_path, source)[0] == set(served.expected()["article_urls"])
    assert done.outcome == "done"


def test_a_server_that_ignores_page_numbers_is_reported(tmp_path):
    served = site("F2", variant="stuck")
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        done, _ = run(tmp_path, source)
    assert known(tmp_path, source)[0] == set(served.expected()["article_urls"])
    assert "list_endless" in problems(done)
    assert done.outcome == "partly"


def test_a_list_that_grew_by_thirteen_costs_thirteen_articles(tmp_path):
    old, new = site("F3"), site("F3", grow=13)
    with Serving([old]) as serving:
        run(tmp_path, site_source(old, serving.address))
    with Serving([new]) as serving:
        done, _ = run(tmp_path, site_source(new, serving.address))
        asked = {path for path in serving.paths() if path.startswith("/info/")}
    added = set(new.expected()["article_urls"]) - set(old.expected()["article_urls"])
    assert len(added) == done.tally.new == 13
    missing = {path_of(link["url"]) for link in new.expected()["skipped_links"] if link["why"] == "not_found"}
    assert asked - missing == {path_of(url) for url in added}


def test_a_directory_tree_leads_to_its_lists(tmp_path):
    served = site("F4", tree=True)
    with Serving([served]) as serving:
        source = site_source(served, serving.address)
        done, _ = run(tmp_path, source)
        asked = serving.paths()
    assert known(tmp_path, source)[0] == set(served.expected()["article_urls"])
    assert done.outcome == "done"
    assert not [path for path in asked if "null.shtml" in path]
