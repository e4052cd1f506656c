"""In which glyphs the characters of a bulletin are printed: what tells 規定 from 规定 without reading the bulletin.

Most bulletins print a character in one form throughout: the forms they hold say enough. Where a character stands in
several forms, its pairs with the characters beside it are held too, each as it is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, product
from typing import Final

from bulletin.text.script import fold, other_forms, variants
from search.characters import is_character
from search.entry import Entry, parts_of

#: Characters of a run of which every pair is asked for in its form; what holds a longer one is read.
LONGEST: Final = 16


def glyphs_held(entry: Entry) -> set[str]:
    """Every form of a character that an entry prints."""
    return set().union(*chain.from_iterable(parts_of(entry).values()))


def forms_in(held: set[str]) -> dict[str, set[str]]:
    """Of the searchable characters held in another form than their folded one, all forms held, by the folded one."""
    unfolded = "".join(held & other_forms())
    forms: dict[str, set[str]] = {}
    for form, plain in zip(unfolded, fold(unfolded), strict=True):
        if is_character(plain):
            forms.setdefault(plain, {plain} & held).add(form)
    return forms


def pairs_held(entry: Entry, forms: Mapping[str, set[str]]) -> set[str]:
    """Every pair of neighbours, as printed, one of which is a character that is held in several `forms`."""
    mixed = [form for several in forms.values() if len(several) > 1 for form in several]
    pairs: set[str] = set()
    for text in chain.from_iterable(parts_of(entry).values()) if mixed else ():
        for form in mixed:
            # A pattern of all of them would be another for every bulletin: making it takes longer than looking.
            if form in text:
                first, *between, last = text.split(form)
                pairs |= {_last(first) + form, form + _first(last)}
                for piece in set(between):
                    pairs |= {form + (_first(piece) or form), (_last(piece) or form) + form}
    return {pair for pair in pairs if len(pair) > 1}


def _first(text: str) -> str:
    """The first character, marks passed over, or ""."""
    for char in text:
        if is_character(char):
            return char
    return ""


def _last(text: str) -> str:
    for char in reversed(text):
        if is_character(char):
            return char
    return ""


def pairs_asked(needle: str) -> list[str]:
    """The pairs of a run of glyphs, each once; its only character where there is no more."""
    return sorted({needle[at : at + 2] for at in range(max(1, len(needle) - 1))})


def other_glyphs(text: str) -> list[str]:
    """All other forms of these characters."""
    return sorted({form for char in text for form in variants(char) if form != char})


def other_pairs(pair: str) -> list[str]:
    """The same pair in all its other forms."""
    return sorted(form for form in map("".join, product(*map(variants, pair))) if form != pair)
