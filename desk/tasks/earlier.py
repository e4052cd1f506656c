"""What only an earlier revision says, found when asked for.

Earlier revisions have an index of their own beside the main one, of the same engine, in which each is a bulletin with
the id `ID@N`. It is made and brought up to date when it is asked, so that it costs nobody anything who never asks, and
the main index holds what bulletins say today and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from bulletin.document import Change
from bulletin.errors import LockedError, SearchError
from bulletin.query import Query
from bulletin.results import Facet, Hit, Results
from desk.tasks.asking import Asking
from desk.tasks.finding import question_of
from desk.wiring import Home

_AT: Final = "@"


def search_with_earlier(home: Home, asked: Asking, **how: Any) -> Results:
    """What is found, and behind it, in the same order, what only an earlier revision says: of each such bulletin the
    newest revision that answers. `how` as for `search.parse_query`."""
    from search import open_searcher

    query = question_of(home, asked, **how)
    update_earlier(home)
    with home.searcher() as today, open_searcher(earlier_url(home), lexicon=home.lexicon) as past:
        known = today.ids(query)
        answer = today.find(query)
        newest: dict[str, int] = {}
        for name in past.ids(replace(query, ids=None)):
            document_id, number = _parted(name)
            if document_id not in known and (query.ids is None or document_id in query.ids):
                newest[document_id] = max(number, newest.get(document_id, 0))
        if not newest:
            return answer
        left = replace(
            query,
            ids=frozenset(f"{document_id}{_AT}{number}" for document_id, number in newest.items()),
            limit=max(0, query.limit - len(answer.hits)),
            offset=max(0, query.offset - answer.total),
        )
        return _joined(home, query, answer, past.find(left))


def update_earlier(home: Home) -> None:
    """Bring the index of earlier revisions up to date, or make it anew where it is damaged or of another kind. While
    another process writes it, nothing is done."""
    from search import catch_up, needs_rebuild, open_index, rebuild

    url, last, batch = earlier_url(home), home.archive.last_seq(), home.settings.index.batch
    try:
        with open_index(url, lexicon=home.lexicon) as index:
            stale = bool(index.count() and needs_rebuild(index.stamp(), home.lexicon))
            if not stale and index.checkpoint() < last:
                catch_up(index, lambda after: _earlier(home, after), batch=batch)
                index.write([], upto=last)
    except LockedError:
        return
    except SearchError:
        stale = True
    if stale:
        rebuild(url, lambda after: _earlier(home, after), batch=batch, lexicon=home.lexicon)


def earlier_url(home: Home) -> str:
    """Where the index of earlier revisions lies."""
    return home.settings.index_url.rstrip("/") + "-earlier"


def _earlier(home: Home, after: int) -> Iterator[Change]:
    """The earlier revisions of what changed, each as a change of its own. All but the last of a bulletin bear the
    number before the change's, so that an index cut off between two of them asks for the bulletin again."""
    for change in home.archive.changes(after=after):
        if change.document.revisions > 1:
            *before, _ = home.archive.revisions(change.document.id)
            for at, revision in enumerate(before, 1):
                named = replace(change.document, id=f"{change.document.id}{_AT}{revision.number}")
                yield Change(change.seq - (at < len(before)), named, revision)


def _parted(name: str) -> tuple[str, int]:
    document_id, _, number = name.rpartition(_AT)
    return document_id, int(number)


def _joined(home: Home, query: Query, today: Results, past: Results) -> Results:
    hits = tuple(_hit(home, hit) for hit in past.hits) if query.limit > len(today.hits) else ()
    told = (*today.explain, ("earlier revisions", f"{past.total} bulletins more")) if today.explain else ()
    return replace(
        today,
        total=today.total + past.total,
        hits=today.hits + hits,
        facets=tuple(_added(today.facets, past.facets)),
        explain=told,
        suggestion="",
    )


def _hit(home: Home, hit: Hit) -> Hit:
    document_id, number = _parted(hit.document_id)
    document = home.archive.document(document_id)
    places = tuple(replace(place, document_id=_parted(place.document_id)[0]) for place in hit.places)
    return replace(
        hit, document_id=document_id, revision=number, revisions=document.revisions if document else None, places=places
    )


def _added(one: Iterable[Facet], other: Iterable[Facet]) -> Iterator[Facet]:
    behind = {facet.name: facet.counts for facet in other}
    for facet in one:
        counts = Counter(dict(facet.counts))
        counts.update(dict(behind.get(facet.name, ())))
        yield Facet(facet.name, tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))
