"""F7, "gkmlpt": a directory that is a script, lists behind an interface, bodies as escaped strings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any, Final, Unpack

from desk.demo.answering import ROBOTS, Sheet, answer_with, fields_of, not_found, number_in, sheet
from desk.demo.article import Article, File
from desk.demo.composing import Draft
from desk.demo.files import jpeg, pdf
from desk.demo.govmeta import COLUMNS, article_metas, site_metas
from desk.demo.listing import line_of, oracle
from desk.demo.markup import body_html, filled, metas
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f7.yunxiu.example"
SID: Final = "760999"
PER_PAGE: Final = 100
_CATEGORIES: Final = {"tzgg": 8001, "gb": 8002, "jb": 8003, "zfwj": 8004}
_BASE: Final = {"tzgg": 310000, "gb": 510000, "jb": 710000, "zfwj": 910000}
#: Places in 通知公告 of the papers that were abolished.
ABOLISHED: Final = (30, 32, 34, 36)
CHROME: Final = ("政府信息公开平台", "公开指南", "分享到：", "政府网站标识码：6199010007")


def _path(column: str, index: int, day: date) -> str:
    number = _BASE[column] - index
    return f"/gkmlpt/content/1/{number // 1000}/post_{number}.html"


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    number = path.rpartition("_")[2].removesuffix(".html")
    name = {1: f"{draft.title}.pdf", 2: f"{draft.subject}分工表.pdf", 3: f"{writer.town}统计表.pdf"}[slot]
    href = f"/gkmlpt/attachment/0/{number}/{slot}.pdf"
    texts = [part.text for part in draft.parts if part.text]
    return File(name, f"http://{HOST}{href}", "application/pdf", pdf([[name, *texts[:4]]]), href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    abolished = article.key.startswith("tzgg/") and index in ABOLISHED
    return replace(article, validity="废止" if abolished else draft.validity)


_PLAN: Final = Plan(
    site="F7",
    host=HOST,
    counts={"tzgg": 230, "gb": 120, "jb": 8, "zfwj": 0},
    forms={"gb": ("document", "notice"), "jb": ("brief",), "tzgg": ("notice", "announcement")},
    path=_path,
    file=_file,
    picture=lambda path: f"/gkmlpt/images/{path.rpartition('_')[2].removesuffix('.html')}.jpg",
    missing="/gkmlpt/content/1/404/post_404404.html",
    adapt=_adapt,
)


class F7:
    """The switches are those of F1."""

    name: Final = "F7"
    host: Final = HOST

    def __init__(self, scale: int = 1, **changed: Unpack[Switches]) -> None:
        self.stock = Stock(_PLAN, scale, Changes(**changed))

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        path, _, query = path_and_query.partition("?")
        found = self._sheet(path, fields_of(query))
        return answer_with(found, headers) if found else not_found()

    def _sheet(self, path: str, fields: Mapping[str, str]) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(ROBOTS, media_type="text/plain")
        if path in ("/", "/gkmlpt/index"):
            return self._page("政府信息公开目录", site_metas(HOST), '<div id="app"></div>', "null")
        if path.startswith("/gkmlpt/api/all/"):
            return self._listed(number_in(path.rpartition("/")[2], 0), fields)
        if path.startswith("/gkmlpt/images/"):
            return Sheet(jpeg(path), "image/jpeg")
        return self._attached(path)

    @staticmethod
    def _page(title: str, pairs: Sequence[tuple[str, str]], body: str, detail: str, day: date | None = None) -> Sheet:
        tree = json.dumps(_tree(), ensure_ascii=False)
        return sheet(
            filled("f7_page.html", title=escape(title), metas=metas(pairs), tree=tree, detail=detail, body=body), day
        )

    def _listed(self, category: int, fields: Mapping[str, str]) -> Sheet | None:
        column = next((c for c, n in _CATEGORIES.items() if n == category), None)
        if column is None or fields.get("sid") != SID:
            return sheet('{"total":0,"articles":[]}', media_type="application/json")
        page = max(1, number_in(fields.get("page", ""), 1))
        order = self.stock.order(column)
        found = [self._entry(column, index) for index in order[(page - 1) * PER_PAGE : page * PER_PAGE]]
        reply = {"total": len(order), "classify": {"id": category, "post_count": len(order)}, "articles": found}
        return sheet(json.dumps(reply, ensure_ascii=False), media_type="application/json")

    def _entry(self, column: str, index: int) -> dict[str, Any]:
        line = line_of(self.stock, column, index, self.stock.url, 1000)
        stamp = _seconds(date.fromisoformat(line.day), "09:00") if line.day else None
        entry: dict[str, Any] = {
            "id": _BASE[column] - index,
            "title": line.title or line.shown,
            "url": line.href,
            "post_url": line.href,
            "is_top": line.pinned,
            "date": stamp,
            "is_expired": False,
            "is_abolished": False,
        }
        if self.stock.odd(column, index):
            return entry
        article = self.stock.article(column, index)
        return {
            **entry,
            "document_number": article.number,
            "identifier": article.index_number,
            "publisher": article.office,
            "created_at": _seconds(article.dated_on, "00:00") if article.dated_on else None,
            "first_publish_time": stamp and _seconds(self.stock.day(column, index), article.published_time),
            "display_publish_time": stamp,
            "abstract": "",
            "classify_main_name": COLUMNS[column][0],
            "is_abolished": article.validity == "废止",
            "attachment": [],
        }

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        byline = f"<p>（作者：{article.author}　责任编辑：{article.editor}）</p>" if article.author else ""
        content = body_html(article.parts) + byline
        # Escaped as the platform does it: no angle bracket stands in the page.
        detail = json.dumps({"id": _BASE[column] - index, "title": article.title, "content": content})
        detail = detail.replace("<", "\\u003c").replace(">", "\\u003e").replace("/", "\\/")
        dated = article.dated_on
        box = [
            ("索 引 号", article.index_number),
            ("分类", "/".join(article.topic)),
            ("发布机构", article.office),
            ("成文日期", f"{dated:%Y-%m-%d}" if dated else ""),
            ("名称", article.title),
            ("文号", article.number),
            ("发布日期", str(article.published_on)),
            ("有效性", article.validity),
        ]
        cells = "".join(f"<tr><td>{label}：</td><td>{escape(value)}</td></tr>" for label, value in box)
        beside = [file for file in article.files if file.href.endswith("/3.pdf")]
        links = "".join(f'<li><a href="{f.href}">{escape(f.name)}</a></li>' for f in beside)
        title = f'<h1 class="content_title">{escape(article.title)}</h1>'
        stamp = f"{article.published_on} {article.published_time}　来源：{escape(article.source_name)}　分享到："
        lines = [
            f'<table class="content_title_table">{cells}</table>',
            title,
            f'<p class="content_date">发布日期：{stamp}</p>',
            f'<div class="article-content"></div>\n<ul class="attach">{links}</ul>',
        ]
        body = "\n".join(lines)
        day = date.fromordinal(self.stock.day(column, index).toordinal() + self.stock.changed(column, index))
        return self._page(article.title, article_metas(HOST, article), body, detail, day)

    def _attached(self, path: str) -> Sheet | None:
        parts = path.split("/")
        number = number_in(parts[4], 0) if len(parts) == 6 and path.startswith("/gkmlpt/attachment/0/") else 0
        key = self.stock.by_path.get(f"/gkmlpt/content/1/{number // 1000}/post_{number}.html")
        files = self.stock.article(*key).files if key else ()
        return next((Sheet(file.data, file.media_type) for file in files if file.href == path), None)

    def _lists(self, column: str) -> list[str]:
        pages = -(-len(self.stock.order(column)) // PER_PAGE)
        ask = f"/gkmlpt/api/all/{_CATEGORIES[column]}?sid={SID}&page="
        return [f"/gkmlpt/index#{_CATEGORIES[column]}", *(f"{ask}{k}" for k in range(1, pages + 1))]

    def expected(self) -> dict[str, Any]:
        columns = [(column, COLUMNS[column][0]) for column in _CATEGORIES]
        return oracle(self.stock, family="gkmlpt", columns=columns, lists=self._lists, chrome=CHROME)

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id="619901_f7",
            name="云岫县人民政府（F7）",
            region=REGION,
            family="gkmlpt",
            columns=[(column, COLUMNS[column][0], f"/gkmlpt/index#{n}") for column, n in _CATEGORIES.items()],
            site_code=SITE_CODE,
        )


def _tree() -> list[dict[str, Any]]:
    """Two levels; one entry only leads elsewhere."""
    leaves = [
        {"id": n, "name": COLUMNS[c][0], "parent_id": 80, "jump_url": "", "children": []}
        for c, n in _CATEGORIES.items()
    ]
    away = {
        "id": 8009,
        "name": "全市平台",
        "parent_id": 0,
        "jump_url": "https://www.lanyuan.example/gkmlpt/index",
        "children": [],
    }
    return [{"id": 80, "name": "政策文件与动态", "parent_id": 0, "jump_url": "", "children": leaves}, away]


def _seconds(day: date, clock: str) -> int:
    """Unix seconds of a moment in Asia/Shanghai."""
    hour, minute = map(int, clock.split(":"))
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    return int(moment.timestamp())
