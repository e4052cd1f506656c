"""The disclosure box of an HTML page: by its cells where the mark-up parts labels from values, else by its lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from bulletin.text.script import fold
from crawler.extract.disclosure import Block, read_block
from crawler.extract.labels import STRONG, is_box_label, label_name
from crawler.extract.outline import Outline, Span

#: A line with more characters than this is no line of a box.
_LONGEST = 300
_CELLS = frozenset("td th dt".split())


def box_on(outline: Outline, lines: Sequence[int]) -> tuple[Block, frozenset[int]]:
    """The box among these lines, and the lines it takes up; an empty Block where there is none.

    An empty cell is an empty value, whatever stands in the next row; labels without any value are the head of a list.
    """
    short = (outline.texts[index] for index in lines if len(outline.texts[index]) <= _LONGEST)
    key = fold("".join("".join(text.split()) for text in short))
    if not any(label in key for label in STRONG):
        return Block(), frozenset()
    lines = [index for index in lines if not _is_table_head(outline, index)]
    pairs, used = _pairs(outline, lines)
    names = {label_name(label) for label, _ in pairs}
    by_cells = read_block(pairs) if len(names) >= 2 and names & STRONG else Block()
    by_lines = read_block([outline.line(index) for index in lines])
    if _filled(by_cells) >= _filled(by_lines) and by_cells:
        return by_cells, used
    if not _filled(by_lines):
        return Block(), frozenset()
    return by_lines, frozenset(lines[by_lines.start : by_lines.end])


def _is_table_head(outline: Outline, index: int) -> bool:
    """Whether a line stands in a row of three or more cells that are labels all: the head of a list."""
    owner = outline.owners[index]
    if owner.tag not in ("td", "th") or not is_box_label(outline.texts[index]):
        return False
    cells = [" ".join("".join(cell.itertext()).split()) for cell in owner.getparent().iterchildren("td", "th")]
    if len(cells) < 3 or not all(is_box_label(cell) for cell in cells if cell):
        return False
    table = next(owner.iterancestors("table"), owner.getparent())
    rows = list(islice(table.iter("tr"), 3))
    return len(rows) != 2 or len(rows[1]) != len(rows[0])  # a box may be a head and one row


def _filled(block: Block) -> int:
    return sum(bool(entry.value) for entry in block.entries)


def _pairs(outline: Outline, lines: Sequence[int]) -> tuple[list[tuple[str, str]], frozenset[int]]:
    """(label, value) of every line that is nothing but a label and has a cell of its own beside it."""
    spans = {id(span.element): span for span in outline.spans}
    pairs: list[tuple[str, str]] = []
    used: set[int] = set()
    for index in lines:
        text = outline.texts[index]
        if index in used or not is_box_label(text):
            continue
        value = _value(outline, spans, index)
        if value is None:
            continue
        taken = [at for at in range(value.start, value.end) if at > index]
        if any(is_box_label(outline.texts[at]) for at in taken):
            continue
        value_text = " ".join(outline.texts[at] for at in taken) or value.element.get("title") or ""
        pairs.append((text, value_text))
        used |= {index, *taken}
    return pairs, frozenset(used)


def _value(outline: Outline, spans: dict[int, Span], index: int) -> Span | None:
    """The element of the value: the next cell of the row, the block after the label, or the sibling of its block."""
    owner = outline.owners[index]
    following: Any = None
    if owner.tag not in _CELLS:
        following = next((child for child in owner if id(child) in spans and spans[id(child)].start > index), None)
        if following is None:
            following = next((c for c in owner if id(c) in spans and spans[id(c)].start == spans[id(c)].end), None)
    if following is None:
        following = owner.getnext()
    return spans.get(id(following)) if following is not None else None
