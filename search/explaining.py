"""How a question was understood, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bulletin.query import DateRange, Glyphs, Near, Node, Phrase, Query, Words
from search.characters import characters
from search.matching import leaves


def explained(
    query: Query, terms: Callable[[str], list[str]], count: Callable[[Node], int]
) -> Iterator[tuple[str, str]]:
    """(what, how) pairs: notes, filters and order always; words and the hits of each term where they were asked for."""
    for note in query.notes:
        yield "note", note
    yield from _filters(query)
    if not query.explain:
        return
    for leaf in dict.fromkeys(leaves(query.words, negated=True)):
        label = _label(leaf)
        texts = leaf.texts if isinstance(leaf, Near) else (leaf.text,)
        yield f"looked for {label}", " … ".join(map(characters, texts))
        yield f"words of {label}", " ".join(term for text in texts for term in terms(text))
        yield f"hits of {label}", str(count(leaf))


def _label(leaf: Words | Phrase | Glyphs | Near) -> str:
    where = f"{leaf.where}:" if leaf.where else ""
    match leaf:
        case Near(texts, distance):
            return f'{where}"{" ".join(texts)}"~{distance}'
        case Phrase(text):
            return f'{where}"{text}"'
        case Glyphs(text):
            return f"{where}{text} (these glyphs)"
        case Words(text, _, prefix):
            return f"{where}{text}{'*' if prefix else ''}"


def _filters(query: Query) -> Iterator[tuple[str, str]]:
    filters, asked = query.filters, query.filters.range
    if asked != DateRange(date=asked.date):
        ends = f"{asked.start or '…'} to {asked.end or '…'}"
        yield "dates", f"{asked.date} {ends}; papers without that date: {asked.undated}"
    for name in ("region", "office", "number"):
        if value := getattr(filters, name):
            yield name, value
    if filters.source:
        yield "source", ", ".join(filters.source)
    order = "" if query.sort == "relevance" else f" by the {asked.date} date, papers without it last"
    yield "order", query.sort + order
