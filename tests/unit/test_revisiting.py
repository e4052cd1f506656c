"""Recent articles often, old ones rarely."""

import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import a_source
from hypothesis import given
from hypothesis import strategies as st

from bulletin.document import Known
from bulletin.errors import ConfigError
from bulletin.source import Column, Revisits, Seed
from crawler.catalogue import dump_source, source_of, table_of
from crawler.errand import Errand
from crawler.families.family import Ask, Listing
from crawler.frontier import Frontier
from crawler.revisiting import due, pause_after
from crawler.steps import ArticleStep

NOW = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)
POLICY = Revisits(share=0.25, shortest=1, longest=180, most=100)


def known(number, published, visited_days_ago, column="gb"):
    visited = NOW - timedelta(days=visited_days_ago) if visited_days_ago is not None else None
    return Known(f"http://a/{number}", f"id{number}", column, visited_at=visited, published_on=published)


def urls(seeds):
    return [seed.url for seed in seeds]


@pytest.mark.parametrize(("days", "pause"), [(0, 1), (2, 1), (4, 1), (40, 10), (400, 100), (7000, 180)])
def test_the_pause_grows_with_age_between_its_ends(days, pause):
    assert pause_after(timedelta(days=days), POLICY) == timedelta(days=pause)


def test_recent_ones_are_due_and_old_ones_are_not():
    fresh, old = known(1, date(2026, 3, 29), 2), known(2, date(2020, 1, 1), 2)
    assert urls(due([fresh, old], POLICY, NOW)) == ["http://a/1"]


def test_an_old_one_is_due_after_its_long_pause():
    assert urls(due([known(2, date(2020, 1, 1), 181)], POLICY, NOW)) == ["http://a/2"]


def test_the_longest_overdue_come_first_and_no_more_than_allowed():
    several = [known(n, date(2026, 3, 20), n) for n in range(3, 9)]
    assert urls(due(several, Revisits(most=2), NOW)) == ["http://a/8", "http://a/7"]


def test_one_that_was_never_asked_for_is_not_due():
    assert due([known(1, date(2020, 1, 1), None)], POLICY, NOW) == []


def test_a_policy_of_nothing_means_never():
    several = [known(1, date(2026, 3, 29), 100)]
    assert due(several, Revisits(share=0), NOW) == []
    assert due(several, Revisits(most=0), NOW) == []


def test_only_the_columns_asked_for():
    several = [known(1, date(2026, 3, 29), 9), known(2, date(2026, 3, 29), 9, "jb")]
    assert urls(due(several, POLICY, NOW, ("jb",))) == ["http://a/2"]


def test_a_revisit_knows_how_its_list_showed_it():
    """Or a page without a date of its own would lose the one its list gave, and seem changed."""
    one = Known("http://a/1", "id", "gb", "", "", "", "题", "2026-03-01", NOW - timedelta(days=9), date(2026, 3, 1))
    assert due([one], POLICY, NOW) == [Seed("http://a/1", "gb", "题", "2026-03-01")]


@given(st.integers(0, 20_000), st.floats(0, 5), st.floats(0, 50), st.floats(0, 500))
def test_the_pause_never_shrinks_with_age(days, share, shortest, more):
    policy = Revisits(share, shortest, shortest + more)
    assert pause_after(timedelta(days=days), policy) <= pause_after(timedelta(days=days + 1), policy)


def test_a_year_of_an_article_is_a_handful_of_visits():
    day, visits = 0.0, 0
    while day < 365:
        day += pause_after(timedelta(days=day), POLICY) / timedelta(days=1)
        visits += 1
    assert visits < 30


def test_the_policy_goes_into_the_source_file_and_back():
    source = a_source(revisits=Revisits(share=0.5, most=7))
    assert source_of(tomllib.loads(dump_source(source))) == source
    with pytest.raises(ConfigError, match="revisits"):
        source_of(table_of(source) | {"revisits": {"shortest": 10.0, "longest": 2.0}})
    with pytest.raises(ConfigError, match="no key 'mots'"):
        source_of(table_of(source) | {"revisits": {"mots": 1}})


# -- in the walk ------------------------------------------------------------------------------------------------------

COLUMN = Column("gb", "政府公报", "http://www.yunxiu.example/gb/")


def walk_over(*numbers, errand=None):
    old = [Known(f"http://www.yunxiu.example/gb/{n}.html", f"id{n}", "gb") for n in numbers]
    seeds = [Seed(one.url, "gb") for one in old]
    walk = Frontier(
        a_source(columns=(COLUMN,)),
        errand or Errand(),
        known={one.url: one for one in old},
        pending=(),
        swept={"gb": True},
        first={"gb": Ask(COLUMN.url)},
        max_pages=9,
        due=seeds,
    )
    return walk, seeds


def test_what_is_new_goes_before_what_is_due():
    from bulletin.harvest import Row

    walk, seeds = walk_over(1, 2)
    walk.next()
    walk.listed("gb", Listing((Row("新", "http://www.yunxiu.example/gb/9.html"), Row("旧", seeds[0].url))))
    assert walk.next().seed.url.endswith("/9.html")
    again = [walk.next(), walk.next()]
    assert [step.seed for step in again] == seeds
    assert [(step.known.document_id, step.sighted) for step in again] == [("id1", True), ("id2", False)]
    assert walk.next() is None
    assert walk.done


def test_what_was_visited_in_this_crawl_is_not_visited_again():
    from bulletin.harvest import Row

    walk, seeds = walk_over(1, errand=Errand(full=True))
    walk.next()
    walk.listed("gb", Listing((Row("旧", seeds[0].url),)))
    assert isinstance(walk.next(), ArticleStep)
    assert walk.next() is None


def test_a_dry_run_visits_nothing_again_and_a_limit_holds():
    walk, _ = walk_over(1, 2, errand=Errand(dry_run=True))
    walk.next()
    walk.listed("gb", Listing())
    assert walk.next() is None
    walk, _ = walk_over(1, 2, errand=Errand(limit=1))
    walk.next()
    walk.listed("gb", Listing())
    assert walk.next() is not None
    assert walk.next() is None
