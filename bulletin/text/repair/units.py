"""A damaged text as received, cut into what was one thing to the converter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.text.repair import model
from bulletin.text.repair.readings import READING, SWALLOWED, plain


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing as received: a character, with the reading after it taken off."""

    text: str
    start: int
    end: int
    bytes: bytes
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What stood at [start, end) of the text as received.

    `how` says what was found, in order: R a lost byte pinned by its reading, P one before a cut mark; d a lost pair;
    then how it ends: r on a byte shown as ASCII, q one proven by its reading, a before plain ASCII, w on a byte found
    by words alone, g before a character that is gone.
    """

    start: int
    end: int
    now: str
    how: str


#: What is left of a closing tag whose < was swallowed.
_TAIL = re.compile(r"\?/(?:p|div|span|td|li|strong|font|b|h\d)>|\?br\s?/?>")
NOWHERE = Unit("", 0, 0, b"")


def units_of(text: str, start: int, end: int) -> Iterator[Unit]:
    at = start
    while at < end:
        character = text[at]
        if character == "?" and (unit := _swallowed(text, at, end)):
            yield unit
            at = unit.end
            continue
        found = READING.match(text, at + 1, end) if character > "?" and text[at + 1 : at + 2] == "(" else None
        stop = found.end() if found else at + 1
        yield Unit(character, at, stop, model.pair_of(character), plain(found[1]) if found else "")
        at = stop


def _swallowed(text: str, at: int, end: int) -> Unit | None:
    """A question mark that swallowed a bracket or the beginning of a tag, with what is left of that."""
    if found := SWALLOWED.match(text, at, end):
        return Unit("?", at, found.end(), b"", plain(found[1]))
    if found := _TAIL.match(text, at, end):
        return Unit("?", at, found.end(), b"/")
    if found := READING.match(text, at + 1, end):
        return Unit("?", at, found.end(), b"\x80", plain(found[1]))
    return None
