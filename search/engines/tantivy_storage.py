"""How a bulletin is laid down in tantivy: the fields, and the one document that holds the checkpoint.

The exact layer are pairs of characters with positions, one field of tantivy for each field of ours: token i of a text
is its characters i and i+1. A run of two characters is one term, a longer one a phrase of every second pair. Numbers
are alike from bulletin to bulletin, and pairs of their digits stand in nearly all of them: they are laid down in fours
as well. Words rank: a word in a title stands there as often as it counts. What is shown is stored beside them, so that
one commit holds all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import tantivy

from bulletin.errors import DiskFullError
from search.entry import FIELDS, Entry
from search.filtering import DATES

#: Fields of ours that are laid down in fours beside pairs.
IN_FOURS: Final = ("number", "index_number")
#: The id of the document that holds the checkpoint; no bulletin has it.
CHECKPOINT: Final = "#checkpoint"
#: Every bulletin has this term in the field `flag`; those with a number have the other too.
PAPER: Final = "paper"
NUMBERED: Final = "numbered"
_DAYS: Final = ("dated_on", "published_on", "first_seen")
_SHIFT: Final = 32  # a row is the number of a segment and, below, of a document in it, from 1 on


class DamagedError(OSError):
    """tantivy could not read or write its files."""


@contextmanager
def asking(place: str) -> Iterator[None]:
    """tantivy tells everything by ValueError, and damage it did not foresee by a panic, which is no Exception."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise _as_told(error, place) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedError(f"tantivy gave up on {place}: {error}") from error


def _as_told(error: Exception, place: str) -> Exception:
    # A thread that died of a full disk only says that it died.
    died = "writer was killed" in str(error) and shutil.disk_usage(place).free < _LEAST_HEAP
    if died or any(sign in str(error) for sign in ("os error 28", "os error 122", "No space left")):
        return DiskFullError(f"No room is left for the index in {place}.", "Make room, then run it again.")
    return DamagedError(f"{error}")


def schema() -> tantivy.Schema:
    """The fields of the index. Public for the benchmark that feeds them without us."""
    built = tantivy.SchemaBuilder()
    for name in FIELDS:
        built.add_text_field(pairs_in(name), tokenizer_name="tokens", index_option="position")
    for name in IN_FOURS:
        built.add_text_field(fours_in(name), tokenizer_name="tokens", index_option="position")
    built.add_text_field("words", tokenizer_name="tokens", index_option="freq")
    for name in ("glyphs", "spelt", "region_prefix", "band"):
        built.add_text_field(name, tokenizer_name="tokens", index_option="basic")
    for name in ("document_id", "number_order", "source", "region", "kind", "office", "topic", *map(month_by, DATES)):
        built.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("flag", "division", "office_key", "topic_key"):
        built.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*map(day_by, DATES), "length"):
        built.add_unsigned_field(name, fast=True, indexed=True)
    for name in ("kept", "text"):
        built.add_bytes_field(name, stored=True)
    return built.build()


def pairs_in(field: str) -> str:
    """The field that holds the pairs of characters of a field of ours."""
    return f"in_{field}"


def fours_in(field: str) -> str:
    """The field that holds every four characters of a field of ours that is one of `IN_FOURS`."""
    return f"fours_in_{field}"


def day_by(date: str) -> str:
    return f"day_{date}"


def month_by(date: str) -> str:
    return f"month_{date}"


def opened(generation: Path) -> tantivy.Index:
    with asking(str(generation)):
        return _with_tokenizer(tantivy.Index.open(str(generation)))


def create(generation: Path, stamp: str) -> None:
    """Make an empty index in the folder `generation`, which is there and empty."""
    with asking(str(generation)):
        index = _with_tokenizer(tantivy.Index(schema(), str(generation), reuse=False))
        writer = index.writer(_LEAST_HEAP, 1)
        writer.add_document(checkpoint_document(0, stamp))
        writer.commit()
        writer.wait_merging_threads()


_LEAST_HEAP: Final = 15_000_000


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    tokenizer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("tokens", tokenizer)
    return index


def checkpoint_document(upto: int, stamp: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("document_id", CHECKPOINT)
    document.add_bytes("kept", json.dumps({"checkpoint": upto, "stamp": stamp}).encode())
    return document


def row_of(address: tantivy.DocAddress) -> int:
    return (address.segment_ord << _SHIFT) + address.doc + 1


def address_of(row: int) -> tantivy.DocAddress:
    return tantivy.DocAddress(row - 1 >> _SHIFT, row - 1 & (1 << _SHIFT) - 1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a bulletin."""

    entry: Entry
    length: int
    sketch: bytes


def kept_of(data: bytes, text: bytes) -> Kept:
    read: dict[str, Any] = json.loads(data.decode())
    read["text"] = text.decode()
    length, sketch = read.pop("length"), bytes.fromhex(read.pop("sketch"))
    for name in _DAYS:
        read[name] = date.fromisoformat(read[name]) if read[name] else None
    for name in ("topic", "headings", "imprint"):
        read[name] = tuple(read[name])
    read["attachments"] = tuple((name, text) for name, text in read["attachments"])
    return Kept(Entry(**read), length, sketch)


@dataclass(slots=True)
class LaidDown:
    """What tantivy is told of a bulletin, by fields; plain, so that another process can make it."""

    document_id: str
    texts: list[tuple[str, str]]
    numbers: list[tuple[str, int]]
    kept: bytes
    text: bytes

    def document(self) -> tantivy.Document:
        document = tantivy.Document()
        for name, text in self.texts:
            document.add_text(name, text)
        for name, number in self.numbers:
            document.add_unsigned(name, number)
        document.add_bytes("kept", self.kept)
        document.add_bytes("text", self.text)
        return document


def ordered(number_order: str) -> str:
    """The same order, in text without NUL."""
    return number_order.replace("\0", "\x01")


def keyed(text: str) -> str:
    """A text that may be empty as a term, which may not."""
    return f"={text}"
