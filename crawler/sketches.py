"""Sketches of a page's mark-up, by which two pages of one template are told from two of different ones."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from heapq import nsmallest
from itertools import islice
from typing import Final

from crawler.extract.page import Page

Sketch = tuple[int, ...]

#: Smallest hashes that make a sketch.
SKETCH: Final = 64
_ELEMENTS: Final = 5_000
_DIGITS: Final = re.compile(r"\d+")


def sketch_of(page: Page) -> Sketch:
    """The smallest hashes of the tags, classes and ids on a page (digits left out), by which two pages of one template
    can be told from two of different ones without keeping either: the share of equal hashes among the smallest of both
    estimates the share of marks they have in common (bottom-k sketch, Broder 1997)."""
    marks: set[str] = set()
    for element in islice(page.root.iter(), _ELEMENTS):
        if isinstance(element.tag, str):
            parent = element.getparent()
            marks.add(f"{parent.tag if parent is not None else ''}>{element.tag}")
            names = f"{element.get('class') or ''} #{element.get('id') or ''}"[:400]
            marks.update(f"{element.tag}.{_DIGITS.sub('', name)}" for name in names.split())
    return tuple(nsmallest(SKETCH, {zlib.crc32(mark.encode("utf-8", "replace")) for mark in marks}))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of marks two pages have in common, estimated from their sketches (bottom-k, Broder 1997)."""
    size = max(len(one), len(other))
    smallest = set(sorted({*one, *other})[:size])
    return len(smallest & set(one) & set(other)) / len(smallest) if smallest else 1.0
