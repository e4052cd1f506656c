"""Pages damaged by the forward model from the clean texts beside the repository, and what repair makes of their lines.

A page is whole documents of one source; it has one table and one cut set, as the real converters have for a site.
"""

import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from bulletin.text.repair import Repaired
from bulletin.text.repair.model import FULL_TO_HALF, damage, decode, encode
from bulletin.text.repair.readings import READING, is_converted, readings_of
from bulletin.text.repair.small import slips
from bulletin.text.script import to_traditional

TEXTS = Path(__file__).parents[1].parent / "shared" / "text"
SOURCES = ("bulletins-traditional-17k", "laws-simplified-3k")
#: The sets met on real sites, and the marks of which any may be in one.
CUT_SETS, CUT_MARKS = ("", "？！；", "，；？！", "，、；？！"), "，、；？！："
#: Least and most characters of a page before its last document.
SHORT, LONG = 2000, 8000
#: Frequent characters whose form differs between the scripts: of these a table is drawn.
CANDIDATES = 1500
DAMAGED = ("exact", "spaces", "marked", "left", "wrong")


@dataclass(frozen=True)
class Page:
    """The lines before and after the damage."""

    source: str
    truth: list[str]
    received: list[str]
    cuts: str


@cache
def documents(source: str) -> list[str]:
    with lzma.open(TEXTS / f"{source}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["body"].replace("<!-- INFO END -->", "") for line in lines]


@cache
def candidates(source: str) -> list[tuple[str, list[str]]]:
    """Characters a table may hold, with the readings of which it gives them one."""
    text = to_traditional("".join(documents(source)[::20]))
    frequent = Counter(character for character in text if is_converted(character)).most_common(CANDIDATES)
    found = [(c, [r for r in sorted(readings_of(c)) if READING.fullmatch(f"({r})")]) for c, _ in frequent]
    return [(character, readings) for character, readings in found if readings]


def pages(seed: int, *, private: bool) -> Iterator[Page]:
    """Pages without end, of both sources in turn; `private` keeps the private-use characters."""
    rng = random.Random(seed)
    while True:
        for source in SOURCES:
            yield spoilt(source, clean_lines(source, rng), rng, private)


def clean_lines(source: str, rng: random.Random) -> list[str]:
    """The lines of whole documents, in traditional script, of which encoding loses nothing and which hold no slips."""
    found: list[str] = []
    size = rng.randint(SHORT, LONG)
    while sum(map(len, found)) < size:
        body = rng.choice(documents(source))
        text = body if "traditional" in source else to_traditional(body)
        lines = (line.strip() for line in text.split("\n"))
        found += [line for line in lines if len(line) > 1 and decode(encode(line)) == line and not any(slips(line))]
    return found


def spoilt(source: str, lines: list[str], rng: random.Random, private: bool) -> Page:
    table = {c: rng.choice(readings) for c, readings in rng.sample(candidates(source), rng.randint(40, 140))}
    drawn = "".join(mark for mark in CUT_MARKS if rng.random() < 0.5)
    cuts, fold = rng.choice((*CUT_SETS, drawn)), rng.random() < 0.5
    received = [damage(line, table, frozenset(cuts), keep_private=private, fold=fold) for line in lines]
    return Page(source, [line.translate(FULL_TO_HALF) if fold else line for line in lines], received, cuts)


@dataclass(frozen=True)
class Line:
    """What became of a line. `how`: exact; spaces (only spaces differ); marked (lost characters are shown as □);
    left (something is still damaged, and said to be); wrong (something else than the truth was put in). Of lines into
    which nothing but readings had been put, clean, or clean and one of the others."""

    how: str
    truth: str
    received: str
    got: str


def judged(page: Page, repaired: Repaired) -> Iterator[Line]:
    start = 0
    for truth, received, got in zip(page.truth, page.received, repaired.text.split("\n"), strict=True):
        mends = [
            (repair.start - start, repair.end - start, repair.now)
            for repair in repaired.repairs
            if start <= repair.start <= start + len(received)
        ]
        how = verdict(truth, received, got, mends)
        if READING.sub("", received) == truth:
            how = "clean" if how == "exact" else f"clean, {how}"
        yield Line(how, truth, received, got)
        start += len(received) + 1


def verdict(truth: str, received: str, got: str, mends: list[tuple[int, int, str]]) -> str:
    if got == truth:
        return "exact"
    if squeezed(got) == squeezed(truth):
        return "spaces"
    if re.fullmatch(re.escape(squeezed(got)).replace("□", "."), squeezed(truth)):
        return "marked"
    return "left" if agrees(truth, received, mends) else "wrong"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def agrees(truth: str, received: str, mends: list[tuple[int, int, str]]) -> bool:
    """Whether every mend is true, where what was spoilt and left may stand for anything.

    □ stands for any one character.
    """
    unharmed = [False] * len(received)
    for block in SequenceMatcher(None, received, truth, autojunk=False).get_matching_blocks():
        unharmed[block.a : block.a + block.size] = [True] * block.size
    pieces, at = [""], 0
    for start, end, now in [*mends, (len(received), len(received), "")]:
        for place in range(at, start):
            if not unharmed[place]:
                pieces.append("")
            elif not received[place].isspace():
                pieces[-1] += received[place]
        pieces[-1] += squeezed(now)
        at = end
    return matches(squeezed(truth), [re.escape(piece).replace("□", ".") for piece in pieces])


def matches(truth: str, pieces: list[str]) -> bool:
    """Whether the pieces stand in the text in order, the first at its beginning and the last at its end."""
    if len(pieces) == 1:
        return re.fullmatch(pieces[0], truth) is not None
    at = 0
    for place, piece in enumerate(pieces[:-1]):
        found = re.compile(piece).match(truth, at) if place == 0 else re.compile(piece).search(truth, at)
        if found is None:
            return False
        at = found.end()
    return re.search(f"(?:{pieces[-1]})$", truth[at:]) is not None
