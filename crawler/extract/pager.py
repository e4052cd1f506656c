"""Which page of how many: 本新闻共4页,当前在第01页; 第1页/共3页; 1/4; 上一页 1 2 3 下一页."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bulletin.harvest import Pages
from crawler.extract.lines import matching

_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"共有?(?P<of>\d{1,3})页[^\d]{0,12}第?(?P<at>\d{1,3})页",
        r"第?(?P<at>\d{1,3})页?[/,，|]?共(?P<of>\d{1,3})页",
        r"^\(?(?P<at>\d{1,3})/(?P<of>\d{1,3})页?\)?$",
        r"共(?P<of>\d{1,3})页",
    )
)
_MOST: Final = 200


def pages_of(pagers: Sequence[str]) -> Pages | None:
    """What the pager lines say, None without one or for a single page. All other pages are missing from this one."""
    for text in pagers:
        key = matching(text)
        for form in _FORMS:
            match = form.search(key)
            if match:
                of = int(match["of"])
                at = int(match.groupdict().get("at") or 1)
                return _pages(at, of)
        steps = [int(number) for number in re.findall(r"\d{1,3}", text)]
        if re.search(r"[上下]一?页", key) and steps == list(range(1, len(steps) + 1)) and len(steps) > 1:
            return _pages(_marked(text) or 1, len(steps))
    return None


def _marked(text: str) -> int | None:
    """The page that stands in brackets while the others do not."""
    marked = re.findall(r"[\[【(](\d{1,3})[\])】]", text)
    return int(marked[0]) if len(marked) == 1 else None


def _pages(at: int, of: int) -> Pages | None:
    if not 1 <= at <= of <= _MOST or of == 1:
        return None
    return Pages(at, of, tuple(number for number in range(1, of + 1) if number != at))
