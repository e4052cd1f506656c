"""Which characters may stand where text was damaged, by the bytes that are left of them, and what each costs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from functools import cache, lru_cache

from bulletin.text.repair import model
from bulletin.text.repair.readings import (
    is_cjk,
    is_converted,
    is_uncommon_form,
    may_be_simplified,
    only_simplified,
    readings_of,
    simplified,
)
from bulletin.text.repair.words import Character, words

_MARKS = frozenset("“”‘’「」『』《》〈〉、。—…·（）：；，？！【】〔〕％～〇　－／．①②③④⑤⑥⑦⑧⑨⑩１２３４５６７８９０")
_OPENING = frozenset("“‘「『《〈（【〔(")
_CLOSING = frozenset("”’」』》〉）】〕)")
_PAIRS = tuple(zip("“‘「『《（【〔〈", "”’」』》）】〕〉", strict=True))
QUOTES = frozenset(mark for pair in _PAIRS for mark in pair)
_FINAL = frozenset("。：；！？”」）:;!?)")
_STOPS = frozenset("，。、；：？！,;:")
_RARE = -12.5
#: What a form costs that converters do not write, and one that they write for few words, or of which there are two.
SIMPLIFIED, UNCOMMON, SELDOM = -12.0, -8.0, -2.0


@lru_cache(maxsize=65536)
def cost(character: str) -> float | None:
    """Whether a character may stand in a converted text: None if not, else what it costs beside its frequency."""
    if is_cjk(character):
        if only_simplified(character):
            return SIMPLIFIED
        return UNCOMMON if is_uncommon_form(character) else SELDOM if may_be_simplified(character) else 0.0
    if character in _MARKS:
        return 0.0
    if "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ":
        return -2.0
    return None


@cache
def weighed(lead: int, trail: int) -> Character:
    """The character of two bytes as words are weighed, and how frequent it is in them."""
    plain = simplified(model.pair(lead, trail))
    return words().character(plain), lead, trail, plain


def clash(before: str, after: str) -> float:
    """What it costs that two marks meet which never do."""
    if after in _STOPS:
        return -8.0 if before in _STOPS or before in _OPENING else 0.0
    return -8.0 if before in _OPENING and after in _CLOSING else 0.0


def unbalanced(now: str, before: str, after: str) -> float:
    """What it costs that a mark in the text given back closes nothing, or is never closed."""
    total = 0.0
    for opening, closing in _PAIRS:
        opened = before.rfind(opening) > before.rfind(closing)
        for character in now:
            if character == closing:
                total -= 0.0 if opened else 5.0
                opened = False
            elif character == opening:
                total -= 5.0 if opened else 0.0
                opened = True
        if opened and opening in now and closing not in after:
            total -= 4.0
    return total


def at_line_end(last: str, closed: float) -> float:
    """What it costs that a line ends so, where this share of the page's lines ends with a mark."""
    if last in _FINAL:
        return 0.0
    if last in _STOPS or last in _OPENING:
        return -6.0
    return max(-7.0, min(-0.5, math.log((1 - closed) / closed) - 3.0))


def closed_lines(lines: Iterable[str], least: int, most: int) -> float:
    """The share of the lines of so many characters that end with a mark; a few more for and against are assumed."""
    ends = [line[-1] in _FINAL for line in lines if least <= len(line) < most and line[-1] != "?"]
    return (sum(ends) + 1.5) / (len(ends) + 3)


def foreign_marks(seen: Collection[str]) -> frozenset[str]:
    """The quotation marks of the other kind than those a page uses."""
    corners, commas = (any(mark in seen for mark in marks) for marks in ("「」『』", "“”‘’"))
    if corners == commas:
        return frozenset()
    return frozenset("“”‘’" if corners else "「」『』")


@cache
def made_by_lead(lead: int) -> tuple[tuple[int, str], ...]:
    """The characters a first byte can make, with their second bytes."""
    return tuple(
        (trail, character)
        for trail in range(0x40, 0xFF)
        if trail != 0x7F and cost(character := model.pair(lead, trail)) is not None
    )


@cache
def made_by_trail(trail: int) -> tuple[tuple[int, str], ...]:
    """The characters a second byte can make, with their first bytes."""
    return tuple(
        (lead, character) for lead in range(0x81, 0xFF) if cost(character := model.pair(lead, trail)) is not None
    )


@cache
def is_common(lead: int, trail: int) -> bool:
    character = model.pair(lead, trail)
    return cost(character) is not None and words().character(simplified(character)) > _RARE


#: Frequency, the byte that is not given, character.
Common = tuple[tuple[float, int, str], ...]


@cache
def common_by_trail(trail: int) -> Common:
    """The characters in use that a second byte can make, with their first bytes, likeliest first."""
    return by_frequency((lead, character) for lead, character in made_by_trail(trail) if is_common(lead, trail))


def by_frequency(found: Iterable[tuple[int, str]]) -> Common:
    """Characters, each with one of its bytes, likeliest first."""
    frequency = words().character
    return tuple(sorted(((frequency(simplified(c)), byte, c) for byte, c in found), reverse=True))


@cache
def common_by_lead(lead: int) -> Common:
    """The characters in use that a first byte can make with a second one from 81 on, likeliest first."""
    return by_frequency((trail, c) for trail, c in made_by_lead(lead) if trail >= 0x81 and is_common(lead, trail))


@cache
def _carriers() -> dict[str, list[tuple[int, int, str]]]:
    found: dict[str, list[tuple[int, int, str]]] = {}
    for lead in range(0x81, 0xFF):
        for trail, character in made_by_lead(lead):
            for reading in readings_of(character) if is_converted(character) else ():
                found.setdefault(reading, []).append((lead, trail, character))
    return found


def carriers(reading: str) -> list[tuple[int, int, str]]:
    """The characters, with their two bytes, after which the converter may have written a reading."""
    return _carriers().get(reading, [])
