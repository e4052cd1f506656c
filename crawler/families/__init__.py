"""CMS families, found by being here: every module with a `FAMILY` in it."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.extract.page import Page
    from crawler.families.family import Family, Likeness


@cache
def families() -> dict[str, Family]:
    """Every family by its name."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [module.FAMILY for module in modules if hasattr(module, "FAMILY")]
    return {family.name: family for family in sorted(found, key=lambda family: str(family.name))}


def recognise(pages: Sequence[Page]) -> list[tuple[Family, Likeness]]:
    """The families these pages look like, likeliest first; those that see no sign at all are left out.

    A family's score over several pages is the mean of its scores, so that one stray sign on one page does not decide.
    """
    from crawler.families.family import Likeness

    judged: list[tuple[Family, Likeness]] = []
    for family in families().values():
        seen = [family.resemblance(page) for page in pages]
        score = sum(likeness.score for likeness in seen) / len(seen) if seen else 0.0
        reasons = _each_once(reason for likeness in seen for reason in likeness.reasons)
        if score > 0:
            judged.append((family, Likeness(score, reasons)))
    return sorted(judged, key=lambda pair: (-pair[1].score, pair[0].name))


def _each_once(reasons: Iterable[str]) -> tuple[str, ...]:
    """The signs of several pages, each told once; of one that was counted ("12 links to ...") the greatest count."""
    counts: dict[str, int] = {}
    for reason in reasons:
        number, _, sign = reason.partition(" ")
        counted = number.isdecimal() and bool(sign)
        key = sign if counted else reason
        counts[key] = max(counts.get(key, 0), int(number) if counted else 0)
    return tuple(f"{count} {sign}" if count else sign for sign, count in counts.items())
