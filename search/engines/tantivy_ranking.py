"""The first by score, from tantivy's BM25 over the words of a bulletin, each as often as it counts.

tantivy's scores are single precision, and count in what was deleted and not yet merged away. So it is asked for a few
more than are wanted, these are scored anew as `search.ranking` has it, and more are fetched until none that is left
could come among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tantivy import DocAddress, Occur, Query

from bulletin.query import Near, Node
from search.characters import characters
from search.engines.tantivy_storage import asking, told_apart
from search.entry import parts_of
from search.matching import leaves
from search.ranking import K1, RUN_WEIGHTS, norm, rarity, run_fields

if TYPE_CHECKING:
    from search.engines.tantivy_searcher import TantivyState

#: (field, characters) of what is worth something where it stands in a field as one run.
Run = tuple[str, str]

_MORE: Final = 8  # fetched beyond what is wanted
_MOST: Final = 512  # fetched at most to tell apart what scores nearly the same
_SMALL: Final = 1000  # bulletins up to which ties are in the order of their ids to the last
_REMEMBERED: Final = 10_000
_ERROR: Final = 1e-5  # of single precision, added up
_TOLD: Final = re.compile(r'"value": ([^,\s]+),\s+"description": "(freq, |dl, |avgdl, |N, )')


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


class Scoring:
    """Scores over one state of an index."""

    def __init__(self, state: TantivyState) -> None:
        self._state = state
        papers = state.queries.papers()
        length = state.aggregate(papers, {"length": {"sum": {"field": "length"}}})["length"]["value"]
        self._average: float = (length or 0.0) / max(1, state.total) or 1.0
        self._theirs: tuple[float, float] | None = None
        self._known: dict[tuple[int, str], list[str]] = {}

    @property
    def deleted(self) -> bool:
        """Whether tantivy still holds documents that were deleted."""
        first = self._state.search(self._state.queries.papers(), 1)
        if not first:
            return True
        told = self._told_of(self._state.queries.papers(), first[0][1])
        return told["N, "] > self._state.total + 1

    def best(self, asked: Query, terms: Sequence[str], runs: Sequence[Run], count: int) -> list[tuple[int, float]]:
        """The first `count` rows of `asked` with their scores, by score and then by id."""
        if not count:
            return []
        worth = {term: self._worth(term) for term in dict.fromkeys(terms)}
        worth = {term: each for term, each in worth.items() if each}
        bonus = [(*run, self._bonus(*run)) for run in runs]
        query = self._query(asked, worth, bonus)
        wanted = count + _MORE
        while True:
            hits = self._state.search(query, wanted)
            scored = sorted(
                ((self._score(row, address, worth, bonus), row) for row, address in _rows(hits)),
                key=lambda pair: (-pair[0], self._state.kept(pair[1]).entry.document_id),
            )[:count]
            least = hits[-1][0] * (1 + self._deviation()) if hits else 0.0
            last = scored[-1][0] if scored else 0.0
            # In a large archive hundreds may score the same, and which of them come first is no matter.
            if self._state.total > _SMALL:
                last *= 1 + 2 * _ERROR
            if len(hits) < wanted or wanted >= _MOST + count or last > least:
                return [(row, score) for score, row in scored]
            wanted *= 4

    def _query(self, asked: Query, worth: dict[str, float], bonus: Sequence[tuple[str, str, float]]) -> Query:
        clauses = [(Occur.Must, Query.const_score_query(asked, 0.0))]
        for term, each in worth.items():
            boost = each / (self._their_rarity(term) * (K1 + 1))
            clauses.append((Occur.Should, Query.boost_query(self._state.word(term), boost)))
        for field, needle, each in bonus:
            run = self._state.queries.run(needle, field)
            clauses.append((Occur.Should, Query.const_score_query(run, each)))
        return Query.boolean_query(clauses)

    def _worth(self, term: str) -> float:
        holding = self._state.size(self._state.word(term))
        return rarity(holding, self._state.total) * (K1 + 1) if holding else 0.0

    def _bonus(self, field: str, needle: str) -> float:
        holding = self._state.size(self._state.queries.run(needle, field))
        return RUN_WEIGHTS[field] * rarity(holding, self._state.total)

    def _score(
        self, row: int, address: DocAddress, worth: dict[str, float], bonus: Sequence[tuple[str, str, float]]
    ) -> float:
        score: float = 0.0
        for term, each in worth.items():
            if told := self._told(term, address):
                count = told["freq, "]
                score += each * count / (count + norm(int(told["dl, "]), self._average))
        for field, needle, each in bonus:
            if any(needle in part for part in self._parts(row, field)):
                score += each
        return score

    def _parts(self, row: int, field: str) -> list[str]:
        """The characters of a short field, remembered, because the best are looked at again and again."""
        found = self._known.get((row, field))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            parts = parts_of(self._state.kept(row).entry)[field]
            self._known[row, field] = found = list(map(characters, parts))
        return found

    def _told(self, term: str, address: DocAddress) -> dict[str, float]:
        """What tantivy says of a word in a document; nothing where it does not stand."""
        return self._told_of(self._state.word(term), address)

    def _told_of(self, query: Query, address: DocAddress) -> dict[str, float]:
        try:
            told = query.explain(self._state.searcher, address).to_json()
        except ValueError as error:
            if "does not match" in str(error):
                return {}
            with asking(str(address)):
                raise
        return {name: float(value) for value, name in _TOLD.findall(told)}

    def _their_rarity(self, term: str) -> float:
        holding = self._state.searcher.doc_freq("words", told_apart(term))
        return rarity(holding, int(self._statistics(term)[0]))

    def _statistics(self, term: str) -> tuple[float, float]:
        """How many documents tantivy counts, and their mean length, deleted ones among them; `term` is held."""
        if self._theirs is None:
            address = self._state.search(self._state.word(term), 1)[0][1]
            told = self._told(term, address)
            self._theirs = told["N, "], told["avgdl, "]
        return self._theirs

    def _deviation(self) -> float:
        """By how much of itself a score may be greater than tantivy's."""
        mean = self._theirs[1] if self._theirs else self._average
        return abs(max(mean, self._average) / min(mean, self._average) - 1) + _ERROR


def _rows(hits: Sequence[tuple[float, DocAddress]]) -> list[tuple[int, DocAddress]]:
    from search.engines.tantivy_searcher import row_of

    return [(row_of(address), address) for _, address in hits]
