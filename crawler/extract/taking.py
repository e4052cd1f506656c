"""The fields around a body: above it the headline deck and the head line, in the box, and in the lines below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crawler.extract.deck import deck_around
from crawler.extract.fields import (
    take_bare_date,
    take_block,
    take_imprint,
    take_meta,
    take_number,
    take_parted_date,
    take_time,
)
from crawler.extract.gathering import Gathering
from crawler.extract.imprint import read_headline
from crawler.extract.outline import Outline
from crawler.extract.parts import Parts, head_lines

#: Lines below the body among which its tail is looked for.
_TAIL: Final = 20


def take_fields(parts: Parts, gathering: Gathering) -> set[int]:
    """Fill the fields from head and tail; returns the lines that became fields."""
    outline, title = parts.outline, parts.title
    take_meta(gathering, parts.page)
    used = set(parts.block_lines)
    head = [index for index in head_lines(outline, parts.start) if index not in used]
    if title and title.start is not None:
        used |= set(range(title.start, title.end)) | _take_deck(parts, gathering)
    if title and title.start is not None and title.start < parts.start:
        under = [index for index in head if index >= title.end and index not in used]
        above = [index for index in head if title.start - 8 <= index < title.start and index not in used]
    else:
        under, above = head[-16:], []
    used |= _take_head(outline, gathering, under)
    take_block(gathering, parts.block)
    if not gathering.values.get("published_on"):
        take_time(gathering, [outline.owners[index] for index in under[:6]])
    if not gathering.values.get("published_on"):
        take_bare_date(gathering, [outline.line(index) for index in under[:6]])
    if above and not gathering.values.get("published_on"):
        used |= _take_head(outline, gathering, above)
    if not gathering.values.get("published_on"):
        take_parted_date(gathering, [outline.line(index) for index in (*above[-4:], *under[:6])])
    below = range(max(parts.start, parts.end - 3), min(parts.end + _TAIL, len(outline.texts)))
    tail = read_headline([outline.line(index) for index in below], "tail")
    take_imprint(gathering, tail, "text")
    return used | {below[index] for index in tail.used}


def _take_deck(parts: Parts, gathering: Gathering) -> set[int]:
    """Kicker and subtitle beside the title, above the body."""
    outline, title = parts.outline, parts.title
    if title is None or title.start is None or title.start >= parts.start:
        return set()
    above = title.start - 1 if title.start else None
    below = title.end if title.end < parts.start else None
    kicker, subtitle = deck_around(outline, title.start, above, below)
    fields = {"kicker": kicker, "subtitle": subtitle}
    gathering.take(fields, "headline", 0.85)
    places = {above if kicker else None, below if subtitle else None}
    return {place for place in places if place is not None}


def _take_head(outline: Outline, gathering: Gathering, indexes: Sequence[int]) -> set[int]:
    lines = [outline.line(index) for index in indexes]
    imprint = read_headline(lines, "head")
    take_imprint(gathering, imprint, "headline")
    take_number(gathering, [line for index, line in enumerate(lines) if index not in imprint.used])
    return {indexes[index] for index in imprint.used}
