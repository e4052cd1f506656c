"""What the exact layer compares: letters, digits and Chinese characters, folded, and nothing else.

A text and a cut-out of it meet whatever the script, width or case, and whatever stands between the characters, because
both go through `characters`, which looks at one code point at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
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


def characters(text: str) -> str:
    """The searchable characters of `text`, folded: letters, digits and Chinese characters in their order."""
    return characters_of_folded(fold(text))


def characters_of_folded(text: str) -> str:
    """`characters` of a text that is folded already."""
    return _OTHER.sub("", text)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """`characters` of a text, and where each of them stands in it."""

    text: str
    _starts: list[int]
    _origins: list[int]

    def origin(self, at: int) -> int:
        """The offset, in the text as it was given, of the character `at`."""
        segment = bisect_right(self._starts, at) - 1
        return self._origins[segment] + at - self._starts[segment]


def squeezed(text: str) -> Squeezed:
    """The searchable characters of `text` with their offsets."""
    parts: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = 0
    for found in _SEARCHABLE.finditer(fold(text)):
        parts.append(found[0])
        starts.append(length)
        origins.append(found.start())
        length += len(found[0])
    return Squeezed("".join(parts), starts, origins)


def glyphs(text: str) -> str:
    """The same characters as they stand in `text`, not folded; as long as `characters(text)`."""
    return "".join([text[slice(*found.span())] for found in _SEARCHABLE.finditer(fold(text))])
