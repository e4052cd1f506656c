"""H0: everything that can be wrong with a page or a list while the server itself means well."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any, Final

from desk.demo.answering import ROBOTS, answer_with, moved, not_found, sheet
from desk.demo.article import Article, Part, expected_of
from desk.demo.composing import compose, day_of
from desk.demo.markup import body_html
from desk.demo.places import REGION
from desk.demo.site import Answer, chance, source_file

HOST: Final = "h0.yunxiu.example"
_MEGABYTE: Final = 1 << 20
#: Name of the page -> what a careful crawl makes of it. `read` pages have their truth in the oracle.
OUTCOMES: Final = {
    "plain": "read",
    "broken": "read",
    "two_ends": "read",
    "empty": "empty",
    "error": "soft_404",
    "gbk_as_gb2312": "read",
    "gbk_as_utf8": "read",
    "bom": "read",
    "huge": "large",
    "bomb": "bomb",
    "loop": "redirect_loop",
    "gone": "not_found",
    "cut": "truncated",
    "last": "read",
}
_CHROME: Final = ("云岫县某某局值班室印",)
_ENDLESS_ROWS: Final = 10


class Hostile:
    """Columns: `bad` holds the pages above, `again` gives the same page for every page number.

    With `endless` there is a third, `endless`, that always has another page of bulletins nobody has seen.
    """

    name: Final = "H0"
    host: Final = HOST

    def __init__(self, scale: int = 1, endless: bool = False) -> None:
        self.endless = endless
        self._bodies = lru_cache(maxsize=4)(self._made)

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path, _, query = path_and_query.partition("?")
        if path == "/robots.txt":
            return answer_with(sheet(ROBOTS, media_type="text/plain"), headers)
        folder, _, tail = path.removeprefix("/").partition("/")
        if folder in ("", "bad") and tail in ("", "list.html"):
            return _html(_list([self._article(name) for name in OUTCOMES], ""))
        if folder == "bad":
            return self._bad(tail.removesuffix(".html"), query)
        if folder == "again":
            return self._again(tail, query)
        if folder == "endless":
            return self._without_end(tail)
        return not_found()

    def _article(self, name: str, index: int = -1) -> Article:
        """A bulletin of column `bad`, or with an index one of the endless column."""
        place = list(OUTCOMES).index(name) if index < 0 else index % 90
        draft = compose(chance("H0", name, index), "brief", day_of(place), 100 + place)
        return Article(
            key=f"bad/{name}",
            url=f"http://{HOST}/bad/{name}.html" if index < 0 else f"http://{HOST}/endless/{index}.html",
            column="bad" if index < 0 else "endless",
            title=draft.title,
            parts=draft.parts,
            published_on=draft.published_on,
            source_name=draft.source_name,
        )

    def _bad(self, name: str, query: str) -> Answer:
        if name not in OUTCOMES or name == "gone":
            return not_found()
        if name == "loop":
            step = int(query) if query.isdecimal() else 0
            return moved(f"/bad/loop.html?{(step + 1) % 3}")
        if name == "empty":
            return _html(b"")
        if name == "bomb":
            return Answer(200, self._bodies(name), (("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
        charset = {"gbk_as_utf8": "; charset=utf-8", "gbk_as_gb2312": "; charset=gb2312"}.get(name, "")
        answer = Answer(200, self._bodies(name), (("Content-Type", "text/html" + charset),))
        return replace(answer, cut=len(answer.body) // 2) if name == "cut" else answer

    def _made(self, name: str) -> bytes:
        article = self.truth(name)
        make = _SPOILT.get(name)
        return make(article) if make else _page(article).encode()

    def truth(self, name: str) -> Article:
        """The bulletin as it should be read."""
        article = self._article(name)
        if name.startswith("gbk"):
            # Characters of GBK that GB 2312 has not.
            more = Part("paragraph", "村医朱镕喆说，二〇二六年的药费比上年少了一截，心里踏实。")
            return replace(article, parts=(*article.parts, more))
        return article

    def _repeated(self) -> list[Article]:
        """The bulletins of the column that shows the same page under every number."""
        plain = self._article("plain")
        return [
            replace(plain, url=f"http://{HOST}/again/{k}.html", column="again", title=f"第{k}号告示") for k in (1, 2, 3)
        ]

    def _again(self, tail: str, query: str) -> Answer:
        rows = self._repeated()
        found = [row for row in rows if row.url.endswith(f"/again/{tail}")]
        if found:
            return _html(_page(found[0]))
        page = query.removeprefix("page=")
        number = int(page) if page.isdecimal() and len(page) < 9 else 1
        return _html(_list(rows, f'<a href="/again/list.html?page={number + 1}">下一页</a>'))

    def _without_end(self, tail: str) -> Answer:
        stem = tail.removesuffix(".html")
        if stem.isdecimal() and len(stem) < 9:
            return _html(_page(self._article("plain", int(stem))))
        page = stem.removeprefix("list_") if stem.startswith("list_") else "1"
        if not (page.isdecimal() and len(page) < 8):
            return not_found()
        first = (int(page) - 1) * _ENDLESS_ROWS
        rows = [self._article("plain", first + k) for k in range(_ENDLESS_ROWS)]
        return _html(_list(rows, f'<a href="/endless/list_{int(page) + 1}.html">下一页</a>'))

    def expected(self) -> dict[str, Any]:
        readable = [self.truth(name) for name, outcome in OUTCOMES.items() if outcome == "read"] + self._repeated()
        columns = {"bad": [self._article(name) for name in OUTCOMES], "again": self._repeated()}
        names = {"bad": "来信选登", "again": "告示"}
        firsts = {column: f"http://{HOST}/{column}/list.html" for column in columns}
        return {
            "site": self.name,
            "host": HOST,
            "family": "generic",
            "region": REGION,
            "list_urls": list(firsts.values()),
            "article_urls": [article.url for article in readable],
            "documents": len(readable),
            "cross_posted": [],
            "per_article": {article.url: expected_of(article) for article in readable},
            "columns": {
                column: {"name": names[column], "url": firsts[column], "rows": _oracle_rows(rows), "pages": 1}
                for column, rows in columns.items()
            },
            "skipped_links": [],
            "outcomes": {f"http://{HOST}/bad/{name}.html": outcome for name, outcome in OUTCOMES.items()},
            "chrome": list(_CHROME),
        }

    def source_toml(self, address: str) -> str:
        columns = [("bad", "来信选登", "/bad/list.html"), ("again", "告示", "/again/list.html")]
        if self.endless:
            columns.append(("endless", "流水", "/endless/list.html"))
        return source_file(
            self, address, id="h0_hostile", name="云岫县坏页陈列室", region=REGION, family="generic", columns=columns
        )


def _oracle_rows(articles: Sequence[Article]) -> list[dict[str, Any]]:
    return [
        {"url": a.url, "title": a.title, "shown": a.title, "date": str(a.published_on), "pinned": False}
        for a in articles
    ]


def _html(body: str | bytes) -> Answer:
    return Answer(200, body.encode() if isinstance(body, str) else body)


def _list(articles: list[Article], pager: str) -> str:
    rows = "\n".join(
        f'<li><a href="{a.url.removeprefix(f"http://{HOST}")}">{escape(a.title)}</a><span>{a.published_on}</span></li>'
        for a in articles
    )
    return (
        '<html><head><meta charset="utf-8"><title>陈列室</title></head><body>'
        f"<ul>\n{rows}\n</ul><p>{pager}</p></body></html>"
    )


def _page(article: Article, charset: str = "utf-8") -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>{escape(article.title)}</title></head><body>\n<h1>{escape(article.title)}</h1>\n"
        f'<p class="info">来源：{article.source_name} 发布日期：{article.published_on}</p>\n'
        f'<div id="zoom">\n{body_html(article.parts)}\n</div>\n<div class="foot">{_CHROME[0]}</div></body></html>'
    )


def _broken(article: Article) -> bytes:
    """Tags that do not close, close twice, close others' elements; an attribute without its quote; a bare `<`."""
    page = (
        _page(article)
        .replace("</p>", "")
        .replace("</h1>", "</h2></h1></span>")
        .replace("</div>\n<div", "</b></div></td><div")
    )
    return (
        page.replace('<p class="info">', '<p class="info>\n<p class="info">', 1)
        .replace("</body>", "<p <<<</body")
        .encode()
    )


