"""Lists of ASP.NET whose pages are turned by posting the form back. Pure."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlencode

from crawler.extract.page import Page
from crawler.families.family import Ask

_CALL: Final = re.compile(
    r"__doPostBack\(\s*(?:'|&#39;)([^']{1,200})(?:'|&#39;)\s*,\s*(?:'|&#39;)([^']{0,200})(?:'|&#39;)"
)
_NEXT: Final = re.compile(r"(?:下一?页|后一?页|后页|next)\s*[>»›]*|[>»›]", re.I)
_CURRENT: Final = re.compile(r"当前(?:页|第)\s*[:：]?\s*(?:第\s*)?(\d{1,5})|第\s*(\d{1,5})\s*页")
_HEADERS: Final = (("Content-Type", "application/x-www-form-urlencoded"),)
_KEPT: Final = frozenset({"", "hidden", "text"})


def posts_back(page: Page) -> bool:
    """Whether the page holds a form with the state that ASP.NET wants back."""
    return _form(page) is not None


def next_postback(page: Page, asked: Ask) -> Ask | None:
    """The form posted back as the link to the next page does it; None on the last page and where there is no form.

    The state belongs to the answer before, which is why pages can only be turned one after the other.
    """
    form = _form(page)
    if form is None:
        return None
    current = _current(page, asked)
    turn = _turn(page, current + 1)
    if turn is None:
        return None
    fields = [(field.get("name"), field.get("value") or "") for field in _fields(form)]
    target = {"__EVENTTARGET": turn[0], "__EVENTARGUMENT": turn[1]}
    body = [(name, value) for name, value in fields if name not in target] + list(target.items())
    encoding = "gb18030" if page.encoding.lower().startswith("gb") else "utf-8"
    sent = urlencode(body, encoding=encoding, errors="replace").encode("ascii")
    return Ask(page.resolve(form.get("action") or page.url), "POST", sent, _HEADERS, note=f"post:{current + 1}")


def _form(page: Page) -> Any:
    for form in page.root.iter("form"):
        if any((field.get("name") or "") == "__VIEWSTATE" for field in form.iter("input")):
            return form
    return None


def _fields(form: Any) -> list[Any]:
    """What a browser would send without a button pressed."""
    return [f for f in form.iter("input") if f.get("name") and (f.get("type") or "").lower() in _KEPT]


def _current(page: Page, asked: Ask) -> int:
    """The page's own word, else the count of the turns so far: a server that dislikes the form shows page 1 again."""
    text = " ".join(text for text in page.root.itertext() if "页" in text)[:20_000]
    stated = _CURRENT.search(text)
    if stated:
        return int(stated[1] or stated[2])
    return int(asked.note.removeprefix("post:")) if asked.note.startswith("post:") else 1


def _turn(page: Page, wanted: int) -> tuple[str, str] | None:
    """Target and argument of the link that shows page `wanted`: by its number, by its words, or by … at the end."""
    calls = []
    for link in page.root.iter("a"):
        found = _CALL.search(link.get("href") or "") or _CALL.search(link.get("onclick") or "")
        if found and link.get("disabled") is None:
            calls.append(("".join("".join(link.itertext()).split()).strip("[]【】"), found[1], found[2]))
    for label, target, argument in calls:
        if label == str(wanted) or (argument == str(wanted) and (_NEXT.fullmatch(label) or label.isdigit())):
            return target, argument
    for label, target, argument in calls:
        if _NEXT.fullmatch(label):
            return target, argument
    ten = [(t, a) for label, t, a in calls if label in ("...", "…", "……")]
    numbers = [int(label) for label, _, _ in calls if label.isdigit()]
    return ten[-1] if ten and numbers and wanted > max(numbers) else None
