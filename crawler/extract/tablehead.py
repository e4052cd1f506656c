"""Which cell of a row the head of its table calls the day of publication."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Final

_PUBLISHED: Final = re.compile(r"(?:发布|公开|公布|上网|发表)(?:日期|时间|日)?")
_DAY: Final = re.compile(r".{0,6}(?:日期|时间)|发布|公开|公布")
#: Rows among which the head stands.
_FIRST: Final = 3


def published_cell(row: Any) -> int | None:
    """The place of the cell with the day of publication in `row`, where its table heads several cells as days.

    A row is one of a table, or any element whose children are its cells; its head is a brother above it.
    """
    for head in _above(row):
        names = ["".join("".join(cell.itertext()).split()) for cell in head]
        days = [place for place, name in enumerate(names) if len(name) <= 10 and _DAY.fullmatch(name)]
        if len(days) >= 2:
            return next((place for place in days if _PUBLISHED.fullmatch(names[place])), None)
    return None


def _above(row: Any) -> list[Any]:
    """The first rows of the table a row stands in, those of a separate head too."""
    group = row.getparent()
    if group is None:
        return []
    table = group.getparent() if group.tag == "tbody" else None
    heads = [] if table is None else [tr for head in table.iterchildren("thead") for tr in head.iterchildren("tr")]
    return [*heads, *islice((brother for brother in group.iterchildren(row.tag) if brother is not row), _FIRST)]


def cell_text(row: Any, place: int) -> str:
    """What cell number `place` of a row says."""
    cells = list(row)
    return "".join(cells[place].itertext()) if place < len(cells) else ""
