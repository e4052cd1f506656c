"""The contents of an issue: a page whose body is nothing but the titles of bulletins, each a link to one of them."""

from __future__ import annotations

import re
from typing import Final

from bulletin.harvest import Row
from bulletin.text.clean import squeeze
from bulletin.text.issues import parse_issue
from crawler.extract.article import AFTER, Body, is_container
from crawler.extract.attachments import url_suffix
from crawler.extract.headline import Title
from crawler.extract.kind import is_aftermath
from crawler.extract.listing import Listing, href_of, title_of
from crawler.extract.outline import Outline
from crawler.extract.page import Page

#: Characters of a title in a list of contents, and how many such lines make one.
_TITLE, _TITLES = 10, 3
#: Characters below which a link is called too little for a document (下载, 全文, 12).
_SHORTEST: Final = 4
#: Documents one issue may name; what is behind them is a trap rather than an issue.
MOST_NAMED: Final = 500
#: Links that lead from an issue to another one, or away.
_ONWARD: Final = re.compile(r"[上下前后]一[期页篇卷]|[上下]期|往期|过刊|返回|更多|首页|尾页|末页|查看全文")


def contents_in(outline: Outline) -> Body | None:
    """A known container that holds the titles of an issue, each a link, instead of text."""
    for span in outline.spans:
        if is_container(span) and 2 * outline.linked(span.start, span.end) >= outline.size(span.start, span.end):
            lines = [(outline.texts[index], outline.links[index]) for index in range(span.start, span.end)]
            titles = sum(len(text) >= _TITLE and 2 * linked >= len(text) for text, linked in lines)
            if titles >= _TITLES and not any(AFTER.match(text) for text, _ in lines):
                return Body(span.start, span.end, span.element, "family", 0.5)
    return None


def contents_listed(title: Title | None, outline: Outline, listing: Listing | None) -> Body | None:
    """The list on a page that is called an issue (公报2019年第3期) and shows nothing else, whatever its element is
    called. A list of issues is none: that is a column."""
    if title is None or listing is None or listing.end <= listing.start:
        return None
    if parse_issue(title.text) is None or is_aftermath(outline, listing):
        return None
    titles = [row.title for row in listing.rows if len(row.title) >= _TITLE and not _is_issue(row.title)]
    if len(titles) < _TITLES or 2 * len(titles) < len(listing.rows):
        return None
    around = [span for span in outline.spans if span.start <= listing.start and listing.end <= span.end]
    element = min(around, key=lambda span: span.end - span.start).element if around else outline.owners[listing.start]
    return Body(listing.start, listing.end, element, "generic", 0.4)


def documents_named(page: Page, outline: Outline, contents: Body) -> tuple[Row, ...]:
    """The documents that the contents of an issue lead to, in their order, each address once. A link to a file is none:
    files are attachments of the page; nor is one to another issue."""
    found: dict[str, Row] = {}
    for anchor in outline.anchors:
        href = href_of(anchor.element) if contents.start <= anchor.line < contents.end else ""
        if not href or url_suffix(href):
            continue
        title, url = title_of(anchor, outline), page.resolve(href)
        if len(squeeze(title)) >= _SHORTEST and not _ONWARD.match(title) and not _is_issue(title):
            found.setdefault(url, Row(title, url))
    return tuple(found.values())


def _is_issue(title: str) -> bool:
    """Whether a title ends with the label of an issue: 公报2019年第2期."""
    label = parse_issue(title)
    return label is not None and not title.rpartition(label.raw)[2].strip(" \u3000》）)】]>»目录")
