"""Rows in columns, as wide as there is room for; Chinese characters count as two. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

_GAP: Final = 2
#: A column may be folded to this width, or that of its heading, and no further: narrower ones cannot be read.
_NARROWEST: Final = 12


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Each row as a line, every column as wide as its widest cell."""
    widths = _natural(rows)
    for row in rows:
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        yield (" " * _GAP).join(cells).rstrip()


def column_widths(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """The least width of each column where a line is `room` wide, [] where they do not stand side by side. The first
    column, which names the row, and short ones are never folded, so that a name can be copied whole."""
    natural = _natural([columns, *rows])
    gaps = _GAP * (len(columns) - 1)
    if sum(natural) + gaps <= room:
        return natural
    least = [
        width if place == 0 else min(width, max(_NARROWEST, cell_len(heading)))
        for place, (heading, width) in enumerate(zip(columns, natural, strict=True))
    ]
    return least if sum(least) + gaps <= room else []


def as_records(columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    """Each row as lines of its own: its name, and below it, indented, the other values with their headings; those that
    say nothing are left out. No value is cut."""
    for row in rows:
        yield f"{columns[0]} {row[0]}"
        line = ""
        for heading, value in zip(columns[1:], row[1:], strict=True):
            if value in ("", "–"):
                continue
            part = f"  {heading} {value}"
            if line and cell_len(line + part) > room:
                yield line
                line = ""
            line += part
        if line:
            yield line


def _natural(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)] if rows else []
