"""The practice sites by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bulletin.errors import NotFoundError
from desk.demo.collection import collection
from desk.demo.disclosure import disclosure
from desk.demo.express import express
from desk.demo.f1 import F1
from desk.demo.f2 import F2
from desk.demo.f3 import F3
from desk.demo.f4 import F4
from desk.demo.f5 import F5
from desk.demo.f6 import F6
from desk.demo.f7 import F7
from desk.demo.h1 import H1
from desk.demo.hostile import Hostile
from desk.demo.news import news
from desk.demo.paged import paged
from desk.demo.site import PracticeSite
from desk.demo.year import Year


def _shelf() -> dict[str, Callable[..., PracticeSite]]:
    return {
        "F1": F1,
        "express": express,
        "news": news,
        "disclosure": disclosure,
        "paged": paged,
        "collection": collection,
        "F2": F2,
        "F3": F3,
        "F4": F4,
        "F5": F5,
        "F6": F6,
        "F7": F7,
        "H0": Hostile,
        "H1": H1,
        "year": Year,
    }


def names() -> list[str]:
    return list(_shelf())


def site(name: str, *, scale: int = 1, **switches: Any) -> PracticeSite:
    """The practice site called `name`; `scale` multiplies its articles, `switches` are the site's own."""
    shelf = _shelf()
    for known, make in shelf.items():
        if known.lower() == name.lower():
            return make(scale=scale, **switches)
    raise NotFoundError(f"there is no practice site called {name!r}", f"Practice sites: {', '.join(shelf)}.")
