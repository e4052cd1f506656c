"""Whether a page is an article or a list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crawler.extract.article import AFTER, SENTENCE, Body
from crawler.extract.headline import Title
from crawler.extract.imprint import read_headline
from crawler.extract.listing import Listing, says_empty
from crawler.extract.outline import Outline
from crawler.extract.page import Page

#: What pages write that turn their lists over.
_PAGERS = (
    "createPage countPage totalRecord _simple_list_gotopage_fun <datastore> queryData pageCount __doPostBack "
    "page_nav_list dataproxy.jsp getList( laypage pagination"
).split()
_DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
_PUBLISHED = ("pubdate", "publishdate", "contentsource", "article:published_time", "firstpublishedtime")

#: Worth of a body from which a lone link beside it is none of a list.
_PARAGRAPH = 40.0
#: As much as pagers, rows, and rows beside the word that there are none can weigh for a list.
_MOST_PAGERS, _MOST_ROWS, _MOST_EMPTY = 1.0, 5.0, 7.0


def is_list(
    page: Page,
    outline: Outline,
    worths: Sequence[float],
    title: Title | None,
    body: Body | None,
    boxed: bool,
    find: Callable[[], Listing | None],
) -> tuple[bool, Listing | None]:
    """Whether the page is a list, and the list `find` finds; an article is believed on equal weight.

    `boxed`: it shows a disclosure box. A page whose tags and head line leave no doubt is not searched for a list.
    """
    tagged = _tagged(page, outline, title, body) + (3 if boxed else 0)
    article = tagged + (_written(outline, worths, body, None) if tagged >= 1.5 else 0.0)
    columns = bool(page.meta.get("columnname")) and not page.meta.get("articletitle")
    around = (2.0 if columns else 0.0) + _MOST_PAGERS
    if article >= around + _MOST_EMPTY:
        return False, None
    empty = says_empty(outline)
    if not any(word in page.text for word in _PAGERS):
        around -= _MOST_PAGERS
    if article >= around + (_MOST_EMPTY if empty else _MOST_ROWS):
        return False, None
    listing = find()
    lone = listing and len(listing.rows) == 1 and body and not body.start <= listing.start < body.end
    if lone and body and sum(worths[body.start : body.end]) >= _PARAGRAPH:
        listing = None  # the link of a menu, with the date of the article as its own
    written = tagged + _written(outline, worths, body, listing)
    return around + _shown(outline, listing, empty) > written, listing


def _shown(outline: Outline, listing: Listing | None, empty: bool) -> float:
    """What the rows say for a list, or the word that there are none."""
    weight = 0.0
    if listing and is_aftermath(outline, listing):
        weight += 0.5
    elif listing:
        dated = sum(bool(row.date) for row in listing.rows)
        few = len(listing.rows) < 3
        weight += 3 if listing.weight >= 12 else 0.5 if listing.weight < 3.5 else 1 if few else 2
        weight += 2 if dated >= 3 else 0.5 if dated else 0
    if empty and not (listing and listing.weight >= 12):
        weight += 3
    return weight


def is_aftermath(outline: Outline, listing: Listing) -> bool:
    """Whether the list stands under a line that opens what follows an article (相关文章)."""
    above = outline.texts[max(0, listing.start - 3) : listing.start]
    return any(len(text) <= 20 and AFTER.match(text) for text in above)


def _tagged(page: Page, outline: Outline, title: Title | None, body: Body | None) -> float:
    """What the tags and the lines under the title say for an article; where it is not shown, those above the text."""
    weight = 0.0
    if page.meta.get("articletitle") and page.meta["articletitle"] != page.meta.get("columnname"):
        weight += 4
    weight += 1.5 * min(2, sum(name in page.meta for name in _PUBLISHED))
    weight += 2 if page.meta.get("og:type", "").lower() == "article" else 0
    if title and title.start is not None:
        weight += 1.5 if len(title.text) >= 8 and title.confidence >= 0.8 else 0
        under = outline.lines(title.end, min(title.end + 6, len(outline.texts)))
        if read_headline(under, "head").published:
            weight += 3
        elif any(len(line.text) < 60 and line.link_share < 0.5 and _DAY.search(line.text) for line in under[:3]):
            weight += 1.5
    elif body:
        above = read_headline(outline.lines(max(0, body.start - 4), body.start), "head")
        weight += 3 if above.published and above.source_name else 0
    return weight


def _written(outline: Outline, worths: Sequence[float], body: Body | None, listing: Listing | None) -> float:
    """What the prose beside the list says for an article."""
    start, end = (listing.start, listing.end) if listing else (0, 0)
    prose = prose_in(outline.texts, worths, range(start, end))
    weight = 5.5 if prose >= 1000 else 4.0 if prose >= 400 else 2.5 if prose >= 150 else 1.0 if prose >= 40 else 0.0
    if body and body.origin == "family" and not start <= body.start < end and sum(worths[body.start : body.end]) >= 40:
        weight += 2
    return weight


def prose_in(texts: Sequence[str], worths: Sequence[float], beside: range = range(0)) -> float:
    """What the lines that read like sentences are worth together, those at `beside` left out."""
    return sum(
        worth
        for index, worth in enumerate(worths)
        if worth >= 15 and index not in beside and SENTENCE.search(texts[index])
    )
