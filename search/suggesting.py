"""Did you mean: what was typed, with a slip of the input method mended by the archive's own words.

Input methods give a wrong character of the right sound, exchange two, or double one; and a list (防汛、抗旱) is one run
unless blanks divide it. Whatever is suggested finds something: it is asked before it is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from bulletin.query import AllOf, AnyOf, Node, Not, Phrase, Words
from bulletin.text.repair.readings import readings_of
from search.characters import characters

_LONGEST: Final = 24  # characters of a text that is looked at
_TRIED: Final = 100  # forms of one kind that are asked for
_LEAVES: Final = 5
_WORD: Final = (2, 3, 4)  # characters of the words compared
_LISTED: Final = re.compile("[、，,；;/／]+")

Count = Callable[[Node], int]
#: The archive's words that hold one of some characters, and perhaps others.
Vocabulary = Callable[[Collection[str]], Iterable[str]]


def mended(node: Node, count: Count, vocabulary: Vocabulary) -> tuple[Node, list[tuple[str, str]]] | None:
    """The question with each text that finds nothing exchanged for one that does, and (typed, meant) pairs; None where
    every text finds something, or one of them cannot be mended."""
    lost = [leaf for leaf in dict.fromkeys(_texts(node)) if not count(leaf)]
    if not lost or len(lost) > _LEAVES:
        return None
    words = list(vocabulary(set().union(*(characters(leaf.text) for leaf in lost))))
    meant: dict[Words | Phrase, str] = {}
    for leaf in lost:
        better = _divided(leaf, count) or _better(leaf, count, words)
        if not better:
            return None
        meant[leaf] = better
    return _exchanged(node, meant), [(leaf.text, better) for leaf, better in meant.items()]


def _texts(node: Node) -> Iterator[Words | Phrase]:
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from _texts(part)
    elif isinstance(node, Words | Phrase) and characters(node.text):
        yield node


def _exchanged(node: Node, meant: dict[Words | Phrase, str]) -> Node:
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(_exchanged(part, meant) for part in node.parts))
    if isinstance(node, Not) or not isinstance(node, Words | Phrase) or node not in meant:
        return node
    if isinstance(node, Words) and " " in meant[node]:
        return AllOf(tuple(map(Words, meant[node].split())))
    return Words(meant[node], node.where) if isinstance(node, Words) else Phrase(meant[node], node.where)


def _divided(leaf: Words | Phrase, count: Count) -> str:
    """What stands in a list, divided by blanks, if each of it finds something; otherwise ""."""
    listed = [text for text in _LISTED.split(leaf.text) if characters(text)]
    if leaf.where or isinstance(leaf, Phrase) or not 1 < len(listed) <= _LEAVES:
        return ""
    return " ".join(listed) if all(count(Words(text)) for text in listed) else ""


def _better(leaf: Words | Phrase, count: Count, words: list[str]) -> str:
    """The likeliest other form of a text, or "": same sound before exchanged, another character before one too many;
    among equals the one that finds most."""
    needle = characters(leaf.text)
    if not 2 <= len(needle) <= _LONGEST:
        return ""
    near = _near(needle, words)
    sounding = {form for form, (old, new) in near.items() if sounds_of(old) & sounds_of(new)}
    swapped = {needle[:at] + needle[at + 1] + needle[at] + needle[at + 2 :] for at in range(len(needle) - 1)}
    shorter = {needle[:at] + needle[at + 1 :] for at in range(len(needle))} if len(needle) > 2 else set[str]()
    for forms in (sounding, swapped, near.keys() - sounding, shorter):
        tried = sorted(forms - {needle})[:_TRIED]
        counts = {form: count(Words(form, leaf.where)) for form in tried}
        best = min(tried, key=lambda form: (-counts[form], form), default="")
        if best and counts[best]:
            return best
    return ""


def _near(needle: str, words: list[str]) -> dict[str, tuple[str, str]]:
    """The forms of `needle` in which one character is another, as a word of the archive has it: (old, new) of each."""
    gaps: dict[str, list[tuple[int, int]]] = {}
    for size in _WORD:
        for start in range(len(needle) - size + 1):
            word = needle[start : start + size]
            for at in range(size):
                gaps.setdefault(word[:at] + "\0" + word[at + 1 :], []).append((start + at, at))
    known = set(needle)
    found: dict[str, tuple[str, str]] = {}
    for word in words:
        # A word may hold what nobody searches by: the % of 14%.
        if len(word) not in _WORD or known.isdisjoint(word) or len(characters(word)) < len(word):
            continue
        for at, new in enumerate(word):
            for place, _ in gaps.get(word[:at] + "\0" + word[at + 1 :], ()):
                found[needle[:place] + new + needle[place + 1 :]] = needle[place], new
    return found


def sounds_of(char: str) -> frozenset[str]:
    """Every reading of a character, without tones."""
    return frozenset(
        "".join(letter for letter in unicodedata.normalize("NFD", reading) if not unicodedata.combining(letter))
        for reading in readings_of(char)
        if reading
    )
