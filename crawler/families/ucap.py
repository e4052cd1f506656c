"""UCAP (开普 集约化平台): static lists whose second page is _2, lists behind JSON, directories that are only a tree.

Seen in 四川, 江西赣州, 湖南邵阳, 陕西镇巴, 海南, 西藏, 新疆, 昆山. The count in a pager call can be years old. Boxes of
special topics and friendly sites stand in ordinary list items; what tells a bulletin is its address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.carried import carried_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.paging import first_number, next_file, next_link, pager_call
from crawler.families.rows import best_listing, rows_among, same_host
from crawler.families.shells import led_on
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/(?:19|20)\d{4}/[0-9a-f]{32}\.s?html$")
_LIST: Final = re.compile(r"/(?:common_list|xlist)(?:_\d+)?\.shtml$")
_PLAIN_LIST: Final = re.compile(r"/list\d?(?:_\d+)?\.shtml$")  # others call theirs so, too
_SEARCH: Final = re.compile(r"((?:/[\w-]{1,40}){0,4}/(?:common|es-search)/search/)(?:([0-9a-f]{32})|['\"])")
_QUERY: Final = re.compile(r"\?([\w.%/=&-]{3,400})")
_TREE: Final = re.compile(r"['\"]([^'\"\s]{0,200}/channel/treeNew/[\w-]{1,80}[^'\"\s]{0,100})['\"]")
_CALLBACK: Final = re.compile(r"[\w.$]{0,80}\s{0,20}\(")
_BODIES: Final = (
    "ucapcontent",
    "#ucap-content",
    ".article-content",
    "#zoomcon",
    ".detail_content",
    ".wenz",
)
_DEFAULT: Final = "page=1&_pageSize=15&_isAgg=true&_isJson=true&_template=index"
_LEAVES: Final = 200


class Ucap(Family):
    """Rows by the addresses of bulletins; JSON lists and directory trees where the page has none."""

    name = "ucap"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        text, call, place = page.text, pager_call(page.text), page.url.partition("?")[0]
        articles = links_of(page, _is_article)
        lists = links_of(page, lambda link: bool(_LIST.search(link.partition("?")[0])))
        return likeness(
            {
                "the address is /YYYYMM/<32 hex>.shtml": 0.6 if _is_article(page.url) else 0.0,
                f"{articles} links to /YYYYMM/<32 hex>.shtml": share(articles, 0.6),
                "UCAPCONTENT markup": 0.6 if re.search("ucap-?content", text, re.I) else 0.0,
                "the pager is createPageHTML('…', N, 1, …)": 0.4 if call and call.boxed else 0.0,
                "the list is /common_list.shtml or xlist.shtml": 0.3 if _LIST.search(place) else 0.0,
                "the list is /list.shtml": 0.15 if _PLAIN_LIST.search(place) else 0.0,
                f"{lists} links to common_list.shtml or xlist.shtml": share(lists, 0.3),
                "a meta tag channelId": 0.3 if "channelid" in page.meta else 0.0,
                "rows come from /common/search/": 0.4 if _SEARCH.search(text) else 0.0,
                "a tree comes from /channel/treeNew/": 0.5 if _TREE.search(text) else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        if rows := rows_among(page, _is_article):
            return rows
        outline = outline_of(page.root)
        if says_empty(outline) or _search_of(page) or _TREE.search(page.text):
            return ()
        found = best_listing(page, outline)
        dated = sum(bool(row.date) for row in found.rows) if found else 0
        return found.rows if found and dated * 2 > len(found.rows) else ()

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self._onward(page, None)

    def total(self, page: Page, column: Column) -> int | None:
        call = pager_call(page.text)
        return call.total if call else GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        if asked.note == "tree":
            return _branches(page, column)
        within_tree = asked.note.startswith("leaf")
        if asked.note.endswith("json"):
            return _found(page, column, asked)
        rows = tuple(self.outlinks(page, column))
        if not rows and (elsewhere := self._behind(page, column, asked)):
            return elsewhere
        base = asked.note.removeprefix("leaf:")
        onward = self._onward(page, int(base) if base.isdigit() else None) if rows else None
        if onward and within_tree:
            onward = Ask(onward.url, note=f"leaf:{onward.note}")
        return Listing(rows, (onward,) if onward else (), None if within_tree else self.total(page, column))

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)

    def carried(self, page: Page, url: str, source: Source) -> Harvest | None:
        return carried_in(self, page, url, source, _BODIES)

    def _onward(self, page: Page, base: int | None) -> Ask | None:
        call = pager_call(page.text)
        if call is None:
            link = next_link(page)
            return Ask(link) if link else None
        onward = next_file(call, base if base is not None else first_number(page, call))
        return Ask(urljoin(page.url, onward[0]), note=str(onward[1])) if onward else None

    def _behind(self, page: Page, column: Column, asked: Ask) -> Listing | None:
        """Where a page without rows gets them from: a search, a tree, another page."""
        leaf = "leaf:" if asked.note.startswith("leaf") else ""
        if search := _search_of(page):
            return Listing(further=(Ask(search, note=f"{leaf}json"),))
        if tree := _TREE.search(page.text):
            return Listing(further=(Ask(page.resolve(tree[1].partition("?callback")[0]), note="tree"),))
        return led_on(page, asked, column.url)


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


def _search_of(page: Page) -> str | None:
    """The request of the first page of a list that a script asks for; None where there is no such script."""
    found = _SEARCH.search(page.text)
    channel = found and (found[2] or page.meta.get("channelid", ""))
    if not found or not channel or not channel.isalnum():
        return None
    query = _QUERY.search(page.text, found.end(), found.end() + 400)
    asked = dict(parse_qsl(query[1] if query else _DEFAULT, keep_blank_values=True))
    return page.resolve(f"{found[1]}{channel}?{urlencode({**asked, 'page': '1'})}")


def _found(page: Page, column: Column, asked: Ask) -> Listing:
    """A page of search results."""
    try:
        data = json.loads(page.text, strict=False)["data"]
        results = [result for result in data["results"] if isinstance(result, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Listing(trouble="the list behind the page did not answer as expected")
    rows = tuple(_row(result, column) for result in results if result.get("url"))
    total, size = data.get("total"), data.get("rows") or len(results)
    fields = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))
    number = int(fields["page"]) if fields.get("page", "").isdigit() else 1
    counted = isinstance(total, int) and isinstance(size, int)
    if not rows or (number * size >= total if counted else len(results) < 2):
        onward = None
    else:
        query = urlencode({**fields, "page": str(number + 1)})
        onward = Ask(urlunsplit(urlsplit(asked.url)._replace(query=query)), note=asked.note)
    known = total if isinstance(total, int) and not asked.note.startswith("leaf") else None
    return Listing(rows, (onward,) if onward else (), known)


def _row(result: dict[str, Any], column: Column) -> Row:
    title = re.sub(r"<[^<>]{1,200}>", "", str(result.get("title") or "")).strip()
    stamp = re.match(r"\s*(\d{4}-\d\d-\d\d)", str(result.get("publishedTimeStr") or ""))
    return Row(title, urljoin(column.url, str(result["url"])), stamp[1] if stamp else "")


def _branches(page: Page, column: Column) -> Listing:
    """The lists a directory tree leads to; leaves without an address or on other sites are passed over."""
    text = page.text.strip().rstrip(";").rstrip()
    call = _CALLBACK.match(text)
    try:
        nodes = json.loads(text[call.end() :].removesuffix(")") if call else text, strict=False)
    except (ValueError, RecursionError):
        return Listing(trouble="the tree behind the directory cannot be read")
    urls = [urljoin(column.url, address.strip()) for address in _addresses(nodes)]
    own = [url for url in dict.fromkeys(urls) if same_host(url, column.url) and not _nowhere(url)]
    trouble = "the directory's tree has no branch on this site" if not own else ""
    return Listing(further=tuple(Ask(url, note="leaf:") for url in own[:_LEAVES]), trouble=trouble)


def _nowhere(url: str) -> bool:
    return urlsplit(url).path.rpartition("/")[2].partition(".")[0] in ("null", "undefined", "")


def _addresses(nodes: Any) -> Iterator[str]:
    waiting = [nodes]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            address = node.get("iframeurl") or node.get("iframeUrl")
            if isinstance(address, str) and address:
                yield address
            waiting += [value for value in node.values() if isinstance(value, list)]


FAMILY: Final = Ucap()
