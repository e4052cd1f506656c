"""Stored text + what was asked -> a cut-out in the original glyphs with highlights. The same for every engine.

What is asked for is looked for among the folded characters of the text, and the text is cut at the same places, so that
either script finds and shows the glyphs that stand there (0.03 ms against 15 ms with Whoosh's own highlighter).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bulletin.query import Glyphs, Near, Phrase, Words
from bulletin.results import Snippet
from bulletin.text.script import fold
from search.characters import characters, glyphs, runs_in
from search.entry import Entry

WIDTH: Final = 100  # characters shown
_BEFORE: Final = 24  # of them before the first highlight
_BEGINNING: Final = 200_000
_FIRST: Final = (400, 2500, 10_000, 40_000)
_MOST: Final = 500  # places looked at for each term
_FIELDS: Final = ("imprint", "headings", "office", "source_name", "topic")
# One for one, so that offsets hold; control characters would reach a terminal.
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Leaf = Words | Phrase | Glyphs | Near
_Term = tuple[str, str]  # what to look for, and the glyphs it must have ("" for any)
_Span = tuple[int, int, int]  # start, end, number of the term


def snippet_of(entry: Entry, leaves: Sequence[Leaf]) -> Snippet:
    """The cut-out of `entry` that holds most of what `leaves` ask for, from the text if it stands there.

    Where nothing asked for stands in the text, an attachment or another field is cut; failing that, the text's start.
    """
    for place, text, terms in _places(entry, leaves):
        if spans := _nearest(text, terms):
            return _cut(text, spans, place)
    return _cut(entry.text, [], Snippet(""))


def _places(entry: Entry, leaves: Sequence[Leaf]) -> Iterator[tuple[Snippet, str, list[_Term]]]:
    """A snippet without its text yet, the text to cut it from, and what is looked for there."""
    terms = _terms(leaves, "text")
    yield Snippet(""), entry.text, terms
    for number, (name, text) in enumerate(entry.attachments, start=1):
        place = Snippet("", where="attachments", name=name, attachment=number)
        yield place, text, terms
        yield place, name, terms
    for field in _FIELDS:
        value = getattr(entry, field)
        for text in (value,) if isinstance(value, str) else value or ():
            yield Snippet("", where=field), text, _terms(leaves, field)


def _nearest(text: str, terms: Sequence[_Term]) -> list[_Span]:
    """The spans of a text by which it is cut. It is read to its end only where its beginning does not hold a window
    with everything that is asked for, which no later one could better; a monster, only if its beginning holds nothing.
    """
    if not terms:
        return []
    folded = ""
    for size in _FIRST:
        if len(text) <= size:
            break
        folded += fold(text[len(folded) : size])
        start, most = _window(spans := _spans(text, folded, terms))
        # The last window of a beginning may be cut off, so what is cut must end well before.
        if spans and most == len(terms) and start < size - 2 * WIDTH:
            return spans
    for size in (_BEGINNING, len(text)):
        folded += fold(text[len(folded) : size])
        spans = _spans(text, folded, terms)
        if spans or len(folded) == len(text):
            break
    return spans


def highlights(text: str, leaves: Sequence[Leaf]) -> tuple[tuple[int, int], ...]:
    """Where in `text` the leaves stand: [start, end) in their order, none overlapping another."""
    spans = _spans(text, fold(text), _terms(leaves))
    return tuple(_merged([(start, end) for start, end, _ in spans]))


def _spans(text: str, folded: str, terms: Sequence[_Term]) -> list[_Span]:
    """In the order of the text, of which `folded` is the beginning."""
    found: list[_Span] = []
    for number, (term, exact) in enumerate(terms):
        found += [(start, end, number) for start, end in _occurrences(text, folded, term, exact)]
    return sorted(found)


def _terms(leaves: Sequence[Leaf], where: str = "") -> list[_Term]:
    """What to look for in a field, or in any."""
    found: dict[_Term, None] = {}
    for leaf in leaves:
        if not where or leaf.where in ("", where):
            for text in leaf.texts if isinstance(leaf, Near) else (leaf.text,):
                if term := characters(text):
                    found[term, glyphs(text) if isinstance(leaf, Glyphs) else ""] = None
    return list(found)


def _occurrences(text: str, folded: str, term: str, exact: str) -> Iterator[tuple[int, int]]:
    for start, end in islice(runs_in(folded, term), _MOST):
        if not exact or glyphs(text[start:end]) == exact:
            yield start, end


def _cut(text: str, spans: list[_Span], place: Snippet) -> Snippet:
    best = _window(spans)[0]
    start = max(0, min(best - _BEFORE, len(text) - WIDTH))
    # A cut-out begins with its paragraph where that is near.
    line = text.rfind("\n", start, spans[0][0]) + 1 if spans else 0
    if spans and start < line <= best:
        start = line
    end = min(len(text), start + WIDTH)
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    shown = [(max(a, start), min(b, end)) for a, b, _ in spans if a < end and b > start]
    shift = len(lead) - start
    return replace(
        place,
        text=lead + _UNSEEN.sub(" ", text[start:end]) + tail,
        highlights=tuple((a + shift, b + shift) for a, b in _merged(shown)),
        page=_page(text, shown[0][0]) if shown else None,
    )


def _page(text: str, at: int) -> int | None:
    """The page an offset lies on, in a text whose pages are parted by form feeds; None for other texts."""
    return text.count("\f", 0, at) + 1 if "\f" in text else None


def _window(spans: list[_Span]) -> tuple[int, int]:
    """Where the first window begins that holds most different terms, and how many it holds."""
    best, start, first = 0, spans[0][0] if spans else 0, 0
    counts: dict[int, int] = {}
    for begin, _, number in spans:
        counts[number] = counts.get(number, 0) + 1
        while spans[first][0] < begin - (WIDTH - _BEFORE):
            left = spans[first][2]
            counts[left] -= 1
            if not counts[left]:
                del counts[left]
            first += 1
        if len(counts) > best:
            best, start = len(counts), spans[first][0]
    return start, best


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
