"""Hand bulletins on: a selection of the archive in a format others can take in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bulletin.capture import RecordRef
from bulletin.errors import GongbaoError
from bulletin.query import Filters
from crawler.extract.reading import read_file
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
    from archive.kept_captures import KeptCaptures

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
        captures=KeptCaptures(home.archive, home.vault, lambda row: _further_pages(home, row)),
    )


def _further_pages(home: Home, row: Mapping[str, Any]) -> Sequence[str]:
    """The URLs of an article's further pages, as its first page names them."""
    pages, place = row["pages"], row["record"]
    if not pages or pages["of"] < 2 or not place:
        return ()
    record = RecordRef(place["warc"], place["offset"], place["length"], "")
    try:
        capture = home.vault.read(record)
        return read_file(capture.body, name="page.html", url=capture.url).links
    except GongbaoError:
        return ()


def format_names() -> list[tuple[str, str]]:
    """The formats there are, each with what it is good for and what it loses."""
    from archive.export import formats

    return [(name, found.about) for name, found in sorted(formats().items())]
