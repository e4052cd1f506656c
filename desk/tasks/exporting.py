"""Hand bulletins on: a selection of the archive in a format others can take in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bulletin.query import Filters
from desk.tasks.finding import query_of, settled
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.export import Manifest

#: How many ids a query may bring into an export at once; the archive streams the bulletins themselves.
_ALL = 1_000_000_000


def export(
    home: Home,
    filters: Filters,
    query: str,
    *,
    format_name: str,
    out: Path | None,
    stream: BinaryIO | None = None,
    options: Mapping[str, Any] | None = None,
) -> Manifest:
    """Writes the selected bulletins, in a stable order, with a manifest beside them (none for a stream). The same
    selection of the same archive gives the same bytes."""
    from archive.export import asked
    from archive.export import export as write

    ids: set[str] | None = None
    if query.strip():
        with home.searcher() as searcher:
            ids = {hit.document_id for hit in searcher.find(query_of(home, query, filters, limit=_ALL)).hits}
    narrowed = settled(home, filters)
    return write(
        home.archive.select(narrowed, ids),
        format=format_name,
        out=out,
        stream=stream,
        manifest=asked(narrowed, query=query, snapshot=home.archive.last_seq()),
        options=dict(options or {}),
    )


def format_names() -> list[tuple[str, str]]:
    """The formats there are, each with what it is good for and what it loses."""
    from archive.export import formats

    return [(name, found.about) for name, found in sorted(formats().items())]
