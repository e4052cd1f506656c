"""Search, and show one bulletin."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any, Final

from bulletin.document import Document, Revision
from bulletin.errors import NotFoundError, UsageError, did_you_mean
from bulletin.harvest import Section
from bulletin.query import Filters, Query
from bulletin.results import Hit, Results
from bulletin.text.regions import regions_named
from bulletin.text.script import fold, to_simplified, to_traditional
from desk.tasks.asking import Asking, choices
from desk.wiring import Home

SCRIPTS: Final = ("as-is", "simplified", "traditional")
_SHOWN: Final = ("title", "kicker", "subtitle", "issue", "office", "author", "source_name", "editor", "reviewer")


def search(home: Home, asked: Asking, **how: Any) -> Results:
    """What is found; `how` as for `search.parse_query`."""
    query = question_of(home, asked, **how)
    with home.searcher() as searcher:
        return searcher.find(query)


def question_of(home: Home, asked: Asking, **how: Any) -> Query:
    """What was typed or saved, understood. UsageError."""
    picked = {"only": choices(asked.only), "without": choices(asked.without)}
    query = query_of(home, asked.query, asked.filters(), sort=asked.order(), **picked, **how)
    if not query.filters.status:
        return query
    return replace(query, ids=frozenset(home.archive.ledger.with_status(query.filters.status)))


def related(home: Home, document_id: str, limit: int) -> tuple[Hit, ...]:
    """Bulletins about the same, nearest first."""
    with home.searcher() as searcher:
        return searcher.related(document_id, limit)


def query_of(home: Home, text: str, filters: Filters, **how: Any) -> Query:
    """What was typed, understood; `how` as for `search.parse_query`."""
    from search import parse_query

    return parse_query(text, filters=settled(home, filters), regions=lambda name: _codes(home, name), **how)


def settled(home: Home, filters: Filters) -> Filters:
    """The filters with a region's name turned into its code. UsageError where no division and no source bears the
    name, or several do."""
    known = {source.id for source in home.archive.sources()} if filters.source else set()
    for source_id in filters.source:
        if source_id not in known:
            raise NotFoundError(f"There is no source {source_id!r} here.", did_you_mean(source_id, sorted(known)))
    wanted = unicodedata.normalize("NFKC", filters.region).strip()
    if not wanted or wanted.isdigit():
        return replace(filters, region=wanted)
    codes = _codes(home, wanted) or sorted({r.code for r in regions_named(wanted)})
    if not codes:
        raise UsageError(f"No region is called {wanted!r}.", "Give its six-digit code, or its name as written there.")
    if len(codes) > 1:
        raise UsageError(f"Several regions are called {wanted!r}: {', '.join(codes)}.", "Give the code of one.")
    return replace(filters, region=_prefix(codes[0]))


def _codes(home: Home, name: str) -> list[str]:
    """The division codes of this home's sources that bear the name, in either script."""
    wanted = fold("".join(name.split()))
    return sorted({s.region for s in home.archive.sources() if s.region and wanted and wanted in fold(s.name)})


def _prefix(code: str) -> str:
    """The digits that a province's, a prefecture's and their counties' codes have in common."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


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
    named["topic"] = tuple(convert(topic) for topic in read.topic)
    shown = replace(read, text=convert(read.text), sections=tuple(turned(s) for s in read.sections), **named)
    return replace(revision, harvest=shown)
