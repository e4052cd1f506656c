"""How likely a run of characters is as Chinese text: by words, by what newspapers print, by what the page repeats."""

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
from bulletin.text.repair.runs import runs

LONGEST = 5
#: Share of punctuation among the tokens of running official text.
_MARKS = {
    "，": 0.05, "。": 0.025, "、": 0.02, "“": 0.006, "”": 0.006, "《": 0.003, "》": 0.003, "：": 0.004, "；": 0.003,
    "（": 0.002, "）": 0.002, "？": 0.0005, "！": 0.0005, "—": 0.0008, "…": 0.0003, "·": 0.0003, "％": 0.001,
    "〇": 0.0001, "‘": 0.0003, "’": 0.0003, "【": 0.0002, "】": 0.0002, "　": 0.0005,
}  # fmt: skip
_HALF = {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "！": "!", "％": "%"}
_FULL = {half: mark for mark, half in _HALF.items()}
_NOTHING: tuple[float, dict[str, float]] = (0.0, {})
_UNKNOWN = -17.0
_ASCII = -5.0
#: Weights of the word model and of the model of characters; both together say each thing nearly once.
WORD_WEIGHT, _RUN_WEIGHT = 0.6, 0.5
#: Share of the word pairs' own counts in how frequent a word is: the dictionary makes single characters rare.
_PAIRED = 0.5
_DIGIT = -3.2
#: How much weight the page's own runs of characters have beside the words.
_PAGE_WEIGHT = 0.5
#: The longest run that the page is asked what follows it.
_RUN = 4
#: How often a run must have been seen to be believed half.
_SEEN = 1.5


#: The last characters; by words alone the best (score, last word) before each and after them; what the characters add.
State = tuple[str, tuple[tuple[float, str], ...], float]
#: Nothing yet: the beginning of a sentence.
EMPTY: State = ("^", ((0.0, "^"), (0.0, "^")), 0.0)


def total(state: State) -> float:
    return state[1][-1][0] + state[2]


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
            alone = math.exp(self.of.get(follower, _UNKNOWN))
            known[follower] = math.log(share * count / seen + (1 - share) * alone)
        self.after[word] = rest, known

    def character(self, character: str) -> float:
        """Log of how often a character stands in the words of a text, for each word of it."""
        known = self._characters.get(character)
        return self.of.get(character, _UNKNOWN) if known is None else known


class Scale:
    """Weighs a growing text by words, those of one page beside the dictionary's."""

    def __init__(self, words: Words, page: str = "") -> None:
        self.of = words.of
        self.after = words.after
        self.ends = words.ends
        self.character = words.character
        self.page = _runs(page)
        self._gains: dict[str, float] = {}
        self._contexts: dict[str, tuple[list[tuple[str, float]], list[tuple[str, int]]]] = {}

    def advance(self, state: State, new: str) -> State:
        """Add a character to a state."""
        chars, scores, gained = state
        chars += new
        of, after = self.of, self.after
        score, last = scores[-1]
        rest, known = after.get(last, _NOTHING)
        alone = of.get(new)
        if alone is None:
            alone = _ASCII if new.isascii() else _UNKNOWN
        best = score + WORD_WEIGHT * known.get(new, rest + alone)
        word = new
        if chars[-2:] in self.ends:
            for length in range(2, len(chars) + 1):
                run = chars[-length:]
                alone = of.get(run)
                if alone is not None:
                    score, last = scores[-length]
                    rest, known = after.get(last, _NOTHING)
                    score += WORD_WEIGHT * known.get(run, rest + alone)
                    if score > best:
                        best, word = score, run
        gain = self.gain(chars)
        if len(chars) >= LONGEST:
            return chars[1 - LONGEST :], (*scores[1 - LONGEST :], (best, word)), gained + gain
        return chars, (*scores, (best, word)), gained + gain

    def gain(self, run: str) -> float:
        """What the characters before it say of the last character of a run: in newspapers, and on the page itself."""
        gain = self._gains.get(run)
        if gain is not None:
            return gain
        last = run[-1]
        context = self._contexts.get(run[:-1])
        if context is None:
            context = self._contexts[run[:-1]] = runs().contexts(run[:-1]), self._shown(run[:-1])
        alone = self.character(last)
        page = self.page
        likely = start = math.exp(alone)
        for before, times in context[1]:
            likely = (page.get(before + last, 0) + _SEEN * likely) / (times + _SEEN)
        gain = _RUN_WEIGHT * runs().likely(last, context[0])
        if likely != start:
            gain += _PAGE_WEIGHT * (math.log(likely) - alone)
        self._gains[run] = gain
        return gain

    def _shown(self, before: str) -> list[tuple[str, int]]:
        """The ends of what stands before that the page shows too, shortest first, and how often."""
        found = []
        for length in range(1, len(before) + 1):
            times = self.page.get(before[-length:], 0)
            if not times:
                break
            found.append((before[-length:], times))
        return found

    def run(self, text: str, state: State = EMPTY) -> State:
        for character in text:
            state = self.advance(state, plain_form(character))
        return state

    def quality(self, before: str, text: str) -> float:
        """Logarithm of likelihood for each character of a text after what stands before it."""
        state = self.run(before)
        return (total(self.run(text, state)) - total(state)) / max(1, len(text))


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


def _runs(text: str) -> dict[str, int]:
    """How often every run of up to five characters stands on a page."""
    counts: dict[str, int] = {}
    for length in range(1, _RUN + 2):
        counts.update(Counter([text[at : at + length] for at in range(len(text) - length + 1)]))
    return counts


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
