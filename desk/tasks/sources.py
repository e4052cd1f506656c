"""The sources of a home: add, list, show, pause."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bulletin.errors import NotFoundError, did_you_mean
from bulletin.source import Source
from crawler.catalogue import load_source, shipped_sources
from desk.wiring import Home


def add_source(home: Home, file: str) -> Source:
    """Keeps the source a TOML file describes, or one that is shipped under that id. A known id is replaced."""
    path = Path(file)
    if not path.is_file():
        shipped = shipped_sources()
        if file not in shipped:
            advice = "Name a source file (.toml). " + did_you_mean(file, sorted(shipped))
            raise NotFoundError(f"There is no file {file}, and no shipped source of that id.", advice)
        path = shipped[file]
    source = load_source(path)
    home.archive.put_source(source)
    return source


def the_source(home: Home, source_id: str) -> Source:
    """The source kept under that id; NotFoundError names near ones."""
    found = home.archive.source(source_id)
    if found is None:
        known = [s.id for s in home.archive.sources()]
        advice = did_you_mean(source_id, known) if known else "`gongbao source add FILE` keeps one."
        raise NotFoundError(f"There is no source {source_id!r} in this home.", advice)
    return found


def chosen_sources(home: Home, ids: Sequence[str]) -> list[Source]:
    """The named sources, or all that may be crawled: verified, not paused, with columns of their own."""
    if ids:
        return [the_source(home, source_id) for source_id in ids]
    return [s for s in home.archive.sources() if s.columns and s.verified and not s.paused]


def unverified(home: Home) -> list[str]:
    """The ids of sources that wait for somebody to look at their site: they are crawled only when named."""
    return [source.id for source in home.archive.sources() if source.columns and not (source.verified or source.paused)]
