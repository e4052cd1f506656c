"""H1, the hostile host: challenges, fences, shells, loops and mirrors. Each must end in a report."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from desk.demo.answering import ROBOTS, answer_with, not_found, sheet
from desk.demo.article import Article, expected_of
from desk.demo.composing import compose, day_of
from desk.demo.converter import badly_converted
from desk.demo.f1 import F1
from desk.demo.markup import body_html
from desk.demo.places import REGION
from desk.demo.site import Answer, chance, source_file

HOST: Final = "h1.yunxiu.example"
#: Path -> the word a crawl reports for it; `read` is an ordinary bulletin.
OUTCOMES: Final = {
    "/jsl/": "challenged_js",
    "/rs/": "challenged_js",
    "/wzws/": "geo_or_ip_fenced",
    "/ct6/": "read",
    "/loop/": "redirect_loop",
    "/soft/2026.html": "soft_404",
    "/stub/": "shell_page",
    "/gz/": "read",
    "/slow/": "timeout",
    "/mirror/": "identity_mismatch",
    "/429/": "rate_limited",
}
_CHROME: Final = ("云岫县值班电话0999-8800110",)
_COOKIE: Final = "CT6T=6199ab01"


class H1:
    """`robots` is the status that robots.txt is answered with; 403 and 503 mean that nothing may be asked.

    `only` names the paths the list shows, because a polite crawl leaves a host that turned it away a few times.
    """

    name: Final = "H1"
    host: Final = HOST

    def __init__(self, scale: int = 1, robots: int = 200, only: Sequence[str] = ()) -> None:
        self.robots = robots
        self.outcomes = {path: outcome for path, outcome in OUTCOMES.items() if not only or path in only}
        self._mirrored = ""

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        path = path_and_query.partition("?")[0]
        if path == "/robots.txt":
            if self.robots != 200:
                return Answer(self.robots, b"<html><body>Forbidden</body></html>")
            return answer_with(sheet(ROBOTS, media_type="text/plain"), headers)
        if path == "/robots403/robots.txt":
            return Answer(403, b"<html><body>Forbidden</body></html>")
        if path in ("/", "/list.html"):
            return _html(self._list())
        if path.startswith("/soft/"):
            return _html(_soft())
        if path == "/ct6/":
            return self._cookie_gate(headers)
        if path == "/mirror/":
            return _html(self._mirror())
        made = _ANSWERS.get(path)
        return made() if made else not_found()

    @staticmethod
    def _cookie_gate(headers: Mapping[str, str]) -> Answer:
        """A redirect to itself that an ordinary cookie jar satisfies."""
        cookies = next((value for name, value in headers.items() if name.lower() == "cookie"), "")
        if _COOKIE in cookies:
            return _html(_page(_article("/ct6/")))
        return Answer(302, b"", (("Location", "/ct6/"), ("Set-Cookie", f"{_COOKIE}; path=/"), ("Server", "CT6TS")))

    def _mirror(self) -> str:
        """A bulletin of F1 as a spam domain shows it: traditional, with readings, under a foreign SiteDomain."""
        if not self._mirrored:
            site = F1()
            path = next(path for path, key in site.stock.by_path.items() if key == ("tzgg", 2))
            page = site.answer("GET", path, {}, b"").body.decode()
            own = f'name="SiteDomain" content="{site.host}"'
            page = page.replace(own, 'name="SiteDomain" content="www.cheap-shoes.example"')
            self._mirrored = badly_converted(page)
        return self._mirrored

    def _list(self) -> str:
        rows = "\n".join(
            f'<li><a href="{path}">{escape(_article(path).title)}</a><span>{_article(path).published_on}</span></li>'
            for path in self.outcomes
        )
        return f'<html><head><meta charset="utf-8"><title>公告</title></head><body><ul>\n{rows}\n</ul></body></html>'

    def expected(self) -> dict[str, Any]:
        articles = {path: _article(path) for path in self.outcomes}
        readable = [articles[path] for path, outcome in self.outcomes.items() if outcome == "read"]
        rows = [
            {"url": a.url, "title": a.title, "shown": a.title, "date": str(a.published_on), "pinned": False}
            for a in articles.values()
        ]
        first = f"http://{HOST}/list.html"
        return {
            "site": self.name,
            "host": HOST,
            "family": "generic",
            "region": REGION,
            "list_urls": [first],
            "article_urls": [article.url for article in readable],
            "documents": len(readable),
            "cross_posted": [],
            "per_article": {article.url: expected_of(article) for article in readable},
            "columns": {"gg": {"name": "公告", "url": first, "rows": rows, "pages": 1}},
            "skipped_links": [],
            "outcomes": {f"http://{HOST}{path}": outcome for path, outcome in self.outcomes.items()},
            "chrome": list(_CHROME),
        }

    def source_toml(self, address: str) -> str:
        columns = [("gg", "公告", "/list.html")]
        return source_file(
            self, address, id="h1_hostile", name="云岫县（H1）", region=REGION, family="generic", columns=columns
        )


def _article(path: str) -> Article:
    place = list(OUTCOMES).index(path)
    draft = compose(chance("H1", path), "announcement", day_of(place), place + 1)
    return Article(
        key=f"gg/{path.strip('/')}",
        url=f"http://{HOST}{path}",
        column="gg",
        title=draft.title,
        parts=draft.parts,
        office=draft.office,
        signed_on=draft.signed_on,
        published_on=draft.published_on,
        source_name=draft.source_name,
    )


def _html(body: str | bytes, *headers: tuple[str, str], status: int = 200) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    return Answer(status, data, (("Content-Type", "text/html; charset=utf-8"), *headers))


def _page(article: Article) -> str:
    return (
        f'<html><head><meta charset="utf-8"><title>{escape(article.title)}</title></head><body>\n'
        f"<h1>{escape(article.title)}</h1>\n<p>来源：{article.source_name} 发布日期：{article.published_on}</p>\n"
        f'<div id="zoom">\n{body_html(article.parts)}\n</div><div>{_CHROME[0]}</div></body></html>'
    )


def _padded(text: str, size: int) -> bytes:
    """The page with a comment that makes it exactly `size` bytes long."""
    data = text.encode()
    return data.replace(b"</body>", b"<!--" + b"-" * (size - len(data) - 7) + b"--></body>", 1)


def _soft() -> bytes:
    page = (
        "<html><head><title>提示</title></head><body><h2>您访问的页面不存在</h2><a href='/'>返回首页</a></body></html>"
    )
    return _padded(page, 600)


def _jsl() -> Answer:
    clearance = "('_')+('_jsl_clearance_s=')+('1.619901')+';max-age=3600'"
    script = f"<script>document.cookie={clearance};location.href=location.pathname</script>"
    return _html(
        script, ("X-Via-JSL", "6199a1b,-"), ("Set-Cookie", "__jsluid_h=61990a1b2c3d; path=/; HttpOnly"), status=521
    )


def _rs() -> Answer:
    opaque = "qAb9x_" * 40
    script = "$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=61990;$_ts.cd='" + "rGq7" * 620 + "';"
    head = f'<meta id="9DhefwqGPrzGxEp9hPaoag" content="{opaque}"><script>{script}</script>'
    page = f"<html><head>{head}</head><body></body></html>"
    return _html(page, ("Set-Cookie", "FSSBBIl1UgzbN7N80S=6199ab; path=/; HttpOnly"), status=412)


def _wzws() -> Answer:
    page = "<html><body><h1>403 Forbidden</h1><p>reason:GeoBL</p><p>event_id:61990101</p></body></html>"
    return _html(page, ("WZWS-Ray", "6199-0101-waf01"), ("Server", "qianxin-waf"), status=403)


def _stub() -> Answer:
    page = (
        "<!DOCTYPE html><html><head><title></title></head><body><div id=app></div>"
        "<script src=/js/app.61990101.js></script></body></html>"
    )
    return _html(_padded(page, 215))


def _gz() -> Answer:
    return _html(gzip.compress(_page(_article("/gz/")).encode(), mtime=0), ("Content-Encoding", "gzip"))


def _slow() -> Answer:
    return Answer(200, _page(_article("/slow/")).encode(), drip=1.0)


def _limited() -> Answer:
    return _html("<html><body>429 Too Many Requests</body></html>", ("Retry-After", "30"), status=429)


_ANSWERS: Final[dict[str, Callable[[], Answer]]] = {
    "/jsl/": _jsl,
    "/rs/": _rs,
    "/wzws/": _wzws,
    "/loop/": lambda: Answer(302, b"", (("Location", "/loop/"),)),
    "/stub/": _stub,
    "/gz/": _gz,
    "/slow/": _slow,
    "/429/": _limited,
}