def _two_ends(article: Article) -> bytes:
    """The head's include closed the document; everything after it stands behind `</html>`."""
    return _page(article).replace("<h1>", "</body></html>\n<h1>", 1).encode()


def _huge(article: Article) -> bytes:
    """Thirty megabytes, most of them one picture written into the page."""
    picture = '<p><img src="data:image/png;base64,' + "iVBORw0KGgo" * (30 * _MEGABYTE // 11) + '"></p>'
    return _page(article).replace("</div>", picture + "</div>", 1).encode()


def _bomb(article: Article) -> bytes:
    """Three hundred megabytes of blanks behind a page, packed to three hundred kilobytes."""
    pack = zlib.compressobj(9, wbits=31)
    blank = b" " * _MEGABYTE
    return b"".join([pack.compress(_page(article).encode()), *(pack.compress(blank) for _ in range(300)), pack.flush()])


_SPOILT: Final[dict[str, Callable[[Article], bytes]]] = {
    "broken": _broken,
    "two_ends": _two_ends,
    "error": lambda article: (
        "<html><head><title>出错了</title></head><body><h3>很抱歉，您要看的页面不存在或已被删除</h3>"
        '<a href="/">返回首页</a></body></html>'
    ).encode(),
    "gbk_as_gb2312": lambda article: _page(article, "gb2312").encode("gb18030"),
    "gbk_as_utf8": lambda article: _page(article, "utf-8").encode("gb18030"),
    "bom": lambda article: b"\xef\xbb\xbf" + _page(article, "gb2312").replace("<h1>", "\ufeff<h1>").encode(),
    "huge": _huge,
    "bomb": _bomb,
}
