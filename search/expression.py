"""A part of a query in the language of SQLite's FTS5, over a table that holds every character as a word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bulletin.query import AllOf, AnyOf, Near, Node, Not, Phrase, Words
from search.characters import characters
from search.matching import fields_named

#: Characters in the longest phrase FTS5 is given; it takes them one by one.
LONG_RUN: Final = 48


def expression_of(node: Node) -> str:
    """FTS5's own expression for a node, or "" where it has none."""
    match node:
        case Words(text, where) | Phrase(text, where):
            return _in(where, _phrase(text)) if 0 < len(characters(text)) <= LONG_RUN else ""
        case Near(texts, distance, where) if all(len(characters(text)) <= LONG_RUN for text in texts):
            phrases = [_phrase(text) for text in texts if characters(text)]
            return _in(where, f"NEAR({' '.join(phrases)}, {distance})") if phrases else ""
        case AnyOf(parts):
            return _combined(parts, " OR ")
        case AllOf(parts):
            wanted = _combined([part for part in parts if not isinstance(part, Not)], " AND ")
            unwanted = [part.part for part in parts if isinstance(part, Not)]
            without = _combined(unwanted, " OR ") if unwanted else ""
            if unwanted and not without:
                return ""
            return f"({wanted} NOT {without})" if wanted and without else wanted
        case _:
            return ""


def _combined(parts: Sequence[Node], operator: str) -> str:
    found = [expression_of(part) for part in parts]
    return f"({operator.join(found)})" if found and all(found) else ""


def _phrase(text: str) -> str:
    # Only letters, digits and Chinese characters are left, so that nothing needs escaping.
    return f'"{" ".join(characters(text))}"'


def _in(where: str, expression: str) -> str:
    return f"{fields_named(where)[0]} : {expression}" if where else expression
