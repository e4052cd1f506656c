"""A county that publishes its bulletin as issues: the column lists the issues, an issue's page names its documents."""

from datetime import UTC, datetime, timedelta

import pytest
from crawling import HOST, Pages, a_county, article, problems, run, settings

from archive import open_archive
from bulletin.ledger import DELISTED, GONE, LISTED, WITHDRAWN
from bulletin.source import Revisits
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.tasks.replaying import replay
from desk.wiring import Home

DAY = datetime(2019, 5, 6, 2, 0, tzinfo=UTC)
NEIGHBOUR = "http://www.songquan.example/wj/t20190401_700.html"
REVISITS = Revisits(longest=7.0)


def on(day):
    return DAY + timedelta(days=day)


def issue_path(issue):
    return f"/gb/t2019040{issue}_10{issue}.html"


def paper(number):
    return f"/wj/201904/t20190402_{number}.html"


def contents(issue, *links):
    """The page of an issue: nothing but its titles, each a link."""
    title = f"云岫县人民政府公报2019年第{issue}期"
    lines = "".join(
        f"<p><a href='{link}'>云岫县人民政府关于第{n}件事项的通知（云政发〔2019〕{issue}{n}号）</a></p>"
        for n, link in enumerate(links, 1)
    )
    head = f"<title>{title}</title><meta name=ArticleTitle content='{title}'><meta name=PubDate content='2019-04-02'>"
    body = f"<h1>{title}</h1><div class=TRS_Editor><p><b>县政府文件</b></p>{lines}</div>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


def issues_listed(*issues):
    rows = "".join(
        f"<li><a href='.{issue_path(n)[3:]}'>云岫县人民政府公报2019年第{n}期</a><span>2019-04-0{n}</span></li>"
        for n in issues
    )
    return f"<html><body><ul class=list>{rows}</ul></body></html>"


def a_bulletin():
    """Two issues of three documents each, one of them the neighbour's."""
    pages = {
        "/gb/": issues_listed(2, 1),
        issue_path(1): contents(1, paper(101), paper(102), paper(103)),
        issue_path(2): contents(2, paper(201), paper(202), NEIGHBOUR),
    }
    return Pages(pages | {paper(n): article(n) for n in (101, 102, 103, 201, 202)})


@pytest.fixture
def county(tmp_path):
    pages = a_bulletin()
    with Serving([pages]) as serving:
        yield County(tmp_path, pages, serving)


class County:
    """The county served, its home, and the source that describes it."""

    def __init__(self, home, pages, serving):
        self.home, self.pages, self.serving = home, pages.pages, serving
        self.source = a_county(serving.address, revisits=REVISITS)

    def crawl(self, day, **options):
        """The run, and the papers asked for in it, in their order."""
        at = len(self.serving.requests)
        done, _ = run(self.home, self.source, now=on(day), **options)
        return done, [path for path in self.serving.paths()[at:] if path.endswith(".html")]

    def look(self, path, find):
        with open_archive(settings(self.home).archive_url) as kept:
            return find(kept, kept.find_id(f"http://{HOST}{path}")[0])

    def harvest(self, path):
        return self.look(path, lambda kept, one: kept.revision(one).harvest)

    def status(self, path):
        return self.look(path, lambda kept, one: kept.document(one).status)

    def statuses(self):
        with open_archive(settings(self.home).archive_url) as kept:
            return {kept.document(known.document_id).status for known in kept.known(self.source.id).values()}


def test_the_documents_of_an_issue_become_bulletins_of_its_column(county):
    done, asked = county.crawl(0)
    assert done.tally.new == 7
    assert problems(done) == {}
    assert sorted(asked) == sorted([issue_path(1), issue_path(2), *map(paper, (101, 102, 103, 201, 202))])
    harvest = county.harvest(paper(102))
    assert (harvest.title, harvest.issue, harvest.issue_number) == ("云岫县人民政府第102号通知", "2019年第1期", 1)
    assert dict(harvest.evidence)["issue"].origin == "contents"
    assert county.look(paper(102), lambda kept, one: kept.document(one).column) == "gb"
    assert county.statuses() == {LISTED}


def test_a_document_on_another_host_is_not_followed_and_that_is_said(county):
    done, _ = county.crawl(0)
    (note,) = done.tally.notes
    assert note == f"http://{HOST}{issue_path(2)} names 1 of 3 on another host: not followed"
    doubts = [doubt.reason for doubt in county.harvest(issue_path(2)).doubts if doubt.field == "rows"]
    assert doubts == [f"not followed, on another host: {NEIGHBOUR}"]
    assert not [request for request in county.serving.requests if "songquan" in str(request)]


def test_a_second_crawl_finds_nothing_new_and_misses_nothing(county):
    county.crawl(0)
    done, asked = county.crawl(0.1)
    assert (done.tally.new, done.tally.changed, asked) == (0, 0, [])
    assert done.tally.notes == ()
    full, asked = county.crawl(0.2, full=True)
    assert (full.tally.new, full.tally.changed, len(asked)) == (0, 0, 7)
    assert county.statuses() == {LISTED}


