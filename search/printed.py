"""In which glyphs the characters of a bulletin are printed: what tells 規定 from 规定 without reading the bulletin.

A bulletin is marked with each pair of characters that is not in its folded form, and with the folded form of such a
pair where it is there as well. So what bears no mark of any other form holds a pair in the folded form alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, product
from operator import add
from typing import Final

from bulletin.text.script import fold, variants
from search.characters import BORDER, glyphs_of_folded
from search.entry import Entry, parts_of

#: Characters of a run of which every pair is asked for in its form; what holds a longer one is read.
LONGEST: Final = 16
_FEW: Final = 40


def printed(entry: Entry, parts: Mapping[str, tuple[str, ...]]) -> str:
    """The characters of an entry, whose folded parts are given, in their glyphs, divided by borders."""
    raw, folded = chain.from_iterable(parts_of(entry).values()), chain.from_iterable(parts.values())
    return BORDER.join(map(glyphs_of_folded, raw, folded))


def pairs_marked(text: str) -> set[str]:
    """The pairs of characters that what is printed is marked with."""
    places = [at for at, (char, plain) in enumerate(zip(text, fold(text), strict=True)) if char != plain]
    pairs = {text[at : at + 2] for at in places} | {text[at - 1 : at + 1] for at in places if at}
    pairs = {pair for pair in pairs if len(pair) > 1 and BORDER not in pair}
    # For a few, looking through the text is quicker than taking it apart.
    return _with_plain(pairs, set(map(add, text, text[1:])) if len(pairs) > _FEW else text)


def glyphs_marked(text: str) -> set[str]:
    """Likewise the single characters."""
    held = "".join(set(text) - {BORDER})
    return _with_plain({char for char, plain in zip(held, fold(held), strict=True) if char != plain}, held)


def _with_plain(forms: set[str], held: str | set[str]) -> set[str]:
    return forms.union(plain for plain in fold(" ".join(forms)).split() if plain in held)


def forms_asked(needle: str) -> tuple[list[str], list[str]]:
    """Of the pairs of a run of glyphs, or of its only character, those that must be marked; all other forms of each."""
    pairs: Iterable[str] = {needle[at : at + 2] for at in range(max(1, len(needle) - 1))}
    others = (form for pair in pairs for form in map("".join, product(*map(variants, pair))) if form != pair)
    return sorted(pair for pair in pairs if pair != fold(pair)), sorted(set(others))
