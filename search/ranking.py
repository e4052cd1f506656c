"""In what order bulletins are shown: BM25F over words, and what is asked for standing in a title or number as one run.

The formula is Robertson and Zaragoza's simple BM25F ("The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
section 3.6): counts are weighted by field and divided by the field's length first, then saturated once. Every engine
counts with these numbers, so that they agree on the order but for rounding.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from search.analyzer import Analyzer
from search.filtering import Card

#: A word in a title says more than one in the text, a word in an appendix less.
WEIGHTS: Final = {"title": 8.0, "number": 4.0, "headings": 2.0, "text": 1.0, "attachments": 0.5}
#: What a query term is worth that stands in the field as one unbroken run, in units of its inverse frequency there.
RUN_WEIGHTS: Final = {"title": 3.0, "number": 4.0, "index_number": 4.0}
K1: Final = 1.2
B: Final = 0.75

_WORDS_OF: Final = {
    "title": ("title",),
    "number": ("number", "index_number"),
    "headings": ("headings",),
    "text": ("text", "office", "source_name", "topic", "imprint"),
    "attachments": ("attachments",),
}

_LONGEST_FIRST: Final = ("text", "attachments", "headings", "title", "number")
Postings = Callable[[str, str], Iterable[tuple[int, float]]]


def counted(parts: Mapping[str, tuple[str, ...]], analyzer: Analyzer) -> dict[str, Counter[str]]:
    """How often each word stands in each field of WEIGHTS, from the folded parts of an entry."""
    counts: dict[str, Counter[str]] = {}
    for field, names in _WORDS_OF.items():
        counts[field] = Counter()
        for name in names:
            for part in parts[name]:
                counts[field].update(analyzer.count(part))
    return counts


def lengths_of(counts: Mapping[str, Counter[str]]) -> tuple[int, ...]:
    """Words in each field, in the order of WEIGHTS."""
    return tuple(counts[field].total() for field in WEIGHTS)


def run_fields(needle: str) -> list[str]:
    """The fields in which it says something that `needle` stands there as one run: numbers, if it has a digit."""
    if len(needle) < 2:
        return []
    return [field for field in RUN_WEIGHTS if field == "title" or any(map(str.isdigit, needle))]


def rarity(holding: int, total: int) -> float:
    """Inverse document frequency, never negative."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


class Ranking:
    """Scores over one state of an index: `cards` by row number."""

    def __init__(self, cards: Mapping[int, Card]) -> None:
        self._total = len(cards)
        self._norms: dict[str, list[float]] = {}
        for place, (field, weight) in enumerate(WEIGHTS.items()):
            sizes = [card.lengths[place] for card in cards.values()]
            average = sum(sizes) / max(1, len(sizes)) or 1.0
            self._norms[field] = norms = [0.0] * (max(cards, default=0) + 1)
            for row, size in zip(cards, sizes, strict=True):
                norms[row] = weight / (1 - B + B * size / average)

    def words(self, terms: Iterable[str], postings: Postings, among: Collection[int]) -> dict[int, float]:
        """The score of each row of `among`. `postings(field, term)` gives (row, count) of the rows that hold a term;
        row 0 is nobody's."""
        scores = dict.fromkeys(among, 0.0)
        for term in dict.fromkeys(terms):
            weighted: dict[int, float] = {}
            for field in _LONGEST_FIRST:
                norms = self._norms[field]
                if weighted:
                    for row, count in postings(field, term):
                        weighted[row] = weighted.get(row, 0.0) + count * norms[row]
                else:
                    weighted = {row: count * norms[row] for row, count in postings(field, term)}
            weighted.pop(0, None)
            worth = rarity(len(weighted), self._total) * (K1 + 1)
            for row in weighted.keys() & scores.keys() if len(scores) < len(weighted) else weighted:
                if row in scores:
                    weight = weighted[row]
                    scores[row] += worth * weight / (weight + K1)
        return scores

    def runs(self, scores: dict[int, float], field: str, rows: Collection[int]) -> None:
        """Add to `scores` what it is worth that a term stands in `field` of these rows as one run."""
        worth = RUN_WEIGHTS[field] * rarity(len(rows), self._total)
        for row in rows:
            if row in scores:
                scores[row] += worth
