"""What tantivy is told of a bulletin, worked out of its texts. Apart from the engine, because questions need none of it
and numpy takes a tenth of a second to import."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Final

from search.alike import bands_of
from search.analyzer import Analyzer
from search.characters import BORDER, characters
from search.code_points import CodePoints, sketch_of
from search.engines.tantivy_storage import (
    IN_FOURS,
    NUMBERED,
    PAPER,
    LaidDown,
    day_by,
    fours_in,
    keyed,
    month_by,
    ordered,
    pairs_in,
)
from search.entry import Entry
from search.exact import storable
from search.facets import UNDATED, parents_of
from search.filtering import DATES, number_order
from search.ranking import spelled_out

# A text of its own is read ten times faster than as a part of JSON.
_NAMES: Final = tuple(field.name for field in fields(Entry) if field.name != "text")
_CODE: Final = "utf-32-le"


def laid_down(entries: Sequence[Entry], analyzer: Analyzer) -> list[LaidDown]:
    """Entries as tantivy is given them."""
    stored = list(map(storable, entries))
    printed = list(map(CodePoints, stored))
    columns = [points.columns() for points in printed]
    sketches = list(map(sketch_of, columns))
    forms = [(points.glyphs_held(), points.pairs_held()) for points in printed]
    words = [spelled_out(points.parts(), analyzer) for points in printed]
    return list(map(_laid_down, stored, columns, sketches, forms, words))


def _laid_down(entry: Entry, columns: Mapping[str, str], sketch: bytes, forms: tuple[str, str], words: str) -> LaidDown:
    texts = [
        *_in_pairs(columns),
        ("words", words),
        *zip(("glyphs", "spelt"), forms, strict=True),
        ("band", " ".join(f"{band:x}" for band in bands_of(sketch))),
        *_named(entry, columns),
    ]
    length = words.count(" ")
    days = zip(DATES, (entry.published_on, entry.dated_on, entry.first_seen), strict=True)
    numbers = [("length", length), *((day_by(name), day.toordinal() if day else 0) for name, day in days)]
    kept = {name: getattr(entry, name) for name in _NAMES} | {"length": length, "sketch": sketch.hex()}
    told = json.dumps(kept, ensure_ascii=False, default=str).encode()
    return LaidDown(entry.document_id, texts, numbers, told, entry.text.encode())


def _in_pairs(columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in columns.items():
        if text:
            yield pairs_in(name), pairs_of(text)
            if name in IN_FOURS:
                yield fours_in(name), _fours_of(text)


def _named(entry: Entry, columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is filtered, counted and sorted by."""
    yield "document_id", entry.document_id
    yield "flag", PAPER
    if order := number_order(entry.number or ""):
        yield "flag", NUMBERED
        yield "number_order", ordered(order)
    yield "source", entry.source
    yield "kind", entry.kind
    if entry.region:
        yield "region", entry.region
        yield "region_prefix", " ".join(entry.region[:size] for size in range(1, len(entry.region) + 1))
    yield from (("division", code) for code in dict.fromkeys((entry.region, *parents_of(entry.region))))
    if entry.office:
        yield "office", entry.office
    yield "office_key", keyed(characters(entry.office or ""))
    for topic in dict.fromkeys(entry.topic):
        yield "topic", topic
        yield "topic_key", keyed(characters(topic))
    for name, day in zip(DATES, (entry.published_on, entry.dated_on, entry.first_seen), strict=True):
        yield month_by(name), f"{day.year:04}-{day.month:02}" if day else UNDATED


def pairs_of(column: str) -> str:
    """Every character of a column with the one after it, divided by blanks; a border takes a place of its own, so that
    no run of pairs leads over it."""
    return f" {BORDER_TOKEN} ".join(map(_pairs, column.split(BORDER)))


#: Stands where a part of a column ends; a control character is part of no pair.
BORDER_TOKEN: Final = "\x02"


def _pairs(text: str) -> str:
    # Written at three places of an array each, which takes a tenth of the time of joining pairs.
    codes = array("I", text.encode(_CODE))
    laid = array("I", [0x20]) * (3 * len(codes))
    laid[0::3] = codes
    laid[1:-2:3] = codes[1:]
    return laid.tobytes().decode(_CODE)


def _fours_of(column: str) -> str:
    """Every character with the three after it, as pairs are."""
    parts = column.split(BORDER)
    return f" {BORDER_TOKEN} ".join(" ".join(part[at : at + 4] for at in range(len(part))) for part in parts)
