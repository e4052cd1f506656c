"""How bulletins are found."""

from __future__ import annotations

from pathlib import Path

from search.engines import engine_for
from search.entry import Entry, entry_of
from search.indexer import catch_up, rebuild
from search.parser import parse_query
from search.ports import Index, Searcher
from search.stamp import needs_rebuild

__all__ = [
    "Entry",
    "Index",
    "Searcher",
    "catch_up",
    "entry_of",
    "needs_rebuild",
    "open_index",
    "open_searcher",
    "parse_query",
    "rebuild",
]


def open_index(url: str, *, lexicon: Path | None = None) -> Index:
    """The writer of the index at `url`, which is created where there is none.

    LockedError while another writer is at work, SearchError for a folder that is not an index of ours or is damaged,
    ConfigError for an unknown engine.
    """
    return engine_for(url).open_index(url, lexicon)


def open_searcher(url: str, *, lexicon: Path | None = None) -> Searcher:
    """A reader of the index at `url`. SearchError, with what to do, where there is none or it is damaged."""
    return engine_for(url).open_searcher(url, lexicon)
