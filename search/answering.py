"""From what an engine finds to an answer: filter, count, order, cut. The same for every engine.

An engine offers a `Holdings`; `answer` asks it the least it can.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bulletin.errors import UsageError
from bulletin.query import AllOf, Among, AnyOf, Filters, Near, Node, Not, Query, Words
from bulletin.results import Facet, Hit, Results
from search.characters import characters
from search.entry import Entry
from search.explaining import explained
from search.filtering import DATES, Card, passes
from search.matching import leaves
from search.parser import SORTS
from search.ranking import Ranking, run_fields
from search.snippets import Leaf, snippet_of

UNDATED = "undated"


class Holdings(Protocol):
    """One state of an index. Rows are an engine's own numbers for documents."""

    @property
    def cards(self) -> Mapping[int, Card]: ...

    @property
    def ranking(self) -> Ranking: ...

    def matching(self, node: Node) -> set[int]:
        """The rows that match a node in which no `Among` stands."""

    def postings(self, field: str, term: str) -> Iterable[tuple[int, float]]:
        """(row, count) of the rows that hold a word in a ranking field, rows from 1 on; 0 is passed over."""

    def terms(self, text: str) -> list[str]:
        """The words of a text of a query."""

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        """The stored texts of these rows, in their order."""


def answer(query: Query, holdings: Holdings) -> Results:
    """Everything that is asked: total, one page of hits in order, facets, explanation.

    UsageError for a question that names no order or date we know, or asks for nothing at all.
    """
    name = query.filters.range.date
    if query.sort not in SORTS or name not in DATES:
        raise UsageError(f"There is no order {query.sort!r} by {name!r}.", "Sort by relevance, newest or oldest.")
    _refuse_nothing(query)
    rows = found(query, holdings)
    scores: dict[int, float] = {}
    if query.sort == "relevance" and query.words is not None and query.limit:
        scores = _scores(query.words, holdings, rows)
    shown = _page(query, holdings.cards, rows, scores)
    asked = list(leaves(query.words))
    hits = [
        _hit(holdings.cards[row], scores.get(row, 0.0), entry, asked)
        for row, entry in zip(shown, holdings.entries(shown), strict=True)
    ]
    facets = facets_of([holdings.cards[row] for row in rows], name) if query.facets else ()
    return Results(len(rows), name, tuple(hits), facets, tuple(explained(query, holdings.terms, holdings.matching)))


def _refuse_nothing(query: Query) -> None:
    asked = list(leaves(query.words, negated=True))
    texts = [text for leaf in asked for text in (leaf.texts if isinstance(leaf, Near) else (leaf.text,))]
    if (texts and not any(map(characters, texts))) or (query.words is None and query.filters == Filters()):
        message = "The query holds no letter, digit or Chinese character."
        raise UsageError(
            message, "Type a word, e.g. 防火, or give a filter such as a date range, a source or an office."
        )


def found(query: Query, holdings: Holdings) -> set[int]:
    """The rows that answer the query."""
    cards = holdings.cards
    rows = set(cards) if query.words is None else _matching(query.words, holdings) & cards.keys()
    if query.filters == Filters():
        return rows
    test = passes(query.filters)
    return {row for row in rows if test(cards[row])}


def _matching(node: Node, holdings: Holdings) -> set[int]:
    if not _filters_within(node):
        return holdings.matching(node)
    match node:
        case Among(filters):
            test = passes(filters)
            return {row for row, card in holdings.cards.items() if test(card)}
        case Not(part):
            return set(holdings.cards) - _matching(part, holdings)
        case AllOf(parts):
            texts = tuple(part for part in parts if not _filters_within(part))
            others = [_matching(part, holdings) for part in parts if _filters_within(part)]
            together = [holdings.matching(AllOf(texts))] if texts else []
            return set.intersection(*together, *others)
        case AnyOf(parts):
            return set().union(*(_matching(part, holdings) for part in parts))
    raise TypeError(f"{node!r} is not part of a query")


def _filters_within(node: Node) -> bool:
    if isinstance(node, AllOf | AnyOf):
        return any(map(_filters_within, node.parts))
    return isinstance(node, Among) or (isinstance(node, Not) and _filters_within(node.part))


def _scores(node: Node, holdings: Holdings, rows: set[int]) -> dict[int, float]:
    asked = [
        (text, leaf.where) for leaf in leaves(node) for text in (leaf.texts if isinstance(leaf, Near) else (leaf.text,))
    ]
    terms = [term for text, _ in asked for term in holdings.terms(text)]
    scores = holdings.ranking.words(terms, holdings.postings, rows)
    for text, where in asked:
        for field in run_fields(characters(text)):
            if where in ("", field):
                holdings.ranking.runs(scores, field, holdings.matching(Words(text, field)))
    return scores


def _page(query: Query, cards: Mapping[int, Card], rows: set[int], scores: Mapping[int, float]) -> list[int]:
    """The rows to show: by score, or by the named date with undated papers last; then by id."""
    name, sign = query.filters.range.date, -1 if query.sort == "newest" else 1

    def by_score(row: int) -> tuple[float, str]:
        return -scores.get(row, 0.0), cards[row].document_id

    def by_day(row: int) -> tuple[bool, int, str]:
        day = cards[row].day(name)
        return day is None, sign * day.toordinal() if day else 0, cards[row].document_id

    key = by_score if query.sort == "relevance" else by_day
    return heapq.nsmallest(query.offset + query.limit, rows, key=key)[query.offset :]


def _hit(card: Card, score: float, entry: Entry, asked: Sequence[Leaf]) -> Hit:
    return Hit(
        document_id=card.document_id,
        revision=entry.revision,
        score=round(score, 6),
        title=card.title,
        number=card.number,
        index_number=card.index_number,
        office=card.office,
        source=card.source,
        region=card.region,
        dated_on=card.dated_on,
        published_on=card.published_on,
        url=card.url,
        snippet=snippet_of(entry, asked),
    )


def facets_of(cards: Sequence[Card], name: str) -> tuple[Facet, ...]:
    """Counts by source, region, office and year of the named date; papers without that date count as `undated`.

    An office is counted under one name whatever script it is printed in: the commonest spelling.
    """
    spellings: dict[str, dict[str, int]] = {}
    for (key, office), count in Counter((card.office_key, card.office) for card in cards).items():
        if office:
            spellings.setdefault(key, {})[office] = count
    offices = {_commonest(names): sum(names.values()) for names in spellings.values()}
    years = Counter(day and day.year for day in (card.day(name) for card in cards))
    return (
        _facet("source", Counter(card.source for card in cards)),
        _facet("region", Counter(card.region for card in cards if card.region)),
        _facet("office", offices),
        _facet("year", {f"{year:04}" if year else UNDATED: count for year, count in years.items()}),
    )


def _commonest(names: Mapping[str, int]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def _facet(name: str, counts: Mapping[str, int]) -> Facet:
    return Facet(name, tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))
