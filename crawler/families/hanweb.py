"""Hanweb jpage (大汉): the first rows of a list stand as records in a script, the others behind a proxy.

Seen in 浙江, 江苏, 山东, 江西. The page of a column holds up to three pages of records in a <datastore>; further ones
are posted for, three pages at a time. index.html?pageNum=4 is an address of the front end and shows page 1 again. Some
hosts encrypt the ids of the first link and answer every window with nothing; others print plain lists, without a proxy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bulletin.harvest import Harvest, Row
from bulletin.source import Column, Source
from crawler.extract.embedded import between, records_of
from crawler.extract.page import Page
from crawler.families.bodies import read_in
from crawler.families.family import Ask, Family, Likeness, Listing
from crawler.families.generic import FAMILY as GENERIC
from crawler.families.rows import rows_of_parts
from crawler.families.signs import likeness, links_of, share

_NEXT: Final = re.compile(r"<nextgroup>.{0,80}?href=[\"']([^\"']{1,2000})[\"']", re.S | re.I)
_TOTAL: Final = re.compile(r"<totalrecord>\s*(\d{1,8})\s*</totalrecord>", re.I)
_CALL: Final = re.compile(r"['\"]#([\w-]{1,80})['\"]\s*\)\s*\.jpage\(\s*\{([^{}]{1,4000})\}", re.S)
_OPTION: Final = re.compile(r"(\w{1,40})\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(\d+))")
_SCRIPTED: Final = re.compile(r"\bdataStore\s{0,4}=\s{0,4}\[")
_STRING: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.S)
_COLUMN: Final = re.compile(r"/col/col(\w{1,40})(?:/|$)")
_ARTICLE: Final = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_\w{1,40}(?:_\w{1,40})?\.html$")
_BODIES: Final = (
    "#zoom",
    "#ivs_content",
    ".article-conter",
    ".art_con",
    ".main-txt",
    ".con_wen",
    ".bt_content",
    ".article_content",
)
_FORM: Final = "col appid webid path columnid sourceContentType unitid webname permissiontype".split()
_DEFAULTS: Final = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_HEADERS: Final = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)
#: List pages in one window of the proxy, as its own script asks for them.
_PAGES_A_WINDOW: Final = 3
_PER_PAGE: Final = 15


@dataclass(frozen=True, slots=True)
class _Store:
    """The records on a page, how many there are in all, and what the proxy wants to know for the others."""

    records: Sequence[str]
    total: int | None
    per_page: int
    proxy: str
    fields: Mapping[str, str]


class Hanweb(Family):
    """Windows are asked for by the number of the next record, so that a reply cut short loses nothing."""

    name = "hanweb"
    version = 1

    def resemblance(self, page: Page) -> Likeness:
        if newer_generation(page):
            return Likeness(0.0)
        text = page.text
        return likeness(
            {
                **house_signs(page),
                "rows stand in a <datastore>": 0.6 if "<datastore" in text else 0.0,
                "further rows come from dataproxy.jsp": 0.5 if "dataproxy.jsp" in text else 0.0,
            }
        )

    def outlinks(self, page: Page, column: Column) -> Sequence[Row]:
        store = _store_of(page, column)
        return _rows(page, store.records, column) if store else GENERIC.outlinks(page, column)

    def next_listing(self, page: Page, column: Column) -> Ask | None:
        store = _store_of(page, column)
        if store is None:
            return GENERIC.next_listing(page, column)
        return _window(store, len(store.records) + 1) if store.records else None

    def total(self, page: Page, column: Column) -> int | None:
        store = _store_of(page, column)
        return store.total if store else GENERIC.total(page, column)

    def listing(self, page: Page, column: Column, asked: Ask) -> Listing:
        if asked.note.startswith("record:"):
            return _reply(page, column, asked, int(asked.note.removeprefix("record:")))
        if _store_of(page, column) is None:
            return GENERIC.listing(page, column, asked)
        return Family.listing(self, page, column, asked)

    def read(self, page: Page, source: Source) -> Harvest:
        return read_in(self, page, source, _BODIES)


def newer_generation(page: Page) -> bool:
    """Whether a list is drawn by the JPAAS publishing server, the next generation of the same house."""
    return "jpaas-publish-server" in page.text or "unitbuild" in page.text


def house_signs(page: Page) -> dict[str, float]:
    """Signs that both generations share."""
    maker = page.meta.get("generator", "") + page.meta.get("author", "")
    columns = links_of(page, lambda link: bool(_COLUMN.search(link)))
    articles = links_of(page, is_article)
    named = (page.url, page.meta.get("url", ""))
    return {
        "the address is /col/colN/ or /art/…/art_N.html": 0.4
        if any(_COLUMN.search(url) or is_article(url) for url in named)
        else 0.0,
        f"{columns} links to /col/colN/": share(columns, 0.4),
        f"{articles} links to /art/…/art_N.html": share(articles, 0.4),
        "the meta tags name 大汉": 0.5 if "大汉" in maker or "hanweb" in maker.lower() else 0.0,
        "a meta tag Maketime or a style sheet hanweb.css": 0.4
        if "maketime" in page.meta or re.search(r"hanweb(?:_\d+)?\.css", page.text)
        else 0.0,
        "the foot says Produced By 大汉网络": 0.4 if "Produced By 大汉" in page.text else 0.0,
    }


def is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url.partition("?")[0].partition("#")[0]))


def _store_of(page: Page, column: Column) -> _Store | None:
    """The datastore of the column; where several stand on the page the one that names it, else the fullest."""
    wanted = _COLUMN.search(urlsplit(column.url).path)
    calls = {found[1]: _options(found[2]) for found in _CALL.finditer(page.text)}
    stores = [_store(page, text, calls) for text in between(page.text, "<datastore>", "</datastore>")]
    if not stores:
        return None
    named = [store for store in stores if wanted and store.fields.get("columnid") == wanted[1]]
    return max(named or stores, key=lambda store: len(store.records))


def _store(page: Page, text: str, calls: Mapping[str, Mapping[str, str]]) -> _Store:
    link = _NEXT.search(text)
    href = unescape(link[1]) if link else ""
    fields = dict(parse_qsl(urlsplit(href).query, keep_blank_values=True))
    options = calls.get(fields.get("unitid", ""), next(iter(calls.values()), {}) if len(calls) == 1 else {})
    proxy = href.partition("?")[0] or options.get("proxyUrl", "")
    total = _TOTAL.search(text)
    stated = total[1] if total else options.get("totalRecord", "")
    per_page = options.get("perPage", "") or fields.get("perpage", "")
    return _Store(
        list(records_of(text)),
        int(stated) if stated.isdigit() else None,
        max(1, int(per_page)) if per_page.isdigit() and len(per_page) < 5 else _PER_PAGE,
        urljoin(page.url, proxy) if proxy else "",
        {**_DEFAULTS, **{key: options[key] for key in _FORM if key in options}, **fields},
    )


def _options(text: str) -> dict[str, str]:
    return {found[1]: found[2] or found[3] or found[4] or "" for found in _OPTION.finditer(text)}


def _rows(page: Page, records: Sequence[str], column: Column) -> tuple[Row, ...]:
    return rows_of_parts(page, records, column.url)


def _window(store: _Store, start: int) -> Ask | None:
    """The request for the records from `start` on; None where there are none, or nobody to ask."""
    if not store.proxy or (store.total is not None and start > store.total):
        return None
    if store.total is None and len(store.records) < store.per_page:
        return None
    form = urlencode({key: store.fields[key] for key in _FORM if key in store.fields}).encode()
    return _from(store.proxy, form, start, store.per_page)


def _from(proxy: str, form: bytes, start: int, per_page: int) -> Ask:
    last = start + _PAGES_A_WINDOW * per_page - 1
    query = urlencode({"startrecord": start, "endrecord": last, "perpage": per_page})
    address = urlunsplit(urlsplit(proxy)._replace(query=query))
    return Ask(address, "POST", form, _HEADERS, note=f"record:{start}")


def _reply(page: Page, column: Column, asked: Ask, start: int) -> Listing:
    """A window: its rows, and the next one, which begins where this one really ended."""
    records = list(records_of(page.text)) or _scripted(page.text)
    stated = _TOTAL.search(page.text)
    total = int(stated[1]) if stated else None
    if not records:
        lost = total is None or start <= total
        trouble = f"the proxy has nothing from record {start} on, although the list goes on" if lost else ""
        return Listing(total=total, trouble=trouble)
    rows = _rows(page, records, column)
    following = start + len(records)
    asks = dict(parse_qsl(urlsplit(asked.url).query))
    per_page = int(asks.get("perpage", _PER_PAGE))
    whole = len(records) >= _PAGES_A_WINDOW * per_page
    goes_on = following <= total if total is not None else whole
    onward = _from(asked.url, asked.body, following, per_page) if goes_on else None
    return Listing(rows, (onward,) if onward else (), total)


def _scripted(page_text: str) -> list[str]:
    """The records of an older proxy, which answers with a script."""
    found = _SCRIPTED.search(page_text)
    if not found:
        return []
    strings = _STRING.finditer(page_text, found.end(), max(found.end(), page_text.rfind("]")))
    return [re.sub(r"\\(.)", r"\1", one[1] or one[2] or "") for one in strings]


FAMILY: Final = Hanweb()
