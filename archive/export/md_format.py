"""Markdown (CommonMark with tables) for reading: one file, one section for each bulletin, its fields in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from archive.export import option_values
from archive.export.dictionary import label
from archive.export.format import Options, Row
from bulletin.record import FIELDS

_SHOWN: Final = (
    "kicker subtitle issue number index_number office topic genre disclosure validity dated_on signed_on published_on "
    "effective_on expires_on author source_name editor reviewer source region url first_seen last_seen status id "
    "revision content_digest payload_digest record read_by"
).split()
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~&#])")
_LIST_MARK: Final = re.compile(r"(\d{1,9})([.)])(?=\s|$)|([-+=])")
_DEEPEST: Final = 6


class Markdown:
    name: Final = "md"
    about: Final = "Markdown, one section a bulletin, for reading"
    suffix: Final = ".md"
    media_type: Final = "text/markdown; charset=utf-8"
    to_stdout: Final = True
    options: Final[Mapping[str, str]] = {}
    loses: Final = frozenset(FIELDS)

    def columns(self, options: Options) -> Sequence[str]:
        option_values.check(self.name, options, self.options)
        return ["title", *_SHOWN, "text", "attachments", "doubts"]

    def open(self, sink: BinaryIO, options: Options) -> _Sections:
        return _Sections(sink)

    def read(self, source: BinaryIO) -> Sequence[Row]:
        return []


class _Sections:
    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._first = True

    def feed(self, row: Row) -> None:
        start = "" if self._first else "\n---\n\n"
        self._first = False
        self._sink.write((start + "\n".join(_section(row)) + "\n").encode("utf-8", "replace"))

    def finish(self) -> None:
        pass


def _section(row: Row) -> Iterator[str]:
    yield f"# {_inline(row['title'] or '（无标题）')}"
    yield from ("", "| | |", "|---|---|")
    for name in _SHOWN:
        value = _shown(name, row[name])
        if value:
            yield f"| {label(name)} | {_inline(value)} |"
    yield ""
    yield from _body(row)
    if row["attachments"]:
        yield from (f"## {label('attachments')}", "")
        yield from (f"- [{_inline(a['name'] or a['url'])}](<{_address(a['url'])}>)" for a in row["attachments"])
        yield ""
    if row["doubts"]:
        yield from (f"## {label('doubts')}", "")
        yield from (f"- {_inline(d['field'] or '*')}: {_inline(d['reason'])}" for d in row["doubts"])
        yield ""


def _body(row: Row) -> Iterator[str]:
    """Paragraphs; those that are headings of sections as headings."""
    headings = _headings(row["sections"], 2)
    for paragraph in row["text"].split("\n"):
        plain = paragraph.strip()
        if plain:
            rank = headings.get(plain)
            yield f"{'#' * rank} {_inline(plain)}" if rank else _paragraph(plain)
            yield ""


def _headings(sections: Sequence[Mapping[str, Any]], rank: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for section in sections:
        found |= _headings(section["sections"], min(rank + 1, _DEEPEST))
        found[section["heading"].strip()] = rank
    return found


def _shown(name: str, value: Any) -> str:
    if name == "topic":
        return "；".join(value)
    if name == "record" and value:
        return f"{value['warc']} @ {value['offset']} + {value['length']}"
    return "" if value is None else str(value)


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")).replace("\r", " "))


def _paragraph(text: str) -> str:
    """A line that is meant as text, whatever it begins with."""
    return (
        _LIST_MARK.sub(lambda m: rf"\{m[3]}" if m[3] else rf"{m[1]}\{m[2]}", _inline(text), count=1)
        if (_LIST_MARK.match(text))
        else _inline(text)
    )


def _address(url: str) -> str:
    return re.sub(r"[<>\\\s]", lambda m: f"%{ord(m[0]):02X}" if ord(m[0]) < 128 else "%20", url)


FORMAT: Final = Markdown()
