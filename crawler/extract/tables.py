"""Tables of a body: as rows of cells with merged cells repeated, and as lines of text with every cell once."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.harvest import Table
from crawler.extract.outline import Outline, Span

#: A page that asks for more than this many places in one table (colspan="1000000") is not believed.
_MOST_COLUMNS = 200
_MOST_ROWS_SPANNED = 500
#: A cell with more lines than this lays out a page; a cell of a data table does not.
_MOST_LINES = 40


@dataclass(slots=True)
class _Found:
    """A table of data: its lines [start, end) and, for each row, its cells as spans."""

    start: int
    end: int
    rows: list[list[Span]]


def read_tables(outline: Outline, start: int, end: int) -> tuple[tuple[Table, ...], list[str]]:
    """The data tables among the lines [start, end), and these lines with each table row as one line.

    A table that holds another, or one cell only, or an article in a cell, only lays out the page: its lines stay apart.
    """
    tables = []
    texts: list[str] = []
    at = start
    for found in _data_tables(outline, start, end):
        if found.start < at:
            continue
        texts += outline.texts[at : found.start]
        tables.append(Table(_grid(outline, found.rows)))
        for row in found.rows:
            cells = [_cell(outline, cell) for cell in row]
            if line := "\t".join(cell for cell in cells if cell):
                texts.append(line)
        at = found.end
    return tuple(tables), texts + outline.texts[at:end]


def _data_tables(outline: Outline, start: int, end: int) -> list[_Found]:
    found: list[_Found] = []
    spans = outline.spans
    for index, span in enumerate(spans):
        if span.tag != "table" or not start <= span.start < span.end <= end:
            continue
        rows: list[list[Span]] = []
        for inner in spans[index + 1 : span.stop]:
            if inner.tag == "table":
                rows = []
                break
            if inner.tag == "tr":
                rows.append([])
            elif inner.tag in ("td", "th") and rows:
                rows[-1].append(inner)
        if _is_data(rows) and _covers(span, rows):
            found.append(_Found(span.start, span.end, rows))
    return found


def _is_data(rows: list[list[Span]]) -> bool:
    filled = [row for row in rows if any(cell.end > cell.start for cell in row)]
    if not filled or sum(map(len, filled)) < 2 or max(map(len, filled)) < 2:
        return False
    return all(cell.end - cell.start <= _MOST_LINES for row in filled for cell in row)


def _covers(table: Span, rows: list[list[Span]]) -> bool:
    """Whether all lines of the table are in its cells, apart from a caption before them."""
    held = sum(cell.end - cell.start for row in rows for cell in row)
    return held == table.end - table.start


def _cell(outline: Outline, cell: Span) -> str:
    return " ".join(outline.texts[cell.start : cell.end])


def _grid(outline: Outline, rows: list[list[Span]]) -> tuple[tuple[str, ...], ...]:
    """Rows of equal length; a merged cell stands in every place it covers."""
    grid: dict[tuple[int, int], str] = {}
    width = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in grid:
                x += 1
            text = _cell(outline, cell)
            across = _span(cell.element.get("colspan"), _MOST_COLUMNS)
            down = min(_span(cell.element.get("rowspan"), _MOST_ROWS_SPANNED), len(rows) - y)
            for dy in range(down):
                for dx in range(min(across, _MOST_COLUMNS - x)):
                    grid.setdefault((y + dy, x + dx), text)
            x += across
            width = max(width, min(x, _MOST_COLUMNS))
    return tuple(tuple(grid.get((y, x), "") for x in range(width)) for y in range(len(rows)))


def _span(value: str | None, most: int) -> int:
    try:
        return max(1, min(int((value or "1").strip()), most))
    except ValueError:
        return 1
