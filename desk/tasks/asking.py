"""A question as it is typed or saved: texts, not yet understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulletin.errors import UsageError, did_you_mean
from bulletin.ledger import ABSENT, LISTED, STATES
from bulletin.query import DateRange, Filters
from bulletin.record import CHINA
from bulletin.text.dates import date_range

DATES: Final = ("published", "dated", "seen")
SORTS: Final = ("relevance", "newest", "oldest", "number")
_RANGE: Final = re.compile(r"\.{2,}|…|~|～|至|到|\bto\b")


@dataclass(frozen=True, slots=True)
class Asking:
    """The words and options of `gongbao search` as they were typed, so that `30d` means the last thirty days whenever
    it is asked. `only` and `without` are FACET=VALUE."""

    query: str = ""
    first: str = ""
    last: str = ""
    date: str = "published"
    undated: str = "include"
    source: tuple[str, ...] = ()
    region: str = ""
    office: str = ""
    number: str = ""
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sort: str = ""
    status: tuple[str, ...] = ()

    def filters(self) -> Filters:
        """The options that narrow it, checked. UsageError."""
        return filters_of(
            self.first,
            self.last,
            self.date,
            self.undated,
            list(self.source),
            self.region,
            self.office,
            self.number,
            list(self.status),
        )

    def order(self) -> str:
        """The order meant. UsageError."""
        if self.sort and self.sort not in SORTS:
            raise UsageError(f"--sort takes {', '.join(SORTS)}, not {self.sort!r}.", "relevance is what is not said.")
        return self.sort or "relevance"


def filters_of(
    first: str,
    last: str,
    meaning: str,
    undated: str,
    source: list[str] | None,
    region: str,
    office: str,
    number: str,
    status: list[str] | None = None,
) -> Filters:
    """The options that narrow a search or an export, checked."""
    if meaning not in DATES:
        raise UsageError(f"--date takes {', '.join(DATES)}, not {meaning!r}.", "published is what the page says.")
    if undated not in ("include", "exclude", "only"):
        raise UsageError(f"--undated takes include, exclude or only, not {undated!r}.", "include is what is not said.")
    today = datetime.now(CHINA).date()
    # A range in the place of one of its ends has the other with it.
    if _RANGE.search(first or last):
        first, last = first or last, last or first
    start = date_range(first, today)[0] if first else None
    end = date_range(last, today)[1] if last else None
    if start and end and start > end:
        raise UsageError(f"The range is upside down: {start} comes after {end}.", "Change --from and --to round.")
    dates = DateRange(start, end, meaning, undated)
    return Filters(dates, tuple(source or ()), region, office, number, states_meant(status or ()))


def states_meant(words: Sequence[str], besides: Sequence[str] = ()) -> tuple[str, ...]:
    """States of the ledger by their names; `suspected` stands for those found absent but not yet withdrawn, `any` for
    all but `listed`. UsageError for another word, which names these and what is understood `besides`."""
    known: dict[str, tuple[str, ...]] = {state: (state,) for state in STATES}
    known |= {"suspected": tuple(sorted(ABSENT)), "any": tuple(state for state in STATES if state != LISTED)}
    for word in words:
        if word not in known:
            raise UsageError(f"There is no state {word!r}.", did_you_mean(word, [*known, *besides]))
    return tuple(dict.fromkeys(state for word in words for state in known[word]))


def choices(typed: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """FACET=VALUE options as pairs."""
    for one in typed:
        if "=" not in one:
            raise UsageError(
                f"{one!r} names no value of a facet.", "Write it as FACET=VALUE, e.g. office=云岫县水利局."
            )
    return tuple((name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in typed))
