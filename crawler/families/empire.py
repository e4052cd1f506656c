"""EmpireCMS (帝国): lists by /e/action/ListInfo/?classid=N, whose page numbers count from 0."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bulletin.harvest import Harvest
from bulletin.source import Column, Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Likeness
from crawler.families.generic import Generic
from crawler.families.paging import stated_pages, stated_total
from crawler.families.signs import likeness, links_of, own_links, share

_LIST: Final = re.compile(r"/e/action/ListInfo(?:\.php|/(?:index\.php)?)?\?")
_SCRIPTS: Final = re.compile(
    r"[\"'](?:https?://[^/\"'\s]{1,100})?/e/(?:public/(?:ViewClick|onclick)|data/js|search|pl|member|extend)/", re.I
)


class Empire(Generic):
    """Only the counting of its dynamic lists is its own."""

    name = "empire"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        lists = links_of(page, lambda link: bool(_LIST.search(link)))
        maker = f"{page.meta.get('generator', '')} {page.title}".lower()
        return likeness(
            {
                "the list is /e/action/ListInfo/": 0.7 if _LIST.search(page.url) else 0.0,
                f"{lists} links to /e/action/ListInfo/": share(lists, 0.5),
                "the page names EmpireCMS": 0.7 if "empirecms" in maker or "帝国网站管理系统" in maker else 0.0,
                "scripts under /e/": 0.4 if _SCRIPTS.search(page.text) else 0.0,
                "files under /d/file/": 0.2 if "/d/file/" in page.text else 0.0,
            }
        )

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return self._onward(page, None)

    def _onward(self, page: Page, base: int | None) -> Ask | None:
        if not _LIST.search(page.url):
            return super()._onward(page, base)
        wanted = _number(page.url) + 1
        # What a link says counts from 1, what it asks for from 0: only the latter tells the pages apart.
        links = (page.resolve(link) for link in own_links(page) if _LIST.search(link))
        if link := next((link for link in links if _number(link) == wanted), None):
            return Ask(link)
        pages = stated_pages(page.text)
        if pages is None or wanted >= pages:
            return None
        parts = urlsplit(page.url)
        fields = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Ask(urlunsplit(parts._replace(query=urlencode({**fields, "page": str(wanted)}))))

    def total(self, page: Page, column: Column) -> int | None:
        return stated_total(page.text)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, ())


def _number(url: str) -> int:
    """The number of a dynamic list's page as its address gives it; 0 without one."""
    stated = dict(parse_qsl(url.partition("?")[2].partition("#")[0])).get("page", "")
    return int(stated) if stated.isdigit() and len(stated) < 7 else 0


FAMILY: Final = Empire()
