"""Words with ordinal positions and real offsets, over folded text. They rank; the exact layer finds.

Segmentation is jieba's. rjieba does it 17 to 25 times faster and token for token the same once its ASCII runs are split
as jieba splits them; without rjieba, jieba itself is used. jieba's own ChineseAnalyzer gives character offsets as
positions and is of no use here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from bulletin.errors import ConfigError
from bulletin.text.script import fold
from search.characters import characters

Made = TypeVar("Made")

#: Changes whenever the same text and lexicon would give other words.
VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: folded, [start, end) in the text as given. A word within another has that one's position."""

    text: str
    start: int
    end: int
    position: int


class Segmenter(Protocol):
    def cut(self, text: str) -> Sequence[str]:
        """All of `text`, cut into pieces."""

    def split(self, piece: str) -> Sequence[str]:
        """The tokens of a piece. A function of the piece alone, so that it can be remembered."""

    def has(self, word: str) -> bool:
        """Whether the dictionary holds `word`."""


class RustSegmenter:
    """rjieba, made token-identical to jieba 0.42.1."""

    def __init__(self, words: Sequence[str]) -> None:
        from rjieba import Jieba

        self._jieba: Any = Jieba()
        for word in words:
            # A word that is already there keeps its frequency: overwriting it makes segmentation worse (jieba#222).
            if not self._jieba.has_word(word):
                self._jieba.add_word(word, self._jieba.suggest_freq(word), "n")

    def cut(self, text: str) -> Sequence[str]:
        pieces: list[str] = []
        for part in _RARE.split(text) if _RARE.search(text) else (text,):
            pieces += self._jieba.cut(part, True)
        return pieces

    def split(self, piece: str) -> Sequence[str]:
        if len(piece) < 2 or not piece.isascii() or piece.isalnum() or self.has(piece):
            return (piece,)
        return [part for part in _ASCII_RUN.split(piece) if part]

    def has(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))


# Ideographs that rjieba joins to words; to jieba they are no Chinese, and each stands alone.
_RARE: Final = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
# jieba.finalseg's rule for what is neither Chinese nor in the dictionary.
_ASCII_RUN: Final = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


class PythonSegmenter:
    """jieba itself. Its cache of the dictionary is kept in `cache`, not in the folder for temporary files of all."""

    def __init__(self, words: Sequence[str], cache: Path | None = None) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        folder = cache or cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._jieba: Any = jieba.Tokenizer()
        self._jieba.tmp_dir = str(folder)
        self._jieba.initialize()
        for word in words:
            if not self.has(word):
                self._jieba.add_word(word, self._jieba.suggest_freq(word, tune=False), "n")

    def cut(self, text: str) -> Sequence[str]:
        tokens: list[str] = self._jieba.lcut(text)
        return tokens

    def split(self, piece: str) -> Sequence[str]:
        return (piece,)

    def has(self, word: str) -> bool:
        return bool(self._jieba.FREQ.get(word))


