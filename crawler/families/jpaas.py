"""Hanweb JPAAS: the next generation of 大汉, whose lists are units built by a publishing server.

Seen in 浙江 and 烟台. The first page of a list is in the page; the ids the server wants stand in an attribute
queryData, the number of entries in an attribute count. Asked from abroad the server may answer every page number with
page 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.hanweb import house_signs, is_article, newer_generation
from crawler.families.rows import rows_among, rows_of_markup
from crawler.families.signs import likeness

_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_PAIR: Final = re.compile(r"['\"](\w{1,40})['\"]\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))")
_COUNT: Final = re.compile(r"\bcount\s*=\s*[\"']?(\d{1,8})\b")
_COLUMN: Final = re.compile(r"/col/col(\w{1,40})(?:/|$)")
_NEWER: Final = re.compile(r"/art/\d{4}/art_[0-9a-f-]{20,40}\.html$")
#: What the server's own script adds where the block leaves it out; the spelling is the server's.
_STATED: Final = {"parseType": "bulidstatic", "pageType": "column"}
_BODIES: Final = ("#zoom", "#ivs_content", ".art_con", ".article_content", ".main-txt", ".con_wen", ".bt_content")
#: Against a page of the older generation no sign of the house decides.
_UNDECIDED: Final = 0.49


@dataclass(frozen=True, slots=True)
class _Unit:
    """A list block: where it is built, with which ids, how many entries it has and shows at a time."""

    url: str
    ids: Mapping[str, str]
    count: int | None
    size: int


class Jpaas(Family):
    """Pages are counted on as long as the stated count lasts; a server that repeats page 1 is noticed by the spider."""

    name = "jpaas"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        newer = newer_generation(page)
        addresses = _NEWER.search(page.url.partition("?")[0])
        most = 1.0 if newer else 0.0 if "<datastore" in page.text else _UNDECIDED
        return likeness(
            {
                **house_signs(page),
                "lists are built by jpaas-publish-server": 0.7 if newer else 0.0,
                "ids stand in queryData": 0.4 if _blocks(page) else 0.0,
                "the address is /art/YYYY/art_<id>.html": 0.3 if addresses else 0.0,
            },
            most,
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        return rows_among(page, is_article) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self.listing(page, column, Ask(column.url)).further[0] if _blocks(page) else None

    def total(self, page: Page, column: Column) -> int | None:
        return None

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        if asked.note.startswith("page:"):
            return _reply(page, column, asked)
        unit = _unit_of(page, column)
        if unit is None:
            return GENERIC.listing(page, column, asked)
        rows = () if unit.count == 0 else tuple(self.outlinks(page, column))
        shown = len(rows)
        if unit.count is not None and shown >= unit.count:
            return Listing(rows, total=unit.count)
        if unit.count is None and rows:
            return Listing(rows)  # a short list stands in the page whole, without a pager
        size = unit.size or shown or 15
        return Listing(rows, (_page(unit, 2 if rows else 1, size),), unit.count)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def _blocks(page: Page) -> list[Any]:
    return [element for element in page.root.iter() if element.get("querydata")]


def _unit_of(page: Page, column: Column) -> _Unit | None:
    """The block that lists the column: the one that names it, if possible one with a pager."""
    wanted = _COLUMN.search(urlsplit(column.url).path)
    blocks = [(element, _ids(element)) for element in _blocks(page)]
    named = [pair for pair in blocks if wanted and pair[1].get("pageId") == wanted[1]] or blocks
    if not named:
        return None
    element, ids = next((pair for pair in named if pair[0].get("count")), named[0])
    stated = element.get("count") or next((found[1] for found in _COUNT.finditer(page.text)), "")
    rows = element.get("rows") or ids.get("rows", "")
    return _Unit(
        page.resolve(element.get("uniturl") or element.get("url") or _UNIT),
        ids,
        int(stated) if stated.isdigit() else None,
        int(rows) if rows.isdigit() and len(rows) < 4 else 0,
    )


def _ids(element: Any) -> dict[str, str]:
    ids = {found[1]: found[2] or found[3] or found[4] or "" for found in _PAIR.finditer(element.get("querydata"))}
    return ids | {key: value for key, value in _STATED.items() if key not in ids}


def _page(unit: _Unit, number: int, size: int) -> Ask:
    ids = {key: value for key, value in unit.ids.items() if key not in ("rows", "pageNo", "paramJson")}
    return _numbered(unit.url, ids, number, size)


def _numbered(url: str, ids: Mapping[str, str], number: int, size: int) -> Ask:
    asked = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
    query = urlencode({**ids, "paramJson": asked}, quote_via=quote)
    return Ask(urlunsplit(urlsplit(url)._replace(query=query)), note=f"page:{number}:{size}")


def _reply(page: Page, column: Column, asked: Ask) -> Listing:
    """A built unit: mark-up within JSON."""
    number, size = (int(part) for part in asked.note.split(":")[1:])
    try:
        markup = json.loads(page.text, strict=False)["data"]["html"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Listing(trouble=f"the publishing server did not build page {number} of the list")
    if not isinstance(markup, str):
        return Listing(trouble=f"the publishing server did not build page {number} of the list")
    rows = rows_of_markup(page, markup, column.url)
    found = _COUNT.search(markup)
    count = int(found[1]) if found else None
    goes_on = rows and (number * size < count if count is not None else len(rows) >= size)
    ids = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))
    onward = (_numbered(asked.url, ids, number + 1, size),) if goes_on else ()
    return Listing(rows, onward, count)


FAMILY: Final = Jpaas()
