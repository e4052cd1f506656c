"""Limits that a source or a home sets: what lies beyond them waits for another crawl."""

from datetime import UTC, datetime, timedelta

from crawling import Pages, a_county, article, listed, problems, run, settings

from archive import open_archive
from bulletin.record import CHINA
from bulletin.source import Manners
from desk.demo.server import Serving


def three():
    pages = {"/gb/": listed(*(f"./t20260301_100{n}.html" for n in (1, 2, 3)))}
    return Pages(pages | {f"/gb/t20260301_100{n}.html": article(n) for n in (1, 2, 3)})


def other_hours():
    """A span of two hours that does not hold this moment, nor the next ones."""
    start = datetime.now(UTC).astimezone(CHINA) + timedelta(hours=6)
    return f"{start:%H}:00-{start + timedelta(hours=2):%H}:00"


#: A moment far from the end of a day (Asia/Shanghai).
FORENOON = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)


def pending(home):
    with open_archive(settings(home).archive_url) as kept:
        return len(kept.pending("619901_yunxiu"))


def test_outside_the_permitted_hours_nothing_is_asked(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address, manners=Manners(delay=0.0, hours=other_hours()))
        done, _ = run(tmp_path, source)
        assert serving.paths() == []
        assert (done.outcome, done.tally.failed, done.tally.blocked) == ("partly", 0, 0)
        assert "hours" in done.reason
        assert run(tmp_path, a_county(serving.address), crawling={"hours": other_hours()})[0].tally.requests == 0
        assert run(tmp_path, a_county(serving.address))[0].tally.new == 3


def test_a_source_s_own_hours_go_before_the_home_s(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address, manners=Manners(delay=0.0, hours="00:00-24:00"))
        assert run(tmp_path, source, crawling={"hours": other_hours()})[0].tally.new == 3


def test_a_day_s_bytes_end_the_crawl_and_the_next_one_of_that_day(tmp_path):
    with Serving([three()]) as serving:
        source = a_county(serving.address, manners=Manners(delay=0.0, max_bytes_per_day=1_000))
        first, _ = run(tmp_path, source, now=FORENOON)
        assert "bytes" in first.reason
        assert problems(first) == {}
        assert 0 < first.tally.new < 3
        assert pending(tmp_path) == 3 - first.tally.new
        before = len(serving.requests)
        second, _ = run(tmp_path, source, now=FORENOON + timedelta(hours=1))
        assert len(serving.requests) == before
        assert second.tally.requests == 0
        third, _ = run(tmp_path, a_county(serving.address), now=FORENOON + timedelta(hours=2))
        assert third.tally.new == 3 - first.tally.new
    assert pending(tmp_path) == 0
