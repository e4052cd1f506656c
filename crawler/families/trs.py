"""TRS WCM (拓尔思): static lists whose pager is a script call, articles called tYYYYMMDD_N.html.

Seen nation-wide (重庆, 武汉, 宁夏, 西藏, 长沙县, 宁阳县). List pages beyond the end may be answered with status 200
and a stub of a few hundred bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import find_listing, href_of, says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.extract.reading import read_page
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.paging import PagerCall, first_number, next_file, pager_call

_ARTICLE: Final = re.compile(r"/?t(?:19|20)\d{6}_\d{3,10}\.s?html?$")
_FILE: Final = re.compile(r"/?[PW]0(?:19|20)\d{12,}[\w.]*$")
_EDITOR: Final = re.compile(r"TRS_(?:UE)?EDITOR|trs_editor_view|trs_paper_default|TRS_PreAppend", re.I)
_BODIES: Final = ("trs_editor_view", "TRS_UEDITOR", "TRS_Editor", "trs_paper_default")
_ROWS: Final = frozenset({"li", "tr", "dd", "p", "div"})
#: Bytes under which a list page without an article link is a stub.
_STUB: Final = 600


class Trs(Family):
    """Lists by the directory they stand in, so that boxes of links into other columns are no rows."""

    name = "trs"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        links = [href_of(element) for element in page.root.iter("a")]
        articles = sum(_is_article(link) for link in links)
        call = pager_call(page.text)
        signs = {
            "the address is an article's, tYYYYMMDD_N.html": 0.6 if _is_article(page.url) else 0.0,
            f"{articles} links to tYYYYMMDD_N.html": 0.7 if articles >= 3 else 0.3 if articles else 0.0,
            "the pager is createPageHTML(N, 0, …)": 0.4 if call and not call.boxed else 0.0,
            "TRS editor markup": 0.6 if _EDITOR.search(page.text) else 0.0,
            "files are called P0… and W0…": 0.3 if any(_FILE.search(link) for link in links) else 0.0,
        }
        missed = 1.0
        for weight in signs.values():
            missed *= 1 - weight
        if call and call.boxed:
            missed = max(missed, 0.8)  # another system's pager
        return Likeness(round(1 - missed, 3), tuple(sign for sign, weight in signs.items() if weight))

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        container = _list_container(page, column)
        if container is not None:
            found = find_listing(page, outline_of(container))
            return found.rows if found else ()
        outline = outline_of(page.root)
        if says_empty(outline) or len(page.text) < _STUB:
            return ()
        found = find_listing(page, outline)
        rows = found.rows if found else ()
        return rows if any(_is_article(row.url) for row in rows) else ()

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self._onward(page, pager_call(page.text), None)

    def total(self, page: Page, column: Column) -> int | None:
        call = pager_call(page.text)
        return call.total if call else None

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        call = pager_call(page.text)
        onward = self._onward(page, call, int(asked.note) if asked.note else None) if rows else None
        return Listing(rows, (onward,) if onward else (), call.total if call else None)

    def read(self, page: Page, source: Source) -> Harvest:
        harvest = read_page(page, source=source, container=_body(page))
        return replace(harvest, read_by=f"{self.name}/{self.version}")

    def _onward(self, page: Page, call: PagerCall | None, base: int | None) -> Ask | None:
        if call is None:
            return None
        onward = next_file(call, base if base is not None else first_number(page, call))
        return Ask(urljoin(page.url, onward[0]), note=str(onward[1])) if onward else None


def _list_container(page: Page, column: Column) -> Any:
    """The element that holds most links to articles in the column's own directory; None without any."""
    home = _directory(column.url)
    held: Counter[Any] = Counter()
    for anchor in page.root.iter("a"):
        link = page.resolve(href_of(anchor))
        if _is_article(link) and _directory(link).startswith(home):
            row = anchor
            while row.getparent() is not None and row.tag not in _ROWS:
                row = row.getparent()
            container = row.getparent()
            if container is not None:
                held[container] += 1
    return held.most_common(1)[0][0] if held else None


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


def _directory(url: str) -> str:
    """Host and path up to the last slash; http and https are the same place."""
    place = url.partition("?")[0].partition("#")[0].partition("//")[2]
    return place.rpartition("/")[0] + "/"


def _body(page: Page) -> Any:
    """The editor's element with the most text; it may stand within another of its kind."""
    for name in _BODIES:
        found = page.root.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {name} ")
        if found:
            return max(found, key=lambda element: len("".join(element.itertext())))
    return None


FAMILY: Final = Trs()
