"""CSV (RFC 4180): a line of headings, a line for each bulletin, UTF-8.

A spreadsheet takes a cell that begins with = + - @ for a formula and runs it; such cells get an apostrophe in front.
Spreadsheets also drop leading zeros of what looks like a number, and what is beyond 32,767 characters of a cell: the
file has them, import its columns as text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

from archive.export import option_values
from archive.export.dictionary import FIELDS
from archive.export.format import Options, Row
from bulletin.errors import UsageError, did_you_mean

_DEFAULT: Final = (
    "id revision revisions kind source region index_number number number_raw title kicker subtitle issue issue_number "
    "office topic genre disclosure validity dated_on signed_on published_on published_at effective_on expires_on "
    "first_seen last_seen fetched_at status author source_name editor reviewer language script url attachment_count "
    "pages doubts content_digest payload_digest record read_by text"
).split()
_INTEGERS: Final = ("revision", "revisions", "issue_number", "attachment_count")
_STRUCTURED: Final = "topic sections attachments pages block tables rows chrome evidence doubts repairs record".split()
_NEVER_NULL: Final = ("source", "region", "url", "text", "read_by")
_BOM: Final = b"\xef\xbb\xbf"
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_SAVED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


class Csv:
    name: Final = "csv"
    about: Final = "table for spreadsheets, one bulletin a line"
    suffix: Final = ".csv"
    media_type: Final = "text/csv"
    to_stdout: Final = True
    options: Final[Mapping[str, str]] = {
        "bom": "yes: begin with a byte order mark, by which Excel knows UTF-8",
        "columns": "fields to write, with commas between them",
        "labels": "yes: Chinese labels as headings",
    }
    loses: Final = frozenset("sections attachments block tables rows chrome evidence repairs".split())

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        option_values.is_on(options, "bom")
        option_values.is_on(options, "labels")
        chosen = [name.strip() for name in options.get("columns", "").split(",") if name.strip()] or _DEFAULT
        for name in chosen:
            if name not in FIELDS:
                raise UsageError(f"There is no field {name!r}.", did_you_mean(name, list(FIELDS)))
        return chosen

    def open(self, sink: BinaryIO, options: Options) -> _Lines:
        return _Lines(sink, self.columns(options), options)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        """The rows of a file with field names as headings. An empty cell is None."""
        csv.field_size_limit(2**31 - 1)
        lines = csv.reader(io.TextIOWrapper(source, "utf-8-sig", newline=""))
        names = next(lines, [])
        return [{name: _value(name, cell) for name, cell in zip(names, line, strict=True)} for line in lines]


class _Lines:
    def __init__(self, sink: BinaryIO, columns: Sequence[str], options: Options) -> None:
        self._columns = columns
        if option_values.is_on(options, "bom"):
            sink.write(_BOM)
        self._text = io.TextIOWrapper(sink, "utf-8", errors="replace", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        labelled = option_values.is_on(options, "labels")
        self._writer.writerow([FIELDS[name][0] if labelled else name for name in columns])

    def feed(self, row: Row) -> None:
        self._writer.writerow([_cell(name, row) for name in self._columns])

    def finish(self) -> None:
        self._text.flush()
        self._text.detach()


def _cell(name: str, row: Row) -> str:
    value = len(row["attachments"]) if name == "attachment_count" else row[name]
    if value is None or value == []:
        return ""
    if name in _STRUCTURED:
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    plain = str(value)
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _value(name: str, cell: str) -> Any:
    plain = cell[1:] if _SAVED.match(cell) else cell
    if not plain:
        return [] if name in ("topic", "doubts") else "" if name in _NEVER_NULL else None
    if name in _INTEGERS:
        return int(plain)
    return json.loads(plain) if name in _STRUCTURED else plain


FORMAT: Final = Csv()
