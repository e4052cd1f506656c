"""A page that went through a bad converter: its lines, tags and title mended before anything is read from them.

The pattern is readings in brackets behind characters; a page that shows fewer than the least number of them is left as
it is, and pays for one search. The readings stand all over the page, so its lines are mended together: what menu and
footer show of the converter's table helps the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Final

from bulletin.harvest import Doubt, Repair
from bulletin.text.clean import clean
from crawler.extract.outline import Outline
from crawler.extract.page import Page

#: Readings from which a page is looked at more closely.
_LEAST: Final = 5
#: A reading as a converter inserts it; that it begins with a plain bracket lets every clean text pass at once.
_READING: Final = re.compile(r"\([a-zêɑɡü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zêɑɡü]{0,5}\s?\)")


@dataclass(frozen=True, slots=True)
class Mended:
    """The page and its outline as they were before the damage, as far as that is certain; `received` as they came."""

    page: Page
    outline: Outline
    received: Outline | None = None


@dataclass(frozen=True, slots=True)
class Mends:
    """A body as received, what was done to it, and the places of it that stayed as they were."""

    received: str = ""
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def mended(page: Page, outline: Outline) -> Mended:
    """Mend what a converter did to a page; a page without its pattern comes back as it is."""
    if sum(1 for _ in islice(_READING.finditer("\n".join(outline.texts)), _LEAST)) < _LEAST:
        return Mended(page, outline)
    from bulletin.text.repair import repair  # its tables are large, and few pages need them

    tags = [" ".join(text.split()) for text in (page.title, *page.meta.values())]
    given = [*tags, *outline.texts]
    outcome = repair("\n".join(given))
    lines = outcome.text.split("\n")
    if not outcome.repairs:
        return Mended(page, outline)
    if len(lines) != len(given):  # a mend reached over the end of a line
        lines = [repair(line, damaged=True).text for line in given]
    meta = dict(zip(page.meta, lines[1 : len(tags)], strict=True))
    texts = lines[len(tags) :]
    return Mended(replace(page, title=lines[0], meta=meta), _with_texts(outline, texts), outline)


def _with_texts(outline: Outline, texts: list[str]) -> Outline:
    links = [
        len(text) if linked >= len(was) else min(linked, len(text))
        for text, was, linked in zip(texts, outline.texts, outline.links, strict=True)
    ]
    sums = [0, *accumulate(map(len, texts))]
    return replace(outline, texts=texts, links=links, text_sum=sums, link_sum=[0, *accumulate(links)])


def body_repairs(received: Sequence[str], now: Sequence[str]) -> Mends:
    """The body as received and what was done to it; the two are the same lines before and after mending."""
    from bulletin.text.repair import repair

    before, after = clean("\n".join(received)), clean("\n".join(now))
    again = repair(before, damaged=True)
    if again.text == after:
        return Mends(before, again.repairs, again.doubts)
    # What the whole page proves, the body alone may not: then every changed line is one mend.
    found: list[Repair] = []
    at = to = 0
    pairs = zip(before.split("\n"), after.split("\n"), strict=False)
    for was, is_now in pairs:
        if was != is_now:
            found.append(_between(was, is_now, at, to))
        at, to = at + len(was) + 1, to + len(is_now) + 1
    return Mends(before, tuple(found), again.doubts)


def _between(was: str, now: str, at: int, to: int) -> Repair:
    """The part in which two forms of a line that begin `at` and `to` differ."""
    shorter = min(len(was), len(now))
    head = next((i for i in range(shorter) if was[i] != now[i]), shorter)
    tail = next((i for i in range(shorter - head) if was[-1 - i] != now[-1 - i]), shorter - head)
    old, new = was[head : len(was) - tail], now[head : len(now) - tail]
    return Repair(at + head, at + head + len(old), to + head, to + head + len(new), old, new, "phase", True)
