"""Lay two texts beside each other: which paragraph became which, which sentence, which characters. Pure, and bounded: a
hostile pair of texts costs a coarser answer, not time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

#: A part before and after; None where there was or is nothing.
Pair = tuple[int | None, int | None]

#: What numbers an article or a heading: 第三条, 第二章, 一、 （二） 3. (4)
LABEL: Final = re.compile(
    r"\s{0,4}(?:第[〇零一二三四五六七八九十百千0-9０-９]{1,7}[条條章节節款编編部分]|[一二三四五六七八九十百]{1,5}、"
    r"|[（(][一二三四五六七八九十百0-9]{1,5}[)）]|[0-9０-９]{1,3}(?:[.．、](?![0-9])|(?:\.[0-9]{1,2}){1,3}(?=\s)))"
)
_SENTENCE: Final = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』)）]*|[^。！？；!?;]+$")
_TOKEN: Final = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*[%％]?|[A-Za-z]+|.", re.DOTALL)

#: Below this likeness two parts are a loss and a gain, not a change.
LIKE: Final = 0.4
_SAME_LABEL: Final = 0.2
_MOST_CELLS: Final = 40_000
_LONGEST: Final = 4_000


def align(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Which part became which, in the order of reading: equal ones first found by those that stand once on either side
    (patience), the rest by likeness and by what numbers them."""
    pairs: list[Pair] = []
    i = j = 0
    for left, right in [*_anchors(before, after), (len(before), len(after))]:
        pairs += _gap(before, after, range(i, left), range(j, right))
        if left < len(before):
            pairs.append((left, right))
        i, j = left + 1, right + 1
    return pairs


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, each with its mark."""
    return _SENTENCE.findall(paragraph) or ([paragraph] if paragraph else [])


def pieces(was: str, now: str) -> list[tuple[str, str]]:
    """The way from one sentence to the other: ("same" | "taken" | "put", text); numbers and Latin words stay whole."""
    if len(was) > _LONGEST or len(now) > _LONGEST:
        return [(kind, text) for kind, text in (("taken", was), ("put", now)) if text]
    left, right = _TOKEN.findall(was), _TOKEN.findall(now)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(left[a:b])))
        else:
            changed = (("taken", "".join(left[a:b])), ("put", "".join(right[c:d])))
            found += [(what, text) for what, text in changed if text]
    return found


def likeness(one: str, other: str) -> float:
    """How much of two parts is common, 0 to 1: pairs of characters, what numbers them left out."""
    left, right = _pairs_in(one), _pairs_in(other)
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else float(one == other)


def label_of(part: str) -> str:
    """What numbers a part, or ""."""
    found = LABEL.match(part)
    return found[0].strip() if found else ""


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Equal parts that stand once on either side, in rising order on both; and what is equal next to them."""
    left, right = _once(before), _once(after)
    common = sorted((n, right[part]) for part, n in left.items() if part in right)
    rising = _rising(common)
    found: list[tuple[int, int]] = []
    ends = [(-1, -1), *rising, (len(before), len(after))]
    for (i, j), (k, m) in pairwise(ends):
        i, j = i + 1, j + 1
        while i < k and j < m and before[i] == after[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        behind = []
        while i < k and j < m and before[k - 1] == after[m - 1]:
            k, m = k - 1, m - 1
            behind.append((k, m))
        found += reversed(behind)
    return sorted({*found, *rising})


def _once(parts: Sequence[str]) -> dict[str, int]:
    counts = Counter(parts)
    return {part: n for n, part in enumerate(parts) if counts[part] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on both sides."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for n, (_, right) in enumerate(pairs):
        place = bisect_left(tops, right)
        before.append(at[place - 1] if place else -1)
        if place == len(tops):
            tops.append(right)
            at.append(n)
        else:
            tops[place], at[place] = right, n
    chosen: list[tuple[int, int]] = []
    n = at[-1] if at else -1
    while n >= 0:
        chosen.append(pairs[n])
        n = before[n]
    return chosen[::-1]


def _gap(before: Sequence[str], after: Sequence[str], left: range, right: range) -> list[Pair]:
    """Parts between two equal ones: changed, taken out, put in."""
    if not left or not right or len(left) * len(right) > _MOST_CELLS:
        return [*((i, None) for i in left), *((None, j) for j in right)]
    score = _scores(before, after, left, right)
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for a in range(len(left) - 1, -1, -1):
        for b in range(len(right) - 1, -1, -1):
            together = best[a + 1][b + 1] + score(a, b) if score(a, b) >= LIKE else 0.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], together)
    pairs: list[Pair] = []
    a = b = 0
    while a < len(left) and b < len(right):
        if score(a, b) >= LIKE and best[a][b] == best[a + 1][b + 1] + score(a, b):
            pairs.append((left[a], right[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            pairs.append((left[a], None))
            a += 1
        else:
            pairs.append((None, right[b]))
            b += 1
    return [*pairs, *((i, None) for i in left[a:]), *((None, j) for j in right[b:])]


def _scores(before: Sequence[str], after: Sequence[str], left: range, right: range) -> Callable[[int, int], float]:
    grams = [_pairs_in(before[i]) for i in left], [_pairs_in(after[j]) for j in right]
    labels = [label_of(before[i]) for i in left], [label_of(after[j]) for j in right]
    known: dict[tuple[int, int], float] = {}

    def score(a: int, b: int) -> float:
        if (a, b) not in known:
            one, other = grams[0][a], grams[1][b]
            total = one.total() + other.total()
            like = 2 * (one & other).total() / total if total else float(before[left[a]] == after[right[b]])
            numbered = labels[0][a] and labels[0][a] == labels[1][b]
            known[a, b] = like + (_SAME_LABEL if numbered else 0.0)
        return known[a, b]

    return score


def _pairs_in(part: str) -> Counter[str]:
    plain = LABEL.sub("", part, count=1)[:_LONGEST] if LABEL.match(part) else part[:_LONGEST]
    return Counter(plain[n : n + 2] for n in range(len(plain) - 1)) or Counter([plain] if plain else [])
