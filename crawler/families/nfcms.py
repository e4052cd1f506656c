"""NFCMS (南方), the portals of Guangdong: articles called post_N.html in a folder content/, plain numbered lists.

Seen at counties and districts (兴宁, 电白, 越秀) and at 广州 and 佛山. A list /a/b/ goes on at /a/b/index_2.html.
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
from crawler.families.rows import rows_among
from crawler.families.shells import led_on
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/content/m?post_\d{3,12}\.html$")
_BODIES: Final = ("#zoomcon", ".news_cont_d_wrap", ".article-content", ".tyxxy_main")


class Nfcms(Family):
    """Rows by the addresses of articles, paging by the links of the list."""

    name = "nfcms"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        articles = links_of(page, _is_article)
        stated = page.meta.get("url", "")
        return likeness(
            {
                "the address is …/content/post_N.html": 0.6 if _is_article(page.url) or _is_article(stated) else 0.0,
                f"{articles} links to …/content/post_N.html": share(articles, 0.5),
                "NFCMS names in scripts": 0.6 if "NFCMS_" in page.text or "NFC_INCLUDE" in page.text else 0.0,
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
        if not rows:
            return led_on(page, asked, column.url) or Listing(total=self.total(page, column))
        onward = GENERIC.listing(page, column, asked)
        return Listing(rows, onward.further, onward.total, onward.trouble)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def _is_article(url: str) -> bool:
    return "/gkmlpt/" not in url and bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


FAMILY: Final = Nfcms()
