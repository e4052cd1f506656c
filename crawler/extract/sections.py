"""Headings and what stands under them: 编 章 节 条, 一、 (一) 1. (1) ①, headings of a page, headings without number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.harvest import Section
from crawler.extract.headings import LONGEST_BARE, Number, is_caption, number_before, split_heading, stands_alone
from crawler.extract.lines import Line, as_lines

_BARE: Final = -1
_DEEPEST: Final = 12


@dataclass(slots=True)
class _Open:
    """A section still being filled."""

    heading: str
    rank: float
    paragraphs: list[str] = field(default_factory=list)
    inner: list[_Open] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.heading, "\n".join(self.paragraphs), tuple(section.close() for section in self.inner))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at line `index`; `rest` is the text run in after it. `rank` grows towards the narrower."""

    index: int
    text: str
    rest: str
    rank: float
    number: Number | None = None


def sections_of(lines: Sequence[Line | str]) -> tuple[Section, ...]:
    """The sections of a body, nested by the rank of their headings; text before the first heading is in none."""
    given = as_lines(lines)
    found = {heading.index: heading for heading in headings_of(given)}
    root = _Open("", -2.0)
    stack = [root]
    for index, line in enumerate(given):
        heading = found.get(index)
        if heading is None:
            stack[-1].paragraphs.append(line.text)
            continue
        while stack[-1].rank >= heading.rank:
            stack.pop()
        opened = _Open(heading.text, heading.rank, [heading.rest] if heading.rest else [])
        stack[-1].inner.append(opened)
        stack.append(opened)
    return tuple(section.close() for section in root.inner)


def headings_of(lines: Sequence[Line]) -> list[Heading]:
    """Every heading of these lines, in order, with its rank."""
    numbered = _numbered(lines)
    found: list[Heading] = []
    for index, line in enumerate(lines):
        if index in numbered:
            found.append(numbered[index])
        elif _is_bare(lines, index):
            found.append(Heading(index, line.text, "", _BARE))
    return _ranked(found, lines)


def _numbered(lines: Sequence[Line]) -> dict[int, Heading]:
    """Numbered headings; a number style whose paragraphs are all single sentences numbers items, not headings."""
    found: dict[int, Heading] = {}
    annex = False
    for index, line in enumerate(lines):
        number = number_before(line.text)
        if number is None:
            annex = line.text.startswith(("附件", "附:", "附："))
            continue
        heading, rest = ("", "") if annex and number.rank >= 6 else split_heading(line.text, number)
        if heading and not rest and heading != line.text and _is_last_item(lines, index):
            continue
        if (heading and len(heading) > number.end) or (heading and number.rank <= 3):
            found[index] = Heading(index, heading, rest, float(number.rank), number)
    return found


def _is_last_item(lines: Sequence[Line], index: int) -> bool:
    """A short numbered sentence is a heading only above a paragraph without number."""
    return index + 1 == len(lines) or number_before(lines[index + 1].text) is not None


def _is_bare(lines: Sequence[Line], index: int) -> bool:
    if not lines[index].level and len(lines[index].text) > LONGEST_BARE:
        return False
    before = lines[index - 1] if index else None
    after = lines[index + 1] if index + 1 < len(lines) else None
    if number_before(lines[index].text) is not None or (before is not None and is_caption(lines[index].text)):
        return False
    return stands_alone(lines[index], before, after)


def _ranked(found: Sequence[Heading], lines: Sequence[Line]) -> list[Heading]:
    """Headings without number given a rank: above the numbers that begin anew under them, below those that go on."""
    ranked: list[Heading] = []
    current: float = _BARE
    following = _next_numbers(found)
    for position, heading in enumerate(found):
        if heading.number is not None:
            current = heading.rank
            ranked.append(heading)
            continue
        level = lines[heading.index].level
        follower = following[position]
        if level:
            rank = -1.0 + level / 10
        elif current == _BARE or follower is None or (follower.value == 1 and follower.rank <= current):
            rank = -0.5
        else:
            rank = current + 0.5
        ranked.append(Heading(heading.index, heading.text, heading.rest, rank))
    return ranked


def _next_numbers(found: Sequence[Heading]) -> list[Number | None]:
    """For every heading the number of the next numbered one."""
    answers: list[Number | None] = []
    upcoming: Number | None = None
    for heading in reversed(found):
        answers.append(upcoming)
        upcoming = heading.number or upcoming
    return answers[::-1]
