"""Where the rows of a list stand, told by the addresses of a system's articles. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bulletin.harvest import Row
from bulletin.record import CHINA
from crawler.extract.embedded import embedded_list, recorded_list
from crawler.extract.fragments import fragment
from crawler.extract.listing import Listing, find_listing, href_of
from crawler.extract.outline import Outline, outline_of
from crawler.extract.page import Page

_ROW: Final = frozenset({"li", "tr", "dd", "p", "div"})
#: Rows with a date from which on a list is plainly one.
_DATED: Final = 3


def best_listing(page: Page, outline: Outline) -> Listing | None:
    """The page's best list; where none is shown with dates, one that stands in a comment or a script of data."""
    shown = find_listing(page, outline)
    if shown and sum(bool(row.date) for row in shown.rows) >= _DATED:
        return shown
    hidden = embedded_list(page)
    hidden = recorded_list(page) if hidden is None else hidden
    found = find_listing(page, outline_of(hidden)) if hidden is not None else None
    return found if found and (shown is None or found.weight > shown.weight) else shown


def list_element(page: Page, wanted: Callable[[str], bool]) -> Any:
    """The element that holds most rows with a link to a wanted (absolute) address; None without any such link."""
    held: Counter[Any] = Counter()
    for anchor in page.root.iter("a"):
        href = href_of(anchor)
        if href and wanted(page.resolve(href)):
            row = anchor
            while row.getparent() is not None and row.tag not in _ROW:
                row = row.getparent()
            container = row.getparent()
            if container is not None:
                held[container] += 1
    return held.most_common(1)[0][0] if held else None


def rows_in(page: Page, element: Any) -> tuple[Row, ...]:
    """The rows of the list that `element` holds."""
    found = find_listing(page, outline_of(element))
    return found.rows if found else ()


def rows_among(page: Page, wanted: Callable[[str], bool]) -> tuple[Row, ...]:
    """All rows of the list that holds most links to wanted addresses: also those that lead elsewhere."""
    element = list_element(page, wanted)
    return rows_in(page, element) if element is not None else ()


def rows_of_parts(page: Page, parts: Iterable[str], base: str) -> tuple[Row, ...]:
    """The rows of a list that came as pieces of mark-up, a row each; their links are resolved against `base`."""
    wrapped = [part if part.lstrip()[:3].lower() == "<li" else f"<li>{part}</li>" for part in parts]
    return rows_of_markup(page, f"<ul>{''.join(wrapped)}</ul>", base) if wrapped else ()


def rows_of_markup(page: Page, markup: str, base: str) -> tuple[Row, ...]:
    """The rows of a list in a piece of mark-up; its links are resolved against `base`."""
    element = fragment(markup)
    return rows_in(replace(page, url=base, base=base, root=element), element)


def day_of_seconds(seconds: object) -> str:
    """The date in Asia/Shanghai of Unix seconds, ISO; "" for what is no moment of the last century or this one."""
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit() and len(seconds) < 12:
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < 4_102_444_800:
        return ""
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).date().isoformat()


def same_host(one: str, other: str) -> bool:
    """Whether two addresses stand on the same host and port, whatever their scheme."""
    return _host(one) == _host(other) != ""


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0].partition("?")[0].lower()