def cache_folder() -> Path:
    """Where jieba's cache lies: the user's own cache folder, as the XDG base directory specification names it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gongbao"


class Analyzer:
    """Cuts texts into words. Made by `open_analyzer`; safe to share, with other processes as well."""

    def __init__(self, segmenter: Segmenter, lexicon: tuple[str, ...] = ()) -> None:
        self._segmenter, self._lexicon = segmenter, lexicon
        self._known = _Known(self._terms)
        self._spelled = _Known(self._spelling)

    def __reduce__(self) -> tuple[Callable[[tuple[str, ...]], Analyzer], tuple[tuple[str, ...]]]:
        return _analyzer, (self._lexicon,)

    def words(self, text: str) -> list[Word]:
        """The words of `text` in their order; words within a longer word stand before it, at its position."""
        found: list[Word] = []
        start = position = 0
        for token in self.tokens(text):
            end = start + len(token)
            if characters(token):
                found += [Word(inner, at, at + len(inner), position) for inner, at in self._within(token, start)]
                found.append(Word(token, start, end, position))
                position += 1
            start = end
        return found

    def tokens(self, text: str) -> list[str]:
        """All of the folded text, cut as jieba cuts it."""
        cut, split = self._segmenter.cut, self._segmenter.split
        return [token for piece in cut(_plain(fold(text))) for token in split(piece)]

    def terms(self, text: str) -> list[str]:
        """The texts of `words(text)`, several times where a word stands several times: what an index counts."""
        return self.terms_of_folded(fold(text))

    def terms_of_folded(self, text: str) -> list[str]:
        """`terms` of a text that is folded already."""
        return list(chain.from_iterable(map(self._known.__getitem__, self._segmenter.cut(_plain(text)))))

    def count(self, text: str) -> Counter[str]:
        """How often each term stands in a text that is folded already; a long text is taken some lines at a time."""
        counts: Counter[str] = Counter()
        for lines in _mouthfuls(text):
            counts.update(self.terms_of_folded(lines))
        return counts

    def spelled(self, text: str) -> str:
        """The terms of a text that is folded already, a blank after each, very long ones cut as by `told_apart`."""
        known, cut = self._spelled.__getitem__, self._segmenter.cut
        return "".join("".join(map(known, cut(_plain(lines)))) for lines in _mouthfuls(text))

    def segments(self, text: str) -> list[str]:
        """How `text` is cut, without the words within words: for explanations."""
        return [token for token in self.tokens(text) if characters(token)]

    def _terms(self, piece: str) -> tuple[str, ...]:
        found: list[str] = []
        for token in self._segmenter.split(piece):
            if characters(token):
                found += [inner for inner, _ in self._within(token, 0)]
                found.append(token)
        return tuple(found)

    def _spelling(self, piece: str) -> str:
        return "".join(f"{told_apart(term)} " for term in self._terms(piece))

    def _within(self, token: str, start: int) -> Iterator[tuple[str, int]]:
        """Dictionary words of two and three characters within a longer token, as jieba's search mode gives them."""
        for length in (2, 3):
            if len(token) > length:
                for at in range(len(token) - length + 1):
                    inner = token[at : at + length]
                    if self._segmenter.has(inner):
                        yield inner, start + at


class _Known(dict[str, Made]):
    """What was made of pieces that were met; asked for one that was not, it makes it."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, piece: str) -> Made:
        if len(self) >= _CACHE:
            self.clear()
        self[piece] = made = self._make(piece)
        return made


def told_apart(term: str) -> str:
    """A term as engines are told it that keep no very long ones."""
    return term[:_LONGEST]


def _mouthfuls(text: str) -> Iterator[str]:
    """A long text some lines at a time; jieba never joins words across a line's end."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _MOUTHFUL) + 1 or len(text)
        yield text[start:end]
        start = end


_CACHE: Final = 200_000
_MOUTHFUL: Final = 100_000
_LONGEST: Final = 1000  # characters of a term that are told apart; tantivy drops very long ones
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _plain(text: str) -> str:
    """Without the lone surrogates that have no UTF-8 form; as long as `text`."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def open_analyzer(lexicon: Path | None = None) -> Analyzer:
    """The analyzer with our lexicon, and the words of the file `lexicon` besides. ConfigError if it cannot be read."""
    return _analyzer(lexicon_words(lexicon))


@lru_cache(maxsize=4)
def _analyzer(words: tuple[str, ...]) -> Analyzer:
    if importlib.util.find_spec("rjieba"):
        return Analyzer(RustSegmenter(words), words)
    return Analyzer(PythonSegmenter(words), words)


def lexicon_words(lexicon: Path | None = None) -> tuple[str, ...]:
    """The words of our lexicon and of `lexicon`, folded, each once: one a line, `#` begins a remark."""
    texts = [resources.files("search").joinpath("lexicon.txt").read_text(encoding="utf-8")]
    if lexicon is not None:
        try:
            texts.append(lexicon.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            advice = "Name a UTF-8 text file with one word a line in index.lexicon, or take the setting out."
            raise ConfigError(f"The lexicon {lexicon} cannot be read: {error}", advice) from error
    lines = (line.partition("#")[0] for text in texts for line in text.splitlines())
    words = (characters(line) for line in lines)
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))


def lexicon_digest(lexicon: Path | None = None) -> str:
    """Twelve hex digits over the words in use."""
    return hashlib.sha256("\n".join(lexicon_words(lexicon)).encode()).hexdigest()[:12]
