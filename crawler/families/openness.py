"""The openness directories of Anhui: plain lists under /opennessTarget/, articles named by 24 hex digits.

Seen at 太湖县, 天长市, 颍上县 and 马鞍山. Lists turn by &page=N; the same article has a mobile address,
/mobileOpenness/….
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.extract.page import Page
from crawler.families.addressed import Addressed
from crawler.families.family import Likeness
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/openness/detail/content/[0-9a-f]{24}\.html$")
_LIST: Final = re.compile(r"/opennessTarget/?\?")


class Openness(Addressed):
    """Rows by the addresses of articles, paging by the links of the list."""

    name = "openness"
    version = 1
    bodies = (".m-article", ".article-content", ".xxgk-content")

    def is_article(self, url: str) -> bool:
        return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))

    def numbered(self, url: str, number: int) -> str:
        parts = urlsplit(url)
        fields = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
        listed = _LIST.search(url)
        return urlunsplit(parts._replace(query=urlencode([*fields, ("page", str(number))]))) if listed else ""

    def resemblance(self, page: Page) -> Likeness:
        articles = links_of(page, self.is_article)
        lists = links_of(page, lambda link: bool(_LIST.search(link)))
        named = self.is_article(page.url) or _LIST.search(page.url)
        return likeness(
            {
                "the address is an openness one": 0.7 if named else 0.0,
                f"{articles} links to /openness/detail/content/…": share(articles, 0.6),
                f"{lists} links to /opennessTarget/?…": share(lists, 0.5),
                "scripts name branch_id": 0.2 if "branch_id" in page.text else 0.0,
            }
        )


FAMILY: Final = Openness()
