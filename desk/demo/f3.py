"""F3, "VSB": list pages count down, so that page two has another name whenever the list has grown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final, Unpack

from desk.demo.answering import Sheet, answer_with, download, fields_of, not_found, sheet
from desk.demo.article import File
from desk.demo.composing import Draft, day_of
from desk.demo.files import pdf, png
from desk.demo.govmeta import COLUMNS, SITE_NAME, article_metas, column_metas, site_metas
from desk.demo.listing import line_of, oracle
from desk.demo.markup import Line, body_html, filled, metas
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f3.yunxiu.example"
PER_PAGE: Final = 12
_NUMBERS: Final = {"tzgg": 1021, "gb": 1022, "jb": 1023, "zfwj": 1024}
_LIST: Final = re.compile(r"/zwgk/(tzgg|gb|jb|zfwj)(?:/([1-9]\d{0,6}))?\.htm")
_ROBOTS: Final = "User-agent: *\nDisallow: /system/\n"
CHROME: Final = ("首页", "今天是：", "浏览次数：", "【关闭窗口】", "网站标识码：6199010007", "上页", "下页", "尾页")


def _path(column: str, index: int, day: date) -> str:
    return f"/info/{_NUMBERS[column]}/{90000 - index}.htm"


def _number(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".htm")


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    texts = [part.text for part in draft.parts if part.text]
    name = {1: f"{draft.title}.pdf", 2: f"{draft.subject}任务清单.pdf", 3: f"{writer.town}申报表.pdf"}[slot]
    code = f"{path.split('/')[2]}{_number(path)}{slot}"
    href = f"/zwgk/download.jsp?urltype=news.DownloadAttachUrl&owner=1457&wbfileid={code}"
    return File(name, f"http://{HOST}{href}", "application/pdf", pdf([[name, *texts[:4]]]), href)


def _picture(path: str) -> str:
    code = hashlib.sha256(path.encode()).hexdigest().upper()
    return f"/__local/{code[0]}/{code[1]}/{code[2]}/{code[3:35]}.png"


_PLAN: Final = Plan(
    site="F3",
    host=HOST,
    counts={"tzgg": 68, "gb": 9, "jb": 14, "zfwj": 0},
    forms={"gb": ("document", "notice"), "jb": ("brief",), "tzgg": ("notice", "announcement", "brief")},
    path=_path,
    file=_file,
    picture=_picture,
    missing="/info/1021/404.htm",
)


class F3:
    """The switches are those of F1; `grow=13` makes six list pages of 通知公告 into seven."""

    name: Final = "F3"
    host: Final = HOST

    def __init__(self, scale: int = 1, **changed: Unpack[Switches]) -> None:
        self.stock = Stock(_PLAN, scale, Changes(**changed))

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        path, _, query = path_and_query.partition("?")
        found = self._sheet(path, query)
        if found:
            return answer_with(found, headers)
        # The publishing system and the server under it each have their own words for a page that is not there.
        return not_found("对不起，您要查看的信息已经撤下") if path.startswith("/info/") else _server_not_found()

    def _sheet(self, path: str, query: str) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(_ROBOTS, media_type="text/plain")
        if path in ("/", "/index.htm"):
            links = "".join(f'<li><a href="zwgk/{c}.htm">{COLUMNS[c][0]}</a></li>' for c in _NUMBERS)
            return self._page(SITE_NAME, "1", site_metas(HOST), f"<ul>{links}</ul>", ".")
        if match := _LIST.fullmatch(path):
            return self._list(match[1], int(match[2] or 0))
        if path == "/zwgk/download.jsp":
            return self._download(fields_of(query).get("wbfileid", ""))
        if path.startswith("/__local/"):
            return Sheet(png(path), "image/png")
        if path == "/system/resource/code/news/click/dynclicks.jsp":
            return sheet('{"wbshowtimes":"57"}', media_type="application/json")
        return None

    @staticmethod
    def _page(
        title: str, kind: str, pairs: Sequence[tuple[str, str]], body: str, up: str, day: date | None = None
    ) -> Sheet:
        page = filled("f3_page.html", title=escape(title), type=kind, metas=metas(pairs), body=body, up=up)
        return sheet(page, day)

    def _pages(self, column: str) -> int:
        return max(1, -(-len(self.stock.order(column)) // PER_PAGE))

    def _list(self, column: str, number: int) -> Sheet | None:
        """`number` is the file's: none (0) for the newest page, then N-1 down to 1."""
        pages = self._pages(column)
        if number >= pages:
            return None
        shown = pages - number + 1 if number else 1
        up = "../.." if number else ".."
        order = self.stock.order(column)[(shown - 1) * PER_PAGE : shown * PER_PAGE]
        lines = [line_of(self.stock, column, k, lambda path: up + path) for k in order]
        rows = "\n".join(_row(line, k) for k, line in enumerate(lines)) or "<li>暂无相关信息</li>"
        folder = "" if number else f"{column}/"
        pager = self._pager(column, shown, pages, folder)
        where = f'<div class="winstyle">当前位置：首页&gt;&gt;{COLUMNS[column][0]}</div>'
        body = f'{where}\n<ul class="list">\n{rows}\n</ul>\n{pager}'
        pairs = [*site_metas(HOST), *column_metas(column)]
        return self._page(COLUMNS[column][0], "2", pairs, body, up, day_of(-self.stock.changes.grow))

    def _pager(self, column: str, shown: int, pages: int, folder: str) -> str:
        if pages == 1:
            return ""
        total, following = len(self.stock.order(column)), f"{folder}{pages - shown}.htm"
        if column == "tzgg":
            return _old_pager(total, shown, pages, following, f"{folder}1.htm")
        pager = _new_pager(total, shown, pages, following, f"{folder}1.htm")
        return f'{pager}\n<div class="mobile">{pager}</div>'

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        dated = article.dated_on
        box = [
            ("索引号", article.index_number),
            ("发布机构", article.office),
            ("文号", article.number),
            ("主题分类", "\\".join(article.topic)),
            ("成文日期", f"{dated:%Y-%m-%d}" if dated else ""),
            ("有效性", article.validity),
        ]
        beside = [file for file in article.files if file.name.endswith("申报表.pdf")]
        links = "".join(f'<li>附件【<a href="{escape(f.href)}">{escape(f.name)}</a>】</li>' for f in beside)
        body = filled(
            "f3_detail.html",
            column=column,
            name=COLUMNS[column][0],
            box="".join(f"<li><em>{label}：</em>{escape(value)}</li>" for label, value in box),
            title=escape(article.title),
            number=_number(article.url),
            stamp=f"{article.published_on:%Y年%m月%d日} {article.published_time}",
            source=escape(article.source_name),
            body=body_html(article.parts, img='class="img_vsb_content"'),
            byline=f"<p>（作者：{article.author}　责任编辑：{article.editor}）</p>\n" if article.author else "",
            files=f'<ul style="list-style-type:none;">{links}</ul>' if links else "",
        )
        day = date.fromordinal(self.stock.day(column, index).toordinal() + self.stock.changed(column, index))
        return self._page(article.title, "3", article_metas(HOST, article), body, "../..", day)

    def _download(self, code: str) -> Sheet | None:
        key = self.stock.by_path.get(f"/info/{code[:4]}/{code[4:-1]}.htm")
        files = self.stock.article(*key).files if key else ()
        return next((download(file) for file in files if file.href.endswith(f"={code}")), None)

    def _lists(self, column: str) -> list[str]:
        first = f"/zwgk/{column}.htm"
        return [first, *(f"/zwgk/{column}/{number}.htm" for number in range(self._pages(column) - 1, 0, -1))]

    def expected(self) -> dict[str, Any]:
        columns = [(column, COLUMNS[column][0]) for column in _NUMBERS]
        return oracle(self.stock, family="vsb", columns=columns, lists=self._lists, chrome=CHROME)

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id="619901_f3",
            name="云岫县人民政府（F3）",
            region=REGION,
            family="vsb",
            columns=[(column, COLUMNS[column][0], f"/zwgk/{column}.htm") for column in _NUMBERS],
            site_code=SITE_CODE,
        )


