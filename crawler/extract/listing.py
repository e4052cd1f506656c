"""List pages: whether a page is one, and its rows.

A list is an element whose children each lead to one place: the children with a link and a date weigh most, menus with
their short names least. Rows that stand in several blocks of the same make (a new <ul> after every fifth line) are one
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bulletin.harvest import Row
from crawler.extract.outline import SKIPPED, Anchor, Outline, path_of
from crawler.extract.page import Page
from crawler.extract.rowdays import Headings, day_of, days_beside, headings_on, only_day, titled_by
from crawler.extract.tablehead import cell_text, published_cell

_ONCLICK = re.compile(
    r"""(?:window\.open|location(?:\.href)?\s*=|openUrl|goto\w*)\s*\(?\s*['"]([^'"]+)['"]"""
    r"""|\b(?:open|show|view|goto?|jump|read|look|detail|redirect|link)\w{0,20}\(\s*['"]([^'"\s]{0,300}/[^'"\s]{1,300})['"]\s*\)""",
    re.I,
)
_CUT = re.compile(r"\s*(?:\.{2,}|…+|。{2,})\s*$")
_PINNED = re.compile(r"^\s*[\[【（(]?\s*(?:置顶|顶)\s*[\]】）)]|置顶")
_MARK = re.compile(r"^[\s·•●■◆▪▶►>»→\-—*]+|\s*(?:\bnew\b|NEW)?\s*$")
_MORE = re.compile(
    r"(?:更多|more|查看更多|详细|详情|查看|阅读全文|\[详细\]|全文|首页|上一页|下一页|尾页|末页|上页|下页|[\[(【（]\d{1,3}[\])】）])[>»…\s]*$",
    re.I,
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|nav\w*|menu\w*|crumbs?|breadcrumbs?|pag(?:e|er|ination)\w*|links?|yqlj|header)(?:$|[\s_-])"
)
_EMPTY = re.compile(
    r"暂无(?:相关|任何|此类)?(?:信息|数据|内容|记录|文章|资料)|没有(?:找到)?(?:相关|符合条件的)(?:信息|记录|内容)|抱歉，?没有"
)
#: The weight of a row with a date and a long title.
_MOST_A_ROW = 4.0
#: The weight of three rows with their dates: the page needs no second look.
_PLAIN = 9.0
#: Links beyond which a child is a block of its own, not a row.
_LINKS_IN_ROW = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a list, the lines [start, end) it stands on, and its weight (about 3 a dated row)."""

    rows: tuple[Row, ...]
    start: int
    end: int
    weight: float


@dataclass(slots=True)
class _Entry:
    """A row in the making: its element, its title link, whether it shows a date."""

    element: Any
    anchor: Anchor
    title: str
    day: str
    pinned: bool


def find_listing(page: Page, outline: Outline) -> Listing | None:
    """The best list of a page, None where nothing looks like one."""
    shown = _best(page, outline, outline.anchors)
    if (shown is None or shown.weight < _PLAIN) and "onclick" in page.text:
        clicked = _best(page, outline, _clickable(outline))
        if clicked and len(clicked.rows) > 1 and (shown is None or clicked.weight > shown.weight):
            return clicked
    return shown


def _best(page: Page, outline: Outline, anchors: Sequence[Anchor]) -> Listing | None:
    children = _linking_children(outline, anchors)
    headings = headings_on(outline)
    best: tuple[float, list[_Entry], Any] | None = None
    for container, units in sorted(children.items(), key=lambda item: -len(item[1])):
        if best and _MOST_A_ROW * len(units) <= best[0]:
            break
        if entries := _entries(units, outline, headings):
            weight = _weight(entries, container, len(units))
            if best is None or weight > best[0]:
                best = (weight, entries, container)
    if best is None:
        return None
    entries = _with_siblings(best[1], best[2], children, outline, headings)
    if (place := published_cell(entries[-1].element)) is not None:
        for entry in entries:
            entry.day = day_of(cell_text(entry.element, place), "") or entry.day
    weight = max(best[0], _weight(entries, best[2], len(entries)))
    rows = _pinned(_rows(page, entries))
    lines = [entry.anchor.line for entry in entries]
    return Listing(rows, min(lines), max(lines) + 1, weight)


def _clickable(outline: Outline) -> list[Anchor]:
    """The rows that lead somewhere as a whole, by a script of their own, and hold no link."""
    return [
        Anchor(span.element, span.start, span.end)
        for span in outline.spans
        if span.end > span.start
        and span.element.get("onclick")
        and href_of(span.element)
        and next(span.element.iter("a"), None) is None
    ]


def says_empty(outline: Outline) -> bool:
    """Whether the page says that its list has no entries."""
    return any(len(text) < 40 and _EMPTY.search(text) for text in outline.texts)


def href_of(element: Any) -> str:
    """Where a link leads, also where a script does the leading; "" for nowhere."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#", "mailto:", "tel:")):
        return href
    script = f"{element.get('onclick') or ''} {href}"
    found = _ONCLICK.search(script) if "'" in script or '"' in script else None
    led = (found[1] or found[2]) if found else ""
    return "" if led.startswith("#") else led


