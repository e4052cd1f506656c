"""What the exact layer compares: letters, digits and Chinese characters, folded, and nothing else.

A text and a cut-out of it meet whatever the script, width or case, and whatever stands between the characters, because
both go through `characters`, which looks at one code point at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bulletin.text.script import fold

#: Stands between two parts of one field, so that no run crosses from one into the other; never part of a text's
#: characters. U+2029 PARAGRAPH SEPARATOR.
BORDER: Final = "\u2029"

# What `str.isalnum` says, and beside it radicals (U+2E80-2FDF are symbols to Unicode) and the ideographic planes 2 and
# 3 whole, because Python's Unicode tables are older than some extensions. Marks are left out, variation selectors
# among them: 葛 with and without a selector is one character.
_OTHER: Final = re.compile("(?:[^\\w\u2e80-\u2fdf\U00020000-\U0003fffd]|_)+")
_SEARCHABLE: Final = re.compile("(?:[^\\W_]|[\u2e80-\u2fdf\U00020000-\U0003fffd])+")
_HEAD: Final = 8  # characters of a run that one pattern finds


def characters(text: str) -> str:
    """The searchable characters of `text`, folded: letters, digits and Chinese characters in their order."""
    return characters_of_folded(fold(text))


def characters_of_folded(text: str) -> str:
    """`characters` of a text that is folded already."""
    return _OTHER.sub("", text)


@lru_cache(maxsize=1 << 16)
def is_character(char: str) -> bool:
    """Whether this one character is searchable."""
    return bool(characters(char))


def runs_in(folded: str, run: str) -> Iterator[tuple[int, int]]:
    """Where the characters `run` stand in a folded text, whatever divides them: [start, end), none overlapping."""
    head, rest = _head(run[:_HEAD]), run[_HEAD:]
    at = 0
    while found := head.search(folded, at):
        end = _end(folded, found.end(), rest) if rest else found.end()
        if end:
            yield found.start(), end
        at = end or found.start() + 1


def _end(folded: str, at: int, rest: str) -> int:
    """Where `rest` ends if it is what goes on at `at`; otherwise 0."""
    for found in _SEARCHABLE.finditer(folded, at):
        if len(found[0]) >= len(rest):
            return found.start() + len(rest) if found[0].startswith(rest) else 0
        if not rest.startswith(found[0]):
            return 0
        rest = rest[len(found[0]) :]
    return 0


@lru_cache(maxsize=256)
def _head(head: str) -> re.Pattern[str]:
    # What divides characters is never one of them: it need not be given back.
    return re.compile(f"{_OTHER.pattern[:-1]}*+".join(map(re.escape, head)))


def glyphs(text: str) -> str:
    """The same characters as they stand in `text`, not folded; as long as `characters(text)`."""
    return glyphs_of_folded(text, fold(text))


def glyphs_of_folded(text: str, folded: str) -> str:
    """`glyphs` of a text whose folded form is known."""
    return "".join([text[slice(*found.span())] for found in _SEARCHABLE.finditer(folded)])
