"""Body containers by name, and reading an article with one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bulletin.harvest import Harvest
from bulletin.source import Source
from crawler.extract.page import Page
from crawler.extract.reading import read_page
from crawler.families.family import Family


def read_in(family: Family, page: Page, source: Source, names: Sequence[str]) -> Harvest:
    """The bulletin on a page whose body a family knows by name; found by its text where none of the names is there."""
    harvest = read_page(page, source=source, container=body_of(page, names))
    return replace(harvest, read_by=f"{family.name}/{family.version}")


def body_of(page: Page, names: Sequence[str]) -> Any:
    """The element of the first name that holds text; of several of one name the one with most. None without any.

    Names are written `#id`, `#id*` (an id that begins so), `.class` or `tag`; case does not count.
    """
    for name in names:
        found = [(_size(element), element) for element in _named(page, name)]
        size, element = max(found, key=lambda pair: pair[0], default=(0, None))
        if size:
            return element
    return None


def _named(page: Page, name: str) -> list[Any]:
    key = name.lower()
    if key.startswith("#"):
        stem = key[1:].rstrip("*")
        ids = [element for element in page.root.iter() if (element.get("id") or "").lower().startswith(stem)]
        return ids if key.endswith("*") else [element for element in ids if element.get("id").lower() == stem]
    if key.startswith("."):
        return [e for e in page.root.iter() if key[1:] in (e.get("class") or "").lower().split()]
    return list(page.root.iter(key))


def _size(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
