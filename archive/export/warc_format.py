"""WARC: the records that show the exported bulletins, byte for byte as they lie in the vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final

from archive.export import option_values
from archive.export.format import Captures, Member, Options, Row
from bulletin.record import FIELDS


class NoCaptures:
    """Where there is no vault."""

    damaged: Final[Mapping[str, str]] = {}

    def of(self, row: Row) -> Iterator[Member]:
        return iter(())


class Warc:
    name: Final = "warc"
    about: Final = "the captures behind the bulletins, as they lie in the vault"
    suffix: Final = ".warc.gz"
    media_type: Final = "application/warc"
    to_stdout: Final = False
    options: Final[Mapping[str, str]] = {}
    loses: Final = frozenset(FIELDS)

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        return ()

    def open(self, sink: BinaryIO, options: Options) -> _Records:
        return _Records(sink, NoCaptures())

    def open_with(self, sink: BinaryIO, options: Options, captures: Captures) -> _Records:
        return _Records(sink, captures)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        return []


class _Records:
    def __init__(self, sink: BinaryIO, captures: Captures) -> None:
        self._sink, self._captures = sink, captures

    def feed(self, row: Row) -> None:
        for member in self._captures.of(row):
            self._sink.write(member.data)

    def finish(self) -> None:
        pass


FORMAT: Final = Warc()
