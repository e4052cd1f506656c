"""JSON Lines: one bulletin a line, whole. UTF-8, fields in the promised order, absent ones null."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

from archive.export import option_values
from archive.export.format import Options, Row
from bulletin.record import FIELDS


class JsonLines:
    name: Final = "jsonl"
    about: Final = "JSON Lines, one bulletin a line, with everything that was read"
    suffix: Final = ".jsonl"
    media_type: Final = "application/x-ndjson"
    to_stdout: Final = True
    options: Final[Mapping[str, str]] = {}
    loses: Final[frozenset[str]] = frozenset()

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        return FIELDS

    def open(self, sink: BinaryIO, options: Options) -> _Lines:
        return _Lines(sink)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        return [json.loads(line) for line in source]


class _Lines:
    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink

    def feed(self, row: Row) -> None:
        whole: dict[str, Any] = {name: row[name] for name in FIELDS}
        self._sink.write(
            json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        )

    def finish(self) -> None:
        pass


FORMAT: Final = JsonLines()
