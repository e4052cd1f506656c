"""The openness directories of Anhui: plain lists under /opennessTarget/, articles named by 24 hex digits.

Seen at 太湖县, 天长市, 颍上县 and 马鞍山. Lists turn by &page=N; the same article has a mobile address,
/mobileOpenness/….
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.repeal import Today, today_in_shanghai, with_repeal
from crawler.families.rows import rows_among
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/openness/detail/content/[0-9a-f]{24}\.html$")
_LIST: Final = re.compile(r"/opennessTarget/?\?")
_BODIES: Final = (".m-article", ".article-content", ".xxgk-content")


class Openness(Family):
    """Rows by the addresses of articles, paging by the links of the list."""

    name = "openness"
    version = 1

    def __init__(self, today: Today = today_in_shanghai) -> None:
        self._today = today

    def resemblance(self, page: Page) -> Likeness:
        articles = links_of(page, _is_article)
        lists = links_of(page, lambda link: bool(_LIST.search(link)))
        return likeness(
            {
                "the address is an openness one": 0.7 if _is_article(page.url) or _LIST.search(page.url) else 0.0,
                f"{articles} links to /openness/detail/content/…": share(articles, 0.6),
                f"{lists} links to /opennessTarget/?…": share(lists, 0.5),
                "scripts name branch_id": 0.2 if "branch_id" in page.text else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        if says_empty(outline_of(page.root)):
            return ()
        return rows_among(page, _is_article) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return GENERIC.next_listing(page, column)

    def total(self, page: Page, column: Column) -> int | None:
        return GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        onward = GENERIC.listing(page, column, asked)
        return Listing(rows, onward.further if rows else (), onward.total, onward.trouble if rows else "")

    def read(self, page: Page, source: Source) -> Harvest:
        return with_repeal(read_in(self, page, source, _BODIES), self._today())


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


FAMILY: Final = Openness()
