"""F2, "Hanweb jpage": the first 45 rows hidden in a datastore, the rest behind a proxy that gives three pages at once.

The variant "jpaas" is the next generation of the same system, "stuck" the same with a proxy that ignores page numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, Final, Unpack
from urllib.parse import quote

from desk.demo.answering import ROBOTS, Sheet, answer_with, download, fields_of, not_found, number_in, sheet
from desk.demo.article import Article, File
from desk.demo.composing import Draft, day_of
from desk.demo.files import jpeg, pdf
from desk.demo.govmeta import COLUMNS, SITE_NAME, article_metas, column_metas, site_metas
from desk.demo.listing import line_of, oracle
from desk.demo.markup import Line, body_html, filled, metas
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f2.yunxiu.example"
PER_PAGE: Final = 15
#: Column -> the number its addresses carry; its unit is 4,900,000 more.
_NUMBERS: Final = {"tzgg": 1200001, "zfwj": 1200002, "gb": 1200003, "jb": 1200004}
_PROXY: Final = "/module/jpage/dataproxy.jsp"
_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_MOST: Final = 135
CHROME: Final = (
    "您现在的位置：",
    "浏览次数：",
    "字号：",
    "分享：",
    "【打印本页】 【关闭窗口】",
    "网站标识码：6199010007",
    "Produced By 大汉网络 大汉版通信息发布系统",
)


def _hex(*names: object) -> str:
    return hashlib.sha256("/".join(map(str, names)).encode()).hexdigest()[:32]


def _path(column: str, index: int, day: date) -> str:
    if column == "tzgg" and index < 5:
        return f"/art/{day.year}/art_{_hex('F2', column, index)}.html"
    return f"/art/{day.year}/{day.month}/{day.day}/art_{_NUMBERS[column]}_{90000 - index}.html"


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    texts = [part.text for part in draft.parts if part.text]
    name = {1: f"{draft.title}.pdf", 2: f"{draft.subject}实施细目.pdf", 3: f"{writer.town}报名表.pdf"}[slot]
    href = f"/module/download/downfile.jsp?classid=0&filename={_hex(path, slot)}.pdf&showname={quote(name)}"
    return File(name, f"http://{HOST}{href}", "application/pdf", pdf([[name, *texts[:5]]]), href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    return replace(article, dated_on=None, validity=draft.validity if index % 2 else "")


_PLAN: Final = Plan(
    site="F2",
    host=HOST,
    counts={"tzgg": 133, "gb": 16, "jb": 1, "zfwj": 0},
    forms={"gb": ("document", "notice"), "jb": ("brief",), "tzgg": ("announcement", "notice", "brief")},
    path=_path,
    file=_file,
    picture=lambda path: f"/picture/0/{_hex(path)}.jpg",
    missing="/art/2026/3/5/art_1200001_404.html",
    adapt=_adapt,
)


class F2:
    """`variant`: "" (jpage), "jpaas" or "stuck"; the other switches as for F1."""

    name: Final = "F2"
    host: Final = HOST

    def __init__(self, scale: int = 1, variant: str = "", **changed: Unpack[Switches]) -> None:
        self.variant = variant
        self.stock = Stock(_PLAN, scale, Changes(**changed))
        self._files = {_hex(path, slot): key for path, key in self.stock.by_path.items() for slot in (1, 2, 3)}

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path, _, query = path_and_query.partition("?")
        if path == _PROXY and not self.variant:
            return self._proxy(fields_of(query, body))
        if path == _UNIT and self.variant:
            return self._built(fields_of(query))
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        found = self._sheet(path, query)
        return answer_with(found, headers) if found else not_found()

    def _sheet(self, path: str, query: str) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(ROBOTS, media_type="text/plain")
        if path in ("/", "/index.html"):
            links = "".join(f'<li><a href="{self._first(c)}">{COLUMNS[c][0]}</a></li>' for c in _NUMBERS)
            return self._page(SITE_NAME, site_metas(HOST), f"<ul>{links}</ul>")
        for column in _NUMBERS:
            if path in (self._first(column), self._first(column).removesuffix("index.html")):
                return self._list(column)
        if path.startswith("/picture/0/"):
            return Sheet(jpeg(path), "image/jpeg")
        return self._download(fields_of(query)) if path == "/module/download/downfile.jsp" else None

    @staticmethod
    def _page(title: str, pairs: Sequence[tuple[str, str]], body: str, day: date | None = None) -> Sheet:
        return sheet(filled("f2_page.html", title=escape(title), metas=metas(pairs), body=body), day)

    @staticmethod
    def _first(column: str) -> str:
        return f"/col/col{_NUMBERS[column]}/index.html"

    def _lines(self, column: str, first: int, last: int) -> list[Line]:
        """Rows `first` to `last`, counted from 1, both included."""
        return [line_of(self.stock, column, k, str, 30) for k in self.stock.order(column)[max(0, first - 1) : last]]

    def _list(self, column: str) -> Sheet:
        number, total = _NUMBERS[column], len(self.stock.order(column))
        name = COLUMNS[column][0]
        values: dict[str, Any] = {"name": name, "column": number, "unit": number + 4900000, "total": total}
        if self.variant:
            data = _query_data(number)
            rows = "".join(_row(line, column) for line in self._lines(column, 1, PER_PAGE))
            body = (
                f'<div class="list" id="{values["unit"]}"><ul>{rows}</ul></div><div class="pgx" count="{total}"></div>'
            )
            body += f'<script src="/images/unitbuild.js" url="{_UNIT}" queryData="{data}"></script>'
        else:
            records = _records(self._lines(column, 1, 3 * PER_PAGE), column)
            body = filled("f2_list.html", records=records, webname=quote(SITE_NAME), **values)
        pairs = [*site_metas(HOST), *column_metas(column), ("ColId", str(number))]
        return self._page(f"{SITE_NAME} {name}", pairs, body, day_of(-self.stock.changes.grow))

    def _proxy(self, fields: Mapping[str, str]) -> Answer:
        column = next((c for c, n in _NUMBERS.items() if fields.get("columnid") == str(n)), None)
        head = (("Content-Type", "text/xml; charset=utf-8"),)
        if column is None or fields.get("unitid") != str(_NUMBERS[column] + 4900000):
            return Answer(200, b"<datastore><recordset></recordset></datastore>", head)
        first = number_in(fields.get("startrecord", ""), 1)
        last = min(number_in(fields.get("endrecord", ""), 45), first + _MOST - 1)
        total = len(self.stock.order(column))
        reply = (
            f"<datastore><totalrecord>{total}</totalrecord><totalpage>{-(-total // PER_PAGE)}</totalpage>"
            f"<recordset>\n{_records(self._lines(column, first, last), column)}\n</recordset></datastore>"
        )
        return Answer(200, reply.encode(), head)

    def _built(self, fields: Mapping[str, str]) -> Answer:
        head = (("Content-Type", "application/json; charset=utf-8"),)
        column = next((c for c, n in _NUMBERS.items() if fields.get("pageId") == str(n)), None)
        try:
            asked = json.loads(fields.get("paramJson", "{}"))
            page, size = int(asked.get("pageNo", 1)), int(asked.get("pageSize", PER_PAGE))
        except (ValueError, AttributeError):
            page, size = 1, PER_PAGE
        if column is None or fields.get("tagId") != "信息列表":
            return Answer(200, b'{"code":"500","data":null}', head)
        if self.variant == "stuck":
            page = 1
        lines = self._lines(column, (page - 1) * size + 1, page * size)
        rows = "".join(_row(line, column) for line in lines)
        html = f'<ul>{rows}</ul><div class="pgx" count="{len(self.stock.order(column))}" pageno="{page}"></div>'
        return Answer(200, json.dumps({"code": "200", "data": {"html": html}}, ensure_ascii=False).encode(), head)

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        box = [
            ("索 引 号", article.index_number),
            ("主题分类", "\\".join(article.topic)),
            ("发布机构", article.office),
            ("公开日期", str(article.published_on)),
            ("有效性", article.validity),
            ("发文字号", article.number or "-"),
        ]
        beside = [file for file in article.files if file.name.endswith("报名表.pdf")]
        body = filled(
            "f2_detail.html",
            column=_NUMBERS[column],
            name=COLUMNS[column][0],
            box="".join(f"<tr><td>{label}</td><td>{escape(value)}</td></tr>" for label, value in box),
            title=escape(article.title),
            stamp=f"{article.published_on} {article.published_time}",
            source=escape(article.source_name),
            body=body_html(article.parts),
            byline=f"<p>作者：{article.author}　责任编辑：{article.editor}</p>\n" if article.author else "",
            files="".join(f'<p><a href="{escape(f.href)}">{escape(f.name)}</a></p>' for f in beside),
        )
        day = date.fromordinal(self.stock.day(column, index).toordinal() + self.stock.changed(column, index))
        return self._page(article.title, article_metas(HOST, article), body, day)

    def _download(self, fields: Mapping[str, str]) -> Sheet | None:
        code = fields.get("filename", "").removesuffix(".pdf")
        key = self._files.get(code)
        found = [file for file in self.stock.article(*key).files if code in file.url] if key else []
        return download(found[0]) if found else None

    def _lists(self, column: str) -> list[str]:
        """The column's page, and the proxy's windows behind it as they may be asked with GET."""
        number, total = _NUMBERS[column], len(self.stock.order(column))
        if self.variant:
            return [self._first(column)]
        ask = f"{_PROXY}?columnid={number}&unitid={number + 4900000}&webid=3000&perpage={PER_PAGE}"
        windows = range(46, total + 1, 45)
        return [self._first(column), *(f"{ask}&startrecord={k}&endrecord={k + 44}" for k in windows)]

    def expected(self) -> dict[str, Any]:
        return oracle(
            self.stock,
            family="hanweb" if not self.variant else "jpaas",
            columns=[(column, COLUMNS[column][0]) for column in _NUMBERS],
            lists=self._lists,
            chrome=CHROME,
            limit=PER_PAGE if self.variant == "stuck" else None,
        )

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id="619901_f2",
            name="云岫县人民政府（F2）",
            region=REGION,
            family="jpaas" if self.variant else "hanweb",
            columns=[(column, COLUMNS[column][0], self._first(column)) for column in _NUMBERS],
            site_code=SITE_CODE,
        )


def _query_data(number: int) -> str:
    ids = {
        "parseType": "bulidstatic",
        "webId": "3000",
        "tplSetId": _hex("tpl"),
        "pageType": "column",
        "tagId": "信息列表",
    }
    return str({**ids, "editType": "null", "pageId": str(number)}).replace(" ", "")


def _row(line: Line, column: str) -> str:
    """In 政府公报 the template's title place was never filled, and the date is broken over lines."""
    title, day = escape(line.title), line.day
    if column == "gb":
        title, day = "<!--信息标题-->", f"\n{line.day[:7]}\n{line.day[7:]}\n"
    mark = "[置顶]" if line.pinned else ""
    span = f"<span>{day}</span>" if line.day else ""
    shown = line.title if column == "gb" and line.title else line.shown
    return f'<li><a href="{escape(line.href)}" title="{title}" target="_blank">{mark}{escape(shown)}</a>{span}</li>'


def _records(lines: Sequence[Line], column: str) -> str:
    return "\n".join(f"<record><![CDATA[{_row(line, column)}]]></record>" for line in lines)
