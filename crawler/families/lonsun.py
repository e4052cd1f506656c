"""Lonsun labels (龙讯): a list page is a shell, its rows are fragments that a label delivers by the page.

Seen in Anhui (祁门县, 蜀山区). The label's parameters differ from site to site, so that its address is taken from the
page's script: whole, or as a path with an object of data. The news portal of the same system has plain lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.rows import rows_of_markup
from crawler.families.signs import likeness, links_of, share

_LABEL: Final = re.compile(r"['\"]([^'\"\s]{0,200}/site/label/\d{1,6}\?[^'\"\s]{1,1500})['\"]")
_CALL: Final = re.compile(
    r"['\"]([^'\"\s?]{0,200}/site/label/\d{1,6})['\"]\s*,\s*(?:type[^{}]{0,40},\s*)?data\s*:\s*\{([^{}]{1,3000})\}"
)
_FIELD: Final = re.compile(r"['\"]?(\w{1,40})['\"]?\s*:\s*(?:'([^'\n]*)'|\"([^\"\n]*)\"|(\d+|true|false))")
_PAGES: Final = re.compile(r"\bpageCount\s*:\s*['\"]?(\d{1,6})")
_ARTICLE: Final = re.compile(r"/public/\d{3,12}/\d{3,14}\.html$")
_COLUMN: Final = re.compile(r"/public/column/\d{3,12}(?:\?|$)")
_FILE: Final = re.compile(r"/group\d{1,3}/M\d\d/")
_BODIES: Final = (".j-fontContent", ".xxgk-content", "#zoom", ".newscontnet", ".secnr")


class Lonsun(Family):
    """Fragments are asked for as long as they are full or the shell's count of pages lasts."""

    name = "lonsun"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        text = page.text
        articles, columns = links_of(page, _is_article), links_of(page, lambda link: bool(_COLUMN.search(link)))
        files = links_of(page, lambda link: bool(_FILE.search(link)))
        return likeness(
            {
                "the address is /public/N/N.html": 0.45 if _is_article(page.url) or _COLUMN.search(page.url) else 0.0,
                f"{articles} links to /public/N/N.html": share(articles, 0.45),
                "links to /public/column/N": 0.3 if columns else 0.0,
                "scripts ask /site/label/": 0.5 if "/site/label/" in text else 0.0,
                "scripts call Ls.": 0.3 if re.search(r"\bLs\.\w+\(|lonsun", text) else 0.0,
                "rows are called xxgk_nav…": 0.3 if re.search(r"class=[\"'][^\"']{0,60}xxgk_nav", text) else 0.0,
                "files stand under /groupN/M00/": 0.3 if files else 0.0,
                "a meta tag SiteId": 0.2 if "siteid" in page.meta else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        return () if _label_of(page) else GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        label = _label_of(page)
        if label is None:
            return GENERIC.next_listing(page, column)
        pages = _PAGES.search(page.text)
        return Ask(_numbered(label, 1), note=f"of:{pages[1] if pages else 1}")

    def total(self, page: Page, column: Column) -> int | None:
        return None if _label_of(page) else GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        if asked.note.startswith("of:"):
            return _fragment(page, column, asked, int(asked.note.removeprefix("of:")))
        if _label_of(page):
            return Family.listing(self, page, column, asked)
        return GENERIC.listing(page, column, asked)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


def _label_of(page: Page) -> str | None:
    """The address of the label that delivers the list, without a page number; None on a page without one."""
    for found in _LABEL.finditer(page.text):
        if "InfoList" in found[1] or "pageSize" in found[1]:
            return page.resolve(unescape(found[1]))
    for found in _CALL.finditer(page.text):
        fields = {pair[1]: pair[2] or pair[3] or pair[4] or "" for pair in _FIELD.finditer(found[2])}
        if "pageSize" in fields or "List" in fields.get("labelName", ""):
            return page.resolve(f"{found[1]}?{urlencode(fields)}")
    return None


def _numbered(label: str, number: int) -> str:
    parts = urlsplit(label)
    fields = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ("pageIndex", "_")]
    return urlunsplit(parts._replace(query=urlencode([*fields, ("pageIndex", str(number))], safe="/")))


def _fragment(page: Page, column: Column, asked: Ask, pages: int) -> Listing:
    """One page of rows, and the next as long as there may be one."""
    rows = rows_of_markup(page, page.text, column.url)
    fields = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))
    number, size = (int(fields[k]) if fields.get(k, "").isdigit() else 0 for k in ("pageIndex", "pageSize"))
    # The count was made when the shell was; a list that has grown since goes on behind its last full page.
    goes_on = rows and (number < pages or 0 < size <= len(rows))
    onward = (Ask(_numbered(asked.url, number + 1), note=asked.note),) if goes_on else ()
    return Listing(rows, onward)


FAMILY: Final = Lonsun()
