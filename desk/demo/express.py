"""A numbered express bulletin (快报): masthead, contents, several articles with bylines; 繁體 by a bad converter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import Any, Final

from desk.demo.answering import Sheet, sheet
from desk.demo.article import Article, Part, expected_of
from desk.demo.composing import day_of, spoken_number
from desk.demo.converter import badly_converted
from desk.demo.markup import filled
from desk.demo.places import REGION, person
from desk.demo.prose import Writer
from desk.demo.site import PracticeSite, chance
from desk.demo.smallsite import SmallSite, paged_lists, rows_html

HOST: Final = "xczx.yunxiu.example"
OFFICE: Final = "云岫县乡村振兴指挥部办公室"
_ISSUES: Final = 12
_NEWEST: Final = 268
_CHROME: Final = (
    "用户中心",
    "手机版",
    "繁体",
    "本站已支持IPv6访问",
    "字体调节：",
    "A+",
    "A-",
    "操作：",
    "导 读",
    "云岫县乡村振兴局主办　建议用1024以上宽度浏览　举报电话12317分机6",
)


def express(scale: int = 1, damaged: bool = False) -> PracticeSite:
    """`damaged` makes the source lead to the lists under /big5/, where every page comes out of the converter."""
    issues = [_issue(k, _ISSUES * scale) for k in range(_ISSUES * scale)]
    sheets: dict[str, Sheet] = {}
    for article in issues:
        path = article.url.removeprefix(f"http://{HOST}")
        _put(sheets, path, article.title, _detail(article), article.published_on)
    pages = paged_lists(issues, 10, "/kb/list")
    for path, shown, pager in pages:
        rows = f'<ul class="news">\n{rows_html(shown, HOST)}\n</ul>'
        _put(sheets, path, "快报", f'<div class="main">{rows}<div class="pages">{pager}</div></div>', None)
    sheets["/"] = sheets["/kb/list.html"]
    converted = [replace(a, url=a.url.replace("/kb/", "/big5/kb/"), damaged=True) for a in issues]
    lists = [("/big5" if damaged else "") + path for path, _, _ in pages]
    return SmallSite(
        name="express",
        host=HOST,
        source_id="619901_express_big5" if damaged else "619901_express",
        publisher="云岫县乡村振兴网",
        region=REGION,
        column=("kb", "快报"),
        lists=lists,
        articles=converted if damaged else issues,
        sheets=sheets,
        chrome=_CHROME,
        more=_other_versions(issues, converted),
    )


def _other_versions(issues: Sequence[Article], converted: Sequence[Article]) -> Mapping[str, Any]:
    """The same issues under /big5/, by URL, each naming the page it was made from and its text before the damage."""
    return {
        "versions": {bad.url: {"of": good.url, **expected_of(bad)} for good, bad in zip(issues, converted, strict=True)}
    }


def _put(sheets: dict[str, Sheet], path: str, title: str, body: str, day: date | None) -> None:
    page = filled("express_page.html", title=escape(title), other=f"/big5{path}", body=body)
    sheets[path] = sheet(page, day)
    turned = page.replace("/kb/", "/big5/kb/").replace(f"/big5/big5{path}", path)
    sheets[f"/big5{path}"] = sheet(badly_converted(turned), day)


def _issue(index: int, count: int) -> Article:
    random = chance("express", index)
    day = day_of(index) - timedelta(days=2)
    in_year, total = 37 - index if index < 36 else 1, _NEWEST + count - _ISSUES - index
    label = (
        f"{day.year}年第{in_year}期（总第{total}期）",
        f"第{in_year}期（总{total}）",
        f"{day.year}年第{in_year}期（{spoken_number(total)}）",
    )[index % 3]
    parts: list[Part] = []
    articles: list[tuple[str, str]] = []
    for _ in range(random.randint(2, 4)):
        writer = Writer(random, day)
        heading = _unused(writer, [known for known, _ in articles])
        byline = (f"{writer.leader} {person(random)}", writer.town, "")[random.randrange(3)]
        paragraphs = [*writer.brief(random.randint(3, 5))]
        if byline:
            last = paragraphs.pop()
            paragraphs.append(Part("paragraph", f"{last.text}（{byline}）"))
        articles.append((heading, byline))
        parts += [Part("heading", heading), *paragraphs]
    return Article(
        key=f"kb/{index}",
        url=f"http://{HOST}/kb/{4100 + total}.html",
        column="kb",
        kind="issue",
        title=f"乡村振兴快报（第{spoken_number(total)}期）",
        parts=tuple(parts),
        articles=tuple(articles),
        issue=label,
        issue_number=total,
        office=OFFICE,
        dated_on=day,
        published_on=day + timedelta(days=1),
        published_time=f"{random.randint(9, 17):02d}:{random.randint(10, 59)}",
        source_name="云岫县乡村振兴局",
        editor=person(random),
    )


def _unused(writer: Writer, known: Sequence[str]) -> str:
    heading = writer.title("brief")
    while heading in known:
        heading = writer.title("brief")
    return heading


def _detail(article: Article) -> str:
    day = article.dated_on
    assert day is not None
    contents = [f"<p>{escape(heading)}</p>" for heading, _ in article.articles]
    shown = []
    for part in article.parts:
        if part.kind == "heading":
            shown.append(f'<p>&nbsp;</p>\n<p align="center"><strong>{escape(part.text)}</strong></p>')
        else:
            shown.append(f"<p>　　{escape(part.text, quote=False)}</p>")
    return filled(
        "express_detail.html",
        title=escape(article.title),
        stamp=f"{article.published_on} {article.published_time}",
        source=article.source_name,
        label=article.issue,
        office=article.office,
        day=f"{day.year}年{day.month}月{day.day}日",
        contents="\n".join(contents),
        articles="\n".join(shown),
        editor=article.editor,
    )
