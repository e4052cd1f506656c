"""Lines: the blocks of text of a page, and the form of them in which labels are looked for.

A line comes from a DOM (then it knows its tag, its share of link text, its containers) or from a text somebody has
already rendered (then it knows its indentation and the blank lines above it). The rules that read lines serve both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulletin.text.script import fold

#: A reading a converter put behind a character: toned pinyin in brackets, sometimes with a space.
READING: Final = re.compile(
    r"\s?[(（](?=[^()（）]{0,6}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ])[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿê]{1,6}\s?[)）]",
    re.IGNORECASE,
)
_WHITE: Final = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u2028\u2029\u202f\u205f\u2060\ufeff]+")
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
_INDENT: Final = re.compile(r"[ \t\u00a0\u2002\u2003\u3000]*")
#: Without any of these a text is its own matching form, once folded.
_GAP: Final = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\u2060\ufeff\u00ad\u180e(（]")
_SHORT: Final = 200
#: Leading blanks from which a rendered line counts as set to the middle or the right (a paragraph's indent is two).
_CENTERED: Final = 8


@dataclass(slots=True)
class Line:
    """One block of text, white space collapsed (separators within it kept as single spaces). Never changed; not frozen,
    because a frozen one takes three times as long to make, and a page has hundreds."""

    text: str
    tag: str = ""  # html block tag
    level: int = 0  # 1..6 for h1..h6
    link_share: float = 0.0  # share of characters inside links
    bold: bool = False
    centered: bool = False
    path: str = ""  # class and id trail of its containers, lower case
    gap: int = 0  # blank lines above it, in rendered text


@dataclass(frozen=True, slots=True)
class Key:
    """A text as labels are looked for in it: folded, without white space, without inserted readings.

    `at[i]` is the offset of `text[i]` in the text as printed; `at` has one entry more, the printed length.
    """

    text: str
    at: tuple[int, ...]
    printed: str

    def cut(self, start: int, end: int) -> str:
        """What is printed where the key has `text[start:end]`, readings inside included."""
        return self.printed[self.at[start] : self.at[end]]


def key_of(text: str) -> Key:
    """The matching form of `text`, with the way back to what is printed."""
    return _short_key(text) if len(text) <= _SHORT else _key(text)


@lru_cache(maxsize=4096)
def _short_key(text: str) -> Key:
    """Several readers ask for the key of the same line."""
    return _key(text)


def _key(text: str) -> Key:
    if not _GAP.search(text):
        return Key(fold(text), tuple(range(len(text) + 1)), text)
    spared = [match.span() for match in READING.finditer(text)] if "(" in text or "（" in text else []
    kept: list[str] = []
    at: list[int] = []
    folded = fold(text)
    position = 0
    for start, end in [*spared, (len(text), len(text))]:
        for index in range(position, start):
            character = folded[index]
            if not character.isspace() and character not in _INVISIBLE:
                kept.append(character)
                at.append(index)
        position = end
    return Key("".join(kept), (*at, len(text)), text)


@lru_cache(maxsize=8192)
def matching(text: str) -> str:
    """The matching form alone: folded, white space and inserted readings removed."""
    if "(" in text or "（" in text:
        text = READING.sub("", text)
    return _WHITE.sub("", fold(text)).replace("\u00ad", "")


def collapse(text: str) -> str:
    """White space of every kind as single spaces, none at the ends."""
    return _WHITE.sub(" ", text).strip()


def lines_of(text: str) -> list[Line]:
    """The lines of a rendered text, blank ones left out but remembered as `gap`."""
    found: list[Line] = []
    gap = 0
    for raw in re.split(r"\r\n|[\n\r\u2028\u2029\x0b\x0c\x85]", text):
        words = collapse(raw)
        if not words:
            gap += 1
            continue
        indent = _INDENT.match(raw)
        wide = len(indent.group()) + indent.group().count("\u3000") if indent else 0
        found.append(Line(words, centered=wide >= _CENTERED, gap=gap))
        gap = 0
    return found


def texts_of(lines: Iterable[Line | str]) -> list[str]:
    return [line if isinstance(line, str) else line.text for line in lines]


def as_lines(lines: Sequence[Line | str]) -> list[Line]:
    """Lines, whether given as such or as bare texts."""
    return [Line(collapse(line)) if isinstance(line, str) else line for line in lines]
