"""gkmlpt, the disclosure platform of Guangdong: a page that is a script, lists behind an interface.

Only seen in Guangdong. HTTPS often fails where HTTP works. The body stands in the page, or only as an escaped string in
`_CONFIG.DETAIL.content`; a column is a category of the tree, named by the fragment of its address or by everything
under it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.fragments import fragment
from crawler.extract.page import Page
from crawler.families.bodies import body_of, read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.rows import day_of_seconds
from crawler.families.signs import likeness, links_of, own_links

_SID: Final = re.compile(r"\bSID\s*:\s*['\"]?(\w{1,20})")
_VALUE: Final = r"['\"]?\b{name}['\"]?\s*:\s*(?=[\[{{])"
_TREE: Final = re.compile(_VALUE.format(name="TREE"))
_DETAIL: Final = re.compile(_VALUE.format(name="DETAIL"))
_ARTICLE: Final = re.compile(r"/gkmlpt/content/\d{1,6}/\d{1,9}/m?post_\d{1,12}\.html")
_CATEGORY: Final = re.compile(r"#/?(\d{1,10})\b")
_BODIES: Final = (".article-content", ".content_article", "#zoomcon", ".news_cont_d_wrap", ".tyxxy_main")
#: Rows of one answer of the interface.
_PER_PAGE: Final = 100
_CATEGORIES: Final = 300


class Gkmlpt(Family):
    """The shell says where the lists are; their answers carry titles, addresses and dates."""

    name = "gkmlpt"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        articles = links_of(page, lambda link: bool(_ARTICLE.search(link)))
        loaded = (*own_links(page, "script", "src"), *own_links(page, "link", "href"))
        config = "_CONFIG" in page.text and bool(_SID.search(page.text))
        return likeness(
            {
                "window._CONFIG holds SID": 0.6 if config else 0.0,
                "and a TREE or a DETAIL": 0.4
                if config and (_TREE.search(page.text) or _DETAIL.search(page.text))
                else 0.0,
                "the address is under /gkmlpt/": 0.5 if "/gkmlpt/" in page.url else 0.0,
                f"{articles} links to /gkmlpt/content/…": 0.3 if articles else 0.0,
                "scripts from /gkmlpt/": 0.3 if any("gkmlpt/" in link for link in loaded) else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        return self.listing(page, column, Ask(column.url)).rows

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return next(iter(self.listing(page, column, Ask(column.url)).further), None)

    def columns(self, page: Page) -> Sequence[Row]:
        home = page.url.partition("#")[0].rstrip("/")
        place = home if "/gkmlpt" in home else f"{home}/gkmlpt/index"
        nodes = _leaves(_held(page.text, _TREE)) if _SID.search(page.text) else iter(())
        return tuple(Row(" ".join(str(node.get("name") or "").split()), f"{place}#{node['id']}") for node in nodes)

    def total(self, page: Page, column: Column) -> int | None:
        return self.listing(page, column, Ask(column.url)).total

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        if asked.note.startswith("page:"):
            return _reply(page, column, asked)
        sid = _SID.search(page.text)
        if "_CONFIG" not in page.text or not sid:
            return GENERIC.listing(page, column, asked)
        categories = _categories(page, column)
        if not categories:
            return Listing(trouble="the platform names no category of its own")
        asks = [Ask(_api(column.url, category, sid[1], 1), note=f"page:1:{len(categories)}") for category in categories]
        return Listing(further=tuple(asks))

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, _drawn(page), source, _BODIES)


def _categories(page: Page, column: Column) -> list[str]:
    """The category the column's address names; else every leaf of the tree that leads nowhere else."""
    named = _CATEGORY.search(column.url)
    if named:
        return [named[1]]
    return list(dict.fromkeys(str(node["id"]) for node in _leaves(_held(page.text, _TREE))))[:_CATEGORIES]


def _leaves(tree: Any) -> Iterator[dict[str, Any]]:
    """The nodes of the tree that have no further ones below and lead nowhere else."""
    waiting = list(tree) if isinstance(tree, list) else []
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, dict) or node.get("jump_url"):
            continue
        children = node.get("children")
        if isinstance(children, list) and children:
            waiting += children
        elif isinstance(node.get("id"), int | str) and str(node["id"]).isdigit():
            yield node


def _held(text: str, name: re.Pattern[str]) -> Any:
    """The JSON value after a name in a script; None where there is none that can be read."""
    found = name.search(text)
    if not found:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, found.end())[0]
    except (ValueError, RecursionError):
        return None


def _api(url: str, category: str, sid: str, number: int) -> str:
    """The platform may stand under the path of a department's site."""
    before = urlsplit(url).path.partition("/gkmlpt")[0]
    return urljoin(url, f"{before}/gkmlpt/api/all/{category}?page={number}&sid={sid}")


def _reply(page: Page, column: Column, asked: Ask) -> Listing:
    """One answer of the interface."""
    number, lists = (int(part) for part in asked.note.split(":")[1:])
    try:
        data = json.loads(page.text, strict=False)
        articles = [entry for entry in data["articles"] if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Listing(trouble="the platform's interface did not answer as expected")
    rows = tuple(row for entry in articles if (row := _row(entry, column)))
    classify = data.get("classify")
    counts = [classify.get("post_count") if isinstance(classify, dict) else None, data.get("total")]
    total = next((count for count in counts if isinstance(count, int)), None)
    goes_on = rows and (number * _PER_PAGE < total if total is not None else len(rows) >= _PER_PAGE)
    following = re.sub(r"(?<=[?&]page=)\d+", str(number + 1), asked.url)
    onward = (Ask(following, note=f"page:{number + 1}:{lists}"),) if goes_on else ()
    return Listing(rows, onward, total if lists == 1 else None)


def _row(entry: dict[str, Any], column: Column) -> Row | None:
    address = entry.get("url") or entry.get("post_url")
    if not isinstance(address, str) or not address:
        return None
    days = (day_of_seconds(entry.get(key)) for key in ("display_publish_time", "first_publish_time", "date"))
    title = " ".join(str(entry.get("title") or "").split())
    return Row(title, urljoin(column.url, address), next(filter(None, days), ""), bool(entry.get("is_top")))


def _drawn(page: Page) -> Page:
    """The page with its body where the platform's script would put it."""
    detail = _held(page.text, _DETAIL)
    content = detail.get("content") if isinstance(detail, dict) else None
    if not isinstance(content, str) or not content.strip() or body_of(page, _BODIES[:1]) is not None:
        return page
    root = copy.deepcopy(page.root)
    places = [e for e in root.iter("div") if "article-content" in (e.get("class") or "").split()]
    place = places[0] if places else root.find("body")
    if place is None:
        return page
    body = fragment(content).find("body/div")
    if body is None:
        return page
    body.set("class", "article-content")
    place.append(body)
    return replace(page, root=root)


FAMILY: Final = Gkmlpt()
