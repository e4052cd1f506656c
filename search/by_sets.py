"""Answers by sets of row numbers, for engines that can list the rows of a text and keep all cards in memory."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from bulletin.query import AllOf, Among, AnyOf, Filters, Near, Node, Not, Query, Words
from bulletin.results import Facet
from search.characters import characters
from search.entry import Entry
from search.facets import chosen, facets_of
from search.filtering import Card, passes
from search.matching import leaves
from search.ranking import Ranking, run_fields
from search.relating import related_rows


class Sets(Protocol):
    """What an engine offers to `BySets`."""

    @property
    def held(self) -> Mapping[int, Card]:
        """The cards of all rows."""

    @property
    def ranking(self) -> Ranking: ...

    def matching(self, node: Node) -> set[int]:
        """The rows that match a node in which no `Among` stands."""

    def postings(self, term: str) -> Iterable[tuple[int, float]]:
        """(row, count) of the rows that hold a word, as `search.ranking.counted` counts; row 0 is passed over."""

    def terms(self, text: str) -> list[str]: ...

    def entries(self, rows: Sequence[int]) -> list[Entry]: ...


class BySets:
    """The part of `search.answering.Holdings` that follows from `Sets`; to be inherited."""

    def find(self: Sets, query: Query) -> FoundSet:
        return FoundSet(query, self, found(query, self))

    def count(self: Sets, node: Node) -> int:
        return len(self.matching(node))

    def row_of(self: Sets, document_id: str) -> int | None:
        return next((row for row, card in self.held.items() if card.document_id == document_id), None)

    def cards(self: Sets, rows: Sequence[int]) -> list[Card]:
        return [self.held[row] for row in rows]

    def near(self: Sets, entry: Entry, apart: Collection[int], limit: int) -> list[tuple[int, float]]:
        return related_rows(entry, self.held, apart, self.ranking, self.postings, self.terms)[:limit]


class FoundSet:
    """The rows that answer a query, listed."""

    def __init__(self, query: Query, sets: Sets, rows: set[int]) -> None:
        self._query, self._sets, self._rows = query, sets, rows

    def __len__(self) -> int:
        return len(self._rows)

    def among(self, rows: Collection[int]) -> set[int]:
        return self._rows.intersection(rows)

    def facets(self) -> tuple[Facet, ...]:
        held = self._sets.held
        return facets_of([held[row] for row in self._rows], self._query.filters.range.date)

    def ids(self) -> set[str]:
        return {self._sets.held[row].document_id for row in self._rows}

    def first(self, count: int) -> list[tuple[int, float]]:
        best = heapq.nsmallest(count, self._rows, key=self._key)
        return [(row, self._scores.get(row, 0.0)) for row in best]

    @cached_property
    def _scores(self) -> dict[int, float]:
        if self._query.sort != "relevance" or self._query.words is None:
            return {}
        return _scores(self._query.words, self._sets, self._rows)

    @cached_property
    def _key(self) -> Callable[[int], Any]:
        cards, name, scores = self._sets.held, self._query.filters.range.date, self._scores
        sign = -1 if self._query.sort == "newest" else 1

        def by_score(row: int) -> tuple[float, str]:
            return -scores.get(row, 0.0), cards[row].document_id

        def by_number(row: int) -> tuple[bool, str, str]:
            return not cards[row].number_order, cards[row].number_order, cards[row].document_id

        def by_day(row: int) -> tuple[bool, int, str]:
            day = cards[row].day(name)
            return day is None, sign * day.toordinal() if day else 0, cards[row].document_id

        return {"relevance": by_score, "number": by_number}.get(self._query.sort, by_day)


def found(query: Query, sets: Sets) -> set[int]:
    """The rows that answer the query."""
    cards = sets.held
    rows = set(cards) if query.words is None else _matching(query.words, sets) & cards.keys()
    tests = [passes(query.filters)] if query.filters != Filters() else []
    if query.only or query.without:
        tests.append(chosen(query.only, query.without, query.filters.range.date))
    if (wanted := query.ids) is not None:
        tests.append(lambda card: card.document_id in wanted)
    return {row for row in rows if all(test(cards[row]) for test in tests)} if tests else rows


def _matching(node: Node, sets: Sets) -> set[int]:
    if not _filters_within(node):
        return sets.matching(node)
    match node:
        case Among(filters):
            test = passes(filters)
            return {row for row, card in sets.held.items() if test(card)}
        case Not(part):
            return set(sets.held) - _matching(part, sets)
        case AllOf(parts):
            texts = tuple(part for part in parts if not _filters_within(part))
            others = [_matching(part, sets) for part in parts if _filters_within(part)]
            together = [sets.matching(AllOf(texts))] if texts else []
            return set.intersection(*together, *others)
        case AnyOf(parts):
            return set().union(*(_matching(part, sets) for part in parts))
    raise TypeError(f"{node!r} is not part of a query")


def _filters_within(node: Node) -> bool:
    if isinstance(node, AllOf | AnyOf):
        return any(map(_filters_within, node.parts))
    return isinstance(node, Among) or (isinstance(node, Not) and _filters_within(node.part))


def _scores(node: Node, sets: Sets, rows: set[int]) -> dict[int, float]:
    asked = [
        (text, leaf.where) for leaf in leaves(node) for text in (leaf.texts if isinstance(leaf, Near) else (leaf.text,))
    ]
    terms = [term for text, _ in asked for term in sets.terms(text)]
    scores = sets.ranking.words(terms, sets.postings, rows)
    for text, where in asked:
        for field in run_fields(characters(text)):
            if where in ("", field):
                sets.ranking.runs(scores, field, sets.matching(Words(text, field)))
    return scores
