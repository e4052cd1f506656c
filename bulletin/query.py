"""What is asked of the archive: words, ranges, filters, order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Words:
    """Text as typed. It matches a document that holds it letter for letter, punctuation and space ignored, in either
    script. White space in what was typed parts it into several `Words` under an `AllOf`.

    `prefix` says that a `*` stood behind it; `where` names one field (title, number, index_number, office, source_name)
    or "" for everything.
    """

    text: str
    where: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Quoted text: found as one unbroken run, punctuation and space ignored."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Phrase | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class DateRange:
    """Both ends included; None is open. `date` is published, dated or seen; `undated` is include, exclude or only."""

    start: date | None = None
    end: date | None = None
    date: str = "published"
    undated: str = "include"

    @property
    def is_open(self) -> bool:
        return self.start is None and self.end is None and self.undated == "include"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers come into question at all. Empty means any.

    `source` are source ids; `region` a division code or its leading digits (61 is the whole of Shaanxi); `office` is
    matched as text within the issuing office; `number` against document and index number, in any spelling or fragment.
    """

    range: DateRange = field(default_factory=DateRange)
    source: tuple[str, ...] = ()
    region: str = ""
    office: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question. `words` is None where only filters are asked; `notes` say how unbalanced input was read."""

    words: Node | None = None
    filters: Filters = field(default_factory=Filters)
    sort: str = "relevance"  # relevance | newest | oldest
    limit: int = 10
    offset: int = 0
    facets: bool = False
    raw: str = ""
    notes: tuple[str, ...] = ()
