"""CDXJ: by URL and moment, where in the vault each capture behind the bulletins lies. pywb and other tools that read
the index replay the vault's own files with it, without a copy of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO, Final

from archive.cdxj import Entry, entries_of, sorted_lines
from archive.export import option_values
from archive.export.format import Captures, Options, Row
from archive.export.warc_format import NoCaptures
from bulletin.record import FIELDS


class Cdxj:
    name: Final = "cdxj"
    about: Final = "where the captures behind the bulletins lie in the vault, for pywb and its like"
    suffix: Final = ".cdxj"
    media_type: Final = "text/plain; charset=us-ascii"
    to_stdout: Final = False
    options: Final[Mapping[str, str]] = {}
    loses: Final = frozenset(FIELDS)

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        return ()

    def open(self, sink: BinaryIO, options: Options) -> _Index:
        return _Index(sink, NoCaptures())

    def open_with(self, sink: BinaryIO, options: Options, captures: Captures) -> _Index:
        return _Index(sink, captures)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        return []


class _Index:
    def __init__(self, sink: BinaryIO, captures: Captures) -> None:
        self._sink, self._captures = sink, captures
        self._entries: list[Entry] = []

    def feed(self, row: Row) -> None:
        members = self._captures.of(row)
        self._entries += entries_of((one.record, one.warc, one.offset, len(one.data)) for one in members)

    def finish(self) -> None:
        self._sink.writelines(sorted_lines(self._entries))


FORMAT: Final = Cdxj()
