"""A site that lives, crawled day by day: whatever happens to it is told at the first run that meets it."""

from datetime import UTC, date, datetime, time, timedelta
from shutil import copytree

import pytest
from crawling import run, settings, site_source

from archive import open_archive
from bulletin.record import CHINA
from desk.demo.changing import Changing
from desk.demo.server import Serving
from desk.health.workdays import is_workday
from desk.tasks.health import histories, judge_run

pytestmark = pytest.mark.timeout(1200)

TODAY = date(2026, 4, 1)


class Watched:
    """A living site and a home that is crawled on the days it is told to."""

    def __init__(self, home, serving, site):
        self.home, self.site = home, site
        self.source = site_source(site, serving.address)
        with open_archive(settings(home).archive_url) as archive:
            archive.put_source(self.source)

    def crawl(self, day):
        """Crawl at three in the morning of the next day; the condition, or None."""
        self.site.today = day
        now = datetime.combine(day + timedelta(1), time(3), CHINA).astimezone(UTC)
        done, _ = run(self.home, self.source, now=now)
        with open_archive(settings(self.home).archive_url) as archive:
            return judge_run(archive, done)

    def rhythm(self, day):
        with open_archive(settings(self.home).archive_url) as archive:
            column = next(histories(archive, self.source, {}, None, day))
        return column.rhythm(day)


def next_workday(day):
    day += timedelta(1)
    return day if is_workday(day) else next_workday(day)


@pytest.fixture(scope="module")
def well(tmp_path_factory):
    """A home whose source was crawled three times, and was well."""
    home = tmp_path_factory.mktemp("well")
    site = Changing(TODAY - timedelta(2))
    with Serving([site]) as serving:
        seen = Watched(home, serving, site)
        for ago in (2, 1, 0):
            condition = seen.crawl(TODAY - timedelta(ago))
            assert (condition.word, condition.findings) == ("normal", ())
    return home


@pytest.fixture
def watched(well, tmp_path):
    home = tmp_path / "home"
    copytree(well, home)
    site = Changing(TODAY)
    with Serving([site]) as serving:
        yield Watched(home, serving, site)


@pytest.mark.parametrize(
    ("mishap", "word", "code"),
    [
        ("redesigned", "redesigned", "template_changed"),
        ("moved", "redesigned", "list_lost"),
        ("scripted", "redesigned", "list_lost"),
        ("challenged", "blocked", "blocked"),
        ("guarded", "blocked", "blocked"),
        ("down", "fault", "unreachable"),
        ("another_code", "redesigned", "site_code_changed"),
        ("upside_down", "redesigned", "order_broken"),
    ],
)
def test_what_happens_to_a_site_is_told_at_the_first_run(watched, mishap, word, code):
    day = next_workday(TODAY)
    watched.site.happen(mishap, day)
    condition = watched.crawl(day)
    assert condition.word == word
    assert code in [finding.code for finding in condition.findings if finding.word == word]
    assert condition.since.date() == day


def test_a_site_that_is_well_again_is_called_so(watched):
    day = next_workday(TODAY)
    watched.site.happen("challenged", day)
    assert watched.crawl(day).word == "blocked"
    watched.site.happen("", day)
    better = watched.crawl(next_workday(day))
    assert (better.word, better.since.date()) == ("normal", next_workday(day))


def test_page_one_for_ever_is_told_when_the_second_page_is_asked_for(watched):
    watched.site.happen("stuck", TODAY)
    day = TODAY + timedelta(21)
    condition = watched.crawl(day)
    assert (condition.word, condition.findings[0].code) == ("redesigned", "list_lost")
    assert "page 1 again" in condition.findings[0].reason


def test_page_one_for_ever_from_the_first_day_on(tmp_path):
    site = Changing(TODAY)
    site.happen("stuck", TODAY)
    with Serving([site]) as serving:
        condition = Watched(tmp_path, serving, site).crawl(TODAY)
    assert condition.word == "redesigned"


def test_silence_is_told_on_the_first_day_it_is_abnormal(watched):
    watched.site.happen("silent", next_workday(TODAY))
    due = watched.rhythm(TODAY).broken_from
    before = watched.crawl(due - timedelta(2))
    assert before.word == "normal"
    condition = watched.crawl(due - timedelta(1))
    assert (condition.word, condition.findings[0].code) == ("stalled", "silent")
    assert str(TODAY) in condition.findings[0].reason
    assert (due - TODAY).days <= 7


@pytest.mark.parametrize(
    ("mishap", "code"), [("unnumbered", "numbers_missing"), ("cut_short", "bodies_collapsed"), ("garbled", "garbled")]
)
def test_bulletins_that_lose_something_are_told_within_a_few(watched, mishap, code):
    """One bulletin proves nothing; four do."""
    watched.site.happen(mishap, next_workday(TODAY))
    condition = watched.crawl(TODAY + timedelta(7))
    assert condition.word == "redesigned"
    assert code in [finding.code for finding in condition.findings]


def test_a_new_template_is_believed_in_the_end(watched):
    day = next_workday(TODAY)
    watched.site.happen("redesigned", day)
    words = []
    for _ in range(4):
        words.append(watched.crawl(day).word)
        day = next_workday(day)
    assert words == ["redesigned", "redesigned", "redesigned", "normal"]
