"""Search, and show one bulletin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from bulletin.text.regions import regions_named

from bulletin.document import Document, Revision
from bulletin.errors import NotFoundError, UsageError
from bulletin.harvest import Section
from bulletin.query import Filters, Query
from bulletin.results import Results
from bulletin.text.script import to_simplified, to_traditional
from desk.wiring import Home

SCRIPTS: Final = ("as-is", "simplified", "traditional")
_SHOWN: Final = ("title", "kicker", "subtitle", "issue", "office", "author", "source_name", "editor", "reviewer")


def search(home: Home, text: str, filters: Filters, *, sort: str, limit: int, offset: int, facets: bool) -> Results:
    """The bulletins that match `text` and the filters."""
    query = query_of(home, text, filters, sort=sort, limit=limit, offset=offset, facets=facets)
    searcher = home.searcher()
    try:
        return searcher.find(query)
    finally:
        searcher.close()


def query_of(
    home: Home,
    text: str,
    filters: Filters,
    *,
    sort: str = "relevance",
    limit: int = 10,
    offset: int = 0,
    facets: bool = False,
) -> Query:
    """What was typed, understood. A region's name becomes its code, by the division table or this home's sources."""
    from search import parse_query

    settled = replace(filters, region=region_code(home, filters.region))
    return parse_query(text, filters=settled, sort=sort, limit=limit, offset=offset, facets=facets)


def region_code(home: Home, region: str) -> str:
    """The code of a region given by code or name. UsageError where no division and no source bears the name."""
    wanted = region.strip()
    if not wanted or wanted.isdigit():
        return wanted
    for source in home.archive.sources():
        if source.region and (wanted in source.name):
            return source.region
    known = regions_named(wanted)
    if not known:
        raise UsageError(
            f"No region is called {wanted!r}.", "Give its six-digit code, or the name as officially written."
        )
    codes = sorted({r.code for r in known if not r.successor} or {r.code for r in known})
    if len(codes) > 1:
        raise UsageError(
            f"Several regions are called {wanted!r}: {', '.join(codes)}.", "Give the code of the one you mean."
        )
    code = codes[0]
    return code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")


def the_bulletin(home: Home, name: str, number: int | None = None) -> tuple[Document, Revision]:
    """The bulletin of that id (its beginning is enough), or of that URL; NotFoundError says what else there is."""
    ids = home.archive.find_id(name)
    if not ids:
        raise NotFoundError(
            f"There is no bulletin {name!r} here.", "`gongbao search` prints ids; the first digits are enough."
        )
    if len(ids) > 1:
        raise UsageError(f"{len(ids)} bulletins begin with {name!r}: {', '.join(ids[:5])}.", "Give more of the id.")
    document = home.archive.document(ids[0])
    revision = home.archive.revision(ids[0], number)
    if document is None or revision is None:
        kept = document.revisions if document else 0
        raise NotFoundError(f"Bulletin {ids[0]} has no revision {number}.", f"It has revisions 1 to {kept}.")
    return document, revision


def in_script(revision: Revision, script: str) -> Revision:
    """The revision as a reader of that script wants it; what is stored is never altered."""
    if script not in SCRIPTS:
        raise UsageError(f"There is no script {script!r}.", "Choose as-is, simplified or traditional.")
    if script == "as-is":
        return revision
    convert = to_simplified if script == "simplified" else to_traditional

    def turned(section: Section) -> Section:
        return Section(convert(section.heading), convert(section.text), tuple(turned(s) for s in section.sections))

    read = revision.harvest
    named: dict[str, Any] = {name: convert(value) for name in _SHOWN if (value := getattr(read, name))}
    shown = replace(read, text=convert(read.text), sections=tuple(turned(s) for s in read.sections), **named)
    return replace(revision, harvest=shown)
