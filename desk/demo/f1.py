"""F1, "TRS static": lists counted from zero, links only in a script, a stub behind the last page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, Unpack

from desk.demo.answering import ROBOTS, Sheet, answer_with, not_found, sheet
from desk.demo.article import Article, File
from desk.demo.composing import Draft, day_of
from desk.demo.f1_pages import CHROME, detail_page, home_page, list_page, stub_page
from desk.demo.files import jpeg, pdf
from desk.demo.govmeta import COLUMNS
from desk.demo.listing import line_of, oracle
from desk.demo.markup import Line
from desk.demo.places import REGION, SITE_CODE
from desk.demo.prose import Writer
from desk.demo.site import Answer, source_file
from desk.demo.stock import Changes, Plan, Stock, Switches

PER_PAGE: Final = 15
_KEPT: Final = ("gb", "jb", "tzgg", "zfwj")
_BASE: Final = {"gb": 2900000, "jb": 4900000, "tzgg": 8900000, "zfwj": 6900000, "fcsj": 1000900}
_MISSING: Final = "/zwgk/tzgg/202603/t20260305_8000404.html"


def _path(column: str, index: int, day: date) -> str:
    return f"/zwgk/{column}/{day:%Y%m}/t{day:%Y%m%d}_{_BASE[column] - index:07d}.html"


def _digits(path: str) -> tuple[str, str]:
    """The folder of a bulletin, and the fifteen digits that the names of its files begin with."""
    folder, _, name = path.rpartition("/")
    return folder, name[1:9] + name[10:17]


def _file(path: str, draft: Draft, slot: int, writer: Writer) -> File:
    folder, digits = _digits(path)
    texts = [part.text for part in draft.parts if part.text]
    name, pages = {
        1: (f"{draft.title}.pdf", [[draft.title, *texts[:4]], texts[4:8]]),
        2: (f"附件{writer.town}{draft.subject}任务分解表.pdf", [[writer.town, *texts[:3]]]),
        3: (f"{draft.subject}联系人名册.pdf", [[draft.subject, writer.leader], [writer.town]]),
    }[slot]
    href = f"./P0{digits}{slot:03d}.pdf"
    return File(name, f"http://{F1.host}{folder}/{href[2:]}", "application/pdf", pdf(pages), href)


def _adapt(article: Article, draft: Draft, index: int) -> Article:
    """Exactly two lines of the disclosure box are printed without a value; which two changes from one to the next."""
    optional = ("topic", "validity", "dated_on")
    kept = optional[index % 3]
    hidden = [name for name in optional if name != kept] if draft.number else [kept]
    empty: dict[str, Any] = {"topic": (), "validity": "", "dated_on": None}
    return replace(article, **{"validity": "有效", **{name: empty[name] for name in hidden}})


_PLAN: Final = Plan(
    site="F1",
    host="www.yunxiu.example",
    counts={"gb": 23, "jb": 7, "tzgg": 64, "zfwj": 0, "fcsj": 3},
    forms={
        "gb": ("document", "notice"),
        "jb": ("brief",),
        "tzgg": ("notice", "announcement", "brief"),
        "fcsj": ("brief",),
    },
    path=_path,
    file=_file,
    picture=lambda path: f"./W0{_digits(path)[1]}004_600.jpg",
    missing=_MISSING,
    scaled=frozenset(_KEPT),
    adapt=_adapt,
)


class F1:
    """`grow` adds that many newer bulletins to 通知公告.

    `edit` names bulletins ("tzgg/3") whose body was changed since, `retitle` those whose title was, `withdraw` those
    that are gone from list and server.
    """

    name: Final = "F1"
    host: Final = "www.yunxiu.example"

    def __init__(self, scale: int = 1, **changed: Unpack[Switches]) -> None:
        self.stock = Stock(_PLAN, scale, Changes(**changed))

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        found = self._sheet(path_and_query.partition("?")[0])
        return answer_with(found, headers) if found else not_found()

    def _sheet(self, path: str) -> Sheet | None:
        if path in self.stock.by_path:
            return self._detail(*self.stock.by_path[path])
        if path == "/robots.txt":
            return sheet(ROBOTS, media_type="text/plain")
        if path in ("/", "/index.html"):
            newest = [self._line(c, k) for c in ("tzgg", "gb", "jb") for k in self.stock.order(c)[:4]]
            return sheet(home_page(self.host, newest))
        head, _, tail = path.rpartition("/")
        folder, _, column = head.rpartition("/")
        if folder == "/zwgk" and column in COLUMNS:
            return self._list(column, tail)
        return self._beside(path)

    def _line(self, column: str, index: int, folder: str = "") -> Line:
        """A row; links below `folder` are written relative to it."""
        return line_of(self.stock, column, index, lambda path: "." + path.removeprefix(folder) if folder else path)

    def _pages(self, column: str) -> int:
        return -(-len(self.stock.order(column)) // PER_PAGE)

    def _list(self, column: str, tail: str) -> Sheet | None:
        order, pages = self.stock.order(column), self._pages(column)
        stem = tail.removesuffix(".html")
        if tail in ("", "index.html"):
            page = 0
        elif stem.startswith("index_") and stem[6:].isdecimal() and not stem[6:].startswith("0"):
            page = int(stem[6:])
        else:
            return None
        if page and page >= pages:
            return Sheet(stub_page())
        pager = f'createPageHTML({pages}, {page}, "index", "html");'
        if column == "gb":
            pager = f'createPageHTML({len(order)}, {pages}, {page}, "index", "html")'
        lines = [self._line(column, k, f"/zwgk/{column}") for k in order[page * PER_PAGE : (page + 1) * PER_PAGE]]
        newest = day_of(-self.stock.changes.grow)
        return sheet(list_page(self.host, column, lines, self._hot(column), pager), newest)

    def _hot(self, column: str) -> list[Line]:
        """Eight links into other columns, three of them into one that nobody collects."""
        others = [c for c in ("gb", "jb", "tzgg") if c != column]
        keys = [(others[k % len(others)], 1 + k // len(others)) for k in range(5)] + [("fcsj", k) for k in range(3)]
        return [self._line(c, k) for c, k in keys if f"{c}/{k}" not in self.stock.changes.withdraw]

    def _detail(self, column: str, index: int) -> Sheet:
        article = self.stock.article(column, index)
        related = [self._line("fcsj", k) for k in range(2)]
        beside = [file for file in article.files if file.href.endswith("003.pdf")]
        page = detail_page(self.host, article, _block(article), related, beside)
        # A change is made the day after the bulletin came out.
        day = day_of(index, self.stock.count(column))
        return sheet(page, date.fromordinal(day.toordinal() + self.stock.changed(column, index)))

    def _beside(self, path: str) -> Sheet | None:
        """A file beside a bulletin: its name begins with the bulletin's date and number."""
        head, _, name = path.rpartition("/")
        if len(name) < 20 or name[:2] not in ("P0", "W0") or not name[2:20].isdecimal():
            return None
        owner = self.stock.by_path.get(f"{head}/t{name[2:10]}_{name[10:17]}.html")
        if owner is None:
            return None
        if name.endswith("004_600.jpg"):
            return Sheet(jpeg(name), "image/jpeg")
        files = {file.href: file for file in self.stock.article(*owner).files}
        file = files.get(f"./{name}")
        return Sheet(file.data, file.media_type) if file else None

    def _lists(self, column: str) -> list[str]:
        return [f"/zwgk/{column}/", *(f"/zwgk/{column}/index_{k}.html" for k in range(1, self._pages(column)))]

    def expected(self) -> dict[str, Any]:
        columns = [(column, COLUMNS[column][0]) for column in _KEPT]
        return oracle(self.stock, family="trs", columns=columns, lists=self._lists, chrome=CHROME)

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id="619901_yunxiu",
            name="云岫县人民政府",
            region=REGION,
            family="trs",
            columns=[(column, COLUMNS[column][0], f"/zwgk/{column}/") for column in _KEPT],
            office="云岫县人民政府",
            site_code=SITE_CODE,
        )


def _block(article: Article) -> list[tuple[str, str]]:
    dated = article.dated_on
    return [
        ("索引号", article.index_number),
        ("发文机构", article.office),
        ("发文字号", article.number),
        ("主题分类", "\\".join(article.topic)),
        ("成文日期", f"{dated.year}年{dated.month:02d}月{dated.day:02d}日" if dated else ""),
        ("发布日期", f"{article.published_on} {article.published_time}"),
        ("有效性", article.validity),
    ]
