"""Old ASP and ASP.NET sites: tables in tables, GBK bytes, frames, shells that lead on, lists that post a form back.

Many small systems and hand-made sites share these habits; their names are lost, the dialect is not. Trading and older
disclosure sub-sites of counties speak it to this day (MoreInfo.aspx?CategoryNum=…).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.embedded import frames_of
from crawler.extract.page import Page
from crawler.families.bodies import body_of, read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.paging import stated_total
from crawler.families.postback import next_postback, posts_back
from crawler.families.rows import rows_in
from crawler.families.shells import led_on
from crawler.families.signs import likeness, links_of, share

_SERVER_PAGE: Final = re.compile(r"\.aspx?$", re.I)
_DECLARED: Final = re.compile(r"charset\s*=\s*[\"']?gb", re.I)
_COUNT: Final = re.compile(r"(?:记录总数|总记录数?|总条数)\s*[:：]?\s*(\d{1,7})")
_LISTS: Final = ("#MoreInfoList1_tdcontent", "#MoreInfoList1_DataGrid1")
_BODIES: Final = ("#tblInfo", "#TDContent", "#ivs_content")


class Legacy(Family):
    """Everything a page can do to show its next page without saying so in a link."""

    name = "legacy"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        text = page.text
        served = links_of(page, _is_server_page)
        return likeness(
            {
                "the address ends in .asp or .aspx": 0.35 if _is_server_page(page.url) else 0.0,
                f"{served} links to .asp or .aspx": share(served, 0.35),
                "a set of frames": 0.3 if frames_of(page) else 0.0,
                "a form with __VIEWSTATE": 0.4 if posts_back(page) else 0.0,
                "pages are turned by __doPostBack": 0.3 if re.search(r"javascript:__doPostBack", text) else 0.0,
                "GB 2312 is declared": 0.25 if _DECLARED.search(text[:3000]) else 0.0,
                "laid out by tables and fonts": 0.3 if _is_table_layout(page) else 0.0,
                "clicks are counted by Click.asp": 0.2 if re.search(r"click\w{0,20}\.asp\b", text, re.I) else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        element = body_of(page, _LISTS)
        return (rows_in(page, element) if element is not None else ()) or GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        return next_postback(page, Ask(column.url)) or GENERIC.next_listing(page, column)

    def total(self, page: Page, column: Column) -> int | None:
        stated = _COUNT.search(page.text)
        return int(stated[1]) if stated else stated_total(page.text)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        rows = tuple(self.outlinks(page, column))
        total = self.total(page, column)
        if not rows:
            return led_on(page, asked, column.url) or Listing(total=total)
        if posts_back(page) and (turned := next_postback(page, asked)):
            return Listing(rows, (turned,), total)
        if posts_back(page) and asked.note.startswith("post:"):
            return Listing(rows, (), total)
        onward = GENERIC.listing(page, column, asked)
        return Listing(rows, onward.further, total, onward.trouble)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def _is_server_page(url: str) -> bool:
    try:
        return bool(_SERVER_PAGE.search(urlsplit(url).path))
    except ValueError:
        return False


def _is_table_layout(page: Page) -> bool:
    """Tables within tables, and hardly a division: nobody has laid out a page so since 2010."""
    tables = sum(1 for _ in page.root.iter("table"))
    divisions = sum(1 for _ in page.root.iter("div", "section", "article"))
    return tables >= 2 and divisions <= tables


FAMILY: Final = Legacy()
