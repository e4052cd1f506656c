"""TRS WCM (拓尔思): static lists whose pager is a script call, articles called tYYYYMMDD_N.html.

Seen nation-wide (重庆, 武汉, 宁夏, 西藏, 长沙县, 宁阳县). List pages beyond the end may be answered with status 200
and a stub of a few hundred bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import find_listing, says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.paging import PagerCall, first_number, next_file, pager_call
from crawler.families.rows import list_element, rows_in
from crawler.families.shells import led_on
from crawler.families.signs import likeness, own_links

_ARTICLE: Final = re.compile(r"/?t(?:(?:19|20)\d{6}_\d{3,10}|\d{7,9})\.s?html?$")
_FILE: Final = re.compile(r"/?[PW]0(?:19|20)\d{12,}[\w.]*$")
_TEMPLATE: Final = re.compile(r"TRS_UEDITOR|trs_editor_view|trs_paper_default|TRS_PreAppend", re.I)
_EDITOR: Final = re.compile(r"TRS_Editor", re.I)
_BODIES: Final = (".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor", ".trs_paper_default")
#: Bytes under which a list page without an article link is a stub.
_STUB: Final = 600


class Trs(Family):
    """Lists by the directory they stand in, so that boxes of links into other columns are no rows."""

    name = "trs"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        links = [*own_links(page), *own_links(page, "img", "src")]
        classes = " ".join(element.get("class") or "" for element in page.root.iter("div", "td", "section"))
        articles = sum(_is_article(link) for link in links)
        call = pager_call(page.text)
        named = _is_article(page.url) or _is_article(page.meta.get("url", ""))
        signs = {
            "the address is an article's, tYYYYMMDD_N.html": 0.6 if named else 0.0,
            f"{articles} links to tYYYYMMDD_N.html": 0.7 if articles >= 3 else 0.3 if articles else 0.0,
            "the pager is createPageHTML(N, 0, …)": 0.4 if call and not call.boxed else 0.0,
            "the body is marked by the publishing template": 0.6 if _TEMPLATE.search(classes) else 0.0,
            # This one travels: it is pasted into other systems together with the text.
            "the body was written in the TRS editor": 0.45 if _EDITOR.search(classes) else 0.0,
            "files are called P0… and W0…": 0.3 if any(_FILE.search(link) for link in links) else 0.0,
        }
        # The same call with the id of a box before its numbers is another system's pager.
        return likeness(signs, 0.2 if call and call.boxed else 1.0)

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        home = _directory(column.url)
        container = list_element(page, lambda link: _is_article(link) and _directory(link).startswith(home))
        if container is not None:
            return rows_in(page, container)
        outline = outline_of(page.root)
        if says_empty(outline) or len(page.text) < _STUB:
            return ()
        found = find_listing(page, outline)
        rows = found.rows if found else ()
        return rows if any(_is_article(row.url) for row in rows) else ()

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self._onward(page, column, pager_call(page.text), None)

    def total(self, page: Page, column: Column) -> int | None:
        call = pager_call(page.text)
        return call.total if call else GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        call = pager_call(page.text)
        if not rows and (elsewhere := led_on(page, asked, column.url)):
            return elsewhere
        onward = self._onward(page, column, call, int(asked.note) if asked.note.isdigit() else None) if rows else None
        return Listing(rows, (onward,) if onward else (), self.total(page, column))

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)

    def _onward(self, page: Page, column: Column, call: PagerCall | None, base: int | None) -> Ask | None:
        if call is None:
            return GENERIC.next_listing(page, column)  # some sites print the links that the call would draw
        onward = next_file(call, base if base is not None else first_number(page, call))
        return Ask(urljoin(page.url, onward[0]), note=str(onward[1])) if onward else None


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


def _directory(url: str) -> str:
    """Host and path up to the last slash; http and https are the same place."""
    place = url.partition("?")[0].partition("#")[0].partition("//")[2]
    return place.rpartition("/")[0] + "/"


FAMILY: Final = Trs()
