"""Rows of list pages, and the oracle's part about lists: the same questions for every practice site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from desk.demo.article import expected_of
from desk.demo.markup import Line
from desk.demo.places import REGION
from desk.demo.stock import (
    CROSS_POSTED,
    MISSING_TITLE,
    OFF_SITE,
    OFF_SITE_TITLE,
    OFF_SITE_URL,
    PINNED,
    TRUNCATED,
    UNDATED,
    Stock,
)


def line_of(stock: Stock, column: str, index: int, href: Callable[[str], str], width: int = 24) -> Line:
    """A row as printed: titles longer than `width` are cut in the link and whole in the attribute."""
    if stock.odd(column, index):
        day = stock.day(column, index).isoformat()
        if index == OFF_SITE:
            return Line(OFF_SITE_URL, OFF_SITE_TITLE, OFF_SITE_TITLE, day)
        return Line(href(stock.plan.missing), MISSING_TITLE, MISSING_TITLE, day)
    article = stock.article(column, index)
    link = href(stock.path(column, index))
    day = "" if stock.special(column, index, UNDATED) else stock.day(column, index).isoformat()
    if stock.special(column, index, TRUNCATED):
        return Line(link, article.title[:10] + "...", "", day)
    shown = article.title if len(article.title) <= width else article.title[: width - 1] + "…"
    return Line(link, shown, article.title, day, pinned=stock.special(column, index, PINNED))


def rows_of(stock: Stock, column: str) -> list[dict[str, Any]]:
    """What a reader of the column's lists must find, in order; `shown` is the longest title the row gives."""
    rows = []
    for index in stock.order(column):
        line = line_of(stock, column, index, stock.url)
        title = line.shown if stock.odd(column, index) else stock.article(column, index).title
        shown = line.title or line.shown
        rows.append({"url": line.href, "title": title, "shown": shown, "date": line.day, "pinned": line.pinned})
    return rows


def oracle(
    stock: Stock,
    *,
    family: str,
    columns: Iterable[tuple[str, str]],
    lists: Callable[[str], Sequence[str]],
    chrome: Sequence[str],
    limit: int | None = None,
) -> dict[str, Any]:
    """The oracle of a site. `columns` are (id, name) of those to be collected, `lists` the list paths of a column.

    `limit` is the number of rows of each column that can be reached at all, where the site hides the others.
    """
    named = dict(columns)
    reached = {(column, index) for column in named for index in stock.order(column)[:limit]}
    wanted = {stock.url(path): stock.article(*key) for path, key in stock.by_path.items() if key in reached}
    crossed = [stock.url(stock.path(c, CROSS_POSTED)) for c in (stock.plan.crossed, stock.plan.main)]
    both = all(url in wanted for url in crossed)
    others = [stock.url(path) for path, key in stock.by_path.items() if key[0] not in named]
    return {
        "site": stock.plan.site,
        "host": stock.plan.host,
        "family": family,
        "region": REGION,
        "list_urls": [stock.url(path) for column in named for path in lists(column)],
        "article_urls": list(wanted),
        "documents": len(wanted) - both,
        "cross_posted": [crossed] if both else [],
        "per_article": {url: expected_of(article) for url, article in wanted.items()},
        "columns": {
            column: {
                "name": name,
                "url": stock.url(lists(column)[0]),
                "rows": rows_of(stock, column)[:limit],
                "pages": len(lists(column)),
            }
            for column, name in named.items()
        },
        "skipped_links": [
            {"url": OFF_SITE_URL, "why": "off_site"},
            {"url": stock.url(stock.plan.missing), "why": "not_found"},
            *({"url": url, "why": "other_column"} for url in others),
        ],
        "chrome": list(chrome),
    }
