"""Reading an index of tantivy: it finds, counts, and sorts; what it shows is stored in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from tantivy import DocAddress, Occur, Order, Query

from bulletin.query import Node
from bulletin.query import Query as Asked
from bulletin.results import Facet
from search.alike import alike, bands_of
from search.analyzer import Analyzer, told_apart
from search.engines.tantivy_queries import Queries
from search.engines.tantivy_ranking import Scoring, asked_in, wide
from search.engines.tantivy_storage import (
    CHECKPOINT,
    DamagedError,
    Kept,
    address_of,
    asking,
    day_by,
    kept_of,
    month_by,
    opened,
    row_of,
    schema,
)
from search.entry import Entry, columns_of, folded_parts_of
from search.facets import COUNTED, facets_from
from search.filtering import Card, card_of
from search.matching import matches
from search.relating import telling_words
from search.stamp import SCHEMA

_CACHED: Final = 2000  # bulletins read that are remembered
_WORD: Final = 4  # characters of the words a slip is mended by
_VALUES: Final = 10_000  # values of a facet that are counted
_FEW_TOPICS: Final = 200
_FEW: Final = 1000  # rows that are asked for without knowing how many there are


class TantivyState:
    """One state of a generation."""

    def __init__(self, generation: Path, analyzer: Analyzer) -> None:
        self._analyzer, self._place = analyzer, str(generation)
        index = opened(generation)
        with asking(self._place):
            index.config_reader("manual")
            index.reload()
            self.searcher, self._schema = index.searcher(), index.schema
        self.queries = Queries(self._schema, self._reading)
        self._cache: dict[int, Kept] = {}
        self._cards: dict[int, Card] = {}
        self.checkpoint, self.stamp = self._written()
        # Of another version the fields may differ: the stamp tells that.
        if self.stamp.partition("/")[0] == str(SCHEMA) and self._schema != schema():
            raise DamagedError("its fields are not those of its version")
        self._aside = ThreadPoolExecutor(os.cpu_count(), "counting")

    # Not before it is asked: an index of another version, which is refused by its stamp, may lack what this needs.

    @cached_property
    def total(self) -> int:
        return self.size(self.queries.papers())

    @cached_property
    def scoring(self) -> Scoring:
        return Scoring(self)

    def _written(self) -> tuple[int, str]:
        found = self.search(self.queries.term("document_id", CHECKPOINT), 1)
        if not found:
            raise DamagedError("it holds no checkpoint")
        read = json.loads(self.document(found[0][1])[0])
        return read["checkpoint"], read["stamp"]

    def close(self) -> None:
        self._aside.shutdown(wait=False)
        self._cache.clear()

    def aside(self, work: Callable[[], dict[str, Any]]) -> Future[dict[str, Any]]:
        """Do it while this thread goes on: tantivy lets go of the interpreter while it looks."""
        return self._aside.submit(work)

    # tantivy

    def search(self, query: Query, limit: int, **order: Any) -> list[tuple[Any, DocAddress]]:
        with asking(self._place):
            return self.searcher.search(query, limit=limit, count=False, **order).hits if limit else []

    def size(self, query: Query) -> int:
        with asking(self._place):
            # tantivy-py counts while it collects; a limit of nothing is refused.
            asked = Query.const_score_query(query, 1.0)
            return int(self.searcher.search(asked, limit=1, count=True).count)  # type: ignore[attr-defined]

    def numbers(self, field: str, addresses: list[DocAddress]) -> list[int]:
        """What a field of numbers holds for each of these."""
        with asking(self._place):
            return [int(value or 0) for value in self.searcher.fast_field_values(field, addresses)]

    def document(self, address: DocAddress) -> tuple[bytes, bytes]:
        """What is stored of a bulletin, and its text."""
        with asking(self._place):
            document = self.searcher.doc(address)
            return bytes(document.get_first("kept") or b""), bytes(document.get_first("text") or b"")

    def aggregate(self, query: Query, asked: dict[str, Any]) -> dict[str, Any]:
        with asking(self._place):
            return self.searcher.aggregate(query, asked)

    @cached_property
    def has_few_topics(self) -> bool:
        with asking(self._place):
            return len(self.searcher.terms_with_prefix("topic", "", None, _FEW_TOPICS + 1)) <= _FEW_TOPICS

    def topics(self, query: Query) -> list[dict[str, Any]]:
        """How many of a query's bulletins have each topic, as `aggregate` tells it."""
        with asking(self._place):
            found = self.searcher.terms_with_prefix("topic", "", query)
        return [{"key": topic, "doc_count": count} for topic, count in found]

    def kept(self, row: int) -> Kept:
        found = self._cache.get(row)
        if found is None:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
                self._cards.clear()
            self._cache[row] = found = kept_of(*self.document(address_of(row)))
        return found

    def by_id(self, query: Query, count: int) -> list[int]:
        """The first rows by id."""
        found = self.search(query, count, order_by_field="document_id", order=Order.Asc)
        return [row_of(address) for _, address in found]

    def _reading(self, query: Query, node: Node) -> list[str]:
        """The ids of what matches `query` and, on being read, `node`."""
        entries = (kept_of(*self.document(address)).entry for _, address in self.search(query, max(1, self.total)))
        return [e.document_id for e in entries if matches(node, e, columns_of(folded_parts_of(e)))]

    # What `search.answering.Holdings` asks for

    def find(self, query: Asked) -> FoundByTantivy:
        return FoundByTantivy(self, query)

    def count(self, node: Node) -> int:
        return self.size(self.queries.node(node))

    def row_of(self, document_id: str) -> int | None:
        found = [] if document_id == CHECKPOINT else self.search(self.queries.term("document_id", document_id), 1)
        return row_of(found[0][1]) if found else None

    def cards(self, rows: Sequence[int]) -> list[Card]:
        for row in rows:
            if row not in self._cards:
                kept = self.kept(row)
                self._cards[row] = card_of(kept.entry, kept.length)
        return [self._cards[row] for row in rows]

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        return [self.kept(row).entry for row in rows]

    def terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)

    def vocabulary(self, holding: Collection[str]) -> Iterable[str]:
        return {word for char in holding for word in self._words.get(char, ())}

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """The words of a few characters that hold each character."""
        found: dict[str, list[str]] = {}
        for word in self._vocabulary():
            if len(word) <= _WORD:
                for char in word:
                    found.setdefault(char, []).append(word)
        return found

    def _vocabulary(self) -> list[str]:
        with asking(self._place):
            # A deleted bulletin's words stay among the terms until it is merged away.
            living = self.queries.papers() if self.scoring.deleted else None
            return [term for term, _ in self.searcher.terms_with_prefix("words", "", living)]

    def alike(self, row: int) -> set[int]:
        own = self.kept(row).sketch
        bands = [f"{band:x}" for band in bands_of(own)]
        if not bands:
            return set()
        found = self.search(self.queries.one_of("band", bands), max(1, self.total))
        rows = (row_of(address) for _, address in found)
        return {other for other in rows if other != row and alike(own, self.kept(other).sketch)}

    def near(self, entry: Entry, apart: Collection[int], limit: int) -> list[tuple[int, float]]:
        others = self.queries.among(self.kept(row).entry.document_id for row in apart)

        def holding(term: str) -> int:
            clauses = [(Occur.Must, self.word(term)), (Occur.MustNot, others)]
            return self.size(Query.boolean_query(clauses))

        words = telling_words(entry, self.terms, holding, self.total)
        if not words:
            return []
        clauses = [(Occur.Should, self.word(term)) for term in words]
        sharing = Query.boolean_query([(Occur.Must, Query.boolean_query(clauses)), (Occur.MustNot, others)])
        return self.scoring.best(sharing, words, [], limit)

    def word(self, term: str) -> Query:
        return Query.term_query(self._schema, "words", told_apart(term), "freq")


