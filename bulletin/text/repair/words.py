"""How frequent words are, and one after another: log-probabilities in simplified script."""

from __future__ import annotations

import bz2
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

from bulletin.text.repair.readings import simplified

LONGEST = 5
#: Share of punctuation among the tokens of running official text.
_MARKS = {
    "，": 0.05, "。": 0.025, "、": 0.02, "“": 0.006, "”": 0.006, "《": 0.003, "》": 0.003, "：": 0.004, "；": 0.003,
    "（": 0.002, "）": 0.002, "？": 0.0005, "！": 0.0005, "—": 0.0008, "…": 0.0003, "·": 0.0003, "％": 0.001,
    "〇": 0.0001, "‘": 0.0003, "’": 0.0003, "【": 0.0002, "】": 0.0002, "　": 0.0005,
}  # fmt: skip
_HALF = {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "！": "!", "％": "%"}
_FULL = {half: mark for mark, half in _HALF.items()}
#: Of what neither the dictionary nor a pair knows, and of other ASCII.
UNKNOWN, ASCII = -17.0, -5.0
#: Share of the word pairs' own counts in how frequent a word is: the dictionary makes single characters rare.
_PAIRED = 0.5
_DIGIT = -3.2

#: How frequent a character is (natural logarithm), its two bytes, and the character as words are weighed.
Character = tuple[float, int, int, str]


def plain_form(character: str) -> str:
    """A character as words are weighed: in simplified script, marks full-width, digits alike."""
    if "0" <= character <= "9":
        return "0"
    return _FULL.get(character) or simplified(character)


def is_word(run: str) -> bool:
    """Whether a run of characters, in plain form, is a word of the dictionary."""
    return run in words().of


class Words:
    """Log-probabilities of words in simplified script, and of a word after another."""

    def __init__(self, frequencies: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> None:
        followed = [(run.split(" "), [int(number) for number in numbers.split(" ")]) for run, numbers in pairs]
        self.of = _weighed(frequencies, followed)
        counts: Counter[str] = Counter()
        for word, count in frequencies.items():
            for character in word:
                counts[character] += count
        every = sum(frequencies.values())
        self._characters = {character: math.log(count / every) for character, count in counts.items() if count}
        self.after: dict[str, tuple[float, dict[str, float]]] = {}
        for run, numbers in followed:
            self._learn(run, numbers)
        for stop in "。！？；：":
            self.after[stop] = self.after["^"]
        #: The last two characters of words: where two characters are none, no word ends.
        self.ends = {word[-2:] for word in self.of if len(word) > 1}

    def _learn(self, run: list[str], numbers: list[int]) -> None:
        """Mix what followed a word with the frequency of words (Witten and Bell's weights)."""
        word, *followers = run
        seen, different, *counts = numbers
        share = seen / (seen + different)
        rest = math.log(1 - share)
        known = {}
        for follower, count in zip(followers, counts, strict=True):
            alone = math.exp(self.of.get(follower, UNKNOWN))
            known[follower] = math.log(share * count / seen + (1 - share) * alone)
        self.after[word] = rest, known

    def character(self, character: str) -> float:
        """Log of how often a character stands in the words of a text, for each word of it."""
        known = self._characters.get(character)
        return self.of.get(character, UNKNOWN) if known is None else known


def _weighed(frequencies: Mapping[str, int], followed: list[tuple[list[str], list[int]]]) -> dict[str, float]:
    """Log-probabilities of words: the dictionary's frequencies, and how often each stands in a pair."""
    paired: Counter[str] = Counter()
    for run, numbers in followed:
        for word, count in zip(run[1:], numbers[2:], strict=True):
            paired[word] += count
    every, all_paired = sum(frequencies.values()), paired.total()
    of = {
        word: math.log((1 - _PAIRED) * count / every + _PAIRED * paired[word] / all_paired)
        for word, count in frequencies.items()
        if count
    }
    for mark, share in _MARKS.items():
        of[mark] = math.log(share)
    for mark, half in _HALF.items():
        of[half] = of[mark]
    of["0"] = _DIGIT
    of["?"] = -9.0
    return of


def _dictionary() -> Path:
    """The dictionary that lies in the jieba package, which need not be loaded for it."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    return Path(found.origin).with_name("dict.txt")


@cache
def words() -> Words:
    """jieba's dictionary (MIT licence), from the installed package; word pairs from HanLP's (Apache License 2.0).

    Read on first use; it takes about a second.
    """
    frequencies = {}
    with _dictionary().open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ")
            if len(word) <= LONGEST:
                frequencies[word] = int(count)
    pairs = bz2.decompress((resources.files(__package__) / "bigrams.bz2").read_bytes()).decode()
    runs, numbers = pairs.split("\n\n")
    return Words(frequencies, zip(runs.split("\n"), numbers.split("\n"), strict=True))
