"""What is typed: global options anywhere, filters checked, columns aligned."""

from __future__ import annotations

from datetime import date

import pytest

from bulletin.errors import UsageError
from desk.cli.columns import aligned, as_records, column_widths
from desk.cli.entry import hoisted
from desk.cli.found import marked
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


@pytest.mark.parametrize("question", ["-covid 防汛", '-"防汛 工作"', "-(防汛 OR 抗旱)", "-演练 防汛"])
def test_a_question_may_begin_with_what_is_left_out(question: str) -> None:
    assert hoisted(["search", question, "--facets"]) == ["search", "--facets", "--", question]
    export = ["export", "--query", question, "--format", "csv"]
    assert hoisted(export) == export


@pytest.mark.parametrize("word", ["-", "-o", "-h", "--note=a b", "-n5", "-o/srv/my archive/x.csv", "-o档案 2019.csv"])
def test_an_option_stays_where_it_is(word: str) -> None:
    assert hoisted(["export", word, "x"]) == ["export", word, "x"]


def test_both_ends_of_a_range_are_included() -> None:
    found = filters_of("2019-02", "2019年2月", "dated", "exclude", ["a"], "61", "水利", "7号")
    assert (found.range.start, found.range.end) == (date(2019, 2, 1), date(2019, 2, 28))
    assert (found.range.date, found.range.undated) == ("dated", "exclude")
    assert found.source == ("a",)


@pytest.mark.parametrize(("first", "last"), [("2019-02..2019-03", ""), ("", "2019年2月至2019年3月")])
def test_a_range_may_stand_in_the_place_of_one_of_its_ends(first: str, last: str) -> None:
    found = filters_of(first, last, "published", "include", None, "", "", "")
    assert (found.range.start, found.range.end) == (date(2019, 2, 1), date(2019, 3, 31))


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
    assert list(aligned([["id", "name"], ["甲", "云岫县"], ["abc", ""]])) == ["id   name", "甲   云岫县", "abc"]


NAMES = ("source", "name", "reason")
ROWS = [("619901_yunxiu", "云岫县人民政府", "清淤"), ("619902_songquan", "松泉县", "–")]


def test_where_there_is_room_columns_are_as_wide_as_their_cells() -> None:
    assert column_widths(NAMES, ROWS, 80) == [15, 14, 6]


def test_a_name_is_never_folded_where_room_is_short() -> None:
    assert column_widths(NAMES, ROWS, 38) == [15, 12, 6]
    assert column_widths(NAMES, ROWS, 36) == []
    assert column_widths(NAMES, [], 10) == []


def test_rows_that_do_not_fit_become_records_with_nothing_cut() -> None:
    assert list(as_records(NAMES, ROWS, 30)) == [
        "source 619901_yunxiu",
        "  name 云岫县人民政府",
        "  reason 清淤",
        "source 619902_songquan",
        "  name 松泉县",
    ]
    assert "  name 云岫县人民政府  reason 清淤" in as_records(NAMES, ROWS, 60)
