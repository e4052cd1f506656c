"""A paginated article: 本新闻共4页,当前在第01页. One article has lost a page on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from desk.demo.answering import Sheet, sheet
from desk.demo.article import Article, Part
from desk.demo.composing import day_of
from desk.demo.markup import body_html, filled
from desk.demo.places import NEIGHBOUR_TOWNS
from desk.demo.prose import Writer
from desk.demo.site import PracticeSite, chance
from desk.demo.smallsite import SmallSite, paged_lists, rows_html

HOST: Final = "www.songquan.example"
COUNTY: Final = "松泉县"
#: Pages of each article in turn. The third page of the fifth article is not there.
_PAGES: Final = (4, 1, 2, 3, 4, 1, 2, 1, 4, 1, 3, 1)
_BROKEN: Final = 4
_LOST: Final = 3
_CHROME: Final = ("返回首页", "百姓留言", "松泉县人民政府办公室 版权所有", "上一页", "下一页")


def paged(scale: int = 1) -> PracticeSite:
    sheets: dict[str, Sheet] = {}
    articles = [_article(k, sheets) for k in range(len(_PAGES) * scale)]
    pages = paged_lists(articles, 10, "/xw/list")
    for path, shown, pager in pages:
        rows = f'<ul>\n{rows_html(shown, HOST)}\n</ul><p align="center">{pager}</p>'
        _put(sheets, path, "松泉要闻", f'<table width="980" align="center"><tr><td>{rows}</td></tr></table>', None)
    sheets["/"] = sheets["/xw/list.html"]
    broken = next(article for article in articles if article.missing_pages)
    return SmallSite(
        name="paged",
        host=HOST,
        source_id="619902_songquan",
        publisher="松泉县人民政府",
        region="619902",
        column=("xw", "松泉要闻"),
        lists=[path for path, _, _ in pages],
        articles=articles,
        sheets=sheets,
        chrome=_CHROME,
        skipped=[(_numbered(broken.url, _LOST), "not_found")],
    )


def _numbered(address: str, number: int) -> str:
    return address if number == 1 else f"{address.removesuffix('.html')}_{number}.html"


def _put(sheets: dict[str, Sheet], path: str, title: str, body: str, day: date | None) -> None:
    sheets[path] = sheet(filled("paged_page.html", title=escape(title), body=body), day)


def _article(index: int, sheets: dict[str, Sheet]) -> Article:
    """One article; its pages are laid on the shelf as it is made."""
    random = chance("paged", index)
    day = day_of(index)
    writer = Writer(random, day, county=COUNTY, towns=NEIGHBOUR_TOWNS[COUNTY])
    title = f"{COUNTY}{writer.subject.name}工作{('纪实', '综述', '观察')[index % 3]}"
    count = _PAGES[index % len(_PAGES)]
    chapters = _chapters(writer, count)
    path = f"/xw/{day:%Y%m%d}{index % 10}.html"
    missing = (_LOST,) if index == _BROKEN else ()
    there = [number for number in range(1, count + 1) if number not in missing]
    for number in there:
        _put(sheets, _numbered(path, number), title, _page(title, day, chapters[number - 1], path, number, count), day)
    url = f"http://{HOST}{path}"
    return Article(
        key=f"xw/{index}",
        url=url,
        column="xw",
        title=title,
        parts=tuple(part for number in there for part in chapters[number - 1]),
        published_on=day,
        source_name="松泉县融媒体中心",
        page_urls=tuple(_numbered(url, number) for number in there),
        page_count=count,
        missing_pages=missing,
    )


def _chapters(writer: Writer, count: int) -> list[list[Part]]:
    """The body page by page. A page ends where it ends, in the middle of a chapter too."""
    opening, closing = Part("paragraph", writer.opening()), Part("paragraph", writer.closing())
    body = [opening, *writer.chapters(min(9, 2 * count)), closing]
    size = -(-len(body) // count)
    return [body[k * size : (k + 1) * size] for k in range(count)]


def _page(title: str, day: date, parts: Sequence[Part], path: str, number: int, count: int) -> str:
    head = f'<tr><td align="center"><b><font size="4">{escape(title)}</font></b></td></tr>'
    clicks = '点击数：<script src="/click.js"></script>'
    line = f'<tr><td align="center">来源：松泉县融媒体中心　发布时间：{day}　{clicks}</td></tr>'
    foot = ""
    if count > 1:
        links = "".join(
            f'<a href="{_numbered(path, k).rpartition("/")[2]}">{k:02d}</a> ' if k != number else f"<b>{k:02d}</b> "
            for k in range(1, count + 1)
        )
        foot = f'<p align="center">本新闻共 {count}页,当前在第 {number:02d}页&nbsp;&nbsp;{links}|</p>'
    return (
        f'<table width="980" align="center">{head}\n{line}\n<tr><td class="nr" id="zoom">\n'
        f"{body_html(parts)}\n{foot}</td></tr></table>"
    )
