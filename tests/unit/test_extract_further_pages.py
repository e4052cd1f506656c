"""Articles of several pages: named by the first, put together from all, and honest about what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bulletin.harvest import Attachment, Doubt, Harvest, Pages
from crawler.extract.page import open_page
from crawler.extract.pages import stitch
from crawler.extract.reading import read_page

PROSE = "".join(f"<p>云岫县第{n}批渠道清淤任务已经下达，各村要按期完成并上报进度。</p>" for n in range(1, 5))


def read(pager: str, url: str) -> Harvest:
    head = "<h1>渠道清淤任务分批公告</h1><p>来源：县水利局 时间：2026-03-01</p>"
    return read_page(
        open_page(f"<html><body>{head}<div id='zoom'>{PROSE}{pager}</div></body></html>".encode(), url=url)
    )


SITE = "http://www.yunxiu.example/gb/"


@pytest.mark.parametrize(
    ("pager", "url", "pages", "links"),
    [
        (
            "<p>本新闻共3页,当前在第1页 <b>1</b> <a href='20_2.htm'>2</a> <a href='20_3.htm'>3</a></p>",
            "20.htm",
            Pages(1, 3, (2, 3)),
            ("20_2.htm", "20_3.htm"),
        ),
        (
            "<div>上一页 <a href='c_123.html'>1</a> 2 <a href='c_123_3.html'>3</a> "
            "<a href='c_123_3.html'>下一页</a></div>",
            "c_123_2.html",
            Pages(2, 3, (1, 3)),
            ("c_123.html", "c_123_3.html"),
        ),
        (
            "<p>共4页: <a href='a.asp?id=7&page=2'>2</a> … <a href='a.asp?id=7&page=4'>4</a></p>",
            "a.asp?id=7",
            Pages(1, 4, (2, 3, 4)),
            ("a.asp?id=7&page=2", "a.asp?id=7&page=3", "a.asp?id=7&page=4"),
        ),
        (
            "<script>createPageHTML(2,0,'t2026_55','html')</script>",
            "t2026_55.html",
            Pages(1, 2, (2,)),
            ("t2026_55_1.html",),
        ),
        ("<p><a href='comment.html?id=9'>106</a> 人参与</p>", "n.html", None, ()),
        ("<p>见表1、表2和图3。</p>", "n.html", None, ()),
    ],
)
def test_further_pages_are_named(pager: str, url: str, pages: Pages | None, links: tuple[str, ...]) -> None:
    harvest = read(pager, SITE + url)
    assert harvest.pages == pages
    assert harvest.links == tuple(SITE + link for link in links)
    if pages:
        assert harvest.text.endswith("。")


def one(text: str, **fields: object) -> Harvest:
    return replace(Harvest(text=text, language="zh", read_by="generic/1"), **fields)  # type: ignore[arg-type]


def test_pages_are_joined_in_order_and_fields_come_from_the_first_that_has_them() -> None:
    plan = Attachment("计划.pdf", "http://x.example/1.pdf")
    whole = stitch(
        [
            (2, one("第二页", signed_on=date(2026, 3, 1), title="另一个标题", attachments=(plan,))),
            (1, one("第一页", title="清淤公告", attachments=(plan,))),
        ],
        2,
    )
    assert (whole.title, whole.text, whole.signed_on) == ("清淤公告", "第一页\n第二页", date(2026, 3, 1))
    assert whole.attachments == (plan,)
    assert whole.pages == Pages(1, 2, ())
    assert whole.doubts == ()


def test_a_missing_page_is_named() -> None:
    whole = stitch([(1, one("一")), (4, one("四"))], 4)
    assert whole.pages == Pages(1, 4, (2, 3))
    assert whole.doubts == (Doubt("pages", "of 4 pages these are missing: 2, 3"),)


def test_a_page_served_twice_is_missing_not_doubled() -> None:
    whole = stitch([(1, one("一")), (2, one("二")), (3, one("二"))], 3)
    assert whole.text == "一\n二"
    assert whole.pages == Pages(1, 3, (3,))


def test_nothing_cannot_be_put_together() -> None:
    with pytest.raises(ValueError, match="no page"):
        stitch([], 2)
