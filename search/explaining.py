"""How a question was understood, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from bulletin.query import AllOf, Among, AnyOf, DateRange, Filters, Glyphs, Near, Node, Not, Phrase, Query, Words
from bulletin.text.script import fold, variants
from search.characters import characters
from search.matching import leaves

_TERMS: Final = 50  # explained one by one
_FORMS: Final = 8  # shown of one character


def explained(
    query: Query, terms: Callable[[str], list[str]], count: Callable[[Node], int]
) -> Iterator[tuple[str, str]]:
    """(what, how) pairs: notes, filters and order always; where it was asked for also the question as it was read, and
    of each term, excluded ones too, its words, the forms of its characters, and its hits."""
    for note in query.notes:
        yield "note", note
    yield from _filters(query)
    if not query.explain:
        return
    if query.words is not None:
        yield "question", said(query.words)
    wanted = set(leaves(query.words))
    asked = list(dict.fromkeys(leaves(query.words, negated=True)))
    for leaf in asked[:_TERMS]:
        label = ("" if leaf in wanted else "NOT ") + _label(leaf)
        texts = leaf.texts if isinstance(leaf, Near) else (leaf.text,)
        yield f"looked for {label}", " … ".join(map(characters, texts))
        yield f"words of {label}", " ".join(term for text in texts for term in terms(text))
        if not isinstance(leaf, Glyphs) and (forms := _forms("".join(texts))):
            yield f"also written in {label}", forms
        yield f"hits of {label}", str(count(leaf))
    if len(asked) > _TERMS:
        yield "terms not explained", str(len(asked) - _TERMS)


def said(node: Node) -> str:
    """The question in one line, as it could be typed."""
    match node:
        case AllOf(parts):
            return " AND ".join(f"({said(part)})" if isinstance(part, AnyOf) else said(part) for part in parts)
        case AnyOf(parts):
            return " OR ".join(f"({said(part)})" if isinstance(part, AllOf) else said(part) for part in parts)
        case Not(part):
            return f"NOT ({said(part)})" if isinstance(part, AllOf | AnyOf) else f"NOT {said(part)}"
        case Among(filters):
            return " ".join(f"{what}:[{how}]" for what, how in _narrowing(filters))
        case _:
            return _label(node)


def _forms(text: str) -> str:
    """Other characters that are taken for those of `text`: 发 發髮."""
    found: dict[str, str] = {}
    for char in text:
        folded = fold(char)
        if folded not in found and ord(folded) > 0x2E7F:
            others = sorted(variants(char) - {char}, key=lambda form: (len(form.encode()), form))
            found[folded] = char + " " + "".join(others[:_FORMS]) if others else ""
    return ", ".join(filter(None, found.values()))


def _label(leaf: Words | Phrase | Glyphs | Near) -> str:
    # A lone surrogate, as a terminal makes of broken input, could not be printed.
    return _worded(leaf).encode("utf-8", "replace").decode()


def _worded(leaf: Words | Phrase | Glyphs | Near) -> str:
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
    yield from _narrowing(query.filters)
    for name, chosen in (("only", query.only), ("without", query.without)):
        if chosen:
            yield name, ", ".join(f"{facet}={value}" for facet, value in chosen)
    order = (
        ""
        if query.sort in ("relevance", "number")
        else f" by the {query.filters.range.date} date, papers without it last"
    )
    yield "order", query.sort + order


def _narrowing(filters: Filters) -> Iterator[tuple[str, str]]:
    asked = filters.range
    if asked != DateRange(date=asked.date):
        ends = f"{asked.start or '…'} to {asked.end or '…'}"
        yield "dates", f"{asked.date} {ends}; papers without that date: {asked.undated}"
    for name in ("region", "office", "number"):
        if value := getattr(filters, name):
            yield name, value
    if filters.source:
        yield "source", ", ".join(filters.source)
