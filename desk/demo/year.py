"""A county gazette over a year: papers are added, edited, edited back, moved out of sight, taken away and put back; the
site is redesigned, breaks down and is fenced off. What it answers depends on the day it is told that it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from html import escape
from typing import Any, Final

from desk.demo.answering import ROBOTS, Sheet, answer_with, moved, not_found, sheet
from desk.demo.article import Article, File, Part
from desk.demo.files import pdf
from desk.demo.markup import body_html, filled
from desk.demo.places import NEIGHBOUR_TOWNS
from desk.demo.prose import Writer
from desk.demo.site import Answer, chance
from desk.demo.smallsite import SmallSite, rows_html
from desk.demo.stock import files_line
from desk.demo.subjects import subjects
from desk.demo.year_script import (
    DOWN,
    FAULTS,
    FILE_SWAPPED,
    HALF_DOWN_FROM,
    PUBLISHED,
    REDESIGN,
    REFUSED,
    RETITLED,
    absence_of,
    expected,
    state_of,
)

HOST: Final = "www.baishitan.example"
COUNTY: Final = "白石滩县"
OFFICE: Final = f"{COUNTY}人民政府办公室"
_LIST: Final = "/gb/index.html"
_CHROME: Final = ("最新信息", f"主办：{OFFICE}", "云ICP备20190303号")
#: The paper that stands under the address of p08 in its place, and the page that stands for p06.
_OTHER: Final = "p99"
_EXCUSE: Final = '<div class="tip"><p>抱歉，您访问的页面不存在或已被删除。</p><p><a href="/">返回首页</a></p></div>'


class Year:
    """`today` may be set to any day of 2025; the first and last are the safest. `scale` is for the other sites."""

    name: Final = "year"
    host: Final = HOST

    def __init__(self, scale: int = 1, today: date = date(2025, 1, 7)) -> None:
        self.today = today
        self.article = lru_cache(maxsize=256)(_article)

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path = path_and_query.partition("?")[0]
        outage = self._outage(path)
        if outage:
            return outage
        if path == "/robots.txt":
            return answer_with(sheet(ROBOTS, media_type="text/plain"), headers)
        if path in ("/", "/gb/", _LIST):
            return answer_with(self._list(), headers)
        name = path.rpartition("/")[2].partition(".")[0].partition("_")[0]
        if name not in PUBLISHED or PUBLISHED[name] > self.today:
            return not_found()
        if path.endswith(".pdf"):
            files = self._now(name).files
            return answer_with(Sheet(files[0].data, files[0].media_type), headers) if files else not_found()
        return self._paper(name, headers)

    def _outage(self, path: str) -> Answer | None:
        if DOWN[0] <= self.today <= DOWN[1] and (self.today < HALF_DOWN_FROM or path != "/robots.txt"):
            return Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>")
        if REFUSED[0] <= self.today <= REFUSED[1] and path != "/robots.txt":
            return Answer(405, b'<html><body><img src="//errors.aliyun.com/images/block.png"></body></html>')
        return None

    def _paper(self, name: str, headers: Mapping[str, str]) -> Answer:
        absence = absence_of(name, self.today)
        if absence == "404" or FAULTS.get(name) == self.today:
            return not_found()
        if absence == "410":
            return Answer(410, b"<html><body><h1>410 Gone</h1></body></html>")
        if absence == "home":
            return moved("/")
        if absence == "soft_404":
            return answer_with(self._page("提示信息", _EXCUSE), headers)
        article = self.article(_OTHER, "A", "", False) if absence == "another" else self._now(name)
        return answer_with(self._page(article.title, self._detail(article, name)), headers)

    def _now(self, name: str) -> Article:
        """The paper as it is today."""
        mark = "（2025年修订）" if name in RETITLED and RETITLED[name] <= self.today else ""
        swapped = name in FILE_SWAPPED and FILE_SWAPPED[name] <= self.today
        return self.article(name, state_of(name, self.today), mark, swapped)

    def _listed(self) -> list[Article]:
        """The papers the list shows today, newest first."""
        names = sorted(PUBLISHED, key=lambda name: (PUBLISHED[name], name), reverse=True)
        out = [name for name in names if PUBLISHED[name] <= self.today and not absence_of(name, self.today)]
        return [self._now(name) for name in out]

    def _list(self) -> Sheet:
        return self._page("政府公报", f'<ul class="news-list">\n{rows_html(self._listed(), HOST)}\n</ul>')

    def _page(self, title: str, body: str) -> Sheet:
        """A page in the template of the day. The box of the newest papers changes with every new one."""
        newest = [
            (article.url.removeprefix(f"http://{HOST}"), escape(article.title[:18])) for article in self._listed()[:4]
        ]
        if self.today < REDESIGN:
            latest = "".join(f'<li><a href="{href}">{title}</a></li>' for href, title in newest)
            return sheet(filled("year_old.html", title=escape(title), body=body, latest=latest))
        latest = "".join(f'<dd><a href="{href}">{title}</a></dd>' for href, title in newest)
        return sheet(filled("year_new.html", title=escape(title), body=body, latest=latest))

    def _detail(self, article: Article, name: str) -> str:
        title, parts = escape(article.title), body_html(article.parts)
        # A counter of visits, as half of the pages have one: the payload is another every day.
        hits = (self.today - PUBLISHED[name]).days * 3 if int(name[1:]) % 2 == 0 else 0
        counter = f"　浏览次数：{hits}" if hits else ""
        if self.today < REDESIGN:
            info = f"发布日期：{article.published_on}　来源：{article.source_name}{counter}"
            return f'<h1>{title}</h1>\n<div class="info">{info}</div>\n<div id="zoom" class="content">\n{parts}\n</div>'
        info = f"<span>发布日期：{article.published_on}</span><span>来源：{article.source_name}</span>{counter}"
        head = f'<div class="article-head"><h1 class="article-title">{title}</h1><p class="meta">{info}</p></div>'
        return f'<article class="detail">{head}\n<div class="article-body">\n{parts}\n</div></article>'

    @cached_property
    def _names(self) -> dict[str, str]:
        return {name: _url(name) for name in PUBLISHED}

    def expected(self) -> dict[str, Any]:
        """What a crawl of today finds; under `year` what an archive must hold after all crawls of the script, with the
        `names` of the papers by which it is told."""
        articles = self._listed()
        small = SmallSite(
            name=self.name,
            host=HOST,
            source_id="619903_baishitan",
            publisher=f"{COUNTY}人民政府公报",
            region="619903",
            column=("gb", "政府公报"),
            lists=[_LIST],
            articles=articles,
            sheets={},
            chrome=_CHROME,
            more={"year": expected(), "names": self._names},
        )
        return small.expected()

    def source_toml(self, address: str) -> str:
        """Known papers are asked for again after a week at the latest, so that the script need not wait for months."""
        small = SmallSite(
            self.name,
            HOST,
            "619903_baishitan",
            f"{COUNTY}人民政府公报",
            "619903",
            ("gb", "政府公报"),
            [_LIST],
            [],
            {},
            [],
        )
        return small.source_toml(address) + "\n[revisits]\nlongest = 7.0\n"


def _url(name: str) -> str:
    day = PUBLISHED[name]
    return f"http://{HOST}/gb/{day:%Y%m}/{name}.html"


def _article(name: str, state: str, mark: str, swapped: bool) -> Article:
    """A paper in one of its states."""
    day = PUBLISHED.get(name, date(2023, 5, 8))
    number = int(name[1:])
    subject = subjects()[number % len(subjects())]
    writer = Writer(chance("year", name), day, subject, COUNTY, NEIGHBOUR_TOWNS[COUNTY])
    title = writer.title("notice")
    parts = [
        Part("salutation", "各乡镇人民政府，县直有关单位："),
        Part("paragraph", writer.opening()),
        *writer.chapters(2),
    ]
    if state == "B":
        parts.insert(2, Part("paragraph", "（更正）" + writer.paragraph(2)))
    parts.append(Part("paragraph", writer.closing()))
    files = (_file(name, day, swapped),) if name in FILE_SWAPPED else ()
    if files:
        parts.append(files_line(files))
    return Article(
        key=f"gb/{name}",
        url=_url(name) if name in PUBLISHED else "",
        column="gb",
        title=title + mark,
        parts=tuple(parts),
        published_on=day,
        source_name=OFFICE,
        files=files,
    )


def _file(name: str, day: date, swapped: bool) -> File:
    rows = [["滩头镇", "白沙镇", "盐井镇"], ["雁回乡", "责任到人"] if swapped else ["雁回乡"]]
    href = f"/gb/{day:%Y%m}/{name}_1.pdf"
    return File("任务分解表.pdf", f"http://{HOST}{href}", "application/pdf", pdf(rows), href)
