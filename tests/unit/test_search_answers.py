"""Filters, nearness, order and facets, on bulletins small enough to see."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from bulletin.errors import UsageError
from bulletin.query import DateRange, Filters, Query, Words
from search import Entry, open_index, open_searcher, parse_query
from search.filtering import card_of, number_needles, passes, region_codes
from search.matching import are_near
from search.stamp import current, needs_rebuild


def an_entry(identity: int = 1, **fields: Any) -> Entry:
    return Entry(
        f"{identity:016x}", 1, identity, "619901_yunxiu", fields.pop("region", "619901"), "http://x/", **fields
    )


def found(typed: str | Query, *entries: Entry, **more: Any) -> list[int]:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write(entries, upto=len(entries))
    query = typed if isinstance(typed, Query) else parse_query(typed, **more)
    return [int(hit.document_id, 16) for hit in open_searcher(url).find(query).hits]


@pytest.mark.parametrize(
    "typed", ["云政发〔2019〕9号", "[2019]9", "2019 9号", "云政发[2019]第9号", "2019〕９號", "雲政發", "619901/2019"]
)
def test_a_number_is_found_in_any_spelling_or_fragment(typed: str) -> None:
    entry = an_entry(number="云政发〔2019〕9号", index_number="619901/2019-00012")
    assert passes(Filters(number=typed))(card_of(entry, ()))
    assert not passes(Filters(number=typed))(card_of(an_entry(number="松政办〔2020〕3号"), ()))


def test_a_number_is_looked_for_as_it_would_be_printed() -> None:
    assert number_needles("云政发[2019]第9号") == ("云政发2019第9号", "云政发20199号")


@pytest.mark.parametrize("region", ["619901", "6199", "61", "619900", "610000"])
def test_a_region_holds_what_lies_in_it(region: str) -> None:
    test = passes(Filters(region=region))
    assert test(card_of(an_entry(), ()))
    assert not test(card_of(an_entry(region="629901"), ()))


def test_a_region_may_be_named() -> None:
    assert "610728" in region_codes("镇巴县")
    assert passes(Filters(region="陕西省"))(card_of(an_entry(), ()))
    with pytest.raises(UsageError):
        passes(Filters(region="无此县名"))


def test_an_office_is_held_in_either_script() -> None:
    card = card_of(an_entry(office="雲岫縣政府辦公室"), ())
    assert passes(Filters(office="县政府办"))(card)
    assert not passes(Filters(office="水利局"))(card)


@pytest.mark.parametrize(
    ("undated", "kept"),
    [("include", [True, False, True]), ("exclude", [True, False, False]), ("only", [False, False, True])],
)
def test_papers_without_the_date_are_kept_left_out_or_alone(undated: str, kept: list[bool]) -> None:
    test = passes(Filters(range=DateRange(date(2019, 1, 1), date(2019, 6, 30), "published", undated)))
    days = (date(2019, 6, 30), date(2019, 7, 1), None)
    assert [test(card_of(an_entry(published_on=day), ())) for day in days] == kept


def test_a_range_goes_by_the_date_it_names() -> None:
    card = card_of(an_entry(published_on=date(2019, 1, 1), dated_on=date(2018, 1, 1), first_seen=date(2026, 1, 1)), ())
    for name, year in (("published", 2019), ("dated", 2018), ("seen", 2026)):
        asked = DateRange(date(year, 1, 1), date(year, 12, 31), name)
        assert passes(Filters(range=asked))(card)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(range=DateRange(date="born")),
        Filters(range=DateRange(undated="maybe")),
        Filters(range=DateRange(date(2020, 1, 1), date(2019, 1, 1))),
        Filters(office="，"),
        Filters(number="〔〕"),
    ],
)
def test_filters_that_cannot_be_meant_are_refused(filters: Filters) -> None:
    with pytest.raises(UsageError) as told:
        passes(filters)
    assert told.value.advice


@pytest.mark.parametrize(
    ("column", "needles", "distance", "near"),
    [
        ("防火甲乙宣传", ["防火", "宣传"], 2, True),
        ("防火甲乙宣传", ["宣传", "防火"], 2, True),
        ("防火甲乙宣传", ["防火", "宣传"], 1, False),
        ("防火宣传", ["防火", "宣传"], 0, True),
        ("防火", ["防火", "宣传"], 9, False),
        ("防火甲甲甲甲宣传乙防火", ["防火", "宣传"], 1, True),
        ("一二三", ["一", "二", "三"], 1, True),
        ("一二三", ["一", "二", "三"], 0, False),
    ],
)
def test_nearness(column: str, needles: list[str], distance: int, near: bool) -> None:
    assert are_near(column, needles, distance) is near


def test_newest_and_oldest_put_undated_papers_last_and_ties_by_id() -> None:
    days = {1: date(2019, 1, 1), 2: None, 3: date(2020, 1, 1), 4: date(2019, 1, 1)}
    entries = [an_entry(number, text="防火", published_on=day) for number, day in days.items()]
    assert found("防火", *entries, sort="newest") == [3, 1, 4, 2]
    assert found("防火", *entries, sort="oldest") == [1, 4, 3, 2]
    assert found("防火", *entries, sort="newest", limit=2, offset=1) == [1, 4]


def test_a_title_counts_more_than_a_text_and_a_text_more_than_an_attachment() -> None:
    filler = "工作情况如下。" * 20
    entries = [
        an_entry(1, title="通报", text=filler, attachments=(("附件", "森林防火"),)),
        an_entry(2, title="通报", text=filler + "森林防火"),
        an_entry(3, title="森林防火通报", text=filler),
        an_entry(4, title="通报", text=filler),
    ]
    assert found("森林防火", *entries) == [3, 2, 1]


def test_a_number_typed_whole_leads_to_its_paper() -> None:
    entries = [an_entry(n, number=f"云政发〔2019〕{n}号", text="参照云政发〔2019〕7号执行。") for n in range(1, 12)]
    assert found("云政发[2019]7号", *entries)[0] == 7


def test_facets_count_all_that_is_found_and_join_the_scripts_of_an_office() -> None:
    offices = ["雲岫縣水利局", "云岫县水利局", "云岫县水利局", None]
    days = [date(2019, 5, 1), date(2019, 6, 1), date(2020, 1, 1), None]
    entries = [
        an_entry(n, text="防火", office=o, published_on=d) for n, (o, d) in enumerate(zip(offices, days, strict=True))
    ]
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write(entries, upto=4)
    results = open_searcher(url).find(parse_query("防火", facets=True, limit=1))
    counts = {facet.name: dict(facet.counts) for facet in results.facets}
    assert counts["office"] == {"云岫县水利局": 3}
    assert counts["year"] == {"2019": 2, "2020": 1, "undated": 1}
    assert counts["source"] == {"619901_yunxiu": 4}
    assert (results.total, len(results.hits)) == (4, 1)


def test_an_explanation_says_words_filters_and_hits() -> None:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write([an_entry(1, text="森林防火工作"), an_entry(2, text="工作")], upto=2)
    filters = Filters(range=DateRange(date(2019, 1, 1), None, "dated"))
    query = parse_query("森林防火 工作 (", filters=filters, explain=True)
    told = dict(open_searcher(url).find(query).explain)
    assert told["hits of 森林防火"] == "1"
    assert told["hits of 工作"] == "2"
    assert "森林" in told["words of 森林防火"]
    assert "dated" in told["dates"]
    assert "include" in told["dates"]
    assert "not closed" in told["note"]


def test_an_explanation_tells_alternatives_exclusions_forms_and_choices() -> None:
    url = f"memory://{uuid4()}"
    texts = ("森林防火工作", "發展工作", "发展演练", "原字形發展")
    with open_index(url) as index:
        index.write([an_entry(n, text=text) for n, text in enumerate(texts)], upto=4)
    typed = "(防火 OR 发展) -演练 -(甲乙 丙丁) 2019年"
    query = parse_query(typed, explain=True, only=[("kind", "article")], without=[("year", "2020")])
    pairs = open_searcher(url).find(query).explain
    told = dict(pairs)
    assert told["question"].startswith("(防火 OR 发展) AND NOT 演练 AND NOT (甲乙 AND 丙丁) AND (2019年 OR dates:[")
    assert (told["hits of 防火"], told["hits of 发展"], told["hits of NOT 演练"]) == ("1", "3", "1")
    assert "發" in told["also written in 发展"]
    assert (told["only"], told["without"]) == ("kind=article", "year=2020")
    glyphs = dict(open_searcher(url).find(parse_query("原字形:發展", explain=True)).explain)
    assert glyphs["hits of 發展 (these glyphs)"] == "2"
    assert not any(what.startswith("also written") for what in glyphs)


def test_an_explanation_of_two_hundred_terms_stays_short() -> None:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        index.write([an_entry(1, text="森林防火工作")], upto=1)
    query = parse_query(" OR ".join(f"防火{n}" for n in range(200)), explain=True)
    pairs = open_searcher(url).find(query).explain
    assert dict(pairs)["terms not explained"] == "150"
    assert len(pairs) < 250


def test_a_field_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="colour"):
        found(Query(Words("防火", "colour")), an_entry())


def test_a_stamp_names_what_changed() -> None:
    stamp = current()
    assert needs_rebuild(stamp) == ""
    parts = stamp.split("/")
    assert "layout" in needs_rebuild("/".join(["0", *parts[1:]]))
    assert "lexicon" in needs_rebuild("/".join([*parts[:3], "x"]))
    assert needs_rebuild("nonsense")
