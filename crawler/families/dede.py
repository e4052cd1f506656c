"""DedeCMS (织梦): numbered list files, articles cut into name_2.html with the words 共N页.

List files are called list_{column}_{page}.html; one well-known fork writes name-2.html. What is read here is what any
site of the kind shows; its templates are everybody's own.
"""

from __future__ import annotations

import re
from typing import Final

from bulletin.harvest import Harvest
from bulletin.source import Column, Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Likeness
from crawler.families.generic import Generic
from crawler.families.signs import likeness, links_of, share

_LIST: Final = re.compile(r"(?:^|/)list_\d{1,5}_\d{1,5}\.html$")
_PLUS: Final = re.compile(r"/plus/(?:list|view|search|count|diggindex|feedback|guestbook)\.php|/plus/\w+\.js", re.I)
_MAKER: Final = re.compile(r"power(?:ed)?\s{0,3}by\s{0,3}(?:<[^<>]{0,200}>\s{0,3}){0,3}Dede(?:CMS|BIZ)", re.I)
_ENTRIES: Final = re.compile(r"(?<!\d)(\d{1,7})\s{0,4}条")
_PAGER: Final = re.compile(r"class=[\"'](?:pageinfo|dede_pages|pagelist)[\"']", re.I)


class Dede(Generic):
    """Lists and articles are read like anybody's; only the signs are its own."""

    name = "dede"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        text = page.text
        lists = links_of(page, lambda link: bool(_LIST.search(link.partition("?")[0])))
        maker = page.meta.get("generator", "").lower()
        return likeness(
            {
                "files from /templets/": 0.45 if "/templets/" in text else 0.0,
                "scripts under /plus/": 0.4 if _PLUS.search(text) else 0.0,
                f"{lists} links to list_N_N.html": share(lists, 0.4) if lists else 0.0,
                "pagers are called pageinfo or dede_pages": 0.3 if _PAGER.search(text) else 0.0,
                "the page names DedeCMS as its maker": 0.6 if "dede" in maker or _MAKER.search(text) else 0.0,
            }
        )

    def total(self, page: Page, column: Column) -> int | None:
        for shown in page.root.xpath("//*[contains(concat(' ', @class, ' '), ' pageinfo ')]"):
            if found := _ENTRIES.search("".join(shown.itertext())):
                return int(found[1])
        return super().total(page, column)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, ())


FAMILY: Final = Dede()
