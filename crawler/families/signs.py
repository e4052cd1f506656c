"""From signs on a page to a likeness: several weak signs beat one strong one, and no sign is proof. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.extract.listing import href_of
from crawler.extract.page import Page
from crawler.families.family import Likeness


def likeness(signs: Mapping[str, float], most: float = 1.0) -> Likeness:
    """The likeness that signs make together: each takes its share (0 to 1) of the doubt that the others left.

    A sign with the weight 0 was looked for and not seen. `most` caps the score where something speaks against it.
    """
    doubt = 1.0
    for weight in signs.values():
        doubt *= 1 - weight
    seen = tuple(sign for sign, weight in signs.items() if weight)
    return Likeness(round(min(1 - doubt, most), 3), seen)


def links_of(page: Page, wanted: Callable[[str], bool]) -> int:
    """How many links on the page lead to a wanted address; links are given as written."""
    return sum(wanted(href_of(anchor)) for anchor in page.root.iter("a"))


def share(count: int, weight: float) -> float:
    """The weight of a sign that was seen `count` times: in full from three on, less than half for one or two."""
    return weight if count >= 3 else round(weight * 0.4, 2) if count else 0.0
