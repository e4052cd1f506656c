"""From what an engine finds to an answer: filter, count, order, cut. The same for every engine.

An engine offers a `Holdings`; `answer` asks it the least it can.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from bulletin.errors import UsageError
from bulletin.query import AllOf, Among, AnyOf, Filters, Near, Node, Not, Query, Words
from bulletin.results import Hit, Place, Results
from search.alike import same_bulletin
from search.characters import characters
from search.entry import Entry
from search.explaining import explained
from search.facets import chosen, facets_of
from search.filtering import DATES, Card, passes
from search.matching import leaves
from search.parser import SORTS
from search.ranking import Ranking, run_fields
from search.relating import related_rows
from search.snippets import Leaf, snippet_of
from search.suggesting import mended


class Holdings(Protocol):
    """One state of an index. Rows are an engine's own numbers for documents."""

    @property
    def cards(self) -> Mapping[int, Card]: ...

    @property
    def ranking(self) -> Ranking: ...

    def matching(self, node: Node) -> set[int]:
        """The rows that match a node in which no `Among` stands."""

    def postings(self, term: str) -> Iterable[tuple[int, float]]:
        """(row, count) of the rows that hold a word, as `search.ranking.counted` counts, rows from 1 on; 0 is passed
        over."""

    def terms(self, text: str) -> list[str]:
        """The words of a text of a query."""

    def vocabulary(self) -> Iterable[str]:
        """Words that stand in titles and texts, in any order, each at least once."""

    def alike(self, row: int) -> set[int]:
        """The other rows of nearly the same text, by `search.alike.alike`."""

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        """The stored texts of these rows, in their order."""


def answer(query: Query, holdings: Holdings) -> Results:
    """Everything that is asked: total, one page of hits in order, facets, explanation.

    UsageError for a question that names no order or date we know, or asks for nothing at all.
    """
    _refuse(query)
    name = query.filters.range.date
    rows = found(query, holdings)
    scores: dict[int, float] = {}
    if query.sort == "relevance" and query.words is not None and query.limit:
        scores = _scores(query.words, holdings, rows)
    shown = dict(_page(query, holdings, rows, scores))
    asked = list(leaves(query.words))
    hits = [
        _hit(holdings.cards[row], scores.get(row, 0.0), entry, asked, [holdings.cards[other] for other in shown[row]])
        for row, entry in zip(shown, holdings.entries(list(shown)), strict=True)
    ]
    facets = facets_of([holdings.cards[row] for row in rows], name) if query.facets else ()
    told = tuple(explained(query, holdings.terms, holdings.matching))
    return Results(len(rows), name, tuple(hits), facets, told, "" if rows else _suggestion(query, holdings))


def ids_of(query: Query, holdings: Holdings) -> set[str]:
    """The ids of all that answers the query. Errors as with `answer`."""
    _refuse(query)
    return {holdings.cards[row].document_id for row in found(query, holdings)}


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


def found(query: Query, holdings: Holdings) -> set[int]:
    """The rows that answer the query."""
    cards = holdings.cards
    rows = set(cards) if query.words is None else _matching(query.words, holdings) & cards.keys()
    tests = [passes(query.filters)] if query.filters != Filters() else []
    if query.only or query.without:
        tests.append(chosen(query.only, query.without, query.filters.range.date))
    if (wanted := query.ids) is not None:
        tests.append(lambda card: card.document_id in wanted)
    return {row for row in rows if all(test(cards[row]) for test in tests)} if tests else rows


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


def _page(
    query: Query, holdings: Holdings, rows: set[int], scores: Mapping[int, float]
) -> Sequence[tuple[int, Sequence[int]]]:
    """The rows to show, each with the rows collapsed into it: by score, by the named date or by number, what has none
    last; then by id."""
    cards, name, sign = holdings.cards, query.filters.range.date, -1 if query.sort == "newest" else 1

    def by_score(row: int) -> tuple[float, str]:
        return -scores.get(row, 0.0), cards[row].document_id

    def by_number(row: int) -> tuple[bool, str, str]:
        return not cards[row].number_order, cards[row].number_order, cards[row].document_id

    def by_day(row: int) -> tuple[bool, int, str]:
        day = cards[row].day(name)
        return day is None, sign * day.toordinal() if day else 0, cards[row].document_id

    key = by_score if query.sort == "relevance" else by_number if query.sort == "number" else by_day
    size = query.offset + query.limit
    if not query.collapse:
        return [(row, ()) for row in heapq.nsmallest(size, rows, key=key)[query.offset :]]
    return list(islice(_collapsed(sorted(rows, key=key), holdings, rows), query.offset, size))


def _collapsed(ordered: Sequence[int], holdings: Holdings, among: set[int]) -> Iterator[tuple[int, list[int]]]:
    """Each row that is not a copy of an earlier one, with its copies, which stand in the order of their ids."""
    cards = holdings.cards
    taken: set[int] = set()
    for row in ordered:
        if row not in taken:
            alike = (holdings.alike(row) & among) - taken
            copies = {other for other in alike if same_bulletin(cards[row], cards[other])}
            taken |= copies | {row}
            yield row, sorted(copies, key=lambda other: cards[other].document_id)


def _suggestion(query: Query, holdings: Holdings) -> str:
    """What may have been meant by a question that finds nothing; "" where nothing better is known."""
    meant = mended(query.words, holdings.matching, holdings.vocabulary()) if query.words is not None else None
    if meant is None or not found(replace(query, words=meant[0]), holdings):
        return ""
    typed = query.raw
    for old, new in meant[1]:
        typed = typed.replace(old, new) if old in typed else new
    return typed


def related(document_id: str, holdings: Holdings, limit: int) -> tuple[Hit, ...]:
    """Bulletins about the same as one that is held, nearest first, without its own copies; none for one not held."""
    cards = holdings.cards
    row = next((row for row, card in cards.items() if card.document_id == document_id), None)
    if row is None:
        return ()
    own = holdings.entries([row])[0]
    copies = {other for other in holdings.alike(row) & cards.keys() if same_bulletin(cards[row], cards[other])}
    near = related_rows(own, cards, copies | {row}, holdings.ranking, holdings.postings, holdings.terms)
    scores = dict(near[:limit])
    entries = zip(scores, holdings.entries(list(scores)), strict=True)
    return tuple(_hit(cards[other], scores[other], entry, (), ()) for other, entry in entries)


def _hit(card: Card, score: float, entry: Entry, asked: Sequence[Leaf], copies: Sequence[Card]) -> Hit:
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
        places=tuple(Place(one.document_id, one.source, one.region, one.url, one.published_on) for one in copies),
    )
