"""Properties of reading rendered text: chrome around an article changes nothing, nothing is lost, nothing crashes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.extract.rendered import read_rendered

HEADS = (
    "",
    "首页 | 时政 | 民生 | 视频 | 专题",
    "设为首页　加入收藏　无障碍浏览",
    "云岫县人民政府门户网站",
    "当前位置：首页 > 新闻中心 > 今日要闻",
    "您现在的位置： 首页 >> 新闻 >> 正文",
    "用戶中心 | 手機版 | 繁體",
    "今天是2024年3月1日 星期五",
    "用户登录\n搜索\n设为首页\n当前位置：首页 > 要闻",
)
UNDER = ("", "字体：【大 中 小】", "分享到： 微信 微博", "字號：A+ A- 打印", "【打印】【关闭】")
TAILS = (
    "",
    "【打印本页】 【关闭窗口】",
    "上一篇：云岫县举办技能大赛\n下一篇：没有了",
    "相关阅读\n云岫县举办技能大赛\n云岫县启动普查工作",
    "扫一扫在手机打开当前页\n返回顶部",
    "分享到：\n微信\n微博",
    "主办：云岫县人民政府　承办：云岫县人民政府办公室\n云ICP备00000001号　网站标识码：6199010001",
    "网站地图 | 联系我们 | 版权声明\n版权所有：云岫县人民政府",
    "1\n扫一扫在手机打开当前页\n回到顶部",
    "建议使用1024*768分辨率浏览\n您是第 1024 位访问者",
)
TITLE = "松溪镇新建三座便民桥"
LINE = "来源：云岫日报　作者：林晚舟　发布时间：2023-05-06 10:20"
BODY = (
    "五月五日，松溪镇上坪、下坪、石口三座便民桥同时通行，沿河两千多名群众告别了踩石过河的日子。",
    "桥从哪里来",
    "镇里把群众反映最多的三处渡口列入年度实事，筹资一百八十万元，二月动工，四月底完工，比计划提前二十天。",
    "一、管护责任到人。每座桥确定一名桥长，每月巡查两次，汛期每天一次，发现破损当天报修。",
    "下一步，镇里还要把经验分享到各村，把桥头的路灯装起来。",
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(HEADS), st.sampled_from(UNDER), st.lists(st.sampled_from(TAILS), max_size=3), st.booleans())
def test_chrome_around_an_article_changes_nothing(head: str, under: str, tails: list[str], gap: bool) -> None:
    lines = [head, TITLE, LINE, under, *BODY, "责任编辑：贺一鸣　审核：沈从简", *tails]
    harvest = read_rendered(("\n\n" if gap else "\n").join(line for line in lines if line))
    assert harvest.title == TITLE
    assert (harvest.source_name, harvest.author) == ("云岫日报", "林晚舟")
    assert (harvest.editor, harvest.reviewer) == ("贺一鸣", "沈从简")
    assert harvest.published_on == date(2023, 5, 6)
    assert harvest.text == "\n".join(BODY)
    assert [section.heading for section in harvest.sections] == ["桥从哪里来"]
    assert harvest.sections[0].sections[0].heading == "一、管护责任到人"


PIECES = (
    *(line for part in (*HEADS, *UNDER, *TAILS) for line in part.split("\n") if line),
    *BODY,
    TITLE,
    LINE,
    "索引号",
    "015780032/2019-00210",
    "发布机构：",
    "文号：云政发〔2023〕5号",
    "云岫县农业简报",
    "2023年第5期（总第61期）",
    "导读",
    "（一）",
    "一、",
    "附件：1.名单.xls",
    "云岫县水利局",
    "2023年5月6日",
    "2019228",
    "（王建业）",
    "小编为大家整理了三篇范文，供您参考。",
    "本新闻共3页,当前在第1页",
    "W02020101966.jpg",
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.booleans())
@example([], False)
def test_no_sentence_is_lost_in_any_order_of_lines(pieces: list[str], gap: bool) -> None:
    """A paragraph may be taken for another part of the page, never for none."""
    harvest = read_rendered(("\n\n" if gap else "\n").join(pieces))
    kept = {*harvest.text.split("\n"), *(line.text for line in harvest.chrome)}
    lost = [piece for piece in pieces if "。" in piece and piece not in kept]
    assert not lost


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=300)
    | st.text("一二(（)）、:：。\n 年月日0129 第期总号来源作者", max_size=200)
)
def test_no_text_makes_it_fail(text: str) -> None:
    harvest = read_rendered(text)
    assert harvest.kind in ("article", "issue", "collection")


@pytest.mark.parametrize("text", ["", "\n\n\n", "\u200b\ufeff", "。", "\x00"])
def test_next_to_nothing_is_doubted(text: str) -> None:
    assert [doubt.field for doubt in read_rendered(text).doubts] == ["title"]


def test_dates_that_contradict_each_other_are_doubted() -> None:
    page = "云岫县水利局关于防汛的通知\n发布时间：2020-07-01\n{}\n云岫县水利局\n2020年7月3日".format(
        "请做好防汛准备。" * 5
    )
    fields = {doubt.field for doubt in read_rendered(page).doubts}
    assert fields == {"published_on"}
    assert {doubt.field for doubt in read_rendered(page, today=date(2020, 7, 2)).doubts} == {
        "published_on",
        "signed_on",
    }


def test_the_year_of_a_number_is_compared_with_the_date() -> None:
    page = "云岫县水利局关于防汛的通知\n云水发〔2018〕5号\n{}\n云岫县水利局\n2020年7月3日".format(
        "请做好防汛准备。" * 5
    )
    harvest = read_rendered(page)
    assert harvest.number == "云水发〔2018〕5号"
    assert [doubt.field for doubt in harvest.doubts] == ["number"]


def test_every_field_says_where_it_comes_from() -> None:
    harvest = read_rendered("\n".join([TITLE, LINE, *BODY]))
    evidence = dict(harvest.evidence)
    assert evidence["published_on"].origin == "headline"
    assert all(0 < found.confidence <= 1 for found in evidence.values())
    assert harvest.read_by.startswith("rendered/")


@pytest.mark.parametrize(
    "unit",
    [
        "云岫县农业\n",
        "索引号\n",
        "一、云岫\n",
        "（",
        "云",
        "第1期（总第2期）\n",
        "来源：云岫 时间：2019-01-01\n",
        "(一)(二)",
        "1",
    ],
)
def test_a_long_monotonous_text_is_read_to_its_end(unit: str) -> None:
    harvest = read_rendered(unit * 4000)
    assert harvest.kind
