"""Foosun (风讯): an ASP system whose articles are cut into name_2.html with the words 本新闻共N页,当前在第M页."""

from __future__ import annotations

import re
from typing import Final

from bulletin.harvest import Harvest
from bulletin.source import Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Likeness
from crawler.families.generic import Generic
from crawler.families.signs import likeness

_PAGES: Final = re.compile(r"本新闻共\s{0,4}\d{1,3}\s{0,4}页")
_NAME: Final = re.compile(
    r"(?:power|creat)ed\s{0,3}by\s{0,3}(?:<[^<>]{0,200}>\s{0,3}){0,3}(?:(?:www\.)?foosun\b|DotNetCMS)", re.I
)


class Foosun(Generic):
    """Lists and articles are read like anybody's; only the signs are its own."""

    name = "foosun"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        maker = page.meta.get("generator", "") + page.meta.get("author", "")
        return likeness(
            {
                "the page names Foosun or DotNetCMS as its maker": 0.7
                if _NAME.search(page.text) or "foosun" in maker.lower()
                else 0.0,
                "articles are cut with the words 本新闻共N页": 0.25 if _PAGES.search(page.text) else 0.0,
                "clicks are counted by Click.asp?NewsID=": 0.2 if "Click.asp?NewsID=" in page.text else 0.0,
            }
        )

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, ())


FAMILY: Final = Foosun()
