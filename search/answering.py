"""From what an engine finds to an answer: filter, count, order, cut. The same for every engine.

An engine offers a `Holdings`; `answer` asks it the least it can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from bulletin.errors import UsageError
from bulletin.query import Filters, Near, Node, Query
from bulletin.results import Facet, Hit, Place, Results
from search.alike import same_bulletin
from search.characters import characters
from search.entry import Entry
from search.explaining import explained
from search.filtering import DATES, Card
from search.matching import leaves
from search.parser import SORTS
from search.reranking import WINDOW, bonuses
from search.snippets import Leaf, snippet_of
from search.suggesting import mended


class Found(Protocol):
    """All rows that answer a query."""

    def __len__(self) -> int: ...

    def first(self, count: int) -> list[tuple[int, float]]:
        """The first rows in the order of the query, with their scores: by score, by the named date or by number, what
        has none last; then by id."""

    def among(self, rows: Collection[int]) -> set[int]:
        """Those of `rows` that are found."""

    def facets(self) -> tuple[Facet, ...]:
        """Counts for every facet, as `search.facets.facets_of` gives them."""

    def ids(self) -> set[str]: ...


class Holdings(Protocol):
    """One state of an index. Rows are an engine's own numbers for documents, from 1 on."""

    def find(self, query: Query) -> Found:
        """What answers a query that `answer` lets pass. UsageError for filters that cannot be meant."""

    def count(self, node: Node) -> int:
        """How many rows match a node in which no `Among` stands."""

    def row_of(self, document_id: str) -> int | None: ...

    def cards(self, rows: Sequence[int]) -> list[Card]:
        """The cards of these rows, in their order."""

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        """The stored texts of these rows, in their order."""

    def terms(self, text: str) -> list[str]:
        """The words of a text of a query."""

    def vocabulary(self, holding: Collection[str]) -> Iterable[str]:
        """Words that stand in titles and texts, in any order, each at least once: all that hold one of the characters
        `holding`, and perhaps others."""

    def alike(self, row: int) -> set[int]:
        """The other rows of nearly the same text, by `search.alike.alike`."""

    def near(self, entry: Entry, apart: Collection[int], limit: int) -> list[tuple[int, float]]:
        """The rows of bulletins about the same as `entry`, nearest first, as `search.relating` has it."""


def answer(query: Query, holdings: Holdings) -> Results:
    """Everything that is asked: total, one page of hits in order, facets, explanation.

    UsageError for a question that names no order or date we know, or asks for nothing at all.
    """
    _refuse(query)
    found = holdings.find(query)
    shown = _page(query, holdings, found) if query.limit else []
    asked = list(leaves(query.words))
    rows = [row for row, _, _ in shown]
    hits = [
        _hit(score, entry, asked, copies)
        for entry, (_, score, copies) in zip(holdings.entries(rows), shown, strict=True)
    ]
    facets = found.facets() if query.facets else ()
    told = tuple(explained(query, holdings.terms, holdings.count))
    suggestion = "" if len(found) else _suggestion(query, holdings)
    return Results(len(found), query.filters.range.date, tuple(hits), facets, told, suggestion)


def ids_of(query: Query, holdings: Holdings) -> set[str]:
    """The ids of all that answers the query. Errors as with `answer`."""
    _refuse(query)
    return holdings.find(query).ids()


def _refuse(query: Query) -> None:
    name = query.filters.range.date
    if query.sort not in SORTS or name not in DATES:
        raise UsageError(f"There is no order {query.sort!r} by {name!r}.", f"Sort by one of {', '.join(SORTS)}.")
    asked = list(leaves(query.words, negated=True))
    texts = [text for leaf in asked for text in (leaf.texts if isinstance(leaf, Near) else (leaf.text,))]
    if (texts and not any(map(characters, texts))) or (not texts and not _narrows(query)):
        message = "The query holds no letter, digit or Chinese character."
        raise UsageError(
            message, "Type a word, e.g. 防火, or give a filter such as a date range, a source or an office."
        )


