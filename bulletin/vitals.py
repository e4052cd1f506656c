"""What a run observed of a column, and what a source is called because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

#: What a source is called (正常, 停更, 疑似改版, 站点故障, 被拦截), the gravest last.
WORDS: Final = ("normal", "stalled", "redesigned", "fault", "blocked")


@dataclass(frozen=True, slots=True)
class Observed:
    """One column as one run met it: counts, never texts.

    `pages`, `rows`: list pages read, and entries on them. `pairs`, `rising`: neighbouring dated rows, and those of them
    whose dates rise where a list falls. `damaged_rows`: titles that hold lost or garbled characters. `read`: bulletins
    read, of which `unnumbered`, `undated`, `damaged` lack a number, lack a date of publication, or hold garbled text;
    `lengths` are the characters of their bodies, the first hundred. `likeness` is how much the list looked like the
    column's family, `pages_likeness` how much the bulletins did, 0 to 1 (None: not looked at). `layout`, `pages_layout`
    are sketches of the mark-up. `list_trouble` is the code for which the list broke off, `list_words` say
    why, `troubles` count what became
    of its bulletins by code. `newest_on` is the newest date on the list (ISO). `says_empty`: the list says so itself.
    """

    column: str
    pages: int = 0
    rows: int = 0
    pairs: int = 0
    rising: int = 0
    damaged_rows: int = 0
    read: int = 0
    unnumbered: int = 0
    undated: int = 0
    damaged: int = 0
    lengths: tuple[int, ...] = ()
    likeness: float | None = None
    pages_likeness: float | None = None
    layout: tuple[int, ...] = ()
    pages_layout: tuple[int, ...] = ()
    list_trouble: str = ""
    list_words: str = ""
    troubles: tuple[tuple[str, int], ...] = ()
    site_codes: tuple[str, ...] = ()
    newest_on: str = ""
    says_empty: bool = False


def observed_of(record: Mapping[str, Any]) -> Observed:
    """The observation a JSON object holds; names of a later version are left out."""
    given = {item.name: record[item.name] for item in fields(Observed) if item.name in record}
    for name in ("lengths", "layout", "pages_layout", "site_codes"):
        given[name] = tuple(given.get(name, ()))
    given["troubles"] = tuple((str(code), int(count)) for code, count in given.get("troubles", ()))
    return Observed(**given)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one run observed of one column, and when that run began."""

    run_id: int
    seen_at: datetime
    observed: Observed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a source that is not as usual: a `code`, the column it is about ("" for the whole source), the
    reason in words, and the word of `WORDS` it speaks for."""

    code: str
    column: str
    reason: str
    word: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a source is called: the word, since when, at which run it was last looked at, and why."""

    source_id: str
    word: str
    since: datetime
    checked_at: datetime
    run_id: int | None = None
    findings: tuple[Finding, ...] = ()
