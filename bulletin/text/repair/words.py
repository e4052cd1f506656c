"""How likely a run of characters is as Chinese text: words by jieba's dictionary, and what the page itself repeats."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import jieba

LONGEST = 5
#: Share of punctuation among the tokens of running official text.
_MARKS = {
    "，": 0.05, "。": 0.025, "、": 0.02, "“": 0.006, "”": 0.006, "《": 0.003, "》": 0.003, "：": 0.004, "；": 0.003,
    "（": 0.002, "）": 0.002, "？": 0.0005, "！": 0.0005, "—": 0.0008, "…": 0.0003, "·": 0.0003, "％": 0.001,
    "〇": 0.0001, "‘": 0.0003, "’": 0.0003, "【": 0.0002, "】": 0.0002, "　": 0.0005,
}  # fmt: skip
_HALF = {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "！": "!", "％": "%"}
_UNKNOWN = -17.0
_ASCII = -5.0
_DIGIT = -3.2
#: How much of the page's own vocabulary is believed.
_PAGE_SHARE = 0.15


class Words:
    """Log-probabilities of words in simplified script."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        total = sum(frequencies.values())
        self.of: dict[str, float] = {word: math.log(count / total) for word, count in frequencies.items() if count}
        for mark, share in _MARKS.items():
            self.of[mark] = math.log(share)
        for mark, half in _HALF.items():
            self.of[half] = self.of[mark]
        for digit in "0123456789":
            self.of[digit] = _DIGIT
        self.of["?"] = -9.0
        counts: Counter[str] = Counter()
        for word, count in frequencies.items():
            for character in word:
                counts[character] += count
        self._characters = {character: math.log(count / total) for character, count in counts.items() if count}

    def character(self, character: str) -> float:
        """Log of how often a character stands in the words of a text, for each word of it."""
        return self._characters.get(character, self.of.get(character, _UNKNOWN))


class Scale:
    """Weighs a growing text by words, those of one page beside the dictionary's."""

    def __init__(self, words: Words, page: Iterable[str] = ()) -> None:
        self.of = words.of
        self.page = _repeated(page)

    def advance(self, chars: str, scores: tuple[float, ...], new: str) -> tuple[str, tuple[float, ...]]:
        """Add a character: the last characters, and the best score before each of them and after the last."""
        chars += new
        of, page = self.of, self.page
        word = of.get(new)
        best = scores[-1] + (word if word is not None else _ASCII if new.isascii() else _UNKNOWN)
        for length in range(2, len(chars) + 1):
            run = chars[-length:]
            word = of.get(run)
            if word is not None and scores[-length] + word > best:
                best = scores[-length] + word
            word = page.get(run)
            if word is not None and scores[-length] + word > best:
                best = scores[-length] + word
        if len(chars) >= LONGEST:
            return chars[1 - LONGEST :], (*scores[1 - LONGEST :], best)
        return chars, (*scores, best)


def _repeated(runs: Iterable[str]) -> dict[str, float]:
    """Runs of two to four characters that a page repeats, with the logarithm of their share."""
    counts: Counter[str] = Counter()
    size = 1
    for run in runs:
        size += len(run)
        for length in (2, 3, 4):
            counts.update(run[at : at + length] for at in range(len(run) - length + 1))
    return {run: math.log(_PAGE_SHARE * count / size) for run, count in counts.items() if count > 1}


@cache
def words() -> Words:
    """jieba's dictionary (MIT licence), read from the installed package on first use."""
    frequencies = {}
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ")
            if len(word) <= LONGEST:
                frequencies[word] = int(count)
    return Words(frequencies)
