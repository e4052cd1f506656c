"""What comes back from a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cut-out of the text in its original glyphs; `highlights` are [start, end) in `text`.

    `where` names the field it was cut from; for an attachment `attachments` and the file's name in `name`.
    """

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    where: str = "text"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One bulletin found."""

    document_id: str
    revision: int
    score: float
    title: str
    number: str | None
    index_number: str | None
    office: str | None
    source: str
    region: str
    dated_on: date | None
    published_on: date | None
    url: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the found bulletins carry each value, most first."""

    name: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """An answer. `date` names the date that ranges and order went by; `explain` how the question was understood."""

    total: int
    date: str
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...] = ()
    explain: tuple[tuple[str, str], ...] = field(default=())
