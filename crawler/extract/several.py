"""Pages that hold several texts: an issue under one masthead, a collection of texts from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.harvest import Doubt, Section
from crawler.extract.collection import read_collection
from crawler.extract.lines import Line
from crawler.extract.masthead import Masthead, read_masthead
from crawler.extract.sections import sections_of


@dataclass(frozen=True, slots=True)
class Texts:
    """The kind of a page by its body, its sections, the fields a masthead gives, and doubts."""

    kind: str
    sections: tuple[Section, ...]
    fields: dict[str, Any]
    doubts: tuple[Doubt, ...] = ()


def texts_in(lines: Sequence[Line], *, published: bool) -> Texts:
    """What the body is made of. `published`: the page shows a publisher of its own, so it is no collection."""
    masthead = read_masthead(lines)
    if masthead:
        articles = [index for index in masthead.articles if 0 <= index < len(lines)]
        if len(articles) >= 2:
            return Texts("issue", _parts(lines, articles), _fields(masthead))
        return Texts("article", sections_of(lines), _fields(masthead))
    collection = None if published else read_collection(lines)
    if collection:
        starts = [start for start, _ in collection.parts]
        return Texts("collection", _parts(lines, starts), {}, collection.doubts)
    return Texts("article", sections_of(lines), {})


def _fields(masthead: Masthead) -> dict[str, Any]:
    label = masthead.label
    return {
        "issue": label.raw,
        "issue_number": label.total if label.total is not None else label.first,
        "office": masthead.office,
        "dated_on": masthead.day,
    }


def _parts(lines: Sequence[Line], starts: Sequence[int]) -> tuple[Section, ...]:
    """One section for each text: its heading, its text, its own sections."""
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        under = lines[start + 1 : end]
        found.append(Section(lines[start].text, "\n".join(line.text for line in under), sections_of(under)))
    return tuple(found)
