"""Rules over single lines: chrome by position, head lines, the disclosure box, signatures, headings."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.byline import byline_of
from crawler.extract.chrome import role_of
from crawler.extract.deck import Deck, read_deck
from crawler.extract.disclosure import fields_of, read_block
from crawler.extract.imprint import read_headline
from crawler.extract.lines import Line, key_of, lines_of, matching
from crawler.extract.masthead import read_masthead
from crawler.extract.pager import pages_of
from crawler.extract.sections import sections_of
from crawler.extract.signature import read_signature


@pytest.mark.parametrize(
    ("text", "position", "role"),
    [
        ("设为首页 | 加入收藏", "head", "top"),
        ("設為首頁　加入收藏", "head", "top"),
        ("首页 新闻 文化 看云岫 专题", "head", "navigation"),
        ("当前位置：首页 > 政务公开 > 简报", "head", "breadcrumb"),
        ("字体：【大 中 小】", "head", "tools"),
        ("字體調(diào)節: A+ A-", "head", "tools"),
        ("【打印】 【关闭】", "tail", "tools"),
        ("扫一扫在手机打开当前页", "body", "tools"),
        ("上一篇：云岫县召开会议", "tail", "related"),
        ("相关链接", "tail", "related"),
        ("相关链接", "body", None),
        ("政务公开", "body", None),
        ("把经验分享到各乡镇", "tail", None),
        ("把经验分享到各乡镇", "body", None),
        ("主办：云岫县人民政府　技术支持：县信息中心", "tail", "footer"),
        ("云ICP备00000001号 网站标识码：6199010001", "tail", "footer"),
        ("联系人：温时雨，联系电话：0000-0000000。", "tail", None),
        (".TRS_Editor P{line-height:1.5;}", "body", "code"),
        ("$('#share-1').share({sites: ['qq']});", "body", "code"),
        ("上一页 1 2 3 下一页", "tail", "pager"),
        ("首页", "head", "navigation"),
        ("1", "tail", "pager"),
        ("1", "body", None),
        ("小编为大家整理了三篇范文，供您参考。", "head", "preamble"),
        ("现将会议材料整理印发，供参考。", "head", None),
    ],
)
def test_position_decides_what_is_chrome(text: str, position: str, role: str | None) -> None:
    assert role_of(text, position) == role


def test_links_make_a_menu_of_unknown_names() -> None:
    names = "云海 松涛 竹影 泉声"
    assert role_of(Line(names), "head") is None
    assert role_of(Line(names, link_share=1.0), "head") == "navigation"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["来源：云岫日报　作者：林晚舟　时间：2021-10-08 07:30"],
            ("林晚舟", "云岫日报", None, None, date(2021, 10, 8)),
        ),
        (["作者： 发布时间：2021-10-08 来源：本站"], (None, "本站", None, None, date(2021, 10, 8))),
        (
            ["作者：温如玉来源：文化馆發布時間：2019年12月1日責任編輯：鍾靈"],
            ("温如玉", "文化馆", "鍾靈", None, date(2019, 12, 1)),
        ),
        (["(责任编辑:卢小 审核:卢大)"], (None, None, "卢小", "卢大", None)),
        (["【責(zé)任編輯:方念慈】"], (None, None, "方念慈", None, None)),
        (["编辑：甲一 初审：乙二 终审：丙三"], (None, None, "甲一", "乙二、丙三", None)),
        (["编辑：甲一 责任编辑：乙二"], (None, None, "乙二", None, None)),
        (["稿源：云岫发布 日期：2020年1月2日"], (None, "云岫发布", None, None, date(2020, 1, 2))),
        (["云岫发布 时间：2020年1月2日"], (None, "云岫发布", None, None, date(2020, 1, 2))),
        (
            ["作者", "林晚舟", "来源", "云岫日报", "发布时间", "2021-10-08"],
            ("林晚舟", "云岫日报", None, None, date(2021, 10, 8)),
        ),
        (["云岫新闻网　2022-05-18 11:47"], (None, "云岫新闻网", None, None, date(2022, 5, 18))),
        (["本报记者 林晚舟 通讯员 孟小满"], ("林晚舟、孟小满", None, None, None, None)),
        (["文/林晚舟 图/孟小满"], ("林晚舟", None, None, None, None)),
        (["更新时间：2022-05-18 归档时间：2022-05-19"], (None, None, None, None, None)),
    ],
)
def test_a_head_line_in_any_order(lines: list[str], expected: tuple[object, ...]) -> None:
    found = read_headline(lines)
    day = found.published.day if found.published else None
    assert (found.author, found.source_name, found.editor, found.reviewer, day) == expected
    assert found.used


@pytest.mark.parametrize(
    "text", ["时间：5月1日上午九时，地点：县政府会议室，请各单位准时参加。", "云岫县的稻子熟了", "来源于生活的故事"]
)
def test_a_sentence_is_no_head_line(text: str) -> None:
    assert not read_headline([text]).used


def test_a_date_that_does_not_exist_is_doubted() -> None:
    found = read_headline(["发布日期：2019-02-30 来源：本站"])
    assert found.published is None
    assert [doubt.field for doubt in found.doubts] == ["published_on"]


BOX = [("索 引 号", "015780032/2019-00210"), ("文　号", ""), ("发布机构", "云岫县司法局"), ("公开时限", "长期公开")]


@pytest.mark.parametrize(
    "lines",
    [
        [part for label, value in BOX for part in (label, value) if part],
        [f"{label}：{value}" for label, value in BOX],
        ["　".join(f"{label}：{value}" for label, value in BOX)],
        ["".join(f"{label}：{value}" for label, value in BOX)],
    ],
    ids=["alternating", "one a line", "one line", "run together"],
)
def test_the_box_is_read_by_its_labels(lines: list[str]) -> None:
    """An empty value takes neither the next label nor the title."""
    block = read_block(["首页 > 公开", *lines, "关于公布行政执法人员名单的公告"])
    assert (block.start, block.end) == (1, 1 + len(lines))
    assert [entry.value for entry in block.entries] == [value for _, value in BOX]
    fields, doubts = fields_of(block)
    assert fields == {"index_number": "015780032/2019-00210", "office": "云岫县司法局", "disclosure": "长期公开"}
    assert doubts == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["索引号 | 015780032/2019-00210 | 发布机构 | 云岫县司法局", "发文日期 | 2019-09-24"],
        ["索引号", "发布机构", "发文日期", "015780032/2019-00210", "云岫县司法局", "2019-09-24"],
        ["［索引号］015780032/2019-00210", "【发布机构】云岫县司法局", "［发文日期］2019-09-24"],
        ["索引号015780032/2019-00210发布机构云岫县司法局发文日期2019-09-24公开方式"],
    ],
    ids=["bars", "turned on its side", "brackets", "no marks at all"],
)
def test_boxes_without_colons(lines: list[str]) -> None:
    fields, _ = fields_of(read_block([*lines, "关于公布行政执法人员名单的公告"]))
    expected = {"index_number": "015780032/2019-00210", "office": "云岫县司法局", "dated_on": date(2019, 9, 24)}
    assert fields == expected


def test_pairs_are_a_box_too_and_the_first_ranking_label_wins() -> None:
    block = read_block([("公开方式：", "主动公开"), ("公开时限：", "20个工作日"), ("生成日期：", "2019-13-40")])
    assert [(entry.value, entry.field) for entry in block.entries][:2] == [
        ("主动公开", ""),
        ("20个工作日", "disclosure"),
    ]
    fields, doubts = fields_of(block)
    assert fields == {"disclosure": "20个工作日"}
    assert [doubt.field for doubt in doubts] == ["dated_on"]


def test_an_empty_last_value_does_not_take_the_title() -> None:
    block = read_block(["索引号", "015780032/2019-00210", "文号", "云岫县关于防火的通告"])
    assert [(entry.label, entry.value) for entry in block.entries] == [("索引号", "015780032/2019-00210"), ("文号", "")]


@pytest.mark.parametrize(
    ("lines", "offices", "day", "doubted"),
    [
        (["正文。", "云岫县水利局", "2020年7月3日"], ("云岫县水利局",), date(2020, 7, 3), False),
        (["正文。", "雲岫縣水利局　二○二○年七月三日"], ("雲岫縣水利局",), date(2020, 7, 3), False),
        (
            ["正文。", "云岫县水利局", "云岫县林业局", "（盖章）", "2020-07-03"],
            ("云岫县水利局", "云岫县林业局"),
            date(2020, 7, 3),
            False,
        ),
        (["正文。", "云岫县领导小组(指挥部)", "2019228"], ("云岫县领导小组(指挥部)",), date(2019, 2, 28), True),
        (["正文。", "云岫县水利局", "2019111"], ("云岫县水利局",), None, True),
        (["正文。", "县长 安怀远", "2020年5月12日"], (), date(2020, 5, 12), False),
    ],
)
def test_signatures(lines: list[str], offices: tuple[str, ...], day: date | None, doubted: bool) -> None:
    found = read_signature(lines)
    assert found is not None
    assert (found.offices, found.day, bool(found.doubts)) == (offices, day, doubted)


def test_a_date_in_the_middle_of_a_text_is_no_signature() -> None:
    assert read_signature(["会议时间", "2020年7月3日", "会议地点在县政府。"]) is None


@pytest.mark.parametrize(
    ("paragraph", "author"),
    [
        ("成效明显。（王建业）", "王建业"),
        ("成效明显。(王建业 李守田)", "王建业、李守田"),
        ("成效明显。（记者 王建业 通讯员 李守田）", "王建业、李守田"),
        ("成效明显。（石门乡政府）", "石门乡政府"),
        ("按此执行。（试行）", None),
        ("现予公布。（此件公开发布）", None),
        ("长势良好（见附表）", None),
    ],
)
def test_bylines_in_brackets(paragraph: str, author: str | None) -> None:
    assert byline_of(paragraph) == author


@pytest.mark.parametrize(
    ("lines", "deck"),
    [
        (["云岫县召开防火会议"], Deck(title="云岫县召开防火会议")),
        (
            ["抓产业 稳就业 促增收", "云岫县乡村振兴迈出新步伐"],
            Deck("抓产业 稳就业 促增收", "云岫县乡村振兴迈出新步伐"),
        ),
        (["云岫县小香菇大产业", "——来自长岭镇的报道"], Deck(title="云岫县小香菇大产业", subtitle="——来自长岭镇的报道")),
        (["云岫县人民政府办公室", "关于印发防汛预案的通知"], Deck(title="云岫县人民政府办公室关于印发防汛预案的通知")),
        (["云岫县人民政府令", "第7号"], Deck(title="云岫县人民政府令第7号")),
        (["云岫县召开防火会议", "云岫县召开防火会议"], Deck(title="云岫县召开防火会议")),
        (["人文", "云岫县召开防火会议", "听全文"], Deck(title="云岫县召开防火会议")),
    ],
)
def test_kicker_title_subtitle(lines: list[str], deck: Deck) -> None:
    assert read_deck(lines) == deck


def test_sections_nest_by_the_rank_of_their_numbers() -> None:
    long = "各镇要把责任落实到人，一周一调度、一月一通报，确保各项任务按期完成，不留尾巴。"
    found = sections_of(
        [
            "导语。" + long,
            "一、总体要求",
            long,
            "（一）任务。" + long,
            "1.目标",
            long,
            "2.步骤",
            long,
            "（二）分工。" + long,
            "二、保障",
            long,
        ]
    )
    assert [section.heading for section in found] == ["一、总体要求", "二、保障"]
    assert [section.heading for section in found[0].sections] == ["（一）任务", "（二）分工"]
    assert [section.heading for section in found[0].sections[0].sections] == ["1.目标", "2.步骤"]
    assert found[0].text == long


def test_articles_of_a_law_and_items_that_are_no_headings() -> None:
    [chapter] = sections_of(
        [
            "第一章 总则",
            "第一条 为了加强管理，制定本办法。",
            "第二条 分为两类：",
            "（一）可回收物；",
            "（二）其他垃圾。",
        ]
    )
    assert [section.heading for section in chapter.sections] == ["第一条", "第二条"]
    assert chapter.sections[1].text == "分为两类：\n（一）可回收物；\n（二）其他垃圾。"


def test_headings_without_number_stand_alone_between_paragraphs() -> None:
    long = "各镇要把责任落实到人，一周一调度、一月一通报，确保各项任务按期完成，不留尾巴，年底逐项验收，验收结果公开。"
    found = sections_of([long, "稳就业 岗位有保障", long, long, "图为就业车间", "抓产业 增收有门路", long])
    assert [section.heading for section in found] == ["稳就业 岗位有保障", "抓产业 增收有门路"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本新闻共4页,当前在第01页 01020304 |", (1, 4)),
        ("本新聞共 4頁,當前在第 02頁", (2, 4)),
        ("第2页/共5页", (2, 5)),
        ("2/3", (2, 3)),
        ("共4页 第1页 首页 上一页", (1, 4)),
        ("[1] 2 3 下一页", (1, 3)),
    ],
)
def test_pagers(text: str, expected: tuple[int, int]) -> None:
    found = pages_of([text])
    assert found is not None
    assert (found.number, found.of) == expected
    assert len(found.missing) == found.of - 1


@pytest.mark.parametrize("text", ["1", "共1页", "第5页/共3页", "999/999999"])
def test_no_pages(text: str) -> None:
    assert pages_of([text]) is None


def test_a_training_course_has_numbers_but_no_masthead() -> None:
    assert read_masthead(["关于举办2019年第1期农技培训班的通知", "各镇农技站："]) is None
    found = read_masthead(["云岫简报", "2019年第1期(三百四十九)", "云岫县办公室 2019年1月3日", "正文开始了。" * 20])
    assert found is not None
    assert (found.label.total, found.office, found.day) == (349, "云岫县办公室", date(2019, 1, 3))


@given(st.text(st.sampled_from("發(fā)布 時間：:（）ab\u3000\u200b县㈠"), max_size=40))
def test_the_matching_form_leads_back_to_what_is_printed(text: str) -> None:
    key = key_of(text)
    assert len(key.at) == len(key.text) + 1
    assert key.text == matching(text)
    assert key.cut(0, len(key.text)).strip() in text


def test_lines_remember_blank_lines_and_indentation() -> None:
    first, second = lines_of("甲\r\n\u00a0\n\n                      乙  丙\u3000\n")
    assert (first.text, first.gap) == ("甲", 0)
    assert (second.text, second.gap, second.centered) == ("乙 丙", 2, True)
