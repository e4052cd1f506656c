"""In what order bulletins are shown: BM25F over words, and what is asked for standing in a title or number as one run.

The formula is BM25F as Robertson, Zaragoza and Taylor gave it first ("Simple BM25 Extension to Multiple Weighted
Fields", CIKM 2004): a word in a title counts as so many words in the text, in the count of the word as in the length of
the bulletin, and plain BM25 follows. An engine that knows BM25 alone can so be given the bulletin with its title
repeated, and ranks by the same formula. Lengths are rounded down to one of 256, as engines store them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import Final

from search.analyzer import Analyzer, told_apart
from search.filtering import Card

#: A word in a title counts as eight in the text, two of a kind in appendices as one.
WEIGHTS: Final = {"title": 8, "number": 4, "headings": 2, "text": 1, "attachments": 0.5}
#: What a query term is worth that stands in the field as one unbroken run, in units of its inverse frequency there.
RUN_WEIGHTS: Final = {"title": 1.0, "number": 4.0, "index_number": 4.0}
K1: Final = 1.2
B: Final = 0.75

_WORDS_OF: Final = {
    "title": ("title",),
    "number": ("number", "index_number"),
    "headings": ("headings",),
    "text": ("text", "office", "source_name", "topic", "imprint"),
    "attachments": ("attachments",),
}

Postings = Callable[[str], Iterable[tuple[int, float]]]


def counted(parts: Mapping[str, tuple[str, ...]], analyzer: Analyzer) -> Counter[str]:
    """How often each word counts, from the folded parts of an entry: weighted by where it stands, halves rounded up.

    The total is the length of the entry.
    """
    counts = analyzer.count(_lines_of("text", parts))
    for field, weight in WEIGHTS.items():
        if field != "text":
            for term, count in analyzer.count(_lines_of(field, parts)).items():
                counts[term] += math.ceil(weight * count)
    return counts


def spelled_out(parts: Mapping[str, tuple[str, ...]], analyzer: Analyzer) -> str:
    """What `counted` counts, in half the time: every word as often as it counts, in no order, a blank after each. Very
    long words are cut as by `told_apart`."""
    spelled: list[str] = []
    for field, weight in WEIGHTS.items():
        lines = _lines_of(field, parts)
        if weight == int(weight):
            spelled.append(analyzer.spelled(lines) * int(weight))
        else:
            counts = analyzer.count(lines).items()
            spelled += [f"{told_apart(term)} " * math.ceil(weight * count) for term, count in counts]
    return "".join(spelled)


def _lines_of(field: str, parts: Mapping[str, tuple[str, ...]]) -> str:
    # Cut together, a line each: no word goes over a line's end, and every call has its price.
    return "\n".join([part for name in _WORDS_OF[field] for part in parts[name]])


@cache
def _rounded() -> tuple[int, ...]:
    """The lengths that are told apart, ascending: each to 40, then with four binary digits (Lucene's
    SmallFloat.byte4, which tantivy shares)."""
    return tuple(code if code < 24 else 24 + _float4(code - 24) for code in range(256))


def _float4(code: int) -> int:
    mantissa, exponent = code & 7, (code >> 3) - 1
    return mantissa if exponent < 0 else (mantissa | 8) << exponent


def rounded(length: int) -> int:
    """The greatest of the lengths told apart that is not above `length`."""
    told_apart = _rounded()
    return told_apart[bisect_right(told_apart, length) - 1]


def run_fields(needle: str) -> list[str]:
    """The fields in which it says something that `needle` stands there as one run: numbers, if it has a digit."""
    if len(needle) < 2:
        return []
    return [field for field in RUN_WEIGHTS if field == "title" or any(map(str.isdigit, needle))]


def rarity(holding: int, total: int) -> float:
    """Inverse document frequency, never negative."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def norm(length: int, average: float) -> float:
    """What a count is set against: more in a long bulletin. `average` is the mean of all lengths."""
    return K1 * (1 - B + B * rounded(length) / average)


class Ranking:
    """Scores over one state of an index: `cards` by row number."""

    def __init__(self, cards: Mapping[int, Card]) -> None:
        self._total = len(cards)
        average = sum(card.length for card in cards.values()) / max(1, len(cards)) or 1.0
        self._norms = [0.0] * (max(cards, default=0) + 1)
        for row, card in cards.items():
            self._norms[row] = norm(card.length, average)

    def words(self, terms: Iterable[str], postings: Postings, among: Collection[int]) -> dict[int, float]:
        """The score of each row of `among`. `postings(term)` gives (row, count) of the rows that hold a term; row 0 is
        nobody's."""
        scores = dict.fromkeys(among, 0.0)
        norms = self._norms
        for term in dict.fromkeys(terms):
            counts = dict(postings(term))
            counts.pop(0, None)
            worth = rarity(len(counts), self._total) * (K1 + 1)
            for row in counts.keys() & scores.keys() if len(scores) < len(counts) else counts:
                if row in scores:
                    scores[row] += worth * counts[row] / (counts[row] + norms[row])
        return scores

    def runs(self, scores: dict[int, float], field: str, rows: Collection[int]) -> None:
        """Add to `scores` what it is worth that a term stands in `field` of these rows as one run."""
        worth = RUN_WEIGHTS[field] * rarity(len(rows), self._total)
        for row in rows:
            if row in scores:
                scores[row] += worth
