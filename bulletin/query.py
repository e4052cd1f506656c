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
class Glyphs:
    """Text in exactly these glyphs (原字形): another script, width or case does not match."""

    text: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """All of `texts` in one field, in any order: between the end of each and the beginning of the last one stand at
    most `distance` letters, digits or Chinese characters."""

    texts: tuple[str, ...]
    distance: int
    where: str = ""


@dataclass(frozen=True, slots=True)
class Among:
    """A filter inside the words (县:云岫县, 2019-01..2019-06), so that it can be negated or an alternative."""

    filters: Filters


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Phrase | Glyphs | Near | Among | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class DateRange:
    """Both ends included; None is open. `date` is published, dated or seen; `undated` is include, exclude or only."""

    start: date | None = None
    end: date | None = None
    date: str = "published"
    undated: str = "include"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers come into question at all. Empty means any.

    `source` are source ids; `region` a division code or its leading digits (61 is the whole of Shaanxi); `office` is
    matched as text within the issuing office; `number` against document and index number, in any spelling or fragment.
    `status` are states of the ledger, which only the archive knows: an index asks for them by ids.
    """

    range: DateRange = field(default_factory=DateRange)
    source: tuple[str, ...] = ()
    region: str = ""
    office: str = ""
    number: str = ""
    status: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A whole question. `words` is None where only filters are asked; `notes` say how unbalanced input was read.

    `explain` asks for the segmentation and the hits of each term, which costs a look-up a term. `only` and `without`
    are (facet, value) pairs as the facets of an answer have them; values of one facet in `only` are alternatives.
    Only the bulletins `ids` come into question, if they are given. `collapse` shows one bulletin in several places as
    one hit.
    """

    words: Node | None = None
    filters: Filters = field(default_factory=Filters)
    sort: str = "relevance"  # relevance | newest | oldest | number
    limit: int = 10
    offset: int = 0
    facets: bool = False
    explain: bool = False
    raw: str = ""
    notes: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    collapse: bool = False
    ids: frozenset[str] | None = None