def _linking_children(outline: Outline, anchors: Sequence[Anchor]) -> dict[Any, dict[Any, list[Anchor]]]:
    """For every element: its children that hold links, each with these; links to one place in a row count once."""
    found: dict[Any, dict[Any, list[Anchor]]] = {}
    last = None
    for anchor in anchors:
        href = href_of(anchor.element)
        if not href:
            continue
        repeated, last = href == last, href
        child = anchor.element
        for _ in range(7):
            parent = child.getparent()
            if parent is None:
                break
            units = found.setdefault(parent, {}).setdefault(child, [])
            if not (repeated and units):
                units.append(anchor)
            elif len(_text(anchor, outline)) > len(_text(units[-1], outline)):
                units[-1] = anchor
            if len(units) > _LINKS_IN_ROW + 1:
                break
            child = parent
    return found


def _text(anchor: Anchor, outline: Outline) -> str:
    """The text of a link; where it holds blocks (headline, summary, date), the first that reads like a title."""
    if not anchor.text:
        if anchor.end > anchor.line + 1:
            lines = [line for line in outline.texts[anchor.line : anchor.end] if not only_day(line)]
            anchor.text = next((line for line in lines if len(line) >= 6), lines[0] if lines else " ")
        else:
            anchor.text = " ".join("".join(anchor.element.itertext()).split()) or " "
    return anchor.text


def _entries(units: dict[Any, list[Anchor]], outline: Outline, headings: Headings) -> list[_Entry]:
    entries = []
    for element, anchors in units.items():
        if len(anchors) > _LINKS_IN_ROW:
            continue
        if element.tag == "tr" and len(anchors) > 1 and (several := _several(anchors, outline)):
            entries += several
            continue
        anchor = max(anchors, key=lambda link: len(_text(link, outline)))
        title = title_of(anchor, outline)
        if len(title) >= 2 and not _MORE.fullmatch(title):
            shown = _shown(element, anchor)
            day = day_of(shown, href_of(anchor.element), headings.above(anchor.line))
            entries.append(_Entry(element, anchor, title, day, bool(_PINNED.search(shown))))
    if entries and not any(entry.day for entry in entries):
        for entry, beside in zip(entries, days_beside([entry.element for entry in entries]), strict=True):
            entry.day = day_of(beside, href_of(entry.anchor.element), headings.above(entry.anchor.line))
    return entries


def _several(anchors: Sequence[Anchor], outline: Outline) -> list[_Entry]:
    """The rows that stand beside each other in one row of a table, each in its cell with the day in the next."""
    cells = [next(one for one in anchor.element.iterancestors() if one.tag in ("td", "th", "tr")) for anchor in anchors]
    if len(set(cells)) < len(cells) or any(cell.tag == "tr" for cell in cells):
        return []
    days = [day_of(beside, "") for beside in days_beside(cells)]
    titles = [title_of(anchor, outline) for anchor in anchors]
    if not all(days) or min(map(len, titles)) < 2:
        return []
    return [_Entry(*made, pinned=False) for made in zip(cells, anchors, titles, days, strict=True)]


