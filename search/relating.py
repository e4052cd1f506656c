"""Bulletins about the same: those that share most of a bulletin's telling words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from bulletin.text.script import fold
from search.entry import Entry
from search.filtering import Card
from search.ranking import Postings, Ranking, rarity

_LOOKED_UP: Final = 60  # words of a bulletin whose rarity is asked for: a look-up each
_TELLING: Final = 20  # words that are then compared
_BEGINNING: Final = 20_000  # characters of a text that say what it is about


def related_rows(
    entry: Entry,
    cards: Mapping[int, Card],
    apart: Collection[int],
    ranking: Ranking,
    postings: Postings,
    terms: Callable[[str], list[str]],
) -> list[tuple[int, float]]:
    """(row, score) of the bulletins that share a telling word with `entry`, nearest first, but for the rows `apart`:
    itself and its copies, whose words are no sign of anything."""
    held: dict[str, set[int]] = {}

    def holding(term: str) -> int:
        held[term] = {row for row, _ in postings(term)}.difference(apart, (0,))
        return len(held[term])

    telling = telling_words(entry, terms, holding, len(cards))
    scores = ranking.words(telling, postings, set().union(*(held[term] for term in telling)))
    return sorted(scores.items(), key=lambda pair: (-pair[1], cards[pair[0]].document_id))


def telling_words(
    entry: Entry, terms: Callable[[str], list[str]], holding: Callable[[str], int], total: int
) -> list[str]:
    """The words of an entry by which others are like it; `holding` counts the others that hold a word, of `total`."""
    counts = {term: holding(term) for term in _frequent(entry, terms)}
    # A word of half of a large archive says nothing.
    worth = {term: rarity(count, total) for term, count in counts.items() if 0 < count <= max(20, total // 2)}
    return sorted(worth, key=lambda term: (-worth[term], term))[:_TELLING]


def _frequent(entry: Entry, terms: Callable[[str], list[str]]) -> Iterable[str]:
    counts = Counter(terms(entry.text[:_BEGINNING]))
    for term in terms(entry.title):
        counts[term] += 5
    named = [term for term in counts if len(fold(term)) > 1 and not term.isdigit()]
    return sorted(named, key=lambda term: (-counts[term], term))[:_LOOKED_UP]
