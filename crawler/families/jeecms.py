"""JEECMS: pages called .jhtml, lists that go on at index_2.jhtml, pagers that say 共N条记录 m/n页."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.harvest import Harvest
from bulletin.source import Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Likeness
from crawler.families.generic import Generic
from crawler.families.paging import next_link
from crawler.families.signs import likeness, links_of, share

_PAGE: Final = re.compile(r"\.jhtml$")
_PAGER: Final = re.compile(r"共\s{0,4}\d{1,7}\s{0,4}条记录\s{0,4}(\d{1,5})\s{0,4}/\s{0,4}(\d{1,5})\s{0,4}页")
_STEM: Final = re.compile(r"([a-z]+)(?:_\d{1,5})?\.jhtml$", re.I)


class Jeecms(Generic):
    """Where a script turns the pages, their names are known."""

    name = "jeecms"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        pages = links_of(page, _is_page)
        return likeness(
            {
                # Other systems written in Java call their pages so, too.
                "the address ends in .jhtml": 0.25 if _is_page(page.url) else 0.0,
                f"{pages} links to .jhtml": share(pages, 0.3),
                "files from /r/cms/www": 0.6 if "/r/cms/" in page.text else 0.0,
                "the pager says 共N条记录 m/n页": 0.3 if _PAGER.search(page.text) else 0.0,
            }
        )

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, ())

    def _onward(self, page: Page, base: int | None) -> Ask | None:
        if link := next_link(page):
            return Ask(link)
        stated = _PAGER.search(" ".join(page.root.itertext()))
        name = urlsplit(page.url).path.rpartition("/")[2] or "index.jhtml"
        stem = _STEM.fullmatch(name)
        if not stated or not stem or int(stated[1]) >= int(stated[2]):
            return super()._onward(page, base)
        return Ask(urljoin(page.url, f"{stem[1]}_{int(stated[1]) + 1}.jhtml"))


def _is_page(url: str) -> bool:
    return bool(_PAGE.search(url.partition("?")[0].partition("#")[0]))


FAMILY: Final = Jeecms()
