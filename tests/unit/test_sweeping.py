"""What lists show no more, and when nobody can say."""

from collections import deque
from dataclasses import replace

import pytest
from builders import a_source

from bulletin.document import Known
from bulletin.harvest import Row
from bulletin.source import Column, Revisits, Seed
from crawler.errand import Errand
from crawler.families.family import Ask, Listing
from crawler.frontier import Frontier
from crawler.sketches import likeness
from crawler.steps import ArticleStep, ListStep
from crawler.sweeping import Sweep, unlisted

HOST = "http://www.yunxiu.example"
GB, JB = Column("gb", "公报", f"{HOST}/gb/"), Column("jb", "简报", f"{HOST}/jb/")


def sweep(column, *seen, **more):
    made = Sweep(column, False, deque(), set(), **more)
    made.seen.update(seen)
    return made


def known(url, document, column="gb", **more):
    return Known(url, document, column, **more)


THREE = [known("a", "A"), known("b", "B"), known("c", "C")]


def test_what_a_whole_list_does_not_show():
    assert unlisted(THREE, [sweep(GB, "a", "x")], ()) == ["B", "C"]
    assert unlisted(THREE, [sweep(GB, "a", "b", "c")], ()) == []


@pytest.mark.parametrize(
    "more",
    [{"ended_early": True}, {"cut": True}, {"troubled": True}, {"underway": True}, {"total": 9}],
    ids=lambda more: next(iter(more)),
)
def test_a_list_that_was_not_read_to_its_end_says_nothing(more):
    assert unlisted(THREE, [sweep(GB, "a", **more)], ()) == []


def test_a_list_that_shows_nothing_says_nothing():
    assert unlisted(THREE, [sweep(GB)], ()) == []


def test_a_total_that_was_reached():
    assert unlisted(THREE, [sweep(GB, "a", "b", total=2)], ()) == ["C"]


def test_what_stands_in_another_column_is_not_missing():
    assert unlisted(THREE, [sweep(GB, "a"), sweep(JB, "b")], ()) == ["C"]


def test_what_stands_under_another_address_is_not_missing():
    twice = [*THREE, known("b2", "B")]
    assert unlisted(twice, [sweep(GB, "a", "b2")], ()) == ["C"]
    assert unlisted(THREE, [sweep(GB, "a", "new")], ("B",)) == ["C"]


def test_one_that_also_stood_in_a_list_not_read_may_still_stand_there():
    twice = [*THREE, known("b2", "B", "jb")]
    assert unlisted(twice, [sweep(GB, "a"), sweep(JB, "z", ended_early=True)], ()) == ["C"]
    assert unlisted(twice, [sweep(GB, "a"), sweep(JB, "z")], ()) == ["B", "C"]


def test_one_that_was_missing_already_is_not_told_again():
    assert unlisted([known("a", "A"), known("b", "B", missing=True)], [sweep(GB, "x")], ()) == ["A"]


def test_one_of_a_column_nobody_reads_is_not_missing():
    assert unlisted([known("a", "A", ""), known("b", "B", "old")], [sweep(GB, "x")], ()) == []


# -- the frontier ------------------------------------------------------------------------------------------------------


def row(name):
    return Row(f"第{name}号", f"{HOST}/gb/{name}.html", "2026-03-01")


def a_frontier(names, errand=None, most=100, probes=(), **remembered):
    source = replace(a_source(columns=(GB,)), revisits=Revisits(most=most))
    there = {f"{HOST}/gb/{n}.html": known(f"{HOST}/gb/{n}.html", n.upper(), **remembered) for n in names}
    first = {"gb": Ask(GB.url)}
    return Frontier(
        source, errand or Errand(), known=there, pending=(), swept={}, first=first, max_pages=99, probes=probes
    )


def listed(frontier, *names):
    assert isinstance(frontier.next(), ListStep)
    return frontier.listed("gb", Listing(rows=tuple(map(row, names))))


def rest(frontier):
    steps = []
    while step := frontier.next():
        assert isinstance(step, ArticleStep)
        steps.append(step.seed.url.rpartition("/")[2].removesuffix(".html"))
    return steps


def test_missing_ones_are_asked_for_when_all_else_is_done():
    frontier = a_frontier("abc")
    listed(frontier, "a")
    assert frontier.done
    assert frontier.compare() == ["B", "C"]
    assert not frontier.done
    assert rest(frontier) == ["b", "c"]
    assert frontier.compare() == []


def test_no_more_are_asked_for_than_the_policy_allows():
    frontier = a_frontier("abc", most=1)
    listed(frontier, "a")
    assert frontier.compare() == ["B", "C"]
    assert rest(frontier) == ["b"]


def test_what_turned_out_to_be_a_known_paper_is_not_missing():
    frontier = a_frontier("abc")
    listed(frontier, "a", "new")
    assert rest(frontier) == ["new"]
    frontier.read(f"{HOST}/gb/new.html", "B")
    assert frontier.compare() == ["C"]


@pytest.mark.parametrize("errand", [Errand(dry_run=True), Errand(probe=True)])
def test_crawls_that_do_not_compare(errand):
    frontier = a_frontier("abc", errand)
    listed(frontier, "a", "new")
    assert frontier.compare() == []


def test_a_stopped_crawl_compares_nothing():
    frontier = a_frontier("abc")
    listed(frontier, "a")
    frontier.stop()
    assert frontier.compare() == []


def test_one_that_was_missing_and_is_shown_again_is_asked_for():
    frontier = a_frontier("ab", missing=True)
    verdict = listed(frontier, "a")
    assert verdict.relisted == ("A",)
    assert rest(frontier) == ["a"]


def test_a_probe_reads_one_page_of_the_list_and_asks_for_what_is_in_question():
    asked = [Seed(f"{HOST}/gb/b.html", "gb")]
    frontier = a_frontier("ab", Errand(probe=True), probes=asked)
    assert isinstance(frontier.next(), ListStep)
    further = (Ask(f"{HOST}/gb/2.html"),)
    verdict = frontier.listed("gb", Listing(rows=(row("a"), row("new")), further=further))
    assert (verdict.seeds, verdict.opened, verdict.closed) == ((), False, False)
    assert [seed.url for seed in verdict.sighted] == [f"{HOST}/gb/a.html"]
    assert rest(frontier) == ["b"]
    assert frontier.done


def test_what_is_in_question_is_asked_for_once():
    asked = [Seed(f"{HOST}/gb/b.html", "gb")] * 2
    frontier = a_frontier("ab", Errand(full=True), probes=asked)
    listed(frontier, "a", "b")
    assert rest(frontier) == ["a", "b"]


# -- templates ---------------------------------------------------------------------------------------------------------


def test_likeness_of_sketches():
    assert likeness((1, 2, 3), (1, 2, 3)) == 1.0
    assert likeness((1, 2, 3), (4, 5, 6)) == 0.0
    assert likeness((), ()) == 1.0
    assert likeness((), (1, 2)) == 0.0
    assert 0.3 < likeness(tuple(range(60)), tuple(range(20, 80))) < 0.8
