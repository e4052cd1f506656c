"""Visual SiteBuilder (博达): the newest page of a list has no number, the pages behind it count down to 1.

Seen in 甘肃天水 and on many sites of colleges. With N pages, page 2 of tzgg.htm is tzgg/N-1.htm and the last is
tzgg/1.htm; N grows with the list, so that a number is the name of a page for one visit only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.paging import next_link, stated_total
from crawler.families.rows import rows_among, rows_in
from crawler.families.shells import led_on
from crawler.families.signs import likeness, links_of, share

_ARTICLE: Final = re.compile(r"/?info/\d{1,8}/\d{1,10}\.htm$|[?&]urltype=news\.NewsContentUrl\b")
_PAGES: Final = (
    re.compile(r"_simple_list_gotopage_fun\(\s*(\d{1,5})\s*,"),
    re.compile(r"id=[\"']?fanye\d{0,12}[^>]{0,100}>[^<]{0,40}?\d{1,5}\s*/\s*(\d{1,5})"),
    re.compile(r"class=[\"']?p_t[\"']?>\s*共\s*(\d{1,5})\s*页"),
)
_COMMENT: Final = re.compile(r"<!--[^<>]{0,100}Visual SiteBuilder")
_NUMBERED: Final = re.compile(r"^(.*)/(\d{1,5})\.htm$")
_ROW_ID: Final = re.compile(r"line_?u?\d+_\d+")
_BODIES: Final = (".v_news_content", "#vsb_content*")


class Vsb(Family):
    """The link to the next page is the site's; where a script turns the pages its number is counted down."""

    name = "vsb"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        text = page.text
        articles = links_of(page, _is_article)
        return likeness(
            {
                "a comment says Visual SiteBuilder": 0.7 if _COMMENT.search(text) else 0.0,
                "/_sitegray/ style sheets": 0.5 if "_sitegray" in text else 0.0,
                "scripts from /system/resource/": 0.4 if "/system/resource/" in text else 0.0,
                "style sheets called .vsb.css": 0.4 if ".vsb.css" in text else 0.0,
                # This one travels: it is pasted into other systems together with the text.
                "VSB markup": 0.45 if "vsb_content" in text or "v_news_content" in text else 0.0,
                "pages are turned by _simple_list_gotopage_fun": 0.6 if "_simple_list_gotopage_fun" in text else 0.0,
                f"{articles} links to info/N/N.htm": share(articles, 0.4),
                "a comment with CustomerNO": 0.4 if "CustomerNO:" in text else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        marked = next((e for e in page.root.iter("li", "tr") if _ROW_ID.fullmatch(e.get("id") or "")), None)
        if marked is not None:
            return rows_in(page, marked.getparent())
        if says_empty(outline_of(page.root)):
            return ()
        return rows_among(page, _is_article) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        link = next_link(page) or _counted_down(page)
        return Ask(link) if link else None

    def total(self, page: Page, column: Column) -> int | None:
        return stated_total(page.text)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        found = Family.listing(self, page, column, asked)
        if not found.rows:
            return led_on(page, asked, column.url) or Listing(total=found.total)
        return found

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("#")[0]))


def _counted_down(page: Page) -> str | None:
    """The page behind this one by its number: N-1 behind the newest, one less behind any other."""
    numbered = _NUMBERED.match(urlsplit(page.url).path)
    stated = next((found for pattern in _PAGES if (found := pattern.search(page.text))), None)
    if numbered and stated:
        return urljoin(page.url, f"{int(numbered[2]) - 1}.htm") if int(numbered[2]) > 1 else None
    stem = urlsplit(page.url).path.rpartition("/")[2].removesuffix(".htm")
    if not stated or int(stated[1]) < 2 or not stem:
        return None
    return urljoin(page.url, f"{stem}/{int(stated[1]) - 1}.htm")


FAMILY: Final = Vsb()