def _narrows(query: Query) -> bool:
    return (
        query.words is not None
        or query.filters != Filters()
        or bool(query.only or query.without or query.ids is not None)
    )


_Shown = tuple[int, float, list[Card]]


def _page(query: Query, holdings: Holdings, found: Found) -> list[_Shown]:
    """The rows to show, each with its score and the cards of the copies collapsed into it."""
    size = query.offset + query.limit
    if not query.collapse:
        return [(row, score, []) for row, score in _first(size, query, holdings, found)[query.offset :]]
    looked_at = 2 * size
    while True:
        shown = list(islice(_collapsed(_first(looked_at, query, holdings, found), holdings, found), size))
        if len(shown) == size or looked_at >= len(found):
            return shown[query.offset :]
        looked_at *= 4


def _first(count: int, query: Query, holdings: Holdings, found: Found) -> list[tuple[int, float]]:
    """The first rows with their scores, the best of them by words raised by the runs they hold."""
    if query.sort != "relevance" or query.words is None:
        return found.first(count)
    first = found.first(max(count, WINDOW))
    if len(first) < 2:
        return first
    best, others = first[:WINDOW], first[WINDOW:]
    entries = holdings.entries([row for row, _ in best])
    added = bonuses(query.words, entries, best[0][1])
    raised = [
        (-round(score + bonus, 6), entry.document_id, row)
        for (row, score), entry, bonus in zip(best, entries, added, strict=True)
    ]
    return ([(row, -score) for score, _, row in sorted(raised)] + others)[:count]


def _collapsed(ordered: Iterable[tuple[int, float]], holdings: Holdings, found: Found) -> Iterator[_Shown]:
    """Each row that is not a copy of an earlier one, with its copies, which stand in the order of their ids."""
    taken: set[int] = set()
    for row, score in ordered:
        if row not in taken:
            others = found.among(holdings.alike(row) - taken)
            copies = _copies(row, others, holdings)
            taken |= copies.keys() | {row}
            yield row, score, sorted(copies.values(), key=lambda card: card.document_id)


def _copies(row: int, others: Collection[int], holdings: Holdings) -> dict[int, Card]:
    """Those of `others` that are the same bulletin as `row`."""
    if not others:
        return {}
    own, *cards = holdings.cards([row, *others])
    return {other: card for other, card in zip(others, cards, strict=True) if same_bulletin(own, card)}


def _suggestion(query: Query, holdings: Holdings) -> str:
    """What may have been meant by a question that finds nothing; "" where nothing better is known."""
    meant = mended(query.words, holdings.count, holdings.vocabulary) if query.words is not None else None
    if meant is None or not len(holdings.find(replace(query, words=meant[0]))):
        return ""
    typed = query.raw
    for old, new in meant[1]:
        typed = typed.replace(old, new) if old in typed else new
    return typed


def related(document_id: str, holdings: Holdings, limit: int) -> tuple[Hit, ...]:
    """Bulletins about the same as one that is held, nearest first, without its own copies; none for one not held."""
    row = holdings.row_of(document_id)
    if row is None:
        return ()
    own = holdings.entries([row])[0]
    near = holdings.near(own, {row, *_copies(row, holdings.alike(row), holdings)}, limit)
    rows = [other for other, _ in near]
    held = zip(near, holdings.entries(rows), strict=True)
    return tuple(_hit(score, entry, (), ()) for (_, score), entry in held)


def _hit(score: float, entry: Entry, asked: Sequence[Leaf], copies: Sequence[Card]) -> Hit:
    return Hit(
        document_id=entry.document_id,
        revision=entry.revision,
        score=round(score, 6),
        title=entry.title,
        number=entry.number,
        index_number=entry.index_number,
        office=entry.office,
        source=entry.source,
        region=entry.region,
        dated_on=entry.dated_on,
        published_on=entry.published_on,
        url=entry.url,
        snippet=snippet_of(entry, asked),
        places=tuple(Place(one.document_id, one.source, one.region, one.url, one.published_on) for one in copies),
    )
