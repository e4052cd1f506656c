"""The best by words, ordered anew by how often what was asked for stands in them as one run.

Words say what a bulletin is about; whoever remembers a piece of one typed a run, and words cut that run where the
bulletin does not. A run counts as a word does in BM25F. Who types one run alone has it from the bulletin: it counts
more in a title, and in other glyphs than the typed ones less; several may be in any script. Counting runs takes the
texts, so only the first WINDOW are read: the same for every engine, and for every page of an answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Final

from bulletin.query import AllOf, Near, Node, Phrase, Words
from bulletin.text.docnumber import match_key
from bulletin.text.script import fold, variants
from search.characters import characters
from search.entry import Entry
from search.matching import leaves
from search.ranking import WEIGHTS

NumberKey = tuple[str, int | None, int]

WINDOW: Final = 20
#: What a run is worth beside the best score by words, alone or with others; how soon more of it says no more; how much
#: a length matters.
WORTH_ALONE: Final = 7.0
WORTH: Final = 2.0
K: Final = 4.0
B: Final = 0.9
#: How often a run typed alone counts in a title, and in other glyphs than the typed ones.
_IN_TITLE_ALONE: Final = 16
OTHER_GLYPHS: Final = 0.25
#: Runs counted for one question, and characters of each text looked at.
_MOST: Final = 10
_BEGINNING: Final = 20_000
_SPELT: Final = 6
_SPELLINGS: Final = 16
_HEAD: Final = 4


def runs_of(node: Node | None) -> list[tuple[str, str]]:
    """(run, field it is asked in) of what every answer must hold; nothing of alternatives, which words tell apart."""
    found = dict.fromkeys((text, where) for text, where in _asked(node) if characters(text))
    return list(found)[:_MOST]


def _asked(node: Node | None) -> Iterator[tuple[str, str]]:
    match node:
        case AllOf(parts):
            for part in parts:
                yield from _asked(part)
        case Words(text, where) | Phrase(text, where):
            yield text, where
        case Near(texts, _, where):
            yield from ((text, where) for text in texts)


def numbers_of(node: Node | None) -> set[NumberKey]:
    """The document numbers asked for whole, in any spelling."""
    named = (leaf for leaf in leaves(node) if isinstance(leaf, Words | Phrase) and leaf.where in ("", "number"))
    return {key for leaf in islice(named, _MOST) if (key := match_key(leaf.text))}


def bonuses(node: Node | None, entries: Sequence[Entry], best: float) -> list[float]:
    """What to add to the score of each of `entries`, never negative; `best` is the best of their scores by words.

    Every run counts the same, however rare: all that is asked for stands in all of them. A bulletin that bears the
    very number asked for comes before those that mention it, and before numbers that begin so.
    """
    added = _by_runs(runs_of(node), entries, best)
    if numbers := numbers_of(node):
        least = max(added) + best
        borne = (match_key(entry.number) in numbers if entry.number else False for entry in entries)
        added = [bonus + least * bears for bonus, bears in zip(added, borne, strict=True)]
    return added


def _by_runs(runs: Sequence[tuple[str, str]], entries: Sequence[Entry], best: float) -> list[float]:
    if not runs:
        return [0.0] * len(entries)
    read = [_Read(entry) for entry in entries]
    is_alone = len(runs) == 1
    # A piece of a word is no word: then runs alone tell.
    worth = (WORTH_ALONE if is_alone else WORTH) * (best or 1.0) * (K + 1)
    weights = WEIGHTS | {"title": _IN_TITLE_ALONE} if is_alone else WEIGHTS
    norms = {field: _norms([one.length(field) for one in read]) for field in _Read.FIELDS}
    sums = [0.0] * len(read)
    for text, where in runs:
        run = _Run(text, OTHER_GLYPHS if is_alone else 1.0)
        for place, one in enumerate(read):
            count = sum(
                weights[field] * one.count(field, run) / norms[field][place]
                for field in _Read.FIELDS
                if where in ("", field)
            )
            sums[place] += worth * count / (count + K)
    return sums


def _norms(lengths: Sequence[int]) -> list[float]:
    """Each length beside their mean."""
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    return [1 - B + B * length / mean for length in lengths]


class _Read:
    """The texts of an entry. A run that marks interrupt does not count: it was not typed so."""

    FIELDS: Final = ("title", "text", "attachments")

    def __init__(self, entry: Entry) -> None:
        attached = "\n".join(text[:_BEGINNING] for pair in entry.attachments for text in pair)
        titles = (entry.title, entry.kicker, entry.subtitle)
        self._texts: Mapping[str, str] = {
            "title": "\n".join(filter(None, titles)),
            "text": entry.text[:_BEGINNING],
            "attachments": attached[:_BEGINNING],
        }

    def length(self, field: str) -> int:
        return len(self._texts[field])

    def count(self, field: str, run: _Run) -> float:
        text = self._texts[field]
        return run.count(text) if text else 0


class _Run:
    """What was typed; where a text has it in other glyphs, it counts `others`."""

    def __init__(self, typed: str, others: float) -> None:
        self._typed, self._others = typed.strip(), others
        self._needles = [_Needle(form) for form in {characters(typed), fold(typed).strip()}]

    def count(self, text: str) -> float:
        held = sum(needle.count(text) for needle in self._needles)
        if not held or self._others == 1:
            return held
        as_typed = min(held, text.count(self._typed))
        return as_typed + self._others * (held - as_typed)


class _Needle:
    """A run as it may be printed: in all its spellings if they are few, otherwise by a pattern of its first characters,
    after which what goes on is folded. Folding a text costs more than a dozen looks at it."""

    def __init__(self, folded: str) -> None:
        self._folded, self._rest = folded, folded[_HEAD:]
        forms = [variants(char) for char in folded[:_SPELT]]
        few = len(folded) <= _SPELT and math.prod(map(len, forms)) <= _SPELLINGS
        self._spellings = ["".join(chars) for chars in product(*forms)] if few else []
        self._head: re.Pattern[str] | None = None
        if not few:
            # What lies beyond the first plane (𝐀) makes a pattern three times slower and stands in few texts.
            plain = [re.escape("".join(sorted(char for char in form if char <= "\uffff"))) for form in forms[:_HEAD]]
            self._head = re.compile("".join(f"[{chars}]" for chars in plain)) if all(plain) else None

    def count(self, text: str) -> int:
        if self._spellings:
            return sum(map(text.count, self._spellings))
        if self._head and len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
            return self._counted(self._head, text) if self._rest else len(self._head.findall(text))
        return fold(text).count(self._folded)

    def _counted(self, head: re.Pattern[str], text: str) -> int:
        count = at = 0
        while found := head.search(text, at):
            end = found.end() + len(self._rest)
            held = fold(text[found.end() : end]) == self._rest
            count, at = count + held, end if held else found.start() + 1
        return count
