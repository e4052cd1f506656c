"""F5, "Lonsun label": lists fetched as fragments, and a news portal that shows the same bulletins again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import Any, Final, Unpack

from desk.demo.answering import ROBOTS, Sheet, answer_with, fields_of, not_found, number_in, sheet
from desk.demo.article import Article, File
from desk.demo.composing import Draft
from desk.demo.files import jpeg
from desk.demo.govmeta import COLUMNS, SITE_NAME, article_metas, column_metas, site_metas
from desk.demo.listing import line_of, oracle
from desk.demo.markup import Line, body_html, filled, metas
from desk.demo.ooxml import docx
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f5.yunxiu.example"
PER_PAGE: Final = 18
PORTAL_PAGE: Final = 15
_ORGAN: Final = 700100
_CATEGORIES: Final = {"tzgg": 8001, "gb": 8002, "jb": 8003, "zfwj": 8004}
_BASE: Final = {"tzgg": 15200000, "gb": 15400000, "jb": 15600000, "zfwj": 15800000}
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: The bulletin that was repealed.
REPEALED: Final = 10
CHROME: Final = ("首页", "当前位置：", "阅读次数：", "字体：[ 大 中 小 ]", "打印 关闭", "政府网站标识码：6199010007")


def _path(column: str, index: int, day: date) -> str:
    if column == "portal":
        return f"/xwzx/tzgg/{_BASE['tzgg'] - _shown_again(index)}.html"
    return f"/public/{_ORGAN}/{_BASE[column] - index}.html"


def _shown_again(index: int) -> int:
    """The place in 通知公告 of the portal's row: rows that lead to no bulletin are not taken over."""
    return [k for k in range(40) if k not in (9, 13)][index]


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    code = hashlib.sha256(f"{path}/{slot}".encode()).hexdigest()[:20]
    name = {1: f"{draft.title}.docx", 2: f"{draft.subject}进度表.docx", 3: f"{writer.town}名单.docx"}[slot]
    href = f"/group6/M00/0A/{code}.docx"
    data = docx([draft.title, *(part.text for part in draft.parts[:5] if part.text)])
    return File(name, f"http://{HOST}{href}", _WORD, data, href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    """Papers with a number say from when they hold; one of them also until when."""
    if not draft.number:
        return replace(article, validity="")
    repealed = article.key == f"gb/{REPEALED}"
    start = draft.dated_on + timedelta(days=30)
    end = draft.dated_on + timedelta(days=45) if repealed else None
    return replace(article, effective_on=start, expires_on=end, validity="废止" if repealed else "")


_PLAN: Final = Plan(
    site="F5",
    host=HOST,
    counts={"tzgg": 100, "gb": 30, "jb": 10, "zfwj": 0, "portal": 25},
    forms={"gb": ("document", "notice"), "jb": ("brief",), "tzgg": ("announcement", "notice", "brief")},
    path=_path,
    file=_file,
    picture=lambda path: f"/group6/M00/0B/{hashlib.sha256(path.encode()).hexdigest()[:20]}.jpg",
    missing=f"/public/{_ORGAN}/15000404.html",
    scaled=frozenset(_CATEGORIES),
    adapt=_adapt,
)


class _Portal(Stock):
    """The stock with the portal's column, which holds bulletins of 通知公告 under other addresses."""

    def _article(self, column: str, index: int) -> Article:
        if column != "portal":
            return super()._article(column, index)
        twin = self.article("tzgg", _shown_again(index))
        return replace(twin, key=f"portal/{index}", column=column, url=self.url(self.path(column, index)))


class F5:
    """The switches are those of F1."""

    name: Final = "F5"
    host: Final = HOST

    def __init__(self, scale: int = 1, **changed: Unpack[Switches]) -> None:
        self.stock = _Portal(_PLAN, scale, Changes(**changed))
        self._files = {
            file.href: file
            for key in self.stock.by_path.values()
            if key[0] != "portal" and key[1] % 4 in (0, 3)
            for file in self.stock.article(*key).files
        }

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        path, _, query = path_and_query.partition("?")
        fields = fields_of(query)
        if path == "/site/label/8888" and not fields.get("file"):
            return Answer(500, "<h1>标签执行出错</h1>".encode())
        found = self._sheet(path, fields)
        return answer_with(found, headers) if found else not_found()

    def _sheet(self, path: str, fields: Mapping[str, str]) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(ROBOTS, media_type="text/plain")
        if path == "/site/label/8888":
            return self._fragment(fields)
        if path == f"/public/column/{_ORGAN}":
            column = next((c for c, n in _CATEGORIES.items() if str(n) == fields.get("catId")), "")
            return self._shell(column) if column else None
        if path in ("/xwzx/tzgg/index.html", "/xwzx/tzgg/"):
            return self._portal(number_in(fields.get("pageIndex", ""), 1))
        if path in ("/", "/index.html"):
            links = "".join(f'<li><a href="{escape(self._first(c))}">{COLUMNS[c][0]}</a></li>' for c in _CATEGORIES)
            return self._page(SITE_NAME, site_metas(HOST), f"<ul>{links}</ul>")
        if path.startswith("/group6/M00/0B/"):
            return Sheet(jpeg(path), "image/jpeg")
        file = self._files.get(path)
        return Sheet(file.data, file.media_type) if file else None

    @staticmethod
    def _page(title: str, pairs: Sequence[tuple[str, str]], body: str, day: date | None = None) -> Sheet:
        return sheet(filled("f5_page.html", title=escape(title), metas=metas(pairs), body=body), day)

    @staticmethod
    def _first(column: str) -> str:
        return f"/public/column/{_ORGAN}?type=4&action=list&catId={_CATEGORIES[column]}"

    def _shell(self, column: str) -> Sheet:
        pages = -(-len(self.stock.order(column)) // PER_PAGE)
        body = filled("f5_shell.html", name=COLUMNS[column][0], cat=_CATEGORIES[column], pages=pages)
        return self._page(COLUMNS[column][0], [*site_metas(HOST), *column_metas(column)], body)

    def _fragment(self, fields: Mapping[str, str]) -> Sheet:
        column = next((c for c, n in _CATEGORIES.items() if str(n) == fields.get("catId")), "")
        page = max(1, number_in(fields.get("pageIndex", ""), 1))
        size = number_in(fields.get("pageSize", ""), PER_PAGE) or PER_PAGE
        order = self.stock.order(column)[(page - 1) * size : page * size] if column else []
        rows = [line_of(self.stock, column, index, str, 23) for index in order]
        return sheet("\n".join(map(_row, rows)) or '<div class="xxgk_navli">暂无相关信息</div>')

    def _portal(self, page: int) -> Sheet | None:
        order = self.stock.order("portal")
        pages = -(-len(order) // PORTAL_PAGE)
        if not 1 <= page <= pages:
            return None
        lines = [line_of(self.stock, "portal", k, str) for k in order[(page - 1) * PORTAL_PAGE : page * PORTAL_PAGE]]
        rows = "\n".join(
            f'<li><a href="{row.href}" title="{escape(row.title)}">{escape(row.shown)}</a><span>{row.day}</span></li>'
            for row in lines
        )
        links = "".join(
            f'<a href="/xwzx/tzgg/index.html?pageIndex={k}">{name}</a>'
            for k, name in ((page - 1, "上一页"), (page + 1, "下一页"))
            if 1 <= k <= pages
        )
        where = '<div class="wz">当前位置：新闻中心</div>'
        body = f'{where}<ul class="newslist">\n{rows}\n</ul><div class="page">{links}</div>'
        return self._page("新闻中心", [*site_metas(HOST), *column_metas("tzgg")], body)

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        name = "新闻中心" if column == "portal" else COLUMNS[column][0]
        beside = [file for file in article.files if file.name.endswith("名单.docx")]
        links = "".join(f'<a href="{f.href}">{escape(f.name)}</a>' for f in beside)
        body = filled(
            "f5_detail.html",
            name=name,
            box=_box(article),
            title=escape(article.title),
            stamp=f"{article.published_on} {article.published_time}",
            source=escape(article.source_name),
            body=body_html(article.parts),
            byline=f"<p>（作者：{article.author}　责任编辑：{article.editor}）</p>\n" if article.author else "",
            files=f'<div class="filelist">附件下载：{links}</div>' if links else "",
        )
        tagged = replace(article, column="tzgg") if column == "portal" else article
        day = date.fromordinal(self.stock.day(column, index).toordinal() + self.stock.changed(column, index))
        return self._page(article.title, article_metas(HOST, tagged), body, day)

    def _lists(self, column: str) -> list[str]:
        """The shell and its fragments; of the portal the pages."""
        total = len(self.stock.order(column))
        if column == "portal":
            more = range(2, -(-total // PORTAL_PAGE) + 1)
            return ["/xwzx/tzgg/index.html", *(f"/xwzx/tzgg/index.html?pageIndex={k}" for k in more)]
        ask = (
            "/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=6700001&organId=700100&type=4"
            f"&catId={_CATEGORIES[column]}&pageSize=18&file=/xxgk/publicInfoList_newest2020&pageIndex="
        )
        return [self._first(column), *(f"{ask}{k}" for k in range(1, -(-total // PER_PAGE) + 1))]

    def _columns(self) -> list[tuple[str, str]]:
        return [*((column, COLUMNS[column][0]) for column in _CATEGORIES), ("portal", "新闻中心")]

    def expected(self) -> dict[str, Any]:
        found = oracle(self.stock, family="lonsun", columns=self._columns(), lists=self._lists, chrome=CHROME)
        groups: list[list[str]] = list(found["cross_posted"])
        for index in self.stock.order("portal"):
            again = self.stock.url(self.stock.path("portal", index))
            first = self.stock.url(self.stock.path("tzgg", _shown_again(index)))
            known = next((group for group in groups if first in group), None)
            if known:
                known.append(again)
            elif first in found["per_article"]:
                groups.append([first, again])
        documents = len(found["article_urls"]) - sum(len(group) - 1 for group in groups)
        return {**found, "cross_posted": groups, "documents": documents}

    def source_toml(self, address: str) -> str:
        columns = [(column, COLUMNS[column][0], self._first(column)) for column in _CATEGORIES]
        return source_file(
            self,
            address,
            id="619901_f5",
            name="云岫县人民政府（F5）",
            region=REGION,
            family="lonsun",
            columns=[*columns, ("portal", "新闻中心", "/xwzx/tzgg/index.html")],
            site_code=SITE_CODE,
        )


def _row(line: Line) -> str:
    title = f' title="{escape(line.title)}"' if line.title else ""
    mark = "[置顶]" if line.pinned else ""
    return (
        f'<div class="xxgk_navli"><ul><li class="mc"><div><a href="{line.href}" target="_blank"{title}>'
        f'{mark}{escape(line.shown)}</a></div></li><li class="rq">{line.day}</li></ul></div>'
    )


def _box(article: Article) -> str:
    """Two pairs of label and value a row."""
    days = {"生成日期": article.dated_on, "生效时间": article.effective_on, "废止时间": article.expires_on}
    shown = {label: f"{day:%Y-%m-%d}" if day else "" for label, day in days.items()}
    pairs = [
        ("索引号", article.index_number),
        ("组配分类", "；".join(article.topic)),
        ("发布机构", article.office),
        ("生成日期", shown["生成日期"]),
        ("文号", article.number),
        ("发文日期", str(article.published_on)),
        ("生效时间", shown["生效时间"]),
        ("废止时间", shown["废止时间"]),
        ("名称", article.title),
        ("信息来源", article.source_name),
        ("关键词", ""),
        ("浏览次数", ""),
        ("内容概述", ""),
    ]
    rows = []
    for first in range(0, len(pairs), 2):
        cells = "".join(f"<th>{label}：</th><td>{escape(value)}</td>" for label, value in pairs[first : first + 2])
        rows.append(f"<tr>{cells}</tr>")
    return f'<table class="xxgk_table" width="100%">{"".join(rows)}</table>'
