"""In which glyphs the characters of a bulletin are printed: what tells 規定 from 规定 without reading the bulletin.

Most bulletins print a character in one form throughout: the forms they hold say enough. Where a character stands in
several forms, its pairs with the characters beside it are held too, each as it is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, product
from typing import Final

from bulletin.text.script import fold, variants
from search.characters import BORDER, characters_of_folded, glyphs_of_folded
from search.entry import Entry, parts_of

#: Characters of a run of which every pair is asked for in its form; what holds a longer one is read.
LONGEST: Final = 16


def glyphs_held(entry: Entry) -> set[str]:
    """Every form of a character that an entry prints."""
    return set().union(*chain.from_iterable(parts_of(entry).values()))


def forms_in(held: set[str]) -> dict[str, set[str]]:
    """Of the searchable characters held in another form than their folded one, all forms held, by the folded one."""
    printed = "".join(held)
    unfolded = [(form, plain) for form, plain in zip(printed, fold(printed), strict=True) if form != plain]
    searchable = set(characters_of_folded("".join(plain for _, plain in unfolded)))
    forms: dict[str, set[str]] = {}
    for form, plain in unfolded:
        if plain in searchable:
            forms.setdefault(plain, {plain} & held).add(form)
    return forms


def pairs_held(entry: Entry, parts: Mapping[str, tuple[str, ...]], forms: Mapping[str, set[str]]) -> set[str]:
    """Every pair of neighbours, as printed, one of which is a character that is held in several `forms`. `parts` are
    the entry's folded ones."""
    mixed = [form for several in forms.values() if len(several) > 1 for form in several]
    if not mixed:
        return set()
    raw, folded = chain.from_iterable(parts_of(entry).values()), chain.from_iterable(parts.values())
    text = BORDER.join(map(glyphs_of_folded, raw, folded))
    places = list(chain.from_iterable(_places(form, text) for form in mixed))
    pairs = {text[at : at + 2] for at in places} | {text[at - 1 : at + 1] for at in places if at}
    return {pair for pair in pairs if len(pair) > 1 and BORDER not in pair}


def _places(char: str, text: str) -> Iterator[int]:
    # A pattern of all of them would be another for every bulletin: making it takes longer than looking.
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


def pairs_asked(needle: str) -> list[str]:
    """The pairs of a run of glyphs, each once; its only character where there is no more."""
    return sorted({needle[at : at + 2] for at in range(max(1, len(needle) - 1))})


def other_glyphs(text: str) -> list[str]:
    """All other forms of these characters."""
    return sorted({form for char in text for form in variants(char) if form != char})


def other_pairs(pair: str) -> list[str]:
    """The same pair in all its other forms."""
    return sorted(form for form in map("".join, product(*map(variants, pair))) if form != pair)
