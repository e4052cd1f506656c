"""A page laid out: what stands above the body, the body itself, what stands below, and where the disclosure box is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from crawler.extract.article import FOOTER, Body
from crawler.extract.boxes import box_on
from crawler.extract.disclosure import Block
from crawler.extract.edges import trim
from crawler.extract.headline import Title, squeezed
from crawler.extract.outline import Outline
from crawler.extract.page import Page

#: Lines above the body among which box, headline and head line are looked for.
_HEAD: Final = 120


@dataclass(slots=True)
class Parts:
    """The page in parts: lines [0, start) above the body, [start, end) the body, the rest below."""

    page: Page
    outline: Outline
    title: Title | None
    body: Body | None
    start: int
    end: int
    block: Block
    block_lines: frozenset[int]


def given_body(outline: Outline, container: Any) -> Body | None:
    """The body a family named, as lines; None where it holds no text."""
    for span in outline.spans:
        if span.element is container and span.end > span.start:
            return Body(span.start, span.end, container, "family", 1.0)
    return None


def take_apart(page: Page, outline: Outline, title: Title | None, body: Body | None) -> Parts:
    """Lay a page out around its body: trim the container, find the disclosure box in it, above it or below it."""
    if body is None:
        none = len(outline.texts)
        return Parts(page, outline, title, None, none, none, Block(), frozenset())
    within = range(body.start, min(body.end, body.start + 80))
    block, used = box_on(outline, within)
    if block and used and max(used) >= trim(outline, body, title)[1] - 1:
        body = replace(body, end=min(used))  # the box is the end of the container, and no head
    elif block and used and _is_head(outline, body.start, min(used)):
        title = _unless_boxed(title, block)
        start, end = trim(outline, replace(body, start=max(used) + 1), title)
        if title is None or title.start is None:
            start += body.origin == "generic" and _repeats(outline, start, end, block)
        return Parts(page, outline, title, body, start, end, block, used)
    start, end = trim(outline, body, title)
    if not block or min(used) < end:
        block, used = box_on(outline, head_lines(outline, start))
    if not block:
        block, used = box_on(outline, range(end, min(end + 40, len(outline.texts))))
    if title and _unless_boxed(title, block) is None:
        title = None
        start, end = trim(outline, body, title)
    if title is None or title.start is None:
        start += body.origin == "generic" and _repeats(outline, start, end, block)
    return Parts(page, outline, title, body, start, end, block, used)


def _repeats(outline: Outline, start: int, end: int, block: Block) -> bool:
    """Whether a headline, the title the box names, stands above the paragraphs of the body and not among them."""
    if start + 1 >= end or outline.owners[start].tag == "p":
        return False
    named = next((entry.value for entry in block.entries if entry.field == "title" and entry.value), "")
    return bool(named) and squeezed(outline.texts[start]) == squeezed(named)


def _unless_boxed(title: Title | None, block: Block) -> Title | None:
    """A title told by its looks alone gives way to the one in the box."""
    named = any(entry.field == "title" and entry.value for entry in block.entries)
    return None if named and title and title.confidence < 0.8 else title


def _is_head(outline: Outline, start: int, first: int) -> bool:
    """Whether only a headline and its labels stand between the start of the container and the box."""
    return first - start <= 12 and all(len(text) <= 100 for text in outline.texts[start:first])


def head_lines(outline: Outline, start: int) -> list[int]:
    """The lines above the body that are neither links all over nor a footer's."""
    above = range(max(0, start - _HEAD), start)
    texts, links = outline.texts, outline.links
    kept = [i for i in above if links[i] * 10 < 9 * len(texts[i]) and not FOOTER.search(texts[i])]
    return kept[-80:]
