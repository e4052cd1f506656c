"""What is taken away from a page, by role: nothing is dropped unseen."""

from __future__ import annotations

import re
from collections.abc import Collection

from bulletin.harvest import Chrome
from crawler.extract.chrome import role_of
from crawler.extract.outline import Outline

#: What a line must hold to be chrome in the middle of a body.
_SUSPECT = re.compile(
    r"[{};$]|\.(?:js|jpe?g|png|gif|bmp|webp)\b|function|页|頁|扫|掃|码|大\s*中|小\s*中|字[号体]|字體|打印|列印|关闭|關閉|收藏|分享|顶|Produced"
)


def without_chrome(texts: list[str]) -> tuple[list[str], list[Chrome]]:
    """The body without what can be nothing but chrome even in a body: pagers, code, the caption of a QR code."""
    body: list[str] = []
    chrome: list[Chrome] = []
    for text in texts:
        role = role_of(text, "body") if _SUSPECT.search(text) else None
        if role:
            chrome.append(Chrome(role, text))
        else:
            body.append(text)
    return body, chrome


def chrome_around(
    outline: Outline, start: int, end: int, used: set[int], preamble: Collection[str] = ()
) -> tuple[Chrome, ...]:
    """The lines above and below the body [start, end) that became no field, each with its role.

    `preamble` are the lines a site of sample texts opens or closes them with.
    """
    found = []
    for index, text in enumerate(outline.texts):
        if index in used or start <= index < end:
            continue
        position = "head" if index < start else "tail"
        linked = outline.links[index] * 10 >= 8 * len(text)
        fallback = ("navigation" if linked else "top") if position == "head" else "related" if linked else "footer"
        role = None if linked else role_of(text, position)
        found.append(Chrome("preamble" if text in preamble else role or fallback, text))
    return tuple(found)
