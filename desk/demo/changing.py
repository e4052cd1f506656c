"""A site that lives: it publishes on working days, and one day something happens to it.

The day is told from outside, so that a year can pass in a minute. What may happen: it is redesigned under the same
addresses, or under new ones; it stops publishing; it answers with challenges; every page of its lists becomes the
first; it breaks down; it is put under another site code; it loses its numbers, its bodies or its encoding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any, Final

from desk.demo.answering import answer_with, not_found, sheet
from desk.demo.places import REGION
from desk.demo.site import Answer, chance, source_file

HOST: Final = "living.yunxiu.example"
SITE_CODE: Final = "6199010042"
_PAGE: Final = 10
_FIRST: Final = date(2026, 1, 5)
_HTML: Final = (("Content-Type", "text/html; charset=utf-8"),)
_CHALLENGE: Final = (*_HTML, ("X-Via-JSL", "1a2b3c4"), ("Set-Cookie", "__jsluid_h=0123456789abcdef; path=/"))
_WORKS: Final = ("河道清淤", "校舍修缮", "森林防火", "春耕备耕", "道路养护", "饮水安全", "残疾人补贴发放", "危房改造")


class Changing:
    """One column, `gb`, ten rows a page. `today` and `mishap` are set by whoever serves it; `since` is the day from
    which a mishap shows in what is published. Mishaps: redesigned moved scripted silent challenged guarded stuck down
    another_code upside_down unnumbered cut_short garbled; "" is none."""

    name: Final = "living"
    host: Final = HOST

    def __init__(self, today: date, *, every: int = 1) -> None:
        self.today = today
        self.mishap = ""
        self.since = today
        self._every = every

    def happen(self, mishap: str, on: date) -> None:
        """From this day on something is wrong."""
        self.mishap, self.since, self.today = mishap, on, on

    def days(self) -> list[date]:
        """The days with a bulletin up to today, newest first: every so many of the days from Monday to Friday."""
        last = self.since - timedelta(1) if self.mishap == "silent" else self.today
        days = [_FIRST + timedelta(n) for n in range((last - _FIRST).days + 1)]
        return [day for day in days if day.weekday() < 5][:: self._every][::-1]

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self.mishap == "down":
            return Answer(502, b"<html><body>Bad Gateway</body></html>")
        if path_and_query == "/robots.txt" and self.mishap != "guarded":
            return Answer(404, b"")
        if self.mishap in ("challenged", "guarded"):
            return Answer(521, b"<script>document.cookie=('_')+('_jsl_clearance')</script>", _CHALLENGE)
        page = self._page(path_and_query.partition("?")[0])
        return answer_with(sheet(page), headers) if page else not_found()

    def expected(self) -> dict[str, Any]:
        """The addresses of all bulletins."""
        return {"article_urls": [f"http://{HOST}{self._path(day)}" for day in self.days()]}

    def source_toml(self, address: str) -> str:
        columns = [("gb", "政府公报", "/gb/")]
        return source_file(
            self, address, id="619901_living", name="云岫县政府公报", region=REGION, family="trs", columns=columns
        )

    def _page(self, path: str) -> str:
        folder = "/zwgk/zfgb/" if self.mishap == "moved" else "/gb/"
        if path.startswith(folder):
            tail = path.removeprefix(folder)
            if tail == "" or (tail.startswith("index") and tail.endswith(".html")):
                number = tail.removeprefix("index").removeprefix("_").removesuffix(".html")
                return self._list(int(number) if number.isdigit() else 0)
        found = {self._path(day): day for day in self.days()}
        return self._article(found[path]) if path in found else ""

    def _path(self, day: date) -> str:
        folder = "zwgk/zfgb" if self.mishap == "moved" else "gb"
        return f"/{folder}/{day:%Y%m}/t{day:%Y%m%d}_{day.toordinal()}.html"

    def _list(self, number: int) -> str:
        if self.mishap == "scripted":
            return _SHELL
        days = self.days()
        if self.mishap == "upside_down":
            days.reverse()
        if self.mishap == "stuck":
            number = 0
        shown = days[number * _PAGE : (number + 1) * _PAGE]
        pages = -(-len(days) // _PAGE)
        if self.mishap in ("redesigned", "moved"):
            return _new_page("政府公报", _cards(self, shown), self._code())
        rows = "".join(
            f'<li><a href="{self._path(day)}" title="{escape(_title(day))}">{escape(_title(day))}</a>'
            f"<span>{day}</span></li>"
            for day in shown
        )
        pager = f'<script>createPageHTML({pages}, {number}, "index", "html");</script>'
        return _old_page("政府公报", f'<div class="list"><ul class="list-t">{rows}</ul>{pager}</div>', self._code())

    def _article(self, day: date) -> str:
        title, text = _title(day), _text(day)
        struck = self.mishap and day >= self.since
        number = "" if struck and self.mishap == "unnumbered" else f"云政发〔{day.year}〕{day.timetuple().tm_yday}号"
        if struck and self.mishap == "cut_short":
            text = text[:1]
        head = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">'
        info = f'<div class="sub"><ul><li>发文字号：{number}</li><li>发布日期：{day}</li></ul></div>' if number else ""
        body = "".join(f"<p>{line}</p>" for line in text)
        if self.mishap in ("redesigned", "moved"):
            page = _new_page(
                title,
                f'<article class="paper"><h2>{title}</h2>{info}<section>{body}</section></article>',
                self._code(),
                head,
            )
        else:
            content = f'<h1>{title}</h1>{info}<div class="TRS_Editor">{body}</div>'
            page = _old_page(title, content, self._code(), head)
        return page.encode().decode("gb18030", "replace") if struck and self.mishap == "garbled" else page

    def _code(self) -> str:
        return "6199990001" if self.mishap == "another_code" else SITE_CODE


def _title(day: date) -> str:
    work = chance("living", day).choice(_WORKS)
    return f"云岫县人民政府关于做好{day.month}月{day.day}日{work}工作的通知"


def _text(day: date) -> list[str]:
    random = chance("living", day, "text")
    works = random.sample(_WORKS, 4)
    return ["各乡镇人民政府、县直各部门："] + [
        f"第{n}项工作是{work}，由第{random.randint(1, 30)}工作组负责，{random.randint(5, 28)}日前报送台账，"
        f"逾期未报的予以通报，并在下月例会上说明原因。"
        for n, work in enumerate(works, 1)
    ]


def _old_page(title: str, body: str, code: str, head: str = "") -> str:
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{head}<meta name="SiteIDCode" content="{code}">'
        '<link href="/css/zfxx.css"></head><body><div class="top"><div class="logo" id="logo"></div>'
        '<div class="menu" id="nav"><ul class="nav-t"><li>政务公开</li><li>政务服务</li></ul></div></div>'
        f'<div class="wrap"><div class="pos">当前位置：首页</div><div class="main" id="main">{body}</div>'
        '<div class="foot"><p class="icp">云岫县人民政府办公室主办</p></div></div></body></html>'
    )


def _new_page(title: str, body: str, code: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'<meta name="SiteIDCode" content="{code}"><link href="/assets/app.css"></head><body class="theme-2026">'
        '<header class="site-header"><nav class="site-nav"><a class="brand">云岫</a></nav></header>'
        f'<main class="container"><aside class="side-bar"><dl class="tree"><dt>公开目录</dt></dl></aside>{body}</main>'
        '<footer class="site-footer"><address>云岫县人民政府办公室</address></footer></body></html>'
    )


def _cards(site: Changing, days: Sequence[date]) -> str:
    cards = "".join(
        f'<div class="card"><h3 class="card-title"><a class="card-link" href="{site._path(day)}">'
        f'{escape(_title(day))}</a></h3><time class="card-time">{day}</time></div>'
        for day in days
    )
    return f'<section class="card-grid">{cards}</section>'


_SHELL: Final = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府公报</title></head><body class="theme-2026">'
    '<div id="app"></div><script src="/assets/app.js"></script></body></html>'
)
