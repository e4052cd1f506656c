"""A part of a query in the language of SQLite's FTS5, over a table that holds every character as a word.

Beside the fields it has the column `spelt`, in which the marks of `search.printed` stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bulletin.query import AllOf, AnyOf, Near, Node, Not, Phrase, Words
from search.characters import characters
from search.entry import Entry
from search.matching import fields_named
from search.printed import forms_in, glyphs_held, pairs_held

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


def marks_of(entry: Entry) -> str:
    """What stands in the column `spelt` of an entry: the forms of characters, but the folded form alone only beside
    others, and pairs."""
    forms = forms_in(glyphs_held(entry))
    marks = set().union(*forms.values()) | pairs_held(entry, forms)
    return " ".join(sorted(map(_mark, marks)))


def marked(form: str) -> str:
    """Finds what is marked with a pair or character."""
    return any_marked([form])


def any_marked(forms: Sequence[str]) -> str:
    found = " OR ".join(f'"{_mark(form)}"' for form in forms)
    return f"(spelt : ({found}))"


def _mark(form: str) -> str:
    return (form if len(form) > 1 else _ALONE + form).translate(_CAPITALS)


# A mark is never a word that stands for a character in another column; FTS5 takes capitals for small letters.
_ALONE: Final = "\ue000"
_CAPITALS: Final = {code: 0xE000 + code for code in range(ord("A"), ord("Z") + 1)}