def test_a_document_added_to_an_issue_is_all_that_a_later_crawl_finds(county):
    county.crawl(0)
    county.pages[issue_path(1)] = contents(1, paper(101), paper(102), paper(103), paper(104))
    county.pages[paper(104)] = article(104)
    done, asked = county.crawl(9)
    assert (done.tally.new, done.tally.changed) == (1, 1)
    assert asked.count(paper(104)) == 1
    assert county.harvest(paper(104)).issue == "2019年第1期"
    assert county.look(issue_path(1), lambda kept, one: kept.document(one).revisions) == 2
    assert county.statuses() == {LISTED}


def test_a_document_that_disappears_is_withdrawn_as_any_other(county):
    county.crawl(0)
    del county.pages[paper(102)]
    done, _ = county.crawl(9)
    assert problems(done) == {"gone": 1}
    assert county.status(paper(102)) == GONE
    for day in (11, 14):
        done, _ = county.crawl(day)
    assert (done.tally.withdrawn, county.status(paper(102))) == (1, WITHDRAWN)
    assert county.status(paper(101)) == LISTED


def test_a_document_that_its_issue_names_no_more_is_asked_for_and_delisted(county):
    county.crawl(0)
    county.pages[issue_path(1)] = contents(1, paper(101), paper(103), "/wj/201904/t20190402_104.html")
    county.pages[paper(104)] = article(104)
    done, _ = county.crawl(9)
    assert county.status(paper(102)) == DELISTED
    assert "1 bulletins are no longer in their lists" in done.tally.notes
    county.pages[issue_path(1)] = contents(1, paper(101), paper(102), paper(103), paper(104))
    county.crawl(18)
    assert county.statuses() == {LISTED}


def test_with_an_issue_that_its_list_shows_no_more_its_documents_leave_the_list(county):
    county.crawl(0)
    county.pages["/gb/"] = issues_listed(2)
    county.crawl(0.1)
    assert [county.status(path) for path in (issue_path(1), paper(101), issue_path(2), paper(201))] == [
        DELISTED, DELISTED, LISTED, LISTED,
    ]  # fmt: skip


def test_contents_named_by_contents_lead_no_further(county):
    county.pages[issue_path(2)] = contents(2, paper(201), paper(202), "/gb/old.html")
    county.pages["/gb/old.html"] = contents(9, paper(901), paper(902), paper(903))
    _, asked = county.crawl(0)
    assert "/gb/old.html" in asked
    assert not [path for path in asked if "_90" in path]
    again, asked = county.crawl(9)
    assert (again.tally.new, [path for path in asked if "_90" in path]) == (0, [])


def test_a_limit_leaves_the_rest_of_an_issue_waiting(county):
    done, asked = county.crawl(0, limit=4)
    assert (done.tally.new, len(asked)) == (4, 4)
    done, _ = county.crawl(0.1)
    assert done.tally.new == 3
    assert county.harvest(paper(103)).issue == "2019年第1期"
    assert county.statuses() == {LISTED}


def test_robots_rules_hold_for_the_documents_of_an_issue(county):
    county.pages["/robots.txt"] = Answer(200, b"User-agent: *\nDisallow: /wj/\n", (("Content-Type", "text/plain"),))
    done, asked = county.crawl(0)
    assert done.tally.new == 2
    assert not [path for path in asked if path.startswith("/wj/")]
    assert problems(done) == {"robots_forbidden": 5}


def test_a_bulletin_met_in_a_list_before_its_issue_is_no_other_state_of_it(county):
    """The issue it stands in is learnt later; nothing of the bulletin has changed."""
    county.pages["/gb/"] = issues_listed(2)
    other = "/tzgg/t20190402_101.html"
    county.pages["/tzgg/"] = f"<ul class=list><li><a href='{other}'>第101号通知</a><span>2019-04-02</span></li></ul>"
    county.source = a_county(county.serving.address, columns=("tzgg", "gb"), revisits=REVISITS)
    county.pages[other] = article(101)
    county.crawl(0)
    county.pages["/gb/"] = issues_listed(2, 1)
    county.pages[issue_path(1)] = contents(1, other, paper(102), paper(103))
    county.crawl(1)
    county.crawl(10)
    assert county.harvest(other).issue == "2019年第1期"
    assert county.look(other, lambda kept, one: kept.document(one).revisions) == 1


def test_what_was_kept_before_contents_were_followed_is_followed_from_then_on(county):
    """An issue that answers 304 is followed as it was kept; here it was kept by a crawl that was not to follow it."""
    county.crawl(0, limit=1)
    with open_archive(settings(county.home).archive_url) as kept:
        for seed in kept.pending(county.source.id):
            kept.dequeue(county.source.id, seed.url)
    county.pages[issue_path(2)] = Answer(304)
    done, _ = county.crawl(9)
    assert done.tally.new == 6


def test_a_replay_reads_issues_and_their_documents_as_the_crawl_did(county):
    county.crawl(0)
    with Home(settings(county.home)) as home:
        replayed = replay(home, dry_run=True)
    assert (replayed.read, replayed.changed, replayed.failed) == (7, [], [])
