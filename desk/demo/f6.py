"""F6, "legacy ASP": GBK bytes under every label, frames, redirect shells, paginated articles, postback lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, Unpack
from urllib.parse import quote, unquote_to_bytes

from desk.demo.answering import Sheet, answer_with, fields_of, not_found, number_in
from desk.demo.article import Article, File, Part
from desk.demo.composing import Draft
from desk.demo.f6_pages import CHROME, detail_page, frameset, list_page, page, postback_page, viewstate
from desk.demo.files import jpeg
from desk.demo.listing import line_of, oracle
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

HOST: Final = "f6.yunxiu.example"
PER_PAGE: Final = 15
POSTBACK_PAGE: Final = 20
#: Column -> name and first list page.
_COLUMNS: Final = {
    "gb": ("政府公报", "/gb/list.asp?classid=3"),
    "tzgg": ("通知公告", "/tzgg/list.asp?classid=4"),
    "jb": ("工作简报", "/jb/list.asp?classid=5"),
    "rszp": ("人事招聘", "/rszp/list.asp?classid=9"),
    "zfwj": ("政府文件", "/zfwj/MoreInfo.aspx?CategoryNum=012001"),
}
#: Articles of several pages, by place in 政府公报.
SPLIT: Final = {2: 2, 6: 3, 10: 4, 14: 2, 18: 3, 22: 4}
#: What stands in the last paragraph of some bulletins: characters GB 2312 has not, and one of four bytes.
RARE: Final = {
    "gb/1": "镇上请来退休教师陶镕记账。",
    "gb/3": "村民潘喆喆领到了第一笔分红。",
    "gb/4": "门牌由一〇一号改为一〇二号。",
    "tzgg/2": "化验员在黑板上写下“𬭚”字，笑称县里没有这种元素。",
}
#: Key -> (charset declared, codec of the bytes).
CODES: Final = {"tzgg/3": ("gb2312", "utf-8-sig"), "tzgg/4": ("utf-8", "gb18030")}
_MEDIA: Final = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "wps": "application/vnd.ms-works",
    "rar": "application/x-rar-compressed",
}
_MAGIC: Final = {"rar": b"Rar!\x1a\x07\x00"}
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")


def _path(column: str, index: int, day: date) -> str:
    return f"/{column}/{day:%Y%m%d}.htm"


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    day = int(path[-8:-4])
    kind = ("doc", "xls")[day % 2] if slot < 3 else ("wps", "rar")[day % 2]
    name = f"{draft.subject} {path[1:3]}{day}名单{slot}.{kind}"
    # One clerk's computer spoke UTF-8.
    href = f"/UploadFiles/{quote(name, encoding='utf-8' if path == '/gb/20260331.htm' else 'gb18030')}"
    data = _MAGIC.get(kind, _OLE) + name.encode("utf-16-le") * 40
    return File(name, f"http://{HOST}{href}", _MEDIA[kind], data, href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    """No subject and no validity are printed; long papers are cut into pages."""
    parts = article.parts
    if article.key in RARE:
        parts = (*parts, Part("paragraph", RARE[article.key]))
    urls: tuple[str, ...] = ()
    count = SPLIT.get(index, 1) if article.key.startswith("gb/") else 1
    if count > 1:
        urls = tuple(article.url if k == 1 else article.url.replace(".htm", f"_{k}.htm") for k in range(1, count + 1))
    return replace(article, parts=parts, topic=(), validity="", published_time="", page_urls=urls, page_count=count)


_PLAN: Final = Plan(
    site="F6",
    host=HOST,
    counts={"gb": 52, "tzgg": 22, "jb": 6, "zfwj": 92, "rszp": 0},
    forms={"gb": ("document", "notice"), "tzgg": ("notice", "announcement"), "jb": ("brief",), "zfwj": ("document",)},
    path=_path,
    file=_file,
    picture=lambda path: f"/UploadFiles/{path[-12:-4]}.jpg",
    missing="/gb/20250101.htm",
    main="gb",
    crossed="tzgg",
    adapt=_adapt,
)


class F6:
    """The switches are those of F1; the fullest column is 政府公报."""

    name: Final = "F6"
    host: Final = HOST

    def __init__(self, scale: int = 1, **changed: Unpack[Switches]) -> None:
        self.stock = Stock(_PLAN, scale, Changes(**changed))
        self._pages: dict[str, tuple[str, int, int]] = {}
        self._files: dict[bytes, File] = {}
        for path, (column, index) in self.stock.by_path.items():
            article = self.stock.article(column, index)
            for number in range(1, article.page_count + 1):
                self._pages[path if number == 1 else path.replace(".htm", f"_{number}.htm")] = (column, index, number)
            self._files.update((unquote_to_bytes(file.href), file) for file in article.files)

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path, _, query = path_and_query.partition("?")
        if path == "/zfwj/MoreInfo.aspx" and method in ("GET", "HEAD", "POST"):
            return self._postback(fields_of("", body) if method == "POST" else {})
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        found = self._sheet(path, query)
        return answer_with(found, headers) if found else not_found("The page cannot be found")

    def _sheet(self, path: str, query: str) -> Sheet | None:
        if path in self._pages:
            return self._detail(*self._pages[path])
        if path in ("/", "/index.asp"):
            return _gbk(frameset())
        if path in ("/top.asp", "/main.asp"):
            return _gbk(page("云岫县政府网", "<table><tr><td>欢迎光临</td></tr></table>"))
        if path == "/left.asp":
            links = "".join(
                f'<tr><td><a href="{url}" target="main">{name}</a></td></tr>' for name, url in _COLUMNS.values()
            )
            return _gbk(page("栏目", f"<table>{links}</table>"))
        if path == "/old/":
            return _gbk(page("跳转", "", head='<meta http-equiv="refresh" content="0; url=/gb/list.asp?classid=3">\n'))
        if path == "/jb/":
            return _gbk("<html><script>location.href='/jb/list.asp'</script></html>")
        if path.startswith("/UploadFiles/") and path.endswith(".jpg"):
            return Sheet(jpeg(path), "image/jpeg")
        if file := self._files.get(unquote_to_bytes(path)):
            return Sheet(file.data, file.media_type)
        column = path.removeprefix("/").removesuffix("/list.asp")
        return self._list(column, fields_of(query)) if path.endswith("/list.asp") and column in _COLUMNS else None

    def _list(self, column: str, fields: Mapping[str, str]) -> Sheet | None:
        """Counted from 1; whoever asks for more than there is gets the last page again."""
        name, first = _COLUMNS[column]
        if column == "zfwj":
            return None
        order = self.stock.order(column)
        pages = max(1, -(-len(order) // PER_PAGE))
        number = min(max(1, number_in(fields.get("page", ""), 1)), pages)
        rows = order[(number - 1) * PER_PAGE : number * PER_PAGE]
        lines = [line_of(self.stock, column, k, str, 26) for k in rows]
        links = [("首页", 1), ("上一页", number - 1), ("下一页", number + 1), ("尾页", pages)]
        pager = " ".join(f'<a href="{first}&page={k}">{text}</a>' for text, k in links if 1 <= k <= pages)
        return _gbk(list_page(name, lines, f"共{len(order)}条 {number}/{pages}页 {pager}"))

    def _postback(self, fields: Mapping[str, str]) -> Answer:
        """The page asked for, if the form is one this server gave out; else the first."""
        order = self.stock.order("zfwj")
        pages = -(-len(order) // POSTBACK_PAGE)
        number = number_in(fields.get("__EVENTARGUMENT", ""), 1)
        given = (fields.get("__VIEWSTATE", ""), fields.get("__EVENTVALIDATION", ""))
        known = given in [viewstate(k) for k in range(1, pages + 1)]
        if fields.get("__EVENTTARGET") != "MoreInfoList1$Pager" or not known or not 1 <= number <= pages:
            number = 1
        rows = order[(number - 1) * POSTBACK_PAGE : number * POSTBACK_PAGE]
        lines = [line_of(self.stock, "zfwj", k, str, 26) for k in rows]
        made = _gbk(postback_page(_COLUMNS["zfwj"][0], lines, number, pages, len(order)))
        return Answer(200, made.body, (("Content-Type", made.media_type), ("Cache-Control", "private")))

    def _detail(self, column: str, index: int, number: int) -> Sheet:
        article = self.stock.article(column, index)
        size = -(-len(article.parts) // article.page_count)
        parts = article.parts[(number - 1) * size : number * size]
        names = [url.rpartition("/")[2] for url in article.page_urls]
        beside = [file for file in article.files if "名单3" in file.name]
        charset, codec = CODES.get(article.key, ("gb2312", "gb18030"))
        day = self.stock.day(column, index)
        day = date.fromordinal(day.toordinal() + self.stock.changed(column, index))
        made = detail_page(article, parts, number, article.page_count, names, beside, charset)
        return Sheet(made.encode(codec), "text/html", day)

    def _lists(self, column: str) -> list[str]:
        first, total = _COLUMNS[column][1], len(self.stock.order(column))
        if column == "zfwj":
            return [first]
        return [first, *(f"{first}&page={k}" for k in range(2, -(-total // PER_PAGE) + 1))]

    def expected(self) -> dict[str, Any]:
        columns = [(column, name) for column, (name, _) in _COLUMNS.items()]
        found = oracle(self.stock, family="legacy", columns=columns, lists=self._lists, chrome=CHROME)
        return {**found, "postback": {"url": self.stock.url(_COLUMNS["zfwj"][1]), "pages": 5}}

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id="619901_f6",
            name="云岫县人民政府（F6）",
            region=REGION,
            family="legacy",
            columns=[(column, name, first) for column, (name, first) in _COLUMNS.items()],
            site_code=SITE_CODE,
        )


def _gbk(text: str) -> Sheet:
    return Sheet(text.encode("gb18030"), "text/html")
