"""The first by score, from tantivy's BM25 over the words of a bulletin, each as often as it counts.

tantivy's scores are single precision, and count in what was deleted and not yet merged away. In a large archive they
are taken as they are if they differ by less than a thousandth: hundreds may score nearly the same there, and which of
them come first is no matter, as long as it is the same for every page of an answer. Otherwise tantivy is asked for a
few more than are wanted, and these are scored anew as `search.ranking` has it; in a small archive more are fetched
until none that is left could come among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from tantivy import DocAddress, Occur, Query

from bulletin.query import AnyOf, DateRange, Filters, Near, Node, Phrase, Words
from bulletin.query import Query as Asked
from search.analyzer import told_apart
from search.characters import characters
from search.engines.tantivy_storage import PAPER, DamagedError, address_of, asking, pairs_in, row_of
from search.matching import leaves
from search.ranking import K1, RUN_WEIGHTS, norm, rarity, run_fields

if TYPE_CHECKING:
    from search.engines.tantivy_searcher import TantivyState

#: (field, characters) of what is worth something where it stands in a field as one run.
Run = tuple[str, str]

_MORE: Final = 8  # fetched beyond what is wanted
_MOST: Final = 512  # fetched at most to tell apart what scores nearly the same
_SMALL: Final = 4000  # bulletins up to which the order is exact to the last, at a few milliseconds a question
_FOREMOST: Final = (64, 512)  # found where some are wanted
_WORDS: Final = 5  # of a question that is answered by them
_FREQUENT: Final = 30_000  # bulletins; fewer are all looked at in a few milliseconds
_IN_VAIN: Final = 4  # looked at that are no answer before all are asked for
_REMEMBERED: Final = 10_000  # frequencies of words
_ERROR: Final = 1e-5  # of single precision, added up
_NEARLY: Final = 1e-3  # of a score: in a large archive nobody tells such bulletins apart
_TOLD: Final = {name: re.compile(rf'"value": ([^,\s]+),\s+"description": "{name}, ') for name in ("freq", "avgdl", "N")}


def asked_in(node: Node, terms: Callable[[str], list[str]]) -> tuple[list[str], list[Run]]:
    """The words that score, and the runs."""
    asked = [
        (text, leaf.where) for leaf in leaves(node) for text in (leaf.texts if isinstance(leaf, Near) else (leaf.text,))
    ]
    runs = [
        (field, needle)
        for text, where in asked
        for needle in [characters(text)]
        for field in run_fields(needle)
        if where in ("", field)
    ]
    return [term for text, _ in asked for term in terms(text)], runs


@dataclass(frozen=True, slots=True)
class Wide:
    """A question that nothing narrows but its runs, of which any will do, in whatever field.

    Where each of them is one word to the analyzer too, all that holds one of the words answers it. Otherwise there is
    one `run`, and what answers it is looked for among what holds its words. `longest` counts characters."""

    run: str
    longest: int


def wide(query: Asked, terms: Callable[[str], list[str]]) -> Wide | None:
    """None for a question that is not wide."""
    node, plain = query.words, Filters(DateRange(date=query.filters.range.date))
    if query.filters != plain or query.only or query.without or query.ids is not None:
        return None
    asked = node.parts if isinstance(node, AnyOf) else (node,)
    runs = [characters(leaf.text) for leaf in asked if isinstance(leaf, Words | Phrase) and not leaf.where]
    if len(runs) < len(asked):
        return None
    are_words = all(terms(run) == [run] for run in runs)
    return Wide("" if are_words else runs[0], max(map(len, runs))) if are_words or len(runs) == 1 else None


class Scoring:
    """Scores over one state of an index."""

    def __init__(self, state: TantivyState) -> None:
        self._state = state
        papers = state.queries.papers()
        length = state.aggregate(papers, {"length": {"sum": {"field": "length"}}})["length"]["value"]
        self._average: float = (length or 0.0) / max(1, state.total) or 1.0
        self._theirs: tuple[float, float] | None = None
        self._frequencies: dict[str, int] = {}

    @cached_property
    def deleted(self) -> bool:
        """Whether tantivy still holds bulletins that were deleted."""
        return self._state.searcher.doc_freq("flag", PAPER) > self._state.total

    def best(
        self, asked: Query, terms: Sequence[str], runs: Sequence[Run], count: int, wide: Wide | None = None
    ) -> list[tuple[int, float]]:
        """The first `count` rows of `asked` with their scores, by score, and then by id, or row if large.

        `wide` is what `wide` says of the question."""
        if not count:
            return []
        clauses = [*self._words(terms), *self._runs(runs)]
        if not clauses:
            return [(row, 0.0) for row in self._state.by_id(asked, count)]
        large = self._state.total > _SMALL
        if large and self._deviation() <= _NEARLY:
            scored = self._foremost(asked, clauses, wide, count) if wide else []
            if len(scored) < count:
                scored = self._found(_boosted(asked, clauses), count)
            return self._ordered(scored, large)
        query, wanted = _boosted(asked, clauses), count + _MORE
        while True:
            hits = self._state.search(query, wanted)
            scored = self._ordered(self._scored([address for _, address in hits], clauses), large)[:count]
            least = hits[-1][0] * (1 + self._deviation()) if hits else 0.0
            if large or len(hits) < wanted or wanted >= _MOST + count or scored[-1][1] > least:
                return scored
            wanted *= 4

    def _foremost(self, asked: Query, clauses: Sequence[_Clause], wide: Wide, count: int) -> list[tuple[int, float]]:
        """The first `count` of a wide question, or fewer where they are not easily found.

        Where nothing but words is asked for, tantivy passes over what cannot come first. What a run raises is less, and
        asked for by itself. What stands in neither list scores less than the last of both."""
        words = [(Occur.Should, clause.boosted) for clause in clauses if clause.is_word]
        if not words or len(words) > _WORDS or count > _FOREMOST[-1] or (wide.run and not self._is_frequent(wide.run)):
            return []
        # As many for one page as for the next: the last digit of a sum depends on what was passed over.
        wanted = next(most for most in _FOREMOST if most >= count)
        held = self._found(Query.boolean_query(words), wanted)
        runs = [(Occur.Should, clause.boosted) for clause in clauses if not clause.is_word]
        raised = (
            self._found(Query.boolean_query([(Occur.Must, Query.boolean_query(runs)), *words]), wanted) if runs else []
        )
        least = max((found[-1][1] for found in (held, raised) if len(found) == wanted), default=0.0)
        sure = dict(raised)
        certain: list[tuple[int, float]] = []
        for tried, (row, score) in enumerate(self._ordered(list((dict(held) | sure).items()), large=True)):
            if score < least or len(certain) == count or tried - len(certain) > _IN_VAIN:
                break
            if not wide.run or row in sure or self._holds(asked, wide.run, row):
                certain.append((row, score))
        return certain

    def _is_frequent(self, run: str) -> bool:
        """Whether so many bulletins may hold a run that it is worth while not to look at all of them."""
        pairs = {run[at : at + 2] for at in range(len(run) - 1)}
        return all(self._state.searcher.doc_freq(pairs_in("text"), pair) > _FREQUENT for pair in pairs)

    def _holds(self, asked: Query, run: str, row: int) -> bool:
        address = address_of(row)
        return bool(self._told(self._state.queries.run(run, "text"), address) or self._told(asked, address))

    def _found(self, query: Query, count: int) -> list[tuple[int, float]]:
        return [(row_of(address), score) for score, address in self._state.search(query, count)]

    def _ordered(self, scored: list[tuple[int, float]], large: bool) -> list[tuple[int, float]]:
        if large:
            return sorted(scored, key=lambda pair: (-pair[1], pair[0]))
        return sorted(scored, key=lambda pair: (-pair[1], self._state.kept(pair[0]).entry.document_id))

    def _words(self, terms: Sequence[str]) -> Iterator[_Clause]:
        for term in dict.fromkeys(terms):
            if holding := self._holding(term):
                each = rarity(holding, self._state.total) * (K1 + 1)
                query = self._state.word(term)
                yield _Clause(query, each, Query.boost_query(query, each / (self._their_rarity(term) * (K1 + 1))), True)

    def _runs(self, runs: Sequence[Run]) -> Iterator[_Clause]:
        for field, needle in runs:
            query = self._state.queries.run(needle, field)
            if holding := self._state.size(query):
                each = RUN_WEIGHTS[field] * rarity(holding, self._state.total)
                yield _Clause(query, each, Query.const_score_query(query, each), False)

    def _holding(self, term: str) -> int:
        """How many bulletins hold a word. The one document that is none holds no word."""
        if self.deleted:
            return self._state.size(self._state.word(term))
        return self._frequency(term)

    def _scored(self, addresses: list[DocAddress], clauses: Sequence[_Clause]) -> list[tuple[int, float]]:
        """Each row with its score."""
        lengths = self._state.numbers("length", addresses)
        norms = [norm(length, self._average) for length in lengths]
        scores = [0.0] * len(addresses)
        for clause in clauses:
            for place, address in enumerate(addresses):
                if told := self._told(clause.query, address):
                    scores[place] += _worth(clause, told, norms[place])
        return list(zip(map(row_of, addresses), scores, strict=True))

    def _told(self, query: Query, address: DocAddress) -> str:
        """What tantivy tells of how a document matches; "" where it does not."""
        try:
            return query.explain(self._state.searcher, address).to_json()
        except ValueError as error:
            if "does not match" in str(error):
                return ""
            with asking(str(address)):
                raise

    def _their_rarity(self, term: str) -> float:
        return rarity(self._frequency(term), int(self._statistics(term)[0]))

    def _frequency(self, term: str) -> int:
        """How many documents hold a word, deleted ones among them."""
        found = self._frequencies.get(term)
        if found is None:
            if len(self._frequencies) >= _REMEMBERED:
                self._frequencies.clear()
            found = self._frequencies[term] = self._state.searcher.doc_freq("words", told_apart(term))
        return found

    def _statistics(self, term: str) -> tuple[float, float]:
        """How many documents tantivy counts, and their mean length, deleted ones among them; `term` is held."""
        if self._theirs is None:
            query = self._state.word(term)
            told = self._told(query, self._state.search(query, 1)[0][1])
            self._theirs = _number("N", told), _number("avgdl", told)
        return self._theirs

    def _deviation(self) -> float:
        """By how much of itself a score may be greater than tantivy's."""
        mean = self._theirs[1] if self._theirs else self._average
        return abs(max(mean, self._average) / min(mean, self._average) - 1) + _ERROR


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a word or run adds to a score: a run its worth, a word a part of it. `boosted` makes tantivy add it."""

    query: Query
    worth: float
    boosted: Query
    is_word: bool


def _boosted(asked: Query, clauses: Sequence[_Clause]) -> Query:
    """Finds what `asked` finds, scored by the clauses alone."""
    scoring = [(Occur.Should, clause.boosted) for clause in clauses]
    return Query.boolean_query([(Occur.Must, Query.const_score_query(asked, 0.0)), *scoring])


def _worth(clause: _Clause, told: str, length: float) -> float:
    if not clause.is_word:
        return clause.worth
    count = _number("freq", told)
    return clause.worth * count / (count + length)


def _number(name: str, told: str) -> float:
    found = _TOLD[name].search(told)
    if found is None:
        raise DamagedError(f"tantivy explains its scores without {name}")
    return float(found[1])
