"""What an archivist types, and what is understood."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import UsageError
from bulletin.query import AllOf, Among, AnyOf, DateRange, Filters, Glyphs, Near, Node, Not, Phrase, Query, Words
from search import parse_query
from search.matching import leaves

TODAY = date(2026, 4, 1)


def parsed(text: str, **more: object) -> Query:
    return parse_query(text, today=TODAY, **more)  # type: ignore[arg-type]


def ranged(start: date | None, end: date | None, undated: str = "include") -> Among:
    return Among(Filters(range=DateRange(start, end, "published", undated)))


def any_office(*names: str) -> AnyOf:
    return AnyOf(tuple(Words(name, "office") for name in names))


YEAR = ranged(date(2019, 1, 1), date(2019, 12, 31), "exclude")
HALF = ranged(date(2019, 1, 1), date(2019, 6, 30))
HALF_PRINTED = ranged(date(2019, 1, 1), date(2019, 6, 30), "exclude")
FIRE, FLOOD = Words("防火"), Words("防汛")

UNDERSTOOD: list[tuple[str, Node]] = [
    ("防火", FIRE),
    ("防火\u3000防汛", AllOf((FIRE, FLOOD))),
    ("防火 AND 防汛", AllOf((FIRE, FLOOD))),
    ("防火 OR 防汛", AnyOf((FIRE, FLOOD))),
    ("防火|防汛", AnyOf((FIRE, FLOOD))),
    ("防火 防汛 ｜ 通知", AnyOf((AllOf((FIRE, FLOOD)), Words("通知")))),
    ("防火 (防汛 | 通知)", AllOf((FIRE, AnyOf((FLOOD, Words("通知")))))),
    ("（防火）", FIRE),
    ("防火 -防汛", AllOf((FIRE, Not(FLOOD)))),
    ("防火 NOT 防汛", AllOf((FIRE, Not(FLOOD)))),
    ("防火 －(防汛 | 通知)", AllOf((FIRE, Not(AnyOf((FLOOD, Words("通知"))))))),
    ('-"防汛 工作"', Not(Phrase("防汛 工作"))),
    ('"防火 工作"', Phrase("防火 工作")),
    ("“防火 工作”", Phrase("防火 工作")),
    ("「防火」『防汛』", AllOf((Phrase("防火"), Phrase("防汛")))),
    ("关于“防火”工作", AllOf((Words("关于"), Phrase("防火"), Words("工作")))),
    ("防火*", Words("防火", prefix=True)),
    ("防火-防汛", Words("防火-防汛")),
    ("title:防火", Words("防火", "title")),
    ("Title:防火", Words("防火", "title")),
    ("title:(防火 防汛)", AllOf((Words("防火", "title"), Words("防汛", "title")))),
    ('title:"防火"', Phrase("防火", "title")),
    ("-title:防火", Not(Words("防火", "title"))),
    ("标题：防火", AnyOf((Words("防火", "title"), Phrase("标题防火")))),
    ("機構：“水利局”", AnyOf((Phrase("水利局", "office"), Phrase("機構水利局")))),
    ("标题：(防火 | 防汛)", AnyOf((Words("防火", "title"), Words("防汛", "title")))),
    ("index:6199/2026", Words("6199/2026", "index_number")),
    ("number:[2019]9号", Words("20199号", "number")),
    ("云政发(2019)9号", Words("云政发20199号")),
    ("(2019)9", Words("20199")),
    ("〔2019〕第9号", AnyOf((Words("2019第9号"), Words("20199号")))),
    ("防火 -云政发（2019）9号", AllOf((FIRE, Not(Words("云政发20199号"))))),
    ("(防火 | 云政发（2019）9号)", AnyOf((FIRE, Words("云政发20199号")))),
    ("(2019)", Words("2019")),
    ("原字形:發展", Glyphs("發展")),
    ('原字形:"發展 中"', Glyphs("發展 中")),
    ('"防火 宣传"~5', Near(("防火", "宣传"), 5)),
    ('title:"防火 宣传"~5', Near(("防火", "宣传"), 5, "title")),
    ('"防火"~5', Phrase("防火")),
    ("2019-01..2019-06", HALF),
    ("防火 2019-01..2019-06", AllOf((FIRE, HALF))),
    ("2019-01..", ranged(date(2019, 1, 1), None)),
    ("..2019-06", ranged(None, date(2019, 6, 30))),
    ("-2019-01..2019-06", Not(HALF)),
    ("date:2019-01..2019-06", HALF),
    ("日期：2019", ranged(date(2019, 1, 1), date(2019, 12, 31))),
    ("2019年", AnyOf((Words("2019年"), YEAR))),
    ('"2019年"', Phrase("2019年")),
    ("县:6199", Among(Filters(region="6199"))),
    ("region:610728", Among(Filters(region="610728"))),
    ("甲..乙", Words("甲..乙")),
    ("8:30", Words("8:30")),
    ("http://www.yunxiu.example/", Words("http://www.yunxiu.example/")),
    ("联系人：王小云", Words("联系人：王小云")),
    ("tel:0999", Words("tel:0999")),
    ("( ) 防火 | ", FIRE),
    ("防火＊", Words("防火", prefix=True)),
    ("‘防火 工作’", Phrase("防火 工作")),
    ("防火 ＯＲ 防汛", AnyOf((FIRE, FLOOD))),
    ("防火 ﹣防汛", AllOf((FIRE, Not(FLOOD)))),
    ("或 防火", AllOf((Words("或"), FIRE))),
    ('防火 "或" 防汛', AllOf((FIRE, Phrase("或"), FLOOD))),
    ("office:水利局", Words("水利局", "office")),
    ("office:县人社局", any_office("县人社局", "县人力资源社会保障局", "县人力资源和社会保障局")),
    ("office:“县人社局”", Phrase("县人社局", "office")),
    ("title ：防火", Words("防火", "title")),
    ("发文机关：水利局", AnyOf((Words("水利局", "office"), Phrase("发文机关水利局")))),
    ("文件编号:[2019]9", AnyOf((Words("20199", "number"), Phrase("文件编号[2019]9")))),
    ("〔2019〕 第 9 号", AnyOf((Words("2019第9号"), Words("20199号")))),
    ("【2019】 9 号 防火", AllOf((Words("20199号"), FIRE))),
    ("云政发2019年9号", AnyOf((Words("云政发2019年9号"), Words("云政发20199号")))),
    ("〔二〇一九〕九号", AnyOf((Words("二〇一九九号"), Words("20199号")))),
    ("第9号", AnyOf((Words("第9号"), Words("9号", "number")))),
    ("number:第九号", AnyOf((Words("第九号", "number"), Words("9号", "number")))),
    ('"防火 宣传" ~5', Near(("防火", "宣传"), 5)),
    ("“防火 宣传”～５", Near(("防火", "宣传"), 5)),
    ("source:619901_yunxiu", AnyOf((Words("619901_yunxiu", "source_name"), Among(Filters(source=("619901_yunxiu",)))))),
    ("2019-01 .. 2019-06", HALF),
    ("2019-01.. 2019-06", HALF),
    ("2019-01…2019-06", HALF),
    ("2019-01 至 2019-06", AnyOf((Words("2019-01至2019-06"), HALF_PRINTED))),
    ("2019年1月 - 2019年6月", AnyOf((Words("2019年1月~2019年6月"), HALF_PRINTED))),
    ("2019 - 2019", AnyOf((Words("2019~2019"), YEAR))),
    ("防火 - 防汛", AllOf((FIRE, FLOOD))),
    ("－ 防汛", FLOOD),
    ("防火 -(防汛 | 防火)", AllOf((FIRE, Not(AnyOf((FLOOD, FIRE)))))),
    ("日期:2019年1月至6月", HALF),
    ("date:(2019-01..2019-06 | 防汛)", AnyOf((HALF, FLOOD))),
    ("2019年1月至6月", AnyOf((Words("2019年1月至6月"), HALF_PRINTED))),
    ("2019-01～2019-06", AnyOf((Words("2019-01～2019-06"), HALF_PRINTED))),
    ("二〇一九年", AnyOf((Words("二〇一九年"), YEAR))),
    ("2019年上半年", AnyOf((Words("2019年上半年"), HALF_PRINTED))),
    ("dated:2019", Among(Filters(range=DateRange(date(2019, 1, 1), date(2019, 12, 31), "dated")))),
    ("县:６１９９", Among(Filters(region="6199"))),
    ("region:(6199 | 6101)", AnyOf((Among(Filters(region="6199")), Among(Filters(region="6101"))))),
    ("OR 防火", FIRE),
]


@pytest.mark.parametrize(("text", "node"), UNDERSTOOD, ids=[text for text, _ in UNDERSTOOD])
def test_is_understood(text: str, node: Node) -> None:
    assert parsed(text).words == node


@pytest.mark.parametrize(
    ("text", "node", "note"),
    [
        ('防火 "防汛 工作', AllOf((FIRE, Phrase("防汛 工作"))), "not closed"),
        ("(防火 | 防汛", AnyOf((FIRE, FLOOD)), "not closed"),
        ("防火) 防汛", AllOf((FIRE, FLOOD)), "never opened"),
        ("2019-06..2019-01", HALF, "exchanged"),
        ("县", Words("县"), "one character"),
        ("标题:", Words("标题"), "Nothing stands behind"),
        ("标体:防火", Words("标体:防火"), "mean 标题?"),
        ("AQI：111", Words("AQI：111"), "no field"),
        ("width: 防火", AllOf((Words("width:"), FIRE)), "no field"),
        ("联系人：王小云", Words("联系人：王小云"), "searched as text"),
        ("县:无此县名", Words("县无此县名"), "No region"),
        ("日期:昨天前天", Words("日期昨天前天"), "no date"),
        ('"防火 宣传"~99999', Near(("防火", "宣传"), 1000), "was read as"),
        ('"防火"~5', Phrase("防火"), "one text"),
        ('原字形:"發展 宣傳"~5', AllOf((Near(("發展", "宣傳"), 5), Glyphs("發展"), Glyphs("宣傳"))), "Glyphs"),
        ("防火 或 防汛", AnyOf((FIRE, FLOOD)), "read as OR"),
        ("防火 or 防汛", AnyOf((FIRE, FLOOD)), "read as OR"),
        ("防火 and 防汛", AllOf((FIRE, FLOOD)), "read as AND"),
        ("防火 –防汛", AllOf((FIRE, Words("–防汛"))), "short -防汛"),
        ("云 岫 县", AllOf((Words("云"), Words("岫"), Words("县"))), "In quotes"),
        ("2019-13..2019-14", Words("2019-13..2019-14"), "no month 13"),
        ("县:", Words("县"), "Nothing stands behind"),
    ],
)
def test_is_mended_and_says_how(text: str, node: Node, note: str) -> None:
    query = parsed(text, regions=lambda name: ["619901"] if name in "云岫县" else [])
    assert query.words == node
    assert any(note in said for said in query.notes), query.notes


@pytest.mark.parametrize("text", ["", " ", "，。！", "()", '""', "* -", "😀", "\ud800"])
def test_nothing_asked_is_refused_unless_there_are_filters(text: str) -> None:
    with pytest.raises(UsageError) as told:
        parsed(text)
    assert told.value.advice
    assert parsed(text, filters=Filters(office="水利局")).words is None


@pytest.mark.parametrize(("text", "advice"), [("titel:防火", "'title'"), ("colour:防火", "Known here")])
def test_an_unknown_field_is_named_and_one_suggested(text: str, advice: str) -> None:
    with pytest.raises(UsageError) as told:
        parsed(text)
    assert advice in told.value.advice
    assert parsed(f'"{text}"').words == Phrase(text)


@pytest.mark.parametrize(
    "text", ["防" * 10_000, " ".join(["防火"] * 201), " OR ".join(["防火"] * 201), '"' + "防" * 2001]
)
def test_beyond_measure_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UsageError) as told:
        parsed(text)
    assert told.value.advice


def test_two_hundred_alternatives_are_not_beyond_measure() -> None:
    query = parsed(" OR ".join(f"防火{number}" for number in range(200)))
    assert isinstance(query.words, AnyOf)
    assert len(query.words.parts) == 200


def test_ten_thousand_brackets_are_read() -> None:
    assert parsed("(" * 10_000 + "防火").words == FIRE
    assert parsed("(" * 5_000 + "防火" + ")" * 5_000 + " 防汛").words == AllOf((FIRE, FLOOD))


def test_what_is_left_out_a_thousand_times_is_left_out_or_not() -> None:
    assert parsed("NOT " * 3000 + "防火").words == FIRE
    assert parsed("防汛 " + "NOT " * 3001 + "防火").words == AllOf((FLOOD, Not(FIRE)))
    assert parsed("防汛 " + "- " * 3001 + "防火").words == AllOf((FLOOD, FIRE))
    assert parsed("－ NOT " * 3000 + "防火").words == Not(FIRE)


def test_a_region_may_have_names_only_this_archive_knows() -> None:
    query = parsed("县:云岫县", regions={"云岫县": ["619901"]}.get)  # type: ignore[arg-type]
    assert query.words == Among(Filters(region="619901"))


def test_ranges_in_the_query_go_by_the_date_of_the_filters() -> None:
    given_ = Filters(range=DateRange(date="dated", undated="exclude"))
    query = parsed("2019-01..2019-06", filters=given_)
    asked = DateRange(date(2019, 1, 1), date(2019, 6, 30), "dated", "exclude")
    assert query.words == Among(Filters(range=asked))


@pytest.mark.parametrize("wrong", [{"sort": "best"}, {"limit": -1}, {"offset": -1}])
def test_wrong_arguments_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        parsed("防火", **wrong)


def test_leaves_leave_out_what_is_not_wanted() -> None:
    words = parsed("防火 -防汛 (title:通知 | 县:6199)").words
    assert [leaf.text for leaf in leaves(words) if isinstance(leaf, Words)] == ["防火", "通知"]
    assert len(list(leaves(words, negated=True))) == 3


@given(st.text(st.sampled_from('防火县a1 :："“”()（）|-*~5.\n,OR年2019'), max_size=40))
def test_anything_typed_is_read_or_refused_with_advice(text: str) -> None:
    try:
        query = parsed(text)
    except UsageError as told:
        assert told.advice  # noqa: PT017
    else:
        assert query.words is not None


@given(st.text(max_size=60))
def test_any_unicode_is_read_or_refused(text: str) -> None:
    try:
        parsed(text)
    except UsageError as told:
        assert told.advice  # noqa: PT017


def test_a_long_hostile_query_is_read_in_time_proportional_to_it() -> None:
    rng = random.Random(1)
    text = "".join(rng.choice('“”"()（|-: ') for _ in range(20_000)) + "防火"
    try:
        parsed(text)
    except UsageError as told:
        assert told.advice  # noqa: PT017
