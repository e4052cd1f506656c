"""A page of a sample-text site: several reports about different places in one, none of them the county's own."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Final

from desk.demo.answering import Sheet, sheet
from desk.demo.article import Article, Part
from desk.demo.composing import day_of
from desk.demo.markup import body_html, filled
from desk.demo.places import REGION
from desk.demo.prose import NUMERALS, Writer
from desk.demo.site import PracticeSite, chance
from desk.demo.smallsite import SmallSite, paged_lists, rows_html
from desk.demo.subjects import subjects

HOST: Final = "www.fanwenku.example"
_COUNT: Final = 6
_CHROME: Final = (
    "开通会员",
    "公文写作",
    "下载全文",
    "相关范文推荐",
    "范文库 www.fanwenku.example 版权归原作者所有，如有侵权请联系删除",
)
#: Invented counties with their towns: every text of a page is about another one.
_COUNTIES: Final = {
    "云岫县": ("鹤鸣镇", "石台镇"),
    "松泉县": ("听泉镇", "板桥镇"),
    "白石滩县": ("白沙镇", "盐井镇"),
    "落霞县": ("孤鹜镇", "长天乡"),
    "青石桥县": ("桥头镇", "磨坊乡"),
}


def collection(scale: int = 1) -> PracticeSite:
    articles = [_article(k) for k in range(_COUNT * scale)]
    sheets: dict[str, Sheet] = {}
    for article in articles:
        path = article.url.removeprefix(f"http://{HOST}")
        _put(sheets, path, article.title, _detail(article), article.listed_on)
    pages = paged_lists(articles, 20, "/hb/list")
    for path, shown, pager in pages:
        _put(sheets, path, "汇报材料", f"<ul>\n{rows_html(shown, HOST)}\n</ul><p>{pager}</p>", None)
    sheets["/"] = sheets["/hb/list.html"]
    return SmallSite(
        name="collection",
        host=HOST,
        source_id="fanwenku",
        publisher="范文库",
        region=REGION,
        column=("hb", "汇报材料"),
        lists=[path for path, _, _ in pages],
        articles=articles,
        sheets=sheets,
        chrome=_CHROME,
    )


def _put(sheets: dict[str, Sheet], path: str, title: str, body: str, day: date | None) -> None:
    sheets[path] = sheet(filled("collection_page.html", title=escape(title), body=body), day)


def _preamble(topic: str) -> str:
    return f"前言：写材料没有头绪？小编为您整理了5篇{topic}汇报范文，起草时可以拿来对照。"


def _article(index: int) -> Article:
    """Texts parted by 篇一 headings on every second page, by nothing but numbering that begins anew on the others."""
    random = chance("collection", index)
    subject = subjects()[index % len(subjects())]
    parts: list[Part] = []
    texts: list[tuple[str, str]] = []
    for number, (county, towns) in enumerate(_COUNTIES.items()):
        writer = Writer(random, day_of(index), subject, county, towns)
        heading = f"{subject.name}汇报范文篇{NUMERALS[number]}" if index % 2 else ""
        if heading:
            parts.append(Part("heading", heading))
        texts.append((heading, ""))
        lead = f"{county}{writer.town}{('的功夫下在平时。', '近年来的做法如下。')[index % 2]}"
        parts += [Part("paragraph", lead + writer.opening()), *writer.chapters(random.randint(2, 4))]
    return Article(
        key=f"hb/{index}",
        url=f"http://{HOST}/hb/{52000 - index}.html",
        column="hb",
        kind="collection",
        title=f"{subject.name}汇报范文5篇",
        parts=tuple(parts),
        articles=tuple(texts),
        listed_on=day_of(index),
    )


def _detail(article: Article) -> str:
    topic = article.title.removesuffix("汇报范文5篇")
    return (
        f'<h1>{escape(article.title)}</h1>\n<div class="intro">{_preamble(topic)}</div>\n'
        f'<div class="content">\n{body_html(article.parts)}\n</div>\n'
        '<div class="down"><a href="/vip/">下载全文</a></div><div class="rel"><h3>相关范文推荐</h3></div>'
    )
