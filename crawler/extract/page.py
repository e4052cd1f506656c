"""A page, opened: its bytes decoded by our own rule, parsed once, its meta tags gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from bulletin.harvest import Doubt
from crawler.extract.decoding import decode

#: libxml2 gives up on everything that follows an element nested deeper than 2,048 (2.14, also with huge_tree).
DEEPEST = 1500

_XML_DECLARATION = re.compile(r"<\?xml\b[^>]*>", re.I)
_END = re.compile(r"</(?:html|body)\s*>", re.I)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*+)[^<>]*+>")
_RAW = ("style", "script", "textarea", "title", "noscript")
#: Characters of a page title that are read; what comes after them is no title.
_LONGEST_TITLE = 400
_VOID = frozenset("area base br col embed frame hr img input link meta param source track wbr".split())


@dataclass(slots=True)
class Page:
    """An opened page. `root` is an lxml element and always there; comments are not in the tree but in `text`.

    `meta` maps lower-cased names (name, property, itemprop or http-equiv) to the last non-empty content.
    """

    text: str
    url: str
    root: Any
    meta: dict[str, str]
    encoding: str
    encoding_origin: str
    doubts: tuple[Doubt, ...] = ()
    title: str = ""
    base: str = ""

    def resolve(self, href: str) -> str:
        """The absolute URL of a link on this page, or the link as written where there is nothing to resolve it by.

        A backslash before the query is a slash (WHATWG URL), as authors on Windows write them.
        """
        href = href.strip()
        path, query, asked = href.partition("?")
        try:
            return urljoin(self.base or self.url, path.replace("\\", "/") + query + asked)
        except ValueError:
            return href


def open_page(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Open the bytes of a page. Never fails: an empty or unreadable page has an empty tree and doubts.

    `url` is where the page was asked for, `content_type` the HTTP header of the same name.
    """
    decoded = decode(body, content_type)
    root, doubts = _tree(decoded.text)
    page = Page(decoded.text, url, root, {}, decoded.encoding, decoded.origin, decoded.doubts + doubts)
    _read_head(page)
    return page


def second_opinion(text: str) -> Any:
    """The tree of a page without the marks of comments, titles and styles that it opens and never closes.

    Parsers, and browsers, take all that follows such a mark for its content.
    """
    return _parse(_shallow(_without_unclosed(text)))


def without(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between the marks, marks included; an opening mark never closed stays."""
    kept: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    kept.append(text[at:])
    return "".join(kept)


def _without_unclosed(text: str) -> str:
    """`text` without the opening marks of comments and raw elements behind which no closing one follows."""
    last = text.rfind("-->") + 1
    text = text[:last] + text[last:].replace("<!--", "")
    for name in _RAW:
        last = max(text.rfind(f"</{name}"), text.rfind(f"</{name.upper()}")) + 1
        text = text[:last] + re.sub(rf"<{name}\b[^<>]*+>", "", text[last:], flags=re.I)
    return text


def _tree(text: str) -> tuple[Any, tuple[Doubt, ...]]:
    """libxml2 stops at the first </html>, which pages glued from parts have in their middle."""
    html = _XML_DECLARATION.sub("", text[:1000], count=1) + text[1000:] if "<?xml" in text[:1000] else text
    if "<%--" in html:
        html = without(html, "<%--", "--%>")  # what a server page forgot to take out
    if _ends_early(html):
        html = _END.sub("", html)
    parser = _parser()
    root = _parse(html, parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" or "depth" in error.message for error in parser.error_log):
        root = _parse(_shallow(html))
        return root, (Doubt("text", f"elements nested deeper than {DEEPEST} were flattened"),)
    return root, ()


def _ends_early(html: str) -> bool:
    ends = [at for at in (html.find("</html"), html.find("</HTML"), html.find("</Html")) if at >= 0]
    return bool(ends) and len(html) - min(ends) > 12


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def _parse(html: str, parser: etree.HTMLParser | None = None) -> Any:
    """Plain elements: those of lxml.html cost a look-up each and offer nothing that is asked for here."""
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser or _parser())
    except (etree.ParserError, ValueError):
        root = None
    return root if root is not None else etree.fromstring(b"<html><body></body></html>", _parser())


def _shallow(html: str) -> str:
    """The same page without the tags of elements nested deeper than DEEPEST."""
    kept: list[str] = []
    depth = at = 0
    for tag in _TAG.finditer(html):
        closing, name = tag.groups()
        kept.append(html[at : tag.start()])
        at = tag.end()
        if not (tag[0].endswith("/>") or name.lower() in _VOID):
            depth = max(0, depth - 1) if closing else depth + 1
        if depth < DEEPEST:
            kept.append(tag[0])
        elif not kept[-1].endswith(" "):
            kept.append(" ")
    kept.append(html[at:])
    return "".join(kept)


def _read_head(page: Page) -> None:
    title = base = None
    for element in page.root.iter("meta", "title", "base"):
        if element.tag == "meta":
            _read_meta(page, element)
        elif element.tag == "title":
            title = element if title is None else title
        elif base is None:
            base = element.get("href")
    page.title = " ".join("".join(title.itertext()).split("<")[0][:_LONGEST_TITLE].split()) if title is not None else ""
    page.base = page.url
    if base is not None:
        page.base = page.resolve(base)


def _read_meta(page: Page, element: Any) -> None:
    content = (element.get("content") or "").strip()
    if not content:
        return
    for key in ("name", "property", "itemprop", "http-equiv"):
        if name := (element.get(key) or "").strip().lower():
            page.meta[name] = content
