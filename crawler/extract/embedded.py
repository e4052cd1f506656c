"""What a page holds but does not show as mark-up: articles and lists inside scripts, comments and form fields.

Publishing platforms draw such pages in the browser: gkmlpt keeps the article as an escaped string in a script
(_CONFIG.DETAIL.content), jpage the first rows of a list as records in a script of type text/xml, others a whole list in
a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.extract.fragments import fragment
from crawler.extract.page import Page

_STRING = re.compile(
    r'"(content|contentHtml|body|html|text|articleContent|docContent)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){60,}+)"'
)
_ASSIGNED = re.compile(r"""(?:content|html|body|detail)\w{0,20}\s{0,9}=\s{0,9}"((?:[^"\\\n]|\\.){200,}+)\"""", re.I)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ROWS_IN_COMMENT = 3
#: A string longer than this is no article; reading it would only cost time.
_LONGEST = 8_000_000


def embedded_article(page: Page) -> Any:
    """The element tree of an article that stands as a string in a script or a form field; None where there is none."""
    best: tuple[int, str] = (0, "")
    for text in _strings(page):
        weight = len(_HAN.findall(text[:200_000]))
        if weight > best[0] and ("<" in text or weight > 200):
            best = (weight, text)
    return fragment(best[1]) if best[0] >= 20 else None


def embedded_list(page: Page) -> Any:
    """The element tree of a list that stands in a data script or a comment; None where there is none."""
    if "<datastore" in page.text:
        records = list(records_of(page.text))
        if records:
            return fragment("<ul>" + "".join(r if "<li" in r else f"<li>{r}</li>" for r in records) + "</ul>")
    for comment in between(page.text, "<!--", "-->"):
        if comment.count("<li") >= _ROWS_IN_COMMENT and comment.count("href=") >= _ROWS_IN_COMMENT:
            return fragment(comment)
    return None


def records_of(text: str) -> Iterator[str]:
    """What the records of a datastore hold, without the marks of CDATA."""
    for record in between(text, "<record>", "</record>"):
        yield record.strip().removeprefix("<![CDATA[").removesuffix("]]>")


def between(text: str, opening: str, closing: str) -> Iterator[str]:
    """What stands between two marks; ends where a mark is not closed."""
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        yield text[start + len(opening) : end]
        at = end + len(closing)


def frames_of(page: Page) -> list[str]:
    """Where the frames of a frame set lead."""
    return [page.resolve(frame.get("src")) for frame in page.root.iter("frame") if frame.get("src")]


def _strings(page: Page) -> Iterator[str]:
    for script in page.root.iter("script"):
        text = script.text or ""
        if not 100 < len(text) < _LONGEST:
            continue
        if (script.get("type") or "").lower() in ("text/html", "text/template", "text/x-template"):
            yield text
            continue
        for found in _STRING.finditer(text):
            yield _unescaped(found[2])
        for found in _ASSIGNED.finditer(text):
            yield _unescaped(found[1])
    for field in page.root.iter("textarea", "input"):
        text = (field.text if field.tag == "textarea" else field.get("value")) or ""
        if len(text) > 60:
            yield text


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
