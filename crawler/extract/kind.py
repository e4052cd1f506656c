"""Whether a page is an article or a list of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.article import INFO, SENTENCE, Body
from crawler.extract.headline import Title
from crawler.extract.listing import Listing, says_empty
from crawler.extract.outline import Outline
from crawler.extract.page import Page

_PAGER = re.compile(
    r"createPage(?:HTML)?\s*\(|countPage|totalRecord|_simple_list_gotopage_fun|<datastore>|queryData|pageCount|__doPostBack|"
    r"page_nav_list|dataproxy\.jsp|getList\(|laypage|pagination",
    re.I,
)
_PUBLISHED = ("pubdate", "publishdate", "contentsource", "article:published_time", "firstpublishedtime")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")


def is_list(
    page: Page,
    outline: Outline,
    worths: Sequence[float],
    title: Title | None,
    body: Body | None,
    listing: Listing | None,
) -> bool:
    """Weigh what speaks for either; an article is believed on equal weight."""
    start, end = (listing.start, listing.end) if listing else (0, 0)
    return _for_list(page, outline, listing) > _for_article(page, outline, worths, title, body, start, end)


def _for_list(page: Page, outline: Outline, listing: Listing | None) -> float:
    weight = 0.0
    if listing:
        dated = sum(bool(row.date) for row in listing.rows)
        weight += 3 if listing.weight >= 12 else 2 if listing.weight >= 3.5 else 0.5
        weight += 2 if dated >= 3 else 1 if dated else 0
    if not page.meta.get("articletitle") and page.meta.get("columnname"):
        weight += 2
    if _PAGER.search(page.text):
        weight += 1
    if says_empty(outline) and not (listing and listing.weight >= 12):
        weight += 3
    return weight


def _for_article(
    page: Page, outline: Outline, worths: Sequence[float], title: Title | None, body: Body | None, start: int, end: int
) -> float:
    weight = 0.0
    if page.meta.get("articletitle") and page.meta["articletitle"] != page.meta.get("columnname"):
        weight += 4
    weight += 1.5 * min(2, sum(name in page.meta for name in _PUBLISHED))
    weight += 2 if page.meta.get("og:type", "").lower() == "article" else 0
    if title and title.start is not None:
        under = outline.texts[title.end : title.end + 6]
        if any(len(text) < 160 and INFO.search(text) and _DAY.search(text) for text in under):
            weight += 3
    prose = sum(
        worth
        for index, worth in enumerate(worths)
        if worth >= 15 and not start <= index < end and SENTENCE.search(outline.texts[index])
    )
    weight += 4 if prose >= 400 else 2.5 if prose >= 150 else 1 if prose >= 60 else 0
    if body and body.origin == "family" and not start <= body.start < end and sum(worths[body.start : body.end]) >= 40:
        weight += 2
    return weight
