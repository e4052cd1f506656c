"""Facets and choices, copies, order by number, suggestions, related bulletins: on bulletins small enough to see."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import UsageError
from bulletin.results import Results
from search import Entry, Searcher, open_index, open_searcher, parse_query
from search.alike import SLOTS, alike, same_bulletin, sketch_of
from search.characters import characters
from search.facets import parents_of
from search.filtering import card_of, number_order
from search.suggesting import sounds_of

TEXT = "为做好今年防汛工作，县水利局组织人员对各镇河道逐段巡查，清理淤泥和杂物，排查险情二十六处，现将情况通报如下。"


def an_entry(identity: int, **fields: Any) -> Entry:
    place = {"region": fields.pop("region", "619901"), "source": fields.pop("source", "619901_yunxiu")}
    return Entry(f"{identity:016x}", 1, identity, url=f"http://x/{identity}", **place, **fields)


@contextmanager
def holding(*entries: Entry) -> Iterator[Searcher]:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write(entries, upto=len(entries))
    with open_searcher(url) as searcher:
        yield searcher


def asked(typed: str, *entries: Entry, **how: Any) -> Results:
    with holding(*entries) as searcher:
        return searcher.find(parse_query(typed, **how))


def ids(results: Results) -> list[int]:
    return [int(hit.document_id, 16) for hit in results.hits]


SOME = (
    an_entry(1, text="防汛", kind="issue", topic=("水利", "应急"), published_on=date(2019, 3, 1)),
    an_entry(2, text="防汛", topic=("應急",), office="云岫县水利局", published_on=date(2019, 4, 1)),
    an_entry(3, text="防汛", region="619902", source="619902_songquan", office="雲岫縣水利局"),
    an_entry(4, text="防汛", region="620000", topic=("应急",), published_on=date(2020, 4, 1)),
)


def test_facets_count_kinds_topics_months_and_the_divisions_above() -> None:
    counts = {facet.name: dict(facet.counts) for facet in asked("防汛", *SOME, facets=True).facets}
    assert counts["kind"] == {"article": 3, "issue": 1}
    assert counts["topic"] == {"应急": 3, "水利": 1}
    assert counts["month"] == {"2019-03": 1, "2019-04": 1, "2020-04": 1, "undated": 1}
    assert counts["region"] == {"619901": 2, "619902": 1, "620000": 1}
    assert counts["region_above"] == {"619900": 3, "610000": 3}


@pytest.mark.parametrize(
    ("only", "without", "expected"),
    [
        ([("kind", "issue")], [], [1]),
        ([], [("kind", "issue")], [2, 3, 4]),
        ([("topic", "應急")], [], [1, 2, 4]),
        ([("office", "云岫县水利局")], [], [2, 3]),
        ([("region_above", "619900")], [], [1, 2, 3]),
        ([("region", "619901"), ("region", "620000")], [], [1, 2, 4]),
        ([("region_above", "610000")], [("region", "619902")], [1, 2]),
        ([("year", "2019"), ("topic", "水利")], [], [1]),
        ([], [("month", "2019-03"), ("year", "undated")], [2, 4]),
        ([("source", "619902_songquan")], [], [3]),
    ],
)
def test_a_value_of_a_facet_can_be_chosen_or_left_out(
    only: list[tuple[str, str]], without: list[tuple[str, str]], expected: list[int]
) -> None:
    assert sorted(ids(asked("防汛", *SOME, only=only, without=without))) == expected
    assert sorted(ids(asked("", *SOME, only=only, without=without))) == expected


def test_what_a_facet_counts_is_what_choosing_it_finds() -> None:
    of_the_prefecture = an_entry(5, text="防汛", region="619900", source="619900_lanyuan")
    entries = (*SOME, of_the_prefecture)
    facets = asked("防汛", *entries, facets=True).facets
    assert {"619900": 4, "610000": 4} in [dict(facet.counts) for facet in facets]
    for facet in facets:
        for value, count in facet.counts:
            assert asked("防汛", *entries, only=[(facet.name, value)]).total == count, (facet.name, value)
            assert asked("防汛", *entries, without=[(facet.name, value)]).total == len(entries) - count


def test_an_unknown_facet_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError) as told:
        asked("防汛", *SOME, only=[("offices", "水利局")])
    assert "office" in told.value.advice


def test_a_division_lies_in_a_prefecture_and_a_province() -> None:
    assert parents_of("619901") == ("619900", "610000")
    assert parents_of("619900") == ("610000",)
    assert parents_of("610000") == parents_of("") == ()


def test_by_number_means_code_then_year_then_serial() -> None:
    numbers = ["云政发〔2020〕2号", "云政发〔2019〕10号", "云政发〔2019〕9号", None, "云府办〔2021〕1号"]
    entries = [an_entry(place, text="防汛", number=number) for place, number in enumerate(numbers)]
    assert ids(asked("防汛", *entries, sort="number")) == [4, 2, 1, 0, 3]
    assert number_order("") == ""


def copies() -> tuple[Entry, ...]:
    title = "关于河道巡查情况的通报"
    return (
        an_entry(1, title=title, text=TEXT),
        an_entry(2, title=title, text=TEXT + "来源：县水利局", region="619902", source="619902_songquan"),
        an_entry(3, title=f"[转载]{title}", text=TEXT + "（转）", region="619903"),
        an_entry(4, title=title, text=TEXT, number="云水发〔2019〕2号"),
        an_entry(5, title="关于水库巡查情况的通报", text=TEXT),
    )


def test_copies_are_one_hit_that_names_the_other_places() -> None:
    results = asked("河道", *copies()[:3], collapse=True)
    assert (results.total, len(results.hits)) == (3, 1)
    assert {place.region for place in results.hits[0].places} | {results.hits[0].region} == {
        "619901",
        "619902",
        "619903",
    }


def test_copies_are_shown_one_by_one_where_nobody_asked() -> None:
    results = asked("河道", *copies())
    assert len(results.hits) == results.total == 5
    assert not any(hit.places for hit in results.hits)


def test_pages_of_collapsed_hits_follow_each_other() -> None:
    whole = asked("河道", *copies(), collapse=True)
    parts = [asked("河道", *copies(), collapse=True, limit=1, offset=offset) for offset in range(len(whole.hits) + 1)]
    assert [hit for part in parts for hit in part.hits] == list(whole.hits)
    assert sum(1 + len(hit.places) for hit in whole.hits) == whole.total


def test_a_copy_outside_the_filters_is_not_counted() -> None:
    results = asked("河道", *copies()[:3], collapse=True, only=[("region", "619902")])
    assert [len(hit.places) for hit in results.hits] == [0]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"number": "云水发〔2019〕2号"}, {"number": "云水发[2019]2号"}, True),
        ({"number": "云水发〔2019〕2号"}, {"number": "云水发〔2019〕3号"}, False),
        ({"number": "云水发〔2019〕2号"}, {}, True),
        ({"dated_on": date(2019, 1, 1)}, {"dated_on": date(2020, 1, 1)}, False),
        ({"published_on": date(2019, 1, 1)}, {"published_on": date(2020, 1, 1)}, True),
        ({}, {"title": "關於河道巡查情況的通報"}, True),
        ({"title": "情况通报"}, {"title": "情况通报"}, False),
        ({}, {"title": "通报"}, False),
    ],
)
def test_what_may_be_the_same_bulletin(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    cards = [
        card_of(an_entry(n, **{"title": "关于河道巡查情况的通报"} | said), ()) for n, said in ((1, one), (2, other))
    ]
    assert same_bulletin(*cards) is same


def text_alone(text: str) -> dict[str, str]:
    return {"title": "", "text": characters(text), "attachments": ""}


@given(st.text("防汛河道清淤巡查镇村水库险情", min_size=60, max_size=400), st.text(max_size=3))
@settings(max_examples=50)
def test_a_text_is_like_itself_and_like_itself_with_a_little_more(text: str, more: str) -> None:
    sketch = sketch_of(text_alone(text))
    assert len(sketch) == 2 * SLOTS
    assert alike(sketch, sketch)
    assert alike(sketch, sketch_of({"title": text[:30], "text": text[30:], "attachments": ""}))


def test_a_little_changed_text_is_alike_and_another_is_not() -> None:
    long = "".join(f"第{n}段巡查河道{n * 37}米，清出淤泥{n * 11}方。" for n in range(60))
    other = "".join(f"第{n}组慰问老人{n * 53}名，发放棉衣{n * 17}件。" for n in range(60))
    assert alike(sketch_of(text_alone(long)), sketch_of(text_alone(long.replace("第7段", "第八段") + "来源：云岫发布")))
    assert not alike(sketch_of(text_alone(long)), sketch_of(text_alone(other)))
    assert not alike(b"", b"")


def test_the_share_of_equal_slots_is_the_likeness_of_the_runs() -> None:
    rng = random.Random(5)
    errors = []
    for _ in range(200):
        words = [f"{rng.choice('查修清报建防')}{rng.choice('河道镇村水库路桥')}{rng.randrange(40)}" for _ in range(200)]
        kept = rng.randrange(60, 200)
        one, other = "".join(words), "".join(words[:kept] + rng.sample(words, 200 - kept))
        runs, others = ({text[at : at + 5] for at in range(len(text) - 4)} for text in (one, other))
        sketch, sketch_of_other = (memoryview(sketch_of(text_alone(text))).cast("H") for text in (one, other))
        equal = sum(a == b for a, b in zip(sketch, sketch_of_other, strict=True)) / SLOTS
        likeness = len(runs & others) / len(runs | others)
        errors.append((equal - likeness) / math.sqrt(likeness * (1 - likeness) / SLOTS))
    # As rough as so many random slots, and not rougher.
    assert abs(statistics.mean(errors)) < 0.3
    assert 0.7 < statistics.pstdev(errors) < 1.3


MEANT = (an_entry(1, title="防汛通知", text="全县防汛工作会议召开，增长14%"), an_entry(2, text="森林防火巡查"))


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("防迅", "防汛"),
        ("防訊", "防汛"),
        ("全县防迅工作", "全县防汛工作"),
        ("汛防", "防汛"),
        ("防汛汛", "防汛"),
        ("防迅 会义", "防汛 会议"),
        ('"防迅工作"', '"防汛工作"'),
        ("防汛 火星", ""),
        ("会议、防汛", "会议 防汛"),
        ("会议，防汛；全县 通知", "会议 防汛 全县 通知"),
        ("会议、火星", ""),
        ("标题:会议、防汛", ""),
        ("增长14年", "增长14"),
        ("龘龘", ""),
    ],
)
def test_a_slip_is_mended_by_the_archives_own_words(typed: str, suggestion: str) -> None:
    results = asked(typed, *MEANT)
    assert (results.total, results.suggestion) == (0, suggestion)


def test_a_suggestion_finds_something_under_the_same_filters() -> None:
    assert asked("防迅", *MEANT, without=[("region", "619901")]).suggestion == ""


def test_nothing_is_suggested_where_something_is_found() -> None:
    assert asked("防汛", *MEANT).suggestion == ""


def test_sounds_are_compared_without_tones() -> None:
    assert sounds_of("汛") & sounds_of("训") == {"xun"}
    assert not sounds_of("A")


def test_related_bulletins_share_telling_words_and_are_no_copies() -> None:
    filler = [an_entry(10 + n, title=f"第{n}次会议", text="会议讨论了财政预算和人事安排。") for n in range(6)]
    near = an_entry(7, title="水库除险加固", text="水利局巡查河道和水库，排查险情，清理淤泥。")
    with holding(*copies()[:2], near, *filler) as searcher:
        found = searcher.related(f"{1:016x}")
        assert int(found[0].document_id, 16) == 7
        assert 2 not in [int(hit.document_id, 16) for hit in found]
        assert searcher.related("nobody") == ()
        assert len(searcher.related(f"{10:016x}", limit=2)) == 2
