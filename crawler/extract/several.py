"""Pages that hold several texts: an issue under one masthead, a collection of texts from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bulletin.harvest import Doubt, Section
from crawler.extract.collection import is_part_heading, read_collection
from crawler.extract.imprint import read_headline
from crawler.extract.lines import Line
from crawler.extract.masthead import read_masthead
from crawler.extract.parts import Parts
from crawler.extract.sections import sections_of

#: Lines between title and body that may hold a masthead.
_LEAD: Final = 12
#: Lines that tell whether there is a masthead.
_DEPTH: Final = 40
#: Lines at the end of an issue that its editor may sign.
_TAIL: Final = 3


@dataclass(frozen=True, slots=True)
class Issue:
    """The masthead of a page: its label and its other fields, its lines (of the page), and what it leaves.

    The text begins at line `start` of the page, its articles at the lines `articles` counted from there.
    """

    label: dict[str, Any]
    fields: dict[str, Any]
    used: frozenset[int]
    start: int
    articles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """The kind of a page by its body, its sections and doubts.

    The text is `count` of the given lines from line `first` on; `preamble` are the words a collecting site puts around.
    """

    kind: str
    sections: tuple[Section, ...]
    first: int
    count: int
    doubts: tuple[Doubt, ...] = ()
    preamble: tuple[str, ...] = ()


def issue_on(parts: Parts) -> Issue | None:
    """The masthead above the text or at its beginning; None where the page shows none."""
    title, start = parts.title, parts.start
    lead = start
    if title and title.start is not None and start - _LEAD <= title.end <= start:
        lead = title.end
    outline = parts.outline
    if read_masthead(outline.lines(lead, min(lead + _DEPTH, parts.end))) is None:
        return None  # hardly a page has one, and the lines of a long one are many
    masthead = read_masthead(outline.lines(lead, parts.end))
    if masthead is None:
        return None
    label = masthead.label
    begin = max(start, lead + masthead.body) if masthead.used else start  # a title alone is no masthead
    articles = (lead + index - begin for index in masthead.articles)
    return Issue(
        {"issue": label.raw, "issue_number": label.total if label.total is not None else label.first},
        {"office": masthead.office, "dated_on": masthead.day},
        frozenset(lead + index for index in masthead.used),
        begin,
        tuple(index for index in articles if 0 <= index < parts.end - begin),
    )


def texts_in(lines: Sequence[Line], issue: Issue | None, *, published: bool) -> Texts:
    """What the body is made of. `published`: the page shows a publisher of its own, so it is no collection."""
    if issue:
        if len(issue.articles) >= 2:
            count = _without_editor(lines)
            return Texts("issue", _parts(lines[:count], issue.articles), 0, count)
        return Texts("article", sections_of(lines), 0, len(lines))
    collection = None if published else read_collection(lines)
    if not collection:
        return Texts("article", sections_of(lines), 0, len(lines))
    first = collection.parts[0][0] if collection.parts else 0
    end = min((index for index in collection.preamble if index > first), default=len(lines))
    starts = [start - first for start, _ in collection.parts if start < end]
    preamble = tuple(lines[index].text for index in collection.preamble)
    sections = _texts(lines[first:end], starts)
    return Texts("collection", sections, first, end - first, collection.doubts, preamble)


def _without_editor(lines: Sequence[Line]) -> int:
    """How many of the lines are text: the editor's line under the last article closes the issue."""
    tail = read_headline(lines[-_TAIL:], "tail")
    count = len(lines)
    at = len(lines[-_TAIL:]) - 1
    while at in tail.used:
        at, count = at - 1, count - 1
    return count


def _parts(lines: Sequence[Line], starts: Sequence[int]) -> tuple[Section, ...]:
    """One section for each article: its heading, its text, its own sections."""
    return tuple(
        _section(lines[start].text, lines[start + 1 : end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    )


def _texts(lines: Sequence[Line], starts: Sequence[int]) -> tuple[Section, ...]:
    """One section for each text of a collection, headed where it has a heading."""
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        headed = end - start > 1 and is_part_heading(lines[start].text)
        heading = lines[start].text if headed else ""
        found.append(_section(heading, lines[start + headed : end]))
    return tuple(found)


def _section(heading: str, lines: Sequence[Line]) -> Section:
    return Section(heading, "\n".join(line.text for line in lines), sections_of(lines))
