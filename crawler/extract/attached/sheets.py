"""Workbooks: .xlsx by openpyxl, .xls (and WPS Office's .et) by xlrd. A line for each row, a tab between cells."""

from __future__ import annotations

import datetime as dt
import io
import time
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Final

import openpyxl
import xlrd

from crawler.extract.attached.outcome import SOON, Limits, UnreadableError
from crawler.extract.attached.package import opened

#: Columns of a row that are looked at, and rows without a value in a row after which a sheet is taken to be over:
#: a format laid over whole columns makes sheets of a million empty rows.
WIDEST: Final = 1_000
_EMPTY_ROWS: Final = 10_000


def read_xlsx(data: bytes, limits: Limits) -> str:
    """The names and cells of all sheets, values as last computed."""
    with opened(data, limits) as package:
        for name in package.members:
            if name.endswith((".xml", ".rels")):
                package.read(name)  # openpyxl unfolds without a bound; afterwards nothing can unfold to more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception as error:
            raise UnreadableError("damaged: the workbook cannot be opened") from error
        return _gathered(_sheets_of(book), limits)


def _sheets_of(book: Any) -> Iterator[str]:
    for sheet in book.worksheets:
        yield sheet.title
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        yield from _rows(sheet.iter_rows(values_only=True, max_col=WIDEST))


def read_xls(data: bytes, limits: Limits) -> str:
    """The names and cells of all sheets."""
    try:
        book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableError("protected by a password") from error
        raise UnreadableError("damaged: the workbook cannot be opened") from error
    return _gathered(_old_sheets_of(book), limits)


def _old_sheets_of(book: Any) -> Iterator[str]:
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        yield sheet.name
        yield from _rows(_old_values(sheet.row(at)[:WIDEST], book.datemode) for at in range(sheet.nrows))
        book.unload_sheet(number)


def _old_values(cells: Iterable[Any], datemode: int) -> Iterator[Any]:
    for cell in cells:
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                yield xlrd.xldate_as_datetime(cell.value, datemode)
            except (ValueError, OverflowError, xlrd.XLDateError):
                yield cell.value
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            yield bool(cell.value)
        else:
            yield None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _rows(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    empty = 0
    for row in rows:
        line = "\t".join(map(_shown, row)).rstrip("\t")
        empty = 0 if line else empty + 1
        if empty > _EMPTY_ROWS:
            return
        if line:
            yield line


def _shown(value: Any) -> str:
    """A value as a reader would look for it: whole numbers without .0, days without midnight, a cell on one line."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return " ".join(str(value).split())


def _gathered(lines: Iterator[str], limits: Limits) -> str:
    """The lines as far as the limits of characters and time; what is read by then is not lost."""
    until = time.monotonic() + SOON * limits.seconds
    gathered: list[str] = []
    left = limits.characters
    for line in lines:
        gathered.append(line)
        left -= len(line) + 1
        if left < 0:
            break
        if time.monotonic() > until:
            raise UnreadableError("large: the rest was not read in time", "\n".join(gathered))
    return "\n".join(gathered)
