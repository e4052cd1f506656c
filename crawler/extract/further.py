"""Further pages of one article: how many there are, and where they stand.

Signs are a line of page numbers under the text (上一页 1 2 3 下一页), 本新闻共4页,当前在第1页, 共3页: 1 2 3, and a call
of createPageHTML in an article page. A link counts when its address differs from the others by the page number only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bulletin.harvest import Pages
from crawler.extract.listing import href_of
from crawler.extract.outline import Outline
from crawler.extract.page import Page
from crawler.extract.pager import pages_of

_NUMBER = re.compile(r"[\[【(（]?第?\s*(\d{1,3})\s*页?[\]】)）]?")
_SAYS = re.compile(r"共\s*有?\s*\d{1,3}\s*页|[上下]一?页")
_IN_SCRIPT = re.compile(
    r"createPage(?:HTML)?\s*\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*[\"']([\w./-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_SUFFIX = re.compile(r"\.\w+$")
_MOST = 200
#: Lines under the body among which a pager of the article stands.
_REACH = 15


def further_pages(page: Page, outline: Outline, start: int, end: int) -> tuple[Pages | None, tuple[str, ...]]:
    """(which page of how many, the URLs of the other pages in order); (None, ()) for an article of one page."""
    lines = range(max(start, end - 8), min(end + _REACH, len(outline.texts)))
    found = pages_of([outline.texts[index] for index in lines if _is_pager(outline.texts[index])])
    links = dict(_links(page, outline, lines))
    if not found and not links:
        return _scripted(page)
    here = found.number if found else 1
    if links and here == 1:
        here = _here(page, links, [outline.texts[index] for index in lines])
    of = max(found.of if found else 0, here, *links, 1)
    if of < 2 or of > _MOST:
        return None, ()
    links.pop(here, None)
    _fill(links, of, here)
    missing = tuple(number for number in range(1, of + 1) if number != here)
    return Pages(here, of, missing), tuple(links[number] for number in sorted(links))


def _is_pager(text: str) -> bool:
    return len(text) <= 120 and bool(_SAYS.search(text) or len(_NUMBER.findall(text)) >= 2)


def _links(page: Page, outline: Outline, lines: range) -> Iterator[tuple[int, str]]:
    """(page number, URL) of links that are nothing but a number and lead to a sibling of this page."""
    numbered = []
    for anchor in outline.anchors:
        if not lines.start <= anchor.line < lines.stop:
            continue
        text = "".join("".join(anchor.element.itertext()).split())
        number = _NUMBER.fullmatch(text)
        href = href_of(anchor.element)
        if number and href and 0 < int(number[1]) <= _MOST:
            numbered.append((int(number[1]), page.resolve(href)))
    stems = {_stem(url, number) for number, url in numbered if number > 1 and _stem(url, number) != _stem(url, 0)}
    if page.url:
        stems &= {_stem(page.url, 0), _stem(page.url, None)}
    yield from ((number, url) for number, url in numbered if _stem(url, number) in stems)


def _here(page: Page, links: dict[int, str], texts: list[str]) -> int:
    """The number of this page: the one whose link leads here, or the one among the numbers that is no link."""
    for number, url in links.items():
        if page.url and url == page.url:
            return number
    for text in texts:
        shown = [int(number) for number in _NUMBER.findall(text)] if _is_pager(text) else []
        unlinked = [number for number in shown if number not in links and number <= max(links) + 1]
        if len(shown) >= 2 and len(unlinked) == 1:
            return unlinked[0]
    return 1


def _stem(url: str, number: int | None) -> str:
    """An address without its page number: with 2, a_2.html gives a, and ?id=7&page=2 gives ?id=7; None: any number."""
    digits = r"\d{1,3}" if number is None else str(number)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = re.sub(
        rf"(?:^|&)(?:page|pageNo|pageNum|pn|p|PageIndex|currPage)={digits}(?=&|$)", "", parts.query, flags=re.I
    )
    path = re.sub(rf"[_-]{digits}$", "", _SUFFIX.sub("", parts.path))
    return f"{parts.netloc}{path}?{query}"


def _fill(links: dict[int, str], of: int, here: int) -> None:
    """Pages a shortened pager leaves out (1 2 3 … 9), by the pattern of those it names."""
    if len(links) >= of - 1:
        return
    for number, url in sorted(links.items()):
        pattern = re.compile(rf"(?<=[_=-]){number}(?=\.\w+$|&|$)")
        if number > 1 and pattern.search(url):
            for other in range(2, of + 1):
                if other not in links and other != here:
                    links[other] = pattern.sub(str(other), url)
            return


def _scripted(page: Page) -> tuple[Pages | None, tuple[str, ...]]:
    """A pager drawn by createPageHTML(pages, current, stem, suffix) where the stem is this page's own."""
    found = _IN_SCRIPT.search(page.text)
    if not found:
        return None, ()
    of, at, stem, suffix = int(found[1]), int(found[2]), found[3], found[4]
    if not 2 <= of <= _MOST or at >= of or stem.lower() in ("index", "list", "common_list"):
        return None, ()
    urls = [page.resolve(f"{stem}.{suffix}" if number == 0 else f"{stem}_{number}.{suffix}") for number in range(of)]
    return Pages(at + 1, of, tuple(n + 1 for n in range(of) if n != at)), tuple(
        u for n, u in enumerate(urls) if n != at
    )
