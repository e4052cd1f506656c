"""What a page shows of the converter it went through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from bulletin.text.repair import model
from bulletin.text.repair.readings import (
    READING,
    is_cjk,
    is_converted,
    plain,
    readings_of,
    traditional,
)

#: A page shows the pattern from so many readings, on so many different characters, on.
LEAST, LEAST_DIFFERENT = 5, 4
#: Share of the readings that must stand on characters whose form differs between the scripts.
CONVERTED = 0.93
#: A character belongs to the converter's table when it carries its reading at this share of its occurrences.
ALWAYS = 0.8
#: Children's texts carry a reading on most characters.
CROWDED = 0.45
_PRIVATE = re.compile("[\ue000-\ue864]")
_CUT_OFF = re.compile(r"\([^()]{0,6}$")
_CJK = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The characters this page's converter annotates with the reading it gives each, and what else narrows guesses."""

    artefact: bool = False
    table: Mapping[str, str] = field(default_factory=dict)
    private: bool = False
    simplified: bool = False
    folded: bool = False  # full-width punctuation was turned to half width afterwards


@dataclass(frozen=True, slots=True)
class Annotation:
    """A reading in brackets after a character that has this reading; `start` and `end` are the brackets'."""

    character: str
    reading: str
    start: int
    end: int


def inserted(text: str) -> Iterator[Annotation]:
    for found in READING.finditer(text):
        character = _annotated(text, found.start())
        if character and plain(found[1]) in readings_of(character):
            yield Annotation(character, plain(found[1]), found.start(), found.end())


def _annotated(text: str, at: int) -> str:
    """The character a reading at `at` belongs to: the one before it, or, behind ASCII, the one its byte ends.

    The bytes of 距] hold those of 圌 across the two, so that a reading of 圌 may stand after the bracket.
    """
    before = text[at - 1] if at else ""
    if before.isascii() and before >= "@" and at > 1:
        data = model.pair_of(text[at - 2])
        before = model.pair(data[1], ord(before)) if len(data) == 2 and data[1] > 0x80 else ""
        return before if before and is_converted(before) else ""
    return before if before and is_cjk(before) else ""


def differs(character: str) -> bool:
    """Whether the two scripts write the character differently."""
    return is_converted(character) or traditional(character) != character


def weigh(text: str, found: list[Annotation], damaged: bool | None) -> Evidence:
    """Whether the page went through such a converter; `damaged` says that it is known (or known not) to have."""
    cut_off = bool(_CUT_OFF.search(text))
    counts = Counter(one.character for one in found)
    readings = {one.character: one.reading for one in found}
    table = {
        character: readings[character]
        for character, count in counts.items()
        if differs(character) and count >= ALWAYS * _occurrences(text, character, cut_off)
    }
    artefact = damaged if damaged is not None else _is_artefact(text, counts, table)
    simple = sum(not is_converted(character) for character in table) > 0.5 * len(table)
    return Evidence(artefact, table if artefact else {}, bool(_PRIVATE.search(text)), simple, "，" not in text)


def _occurrences(text: str, character: str, cut_off: bool) -> int:
    """How often a character stands on the page, without one whose reading was cut off with the page."""
    return text.count(character) - (cut_off and text[: text.rfind("(")].endswith(character))


def _is_artefact(text: str, counts: Counter[str], table: Mapping[str, str]) -> bool:
    total = sum(counts.values())
    if total < LEAST or len(counts) < LEAST_DIFFERENT:
        return False
    converted = sum(count for character, count in counts.items() if differs(character))
    steady = sum(count for character, count in counts.items() if character in table)
    return converted >= CONVERTED * total and steady >= ALWAYS * total and total < CROWDED * len(_CJK.findall(text))


def possible_cuts(text: str) -> frozenset[int]:
    """The second bytes of the marks at which the page may have been cut.

    Where the bytes of a mark stand unharmed across 。 and the next character, the page was not cut at that mark.
    """
    return frozenset(byte for byte in (0xA1, 0xA2, 0xAC, 0xBA, 0xBB, 0xBF) if not re.search(_across_stop(byte), text))


@cache
def _across_stop(lead: int) -> str:
    row = "".join(model.pair(lead, trail) for trail in range(0x40, 0xFF) if trail != 0x7F)
    return "。[" + re.escape(row) + "]"
