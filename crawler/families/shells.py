"""Pages that only lead on: a meta refresh, a script that sets location, a set of frames. Pure."""

from __future__ import annotations

import re
from typing import Final

from crawler.extract.embedded import frames_of
from crawler.extract.page import Page
from crawler.families.family import Ask, Listing
from crawler.families.rows import same_host

_REFRESH: Final = re.compile(r"^\s*(\d{1,4})[^;,]{0,10}[;,]\s*(?:url\s*=)?\s*['\"]?([^'\">\s]+)", re.I)
_LOCATION: Final = re.compile(
    r"location(?:\.href)?\s*=\s*['\"]([^'\"]{1,500})['\"]|location\.(?:replace|assign)\(\s*['\"]([^'\"]{1,500})['\"]"
)
_NOTE: Final = "shell:"
#: Characters of text from which on a page is one in its own right.
_OWN_TEXT: Final = 200
#: A set of frames may hold another one; a page that leads on a third time leads nowhere.
_HOPS: Final = 2


def led_on(page: Page, asked: Ask, home: str) -> Listing | None:
    """Where a list page without rows leads, if it is nothing but a way to another page; None if it is not.

    `home` is the column's address: other hosts are not followed, and the listing then says so.
    """
    targets = [url for url in targets_of(page) if url.partition("#")[0] != asked.url.partition("#")[0]]
    if not targets:
        return None
    hop = int(asked.note.removeprefix(_NOTE)) + 1 if asked.note.startswith(_NOTE) else 1
    own = [url for url in targets if same_host(url, home)]
    if not own:
        return Listing(trouble=f"the list has moved to another site: {targets[0]}")
    if hop > _HOPS:
        return Listing(trouble="the page leads on to another, and that to another, and none is a list")
    return Listing(further=tuple(Ask(url, note=f"{_NOTE}{hop}") for url in own))


def targets_of(page: Page) -> list[str]:
    """Where the page sends its reader by itself, absolute; [] for a page that stays."""
    frames = frames_of(page)
    if frames:
        return list(dict.fromkeys(frames))
    refresh = _REFRESH.search(page.meta.get("refresh", ""))
    if refresh and int(refresh[1]) <= 10:
        return [page.resolve(refresh[2])]
    if _text_size(page) >= _OWN_TEXT:
        return []
    for script in page.root.iter("script"):
        if found := _LOCATION.search(script.text or ""):
            return [page.resolve(found[1] or found[2])]
    return []


def _text_size(page: Page) -> int:
    skipped = ("script", "style", "title", "noscript")
    return sum(
        len((element.text or "").strip()) * (element.tag not in skipped) + len((element.tail or "").strip())
        for element in page.root.iter()
    )
