"""The port of the export formats. A module in this folder with a `FORMAT` in it is one; nothing else need be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, runtime_checkable

from archive.warc_format import Record

Options = Mapping[str, str]
#: A bulletin as `bulletin.record.record_of` gives it, and `revisions`: how many revisions the document has.
Row = Mapping[str, Any]


class Writer(Protocol):
    """Rows in; they need not be on the sink before `finish`."""

    def feed(self, row: Row) -> None: ...

    def finish(self) -> None:
        """Write what is still held back. The sink is closed by whoever opened it."""


class Format(Protocol):
    """One way to write bulletins to a file. The same rows and options always give the same bytes."""

    @property
    def name(self) -> str:
        """What `--format` takes."""

    @property
    def about(self) -> str:
        """What it is, in half a line."""

    @property
    def suffix(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def to_stdout(self) -> bool:
        """Whether it can be written to a pipe."""

    @property
    def options(self) -> Mapping[str, str]:
        """Its options: name, and what it does."""

    @property
    def loses(self) -> frozenset[str]:
        """The fields of a bulletin that `read` cannot give back from a file with the default options."""

    def columns(self, options: Options) -> Sequence[str]:
        """The fields it writes, in order. UsageError for options it does not know."""

    def open(self, sink: BinaryIO, options: Options) -> Writer: ...

    def read(self, source: BinaryIO) -> Sequence[Row]:
        """The rows of a file, without the fields it loses. None at all if it loses everything."""


@dataclass(frozen=True, slots=True)
class Member:
    """A WARC record as it lies in the vault: a gzip member, byte for byte, what it holds, and where it begins."""

    record: Record
    data: bytes
    warc: str
    offset: int


class Captures(Protocol):
    """What the vault holds of a bulletin."""

    @property
    def damaged(self) -> Mapping[str, str]:
        """The places of records that were asked for and could not be read, each with what is wrong."""

    def of(self, row: Row) -> Iterator[Member]:
        """Every record that shows the bulletin, those it refers to before it; each record is given once in an
        export."""


@runtime_checkable
class CaptureFormat(Protocol):
    """A format that takes captures along. Without any it writes what a `Format` does."""

    def open_with(self, sink: BinaryIO, options: Options, captures: Captures) -> Writer: ...
