"""F4, "UCAP": static lists whose second page is `_2`, a list behind JSON, and a directory that is only a tree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, Final, Unpack
from urllib.parse import quote, unquote

from desk.demo.answering import ROBOTS, Sheet, answer_with, fields_of, not_found, number_in, sheet
from desk.demo.article import Article, File
from desk.demo.composing import Draft, day_of
from desk.demo.f4_parts import directory, hexed, noise, row
from desk.demo.files import jpeg, pdf
from desk.demo.govmeta import COLUMNS, SITE_NAME, article_metas, column_metas, site_metas
from desk.demo.listing import line_of, oracle
from desk.demo.markup import body_html, filled, metas
from desk.demo.ooxml import xlsx
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f4.yunxiu.example"
PER_PAGE: Final = 20
#: Column -> its folder and the stem of its list pages.
_LISTS: Final = {
    "tzgg": ("/yxx/tzgg", "common_list"),
    "gb": ("/yxx/c100012", "list"),
    "zfwj": ("/yxx/zfwj", "list"),
    "jb": ("/yxx/jb", "list"),
    "rsxx": ("/yxx/rsxx", "list"),
}
#: The bulletin whose meta tag was printed with a twelve-hour clock.
TWELVE_HOURS: Final = 17
CHROME: Final = (
    "首页",
    "无障碍浏览",
    "长者模式",
    "您的位置：",
    "浏览次数：",
    "分享到：",
    "上一篇：",
    "主办单位：云岫县人民政府办公室　网站标识码：6199010007",
    "云ICP备20260104号",
)


def _path(column: str, index: int, day: date) -> str:
    return f"{_LISTS[column][0]}/{day:%Y%m}/{hexed('F4', column, index)}.shtml"


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    folder, _, name = path.removesuffix(".shtml").rpartition("/")
    lines = [part.text for part in draft.parts if part.text][:5]
    if slot == 1:
        shown, kind, data = "正文.pdf", "application/pdf", pdf([[draft.title, *lines]])
    else:
        shown, kind = f"附件{slot - 1}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        data = xlsx(writer.table(6).rows)
    href = f"{name}/files/{shown}"
    return File(shown, f"http://{HOST}{folder}/{name}/files/{quote(shown)}", kind, data, href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    if article.key == f"tzgg/{TWELVE_HOURS}":
        return replace(article, published_time="15:30")
    return article


_PLAN: Final = Plan(
    site="F4",
    host=HOST,
    counts={"tzgg": 75, "gb": 48, "zfwj": 21, "jb": 12, "rsxx": 0},
    forms={"gb": ("document", "notice"), "zfwj": ("document",), "jb": ("brief",), "tzgg": ("notice", "announcement")},
    path=_path,
    file=_file,
    picture=lambda path: f"{path.rpartition('/')[2].removesuffix('.shtml')}/images/1.jpg",
    missing="/yxx/tzgg/202603/00000000000000000000000000000404.shtml",
    adapt=_adapt,
)
_NAMES: Final = {**{key: name for key, (name, _) in COLUMNS.items()}, "rsxx": "人事信息"}


class F4:
    """With `tree` the source leads to 政府文件, 工作简报 and 人事信息 through the directory tree only."""

    name: Final = "F4"
    host: Final = HOST

    def __init__(self, scale: int = 1, tree: bool = False, **changed: Unpack[Switches]) -> None:
        self.tree = tree
        self.stock = Stock(_PLAN, scale, Changes(**changed))

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        path, _, query = path_and_query.partition("?")
        found = self._sheet(unquote(path), fields_of(query))
        return answer_with(found, headers) if found else not_found()

    def _sheet(self, path: str, fields: Mapping[str, str]) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(ROBOTS, media_type="text/plain")
        if path in ("/", "/yxx/index.shtml"):
            links = "".join(f'<li><a href="{self._first(c)}">{_NAMES[c]}</a></li>' for c in _LISTS)
            return self._page(
                SITE_NAME, "", f'<ul>{links}<li><a href="/yxx/zfxxgk/xxgkml.shtml">信息公开目录</a></li></ul>'
            )
        if path == "/yxx/zfxxgk/xxgkml.shtml":
            return self._shell()
        if path == "/u/channel/treeNew/yunxiu":
            call = fields.get("callback", "callback")
            return sheet(f"{call}({json.dumps(directory(), ensure_ascii=False)})", media_type="application/javascript")
        if path.startswith("/common/search/"):
            return self._search(path.removeprefix("/common/search/"), fields)
        folder, _, tail = path.rpartition("/")
        for column, (place, stem) in _LISTS.items():
            if folder == place and tail.startswith(stem) and tail.endswith(".shtml"):
                return self._list(column, tail.removeprefix(stem).removesuffix(".shtml"))
        return self._beside(path)

    @staticmethod
    def _first(column: str) -> str:
        folder, stem = _LISTS[column]
        return f"{folder}/{stem}.shtml"

    def _page(
        self, title: str, column: str, body: str, article: Article | None = None, day: date | None = None
    ) -> Sheet:
        if article:
            pairs = article_metas(HOST, article)
            stamp = f"{article.published_on:%Y年%m月%d日} {article.published_time}"
            if article.key == f"tzgg/{TWELVE_HOURS}":
                stamp = stamp.replace("15:30", "03:30")
            pairs = [(name, stamp if name == "PubDate" else value) for name, value in pairs]
        else:
            pairs = [*site_metas(HOST), *(column_metas(column) if column in COLUMNS else [])]
        page = filled(
            "f4_page.html", title=escape(title), metas=metas(pairs), channel=hexed("channel", column), body=body
        )
        return sheet(page, day)

    def _list(self, column: str, mark: str) -> Sheet | None:
        stem = _LISTS[column][1]
        total = len(self.stock.order(column))
        if column == "gb":
            ask = "'/common/search/'+channelId+'?page=1&_pageSize=15&_isAgg=true&_isJson=true&_template=index'"
            script = f"$.getJSON({ask})"
            body = f'<ul class="list" id="json"></ul><script>{script}</script>{noise()}'
            return None if mark else self._page(_NAMES[column], column, body)
        pages = max(1, -(-total // PER_PAGE))
        number = 1 if not mark else number_in(mark.removeprefix("_"), 0)
        if not 1 <= number <= pages or mark == "_1":
            return None
        lines = [line_of(self.stock, column, k, str, 28) for k in self.stock.order(column)[(number - 1) * PER_PAGE :]]
        rows = "\n".join(map(row, lines[:PER_PAGE])) or "<li>暂无相关信息</li>"
        # The counter of 政府文件 was never brought up to date.
        said = 5 if column == "zfwj" else total
        pager = f"createPageHTML('page_div',{pages}, {number},'{stem}','shtml',{said});"
        body = f'<ul class="list">\n{rows}\n</ul><div id="page_div"></div><script>{pager}</script>{noise()}'
        return self._page(_NAMES[column], column, body, day=day_of(-self.stock.changes.grow))

    def _shell(self) -> Sheet:
        done = "function(d){$.fn.zTree.init($('#tree'),{},d)}"
        script = f"$.ajax({{url:'/u/channel/treeNew/yunxiu',dataType:'jsonp',success:{done}}})"
        body = f'<ul id="tree" class="ztree"></ul><iframe id="right" src=""></iframe><script>{script}</script>'
        return self._page("信息公开目录", "", body)

    def _search(self, channel: str, fields: Mapping[str, str]) -> Sheet | None:
        if channel != hexed("channel", "gb"):
            return None
        page, size = number_in(fields.get("page", ""), 1), number_in(fields.get("_pageSize", ""), 15)
        order = self.stock.order("gb")
        found = [self._result(index) for index in order[(page - 1) * size : page * size]]
        data = {"total": len(order), "page": page, "rows": size, "results": found}
        return sheet(json.dumps({"code": 200, "data": data}, ensure_ascii=False), media_type="application/json")

    def _result(self, index: int) -> dict[str, Any]:
        article = self.stock.article("gb", index)
        known = {
            "refno": article.number,
            "writedate": str(article.dated_on or ""),
            "pubdate": str(article.published_on),
            "indexnumber": article.index_number,
            "theme": ";".join(article.topic),
            "source": article.source_name,
        }
        return {
            "title": article.title,
            "subTitle": "",
            "url": self.stock.path("gb", index),
            "publishedTimeStr": f"{article.published_on} {article.published_time}:00",
            "content": "\n".join(article.paragraphs),
            "contentHtml": body_html(article.parts),
            "domainMetaList": [{"resultList": [{"key": key, "value": value} for key, value in known.items()]}],
        }

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        dated = article.dated_on
        box = [
            ("索&ensp;引&ensp;号", article.index_number),
            ("主题分类", ";".join(article.topic)),
            ("发文机关", article.office),
            ("成文日期", f"{dated:%Y年%m月%d日}" if dated else ""),
            ("发文字号", article.number),
            ("有&ensp;效&ensp;性", article.validity),
        ]
        beside = [file for file in article.files if file.name == "附件2.xlsx"]
        links = "".join(f'<li><a href="{escape(f.href)}">{escape(f.name)}</a></li>' for f in beside)
        body = filled(
            "f4_detail.html",
            list=self._first(column),
            name=_NAMES[column],
            box="\n".join(
                f'<div><label><font>{label}：</font></label><div class="display-block">{escape(value)}</div></div>'
                for label, value in box
            ),
            title=escape(article.title),
            stamp=f"{article.published_on} {article.published_time}",
            source=escape(article.source_name),
            body=body_html(article.parts),
            byline=f"<p>作者：{article.author}　责任编辑：{article.editor}</p>\n" if article.author else "",
            files=f'<div class="fjxx">相关附件<ul>{links}</ul></div>' if links else "",
        )
        day = date.fromordinal(self.stock.day(column, index).toordinal() + self.stock.changed(column, index))
        return self._page(article.title, column, body, article, day)

    def _beside(self, path: str) -> Sheet | None:
        """A file or picture in the folder named like its bulletin."""
        folder, _, name = path.rpartition("/")
        owner, _, kind = folder.rpartition("/")
        key = self.stock.by_path.get(f"{owner}.shtml")
        if key is None:
            return None
        if kind == "images":
            return Sheet(jpeg(path), "image/jpeg")
        return next((Sheet(f.data, f.media_type) for f in self.stock.article(*key).files if f.name == name), None)

    def _list_paths(self, column: str) -> list[str]:
        folder, stem = _LISTS[column]
        total = len(self.stock.order(column))
        if column == "gb":
            ask = f"/common/search/{hexed('channel', 'gb')}?_isAgg=true&_isJson=true&_pageSize=15&_template=index&page="
            return [self._first(column), *(f"{ask}{k}" for k in range(1, -(-total // 15) + 1))]
        pages = max(1, -(-total // PER_PAGE))
        return [self._first(column), *(f"{folder}/{stem}_{k}.shtml" for k in range(2, pages + 1))]

    def expected(self) -> dict[str, Any]:
        columns = [(column, _NAMES[column]) for column in _LISTS]
        found = oracle(self.stock, family="ucap", columns=columns, lists=self._list_paths, chrome=CHROME)
        return {**found, "tree": directory(), "tree_url": self.stock.url("/yxx/zfxxgk/xxgkml.shtml")}

    def source_toml(self, address: str) -> str:
        columns = [(column, _NAMES[column], self._first(column)) for column in _LISTS]
        if self.tree:
            columns = [*columns[:2], ("xxgkml", "信息公开目录", "/yxx/zfxxgk/xxgkml.shtml")]
        return source_file(
            self,
            address,
            id="619901_f4",
            name="云岫县人民政府（F4）",
            region=REGION,
            family="ucap",
            columns=columns,
            site_code=SITE_CODE,
        )
