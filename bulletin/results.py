"""What comes back from a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Snippet:
    """A cut-out of the text in its original glyphs; `highlights` are [start, end) in `text`.

    `where` names the field it was cut from; for an attachment `attachments`, the file's name in `name`, its place among
    the bulletin's attachments, from 1, in `attachment`, and the page of the first highlight in `page` where the file
    has several and its format numbers them.
    """

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    where: str = "text"
    name: str = ""
    attachment: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Another bulletin of nearly the same text, title, number and date: the same one in another place."""

    document_id: str
    source: str
    region: str
    url: str
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One bulletin found. `places` are the other places of it among what was found, if they were collapsed.

    `revisions` is how many the bulletin has, where not the newest but the earlier one `revision` was found.
    """

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
    places: tuple[Place, ...] = ()
    revisions: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the found bulletins carry each value, most first."""

    name: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """An answer. `date` names the date that ranges and order went by; `explain` how the question was understood.

    `total` counts bulletins, collapsed or not. `suggestion` is another question, which finds something, where nothing
    was found.
    """

    total: int
    date: str
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...] = ()
    explain: tuple[tuple[str, str], ...] = field(default=())
    suggestion: str = ""
