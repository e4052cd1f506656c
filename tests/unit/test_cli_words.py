"""What is typed: global options anywhere, filters checked, columns aligned."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.errors import UsageError
from desk.cli.entry import hoisted
from desk.cli.found import marked
from desk.cli.printing import _aligned
from desk.tasks.asking import filters_of


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("search 防汛 --json", "--json search 防汛"),
        ("--json search 防汛", "--json search 防汛"),
        ("crawl --home h --quiet x", "--home h --quiet crawl x"),
        ("crawl --home=h x", "--home=h crawl x"),
        ("status --no-progress --verbose", "--no-progress --verbose status"),
        ("search -- --json", "search -- --json"),
        ("search 防汛 -演练 --limit 3", "search 防汛 --limit 3 -- -演练"),
        ("export --from 2019 --to 2020", "export --from 2019 --to 2020"),
        ("status --home", "status --home"),
    ],
)
def test_global_options_may_stand_anywhere(typed: str, understood: str) -> None:
    assert hoisted(typed.split()) == understood.split()


def test_both_ends_of_a_range_are_included() -> None:
    found = filters_of("2019-02", "2019年2月", "dated", "exclude", ["a"], "61", "水利", "7号")
    assert (found.range.start, found.range.end) == (date(2019, 2, 1), date(2019, 2, 28))
    assert (found.range.date, found.range.undated) == ("dated", "exclude")
    assert found.source == ("a",)


@pytest.mark.parametrize(
    ("first", "last", "meaning", "undated", "said"),
    [
        ("2019-03", "2019-02", "published", "include", "upside down"),
        ("2019-02-30", "", "published", "include", "2019-02-30"),
        ("", "", "printed", "include", "--date takes"),
        ("", "", "published", "maybe", "--undated takes"),
    ],
)
def test_a_range_that_cannot_be_is_refused(first: str, last: str, meaning: str, undated: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        filters_of(first, last, meaning, undated, None, "", "", "")
    assert caught.value.advice


def test_hits_are_marked_where_there_is_no_colour() -> None:
    assert marked("今年防汛工作与防汛演练", ((2, 4), (7, 9)), False).plain == "今年【防汛】工作与【防汛】演练"
    assert marked("今年防汛", ((2, 4),), True).plain == "今年防汛"


def test_chinese_columns_align() -> None:
    assert list(_aligned([["id", "name"], ["甲", "云岫县"], ["abc", ""]])) == ["id   name", "甲   云岫县", "abc"]