def title_of(anchor: Anchor, outline: Outline) -> str:
    """The whole title: the title attribute where it goes on from what the link shows, else what the link shows."""
    text = _PINNED.sub("", _MARK.sub("", _text(anchor, outline))).strip()
    if parted := titled_by(text):
        text = parted
    given = " ".join((anchor.element.get("title") or "").split())
    if not given or "<!--" in given:
        return text
    stem = "".join(_uncut(text).split())
    if len(stem) >= 2 and "".join(given.split()).startswith(stem):
        return _uncut(given) if _uncut(text) == text else given
    return given if len(stem) < 2 and len(given) >= 4 else text


def _uncut(text: str) -> str:
    """A title without the dots it was cut with."""
    return _CUT.sub("", text) if text.rstrip()[-1:] in (".", "…", "。") else text


def _shown(element: Any, anchor: Anchor) -> str:
    """What a row says beside its title, then its title."""
    inside = set(anchor.element.iter())
    if element is anchor.element:
        beside = [element.tail or ""]
        following = element.getnext()
        if following is not None and following.tag in ("span", "em", "i", "font", "b", "small", "time"):
            beside += following.itertext()
    else:
        beside = list(_texts_beside(element, inside))
    said = " ".join(" ".join(beside).split())
    return said + " | " + " ".join("".join(anchor.element.itertext()).split())


def _texts_beside(element: Any, inside: set[Any]) -> Iterator[str]:
    """The texts under an element, those of the title link and of scripts left out."""
    for node in element.iter():
        if node.text and node not in inside and node.tag not in SKIPPED:
            yield node.text
        if node.tail and node is not element and node.getparent() not in inside:
            yield node.tail


def _weight(entries: Sequence[_Entry], container: Any, units: int) -> float:
    weight = 0.0
    for entry in entries:
        size = len(entry.title)
        weight += (3.0 if entry.day else 0.0) + (
            1.0 if size >= 12 else 0.5 if size >= 8 else -0.3 if size <= 5 else 0.0
        )
    if _ASIDE.search(path_of(container, 3)):
        weight *= 0.3
    return weight * min(1.0, len(entries) / max(units, 1))


def _with_siblings(
    entries: list[_Entry],
    container: Any,
    children: dict[Any, dict[Any, list[Anchor]]],
    outline: Outline,
    headings: Headings,
) -> list[_Entry]:
    """The rows of neighbouring containers of the same make, in page order."""
    parent = container.getparent()
    if parent is None or container.tag not in ("ul", "ol", "table", "tbody", "dl", "div"):
        return entries
    if sum(bool(entry.day) for entry in entries) * 2 < len(entries):
        return entries
    merged: list[_Entry] = []
    for sibling in parent:
        if sibling is container:
            merged += entries
        elif sibling in children and sibling.tag == container.tag and _make(sibling) == _make(container):
            others = _entries(children[sibling], outline, headings)
            merged += others if others and all(entry.day for entry in others) else []
    return merged


def _make(element: Any) -> str:
    return re.sub(r"\d+", "", element.get("class") or "")


def _rows(page: Page, entries: Sequence[_Entry]) -> tuple[Row, ...]:
    rows = []
    for entry in entries:
        href = href_of(entry.anchor.element)
        title = _PINNED.sub("", entry.title).strip() or entry.title
        rows.append(Row(title, page.resolve(href), entry.day, entry.pinned))
    return tuple(rows)


def _pinned(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Rows on top that are older than the newest, where all others stand newest first, are pinned."""
    dated = [row.date for row in rows]
    if not all(dated) or len(rows) < 4:
        return rows
    newest = dated.index(max(dated))
    rest = dated[newest:]
    if 0 < newest <= len(rows) // 3 and all(a >= b for a, b in pairwise(rest)):
        return tuple(replace(row, pinned=True) if index < newest else row for index, row in enumerate(rows))
    return rows