class FoundByTantivy:
    """The rows that answer a query, asked for as they are needed. They are counted meanwhile."""

    def __init__(self, state: TantivyState, query: Asked) -> None:
        self._state, self._query = state, query
        self._name = query.filters.range.date
        self._asked = state.queries.asked(query)
        # Before the counting begins: two threads of Python would only wait for each other.
        self._scored = asked_in(query.words, state.terms) if query.words is not None else ([], [])
        self._wide = wide(query, state.terms)
        self._counting = state.aside(self._count_facets if query.facets else self._count)

    def __len__(self) -> int:
        return self._counted

    @cached_property
    def _counted(self) -> int:
        counted = self._counting.result()
        if not self._query.facets:
            return int(counted["all"])
        # Of the months every bulletin has one, even if it is none.
        months = counted["month"]
        return int(sum(bucket["doc_count"] for bucket in months["buckets"]) + months["sum_other_doc_count"])

    def among(self, rows: Collection[int]) -> set[int]:
        if not rows:
            return set()
        ids = self._state.queries.among(entry.document_id for entry in self._state.entries(list(rows)))
        return {row_of(address) for _, address in self._state.search(all_of(self._asked, ids), len(rows))}

    def ids(self) -> set[str]:
        return {name for name, _ in self._state.search(self._asked, len(self), order_by_field="document_id")}

    def facets(self) -> tuple[Facet, ...]:
        found = self._counting.result()
        return facets_from(
            {name: {b["key"]: b["doc_count"] for b in found[name]["buckets"]} if len(self) else {} for name in COUNTED}
        )

    def _count(self) -> dict[str, Any]:
        return {"all": self._state.size(self._asked)}

    def _count_facets(self) -> dict[str, Any]:
        fields = {name: month_by(self._name) if name == "month" else name for name in COUNTED}
        asked = {name: {"terms": {"field": field, "size": _VALUES}} for name, field in fields.items()}
        # Of several values a bulletin tantivy counts few sooner one by one, if what is asked is found at once.
        if self._wide is None or self._wide.longest > 2 or not self._state.has_few_topics:
            return self._state.aggregate(self._asked, asked)
        topics = self._state.topics(self._asked)
        del asked["topic"]
        return self._state.aggregate(self._asked, asked) | {"topic": {"buckets": topics}}

    def first(self, count: int) -> list[tuple[int, float]]:
        count, queries = count if count <= _FEW else min(count, len(self)), self._state.queries
        match self._query.sort:
            case "relevance" if self._query.words is not None:
                return self._state.scoring.best(self._asked, *self._scored, count, self._wide)
            case "relevance":
                return [(row, 0.0) for row in self._state.by_id(self._asked, count)]
            case "number":
                rows = self._by("number_order", queries.numbered(), count, Order.Asc)
                rest = Query.boolean_query([(Occur.Must, self._asked), (Occur.MustNot, queries.numbered())])
            case sort:
                order = Order.Desc if sort == "newest" else Order.Asc
                rows = self._by(day_by(self._name), queries.days(self._name), count, order)
                rest = all_of(self._asked, queries.undated(self._name))
        return [(row, 0.0) for row in rows + self._state.by_id(rest, count - len(rows))]

    def _by(self, field: str, having: Query, count: int, order: Order) -> list[int]:
        """The first rows by a field they have, and by id where that is the same."""
        state, asked = self._state, all_of(self._asked, having)
        hits = state.search(asked, count, order_by_field=field, order=order)
        found = [(key, row_of(address)) for key, address in hits]
        last = found[-1][0] if len(found) == count and found else None
        rows: list[int] = []
        for key, group in groupby(found, key=itemgetter(0)):
            if key != last:
                rows += sorted((row for _, row in group), key=lambda row: state.kept(row).entry.document_id)
        if last is not None:
            rows += state.by_id(all_of(asked, state.queries.exactly(field, last)), count - len(rows))
        return rows


def all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])
