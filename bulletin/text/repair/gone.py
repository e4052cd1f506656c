"""Which characters may stand around pairs of bytes that left no trace, because they made private-use characters."""

from __future__ import annotations

from functools import cache, lru_cache

from bulletin.text.repair import model
from bulletin.text.repair.characters import (
    by_frequency,
    carriers,
    common_by_trail,
    cost,
    is_common,
    made_by_lead,
    weighed,
)
from bulletin.text.repair.readings import is_cjk, readings_of
from bulletin.text.repair.words import Character, words

_RARE_WORD = -12.5
#: So many characters are tried between two lost pairs.
_BETWEEN = 160
#: So many at the end of a clause whose last pair was lost.
_WIDEST = 100


@cache
def gone_after(first: int) -> frozenset[int]:
    """The bytes with which a byte makes a private-use pair, or one without a character: nothing is left of it."""
    return frozenset(
        second
        for second in range(0x81, 0xFF)
        if model.is_trail(first) and first >= 0x81 and "\ue000" <= model.pair(first, second) <= "\uf8ff"
    )


@cache
def before_gone(lead: int) -> tuple[Character, ...]:
    """The characters in use with this first byte whose second one may begin a lost pair."""
    trails = [trail for trail in range(0x81, 0xFF) if gone_after(trail) and is_common(lead, trail)]
    return tuple(weighed(lead, trail) for trail in trails)


@lru_cache(maxsize=8192)
def behind_gone(first: int, trail: int, reading: str) -> tuple[Character, ...]:
    """The characters in use behind a lost pair that begins with this byte, likeliest first.

    They have this second byte and this reading, as far as these are known (0 and empty where not); where neither is, a
    sentence, a clause or a line ends with them.
    """
    if trail:
        found = [c for _, _, c in common_by_trail(trail) if not reading or reading in readings_of(c)]
    elif reading:
        found = [c for lead, second, c in carriers(reading) if second >= 0x81 and is_common(lead, second)]
    else:
        found = list(_final())
    leads = gone_after(first)
    by_lead = by_frequency((lead, c) for c in found if (lead := model.pair_of(c)[0]) in leads)
    return tuple(weighed(*model.pair_of(c)) for _, _, c in by_lead)


@cache
def _final() -> str:
    """What a sentence, a clause or a line may end with: marks, and the characters in widest use."""
    every = by_frequency((lead, c) for lead in range(0x81, 0xF8) for trail, c in made_by_lead(lead) if trail > 0x80)
    widest = [character for _, _, character in every if is_cjk(character) and cost(character) == 0.0][:_WIDEST]
    return "".join(("。；：，！？、”」》）", *widest))


@cache
def _middles() -> tuple[Character, ...]:
    """All characters whose second byte may begin a lost pair, likeliest first."""
    found = [
        weighed(lead, trail)
        for lead in range(0x81, 0xF8)
        for trail, character in made_by_lead(lead)
        if gone_after(trail) and cost(character) == 0.0
    ]
    return tuple(sorted(found, reverse=True))


@cache
def _endings() -> dict[str, list[Character]]:
    """The characters that follow another in words of two that are common, all their forms; marks that come doubled."""
    found: dict[str, list[Character]] = {}
    forms: dict[str, list[Character]] = {}
    for _, lead, trail, plain in _middles():
        forms.setdefault(plain, []).append((0.0, lead, trail, plain))
    for mark in "…—":
        found[mark] = forms.get(mark, [])
    for word, likely in words().of.items():
        if len(word) == 2 and likely > _RARE_WORD and word[1] in forms:
            found.setdefault(word[0], []).extend(forms[word[1]])
    return found


@lru_cache(maxsize=4096)
def between_gone(before: str, first: int) -> tuple[Character, ...]:
    """What may stand between two lost pairs, after a character in simplified script and the byte that begins the first.

    That is what ends a word with it, and what is in wide use.
    """
    leads = gone_after(first)
    ending = [beside for beside in _endings().get(before, ()) if beside[1] in leads]
    known = {beside[1:3] for beside in ending}
    return (*ending, *(beside for beside in _middles()[:_BETWEEN] if beside[1] in leads and beside[1:3] not in known))
