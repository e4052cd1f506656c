"""To which source, and which of its columns, a page belongs that came without a crawl."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from bulletin.capture import Capture
from bulletin.source import Seed, Source
from desk.wiring import Home

#: Where a file without a publisher of its own belongs.
IMPORT_SOURCE: Final = Source(id="import", name="取入的文件", region="", url="", columns=())


def source_chooser(home: Home, given: Source | None, otherwise: Source) -> Callable[[str], Source]:
    """The source of a URL: the one given, else the one whose host it stands under, else `otherwise`. Of several on one
    host it is the one that knows the URL, then the one with a column above it."""
    hosts = defaultdict[str, list[Source]](list)
    for source in home.archive.sources():
        for host in source.hosts:
            hosts[host.lower()].append(source)

    def choose(url: str) -> Source:
        if given:
            return given
        there = hosts.get(_place(url)[0], [])
        if len(there) < 2:
            return there[0] if there else otherwise
        knows = (source for source in there if home.archive.past_states.column_of(source.id, url))
        above = (source for source in there if _column_above(source, url))
        return next(knows, None) or next(above, None) or there[0]

    return choose


def seed_of(home: Home, source: Source, url: str) -> Seed:
    """The URL with its column: the one that led to it; of an unknown one, the one below whose list it lies. What the
    row in the list said is told too. Where neither says anything, the column is ""."""
    known = home.archive.past_states.column_of(source.id, url)
    return Seed(url, *known) if known else Seed(url, _column_above(source, url))


def is_page_of(source: Source, capture: Capture) -> bool:
    """Whether a capture is a page of a source that is crawled, so that the source's rules read it."""
    from crawler.troubles import capture_is_html

    return bool(source.columns) and capture.url.startswith(("http://", "https://")) and capture_is_html(capture)


def _column_above(source: Source, url: str) -> str:
    """The column in whose folder, or below it, a page lies, the nearest one; "" where several share it, and for the
    site's root, which says nothing."""
    host, path = _place(url)
    above = [
        (folder, column.id)
        for column in source.columns
        if (folder := _place(column.url)[1].rpartition("/")[0] + "/") != "/"
        and _place(column.url)[0] == host
        and path.startswith(folder)
    ]
    deepest = max((folder for folder, _ in above), key=len, default="")
    named = [name for folder, name in above if folder == deepest]
    return named[0] if len(named) == 1 else ""


def _place(url: str) -> tuple[str, str]:
    """Host and path; of what is no URL, nothing."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""
