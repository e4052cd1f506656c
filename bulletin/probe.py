"""What a look at a site showed: its publishing system, its columns, and some bulletins as they would be read."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.harvest import Harvest
from bulletin.source import Column, Source

#: A family's likeness (0 to 1) from which on we say what a site is; no family claims another's pages with so much.
SURE = 0.5


@dataclass(frozen=True, slots=True)
class FamilySeen:
    """A publishing system that pages look like: how much, and because of what was seen on them."""

    name: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A list of bulletins as its first answer shows it.

    `rows` and `dated` count its entries and those with a date, `total` is the count the site itself states, `onward`
    whether there is a further page. `families` are likeliest first. `trouble` says in words why it could not be had or
    followed, `code` names it where it is one of the crawl's.
    """

    column: Column
    why: str = ""
    families: tuple[FamilySeen, ...] = ()
    rows: int = 0
    dated: int = 0
    total: int | None = None
    onward: bool = False
    says_empty: bool = False
    code: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A bulletin as it would be read, or the code and the words that say why there is none."""

    url: str
    column: str
    listed_title: str = ""
    listed_date: str = ""
    harvest: Harvest | None = None
    code: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A look at a site. `source` is the proposed description, None where no list was found; of a source that was
    looked at again, the description it has.

    `site_codes` are those printed on the pages met (网站标识码). `notes` say what could not be done or is not sure.
    """

    url: str
    source: Source | None = None
    requests: int = 0
    families: tuple[FamilySeen, ...] = ()
    columns: tuple[ColumnSeen, ...] = ()
    samples: tuple[Sample, ...] = ()
    site_codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""  # why the site could not be looked at, as the crawl names it; "" : it could
    reason: str = ""  # the same in words

    @property
    def family(self) -> FamilySeen | None:
        """The likeliest system, if the likeness is enough to say so."""
        return next((seen for seen in self.families if seen.score >= SURE and seen.name != "generic"), None)


@dataclass(frozen=True, slots=True)
class Drift:
    """Something about a source that is no longer as its description says. `code` is one of family_changed,
    column_empty, column_unreachable, site_code_changed, fields_missing, unreadable, site_unreachable."""

    code: str
    where: str
    words: str
