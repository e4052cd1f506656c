"""What a frontier hands out, and what it concludes from an answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bulletin.document import Known
from bulletin.source import Column, Seed
from crawler.families.family import Ask


@dataclass(frozen=True, slots=True)
class ListStep:
    """Fetch a piece of a column's list; `number` counts from 1 within this crawl."""

    column: Column
    ask: Ask
    number: int


@dataclass(frozen=True, slots=True)
class ArticleStep:
    """Fetch an article; `known` is what the archive remembers of it, None for a new one. `sighted`: this crawl has met
    it in a list already."""

    seed: Seed
    known: Known | None
    sighted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a list page, or the contents of an issue, led to. The caller writes `opened` (the sweep is no longer whole)
    and `seeds` down before anything is fetched, `closed` after.

    `sighted` are entries that need no visit, `relisted` documents that were missing and are shown again; `external`
    counts links to other hosts; `problem` is a code with words.
    """

    seeds: tuple[Seed, ...] = ()
    sighted: tuple[Seed, ...] = ()
    relisted: tuple[str, ...] = ()
    external: int = 0
    opened: bool = False
    closed: bool = False
    problem: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()
