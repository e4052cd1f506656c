"""NFCMS (南方), the portals of Guangdong: articles called post_N.html in a folder content/, plain numbered lists.

Seen at counties and districts (兴宁, 电白, 越秀) and at 广州 and 佛山. A list /a/b/ goes on at /a/b/index_2.html.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from crawler.extract.page import Page
from crawler.families.addressed import Addressed
from crawler.families.family import Likeness
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/content/m?post_\d{3,12}\.html$")


class Nfcms(Addressed):
    """Rows by the addresses of articles, paging by the links of the list."""

    name = "nfcms"
    version = 1
    bodies = ("#zoomcon", ".news_cont_d_wrap", ".article-content", ".tyxxy_main")

    def is_article(self, url: str) -> bool:
        return "/gkmlpt/" not in url and bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))

    def numbered(self, url: str, number: int) -> str:
        place, _, name = urlsplit(url).path.rpartition("/")
        known = not name or re.fullmatch(r"index(?:_\d{1,5})?\.html", name)
        return urljoin(url, f"{place}/index_{number}.html") if known else ""

    def resemblance(self, page: Page) -> Likeness:
        articles = links_of(page, self.is_article)
        named = self.is_article(page.url) or self.is_article(page.meta.get("url", ""))
        return likeness(
            {
                "the address is …/content/post_N.html": 0.6 if named else 0.0,
                f"{articles} links to …/content/post_N.html": share(articles, 0.5),
                "NFCMS names in scripts": 0.6 if "NFCMS_" in page.text or "NFC_INCLUDE" in page.text else 0.0,
            }
        )


FAMILY: Final = Nfcms()