def _row(line: Line, place: int) -> str:
    title = f' title="{escape(line.title)}"' if line.title else ""
    mark = "[置顶]" if line.pinned else ""
    day = f"<span>{line.day}</span>" if line.day else ""
    link = f'<a href="{line.href}" target="_blank"{title}>{mark}{escape(line.shown)}</a>'
    return f'<li id="line_u8_{place}">{link}{day}</li>'


def _old_pager(total: int, shown: int, pages: int, following: str, last: str) -> str:
    links = (
        f'<a href="{following}" class="Next">下页</a> <a href="{last}" class="Next">尾页</a>' if shown < pages else ""
    )
    script = f"_simple_list_gotopage_fun({pages},'u8_goto',2)"
    return (
        f'<table><tr><td id="fanye1001" nowrap>共{total}条&nbsp;&nbsp;{shown}/{pages}&nbsp;</td><td>{links}</td>'
        f'<td><input id="u8_goto" size="2"><a href="javascript:{script}">转到</a></td></tr></table>'
    )


def _new_pager(total: int, shown: int, pages: int, following: str, last: str) -> str:
    numbers = "".join(
        f'<span class="p_no_d">{k}</span>' if k == shown else f'<span class="p_no"><a href="{last}">{k}</a></span>'
        for k in range(1, pages + 1)
        if k in (shown, pages)
    )
    onwards = (
        f'<span class="p_next p_fun"><a href="{following}">下页</a></span>'
        f'<span class="p_last p_fun"><a href="{last}">尾页</a></span>'
        if shown < pages
        else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
    )
    return (
        '<div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_pages">'
        f'<span class="p_t">共{total}条</span>{numbers}{onwards}</span><span class="p_t">共{pages}页</span></div>'
    )


def _server_not_found() -> Answer:
    return Answer(
        404, b"<html><body><h1>HTTP Status 404</h1><hr>VWebServer</body></html>", (("Content-Type", "text/html"),)
    )
