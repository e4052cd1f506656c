"""What a page holds but does not show as mark-up: articles and lists inside scripts, comments and form fields.

Publishing platforms draw such pages in the browser: gkmlpt keeps the article as an escaped string in a script
(_CONFIG.DETAIL.content), jpage the first rows of a list as records in a script of type text/xml, others a whole list in
a comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from crawler.extract.fragments import fragment
from crawler.extract.page import Page

_STRING = re.compile(
    r'"(content|contentHtml|body|html|text|articleContent|docContent)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){60,}+)"'
)
_ASSIGNED = re.compile(r"""(?:content|html|body|detail)\w{0,20}\s{0,9}=\s{0,9}"((?:[^"\\\n]|\\.){200,}+)\"""", re.I)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ROWS_IN_COMMENT = 3
_DECODER = json.JSONDecoder()
#: Names under which the records of lists hold title, address and day, the surest first.
_TITLES = "title doctitle infotitle articletitle subject biaoti newstitle topic name".split()
_ADDRESSES = "url href link linkurl docpuburl puburl pageurl articleurl infourl detailurl path".split()
_DAYS = (
    "pubdate publishdate pubtime publishtime releasedate releasetime docreltime docpubtime display_date showdate "
    "infodate date time createtime createdate addtime fbsj fbrq"
).split()
#: Arrays of a script that are looked into.
_TRIED = 20
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


def recorded_list(page: Page) -> Any:
    """The element tree of the longest list of records, JSON in a script with a title and an address each; None where
    there is none. What is related to an article stands in scripts of this kind, too."""
    best: list[str] = []
    for script in page.root.iter("script"):
        text = script.text or ""
        tried = 0
        at = text.find("[{") if len(text) < _LONGEST else -1
        while at >= 0 and (tried := tried + 1) <= _TRIED:
            try:
                records, end = _DECODER.raw_decode(text, at)
            except (ValueError, RecursionError):
                records, end = [], at + 2
            rows = [row for record in records if isinstance(record, dict) and (row := _row(record))]
            best = rows if len(rows) > len(best) else best
            at = text.find("[{", end)
    return fragment(f"<ul>{''.join(best)}</ul>") if len(best) >= _ROWS_IN_COMMENT else None


def _row(record: dict[str, Any]) -> str:
    """A record as the row of a list; "" where it has no title or leads nowhere."""
    given = {name.lower(): value.strip() for name, value in record.items() if isinstance(value, str)}
    title = next((given[name] for name in _TITLES if given.get(name)), "")
    href = next((given[name] for name in _ADDRESSES if "/" in given.get(name, "") or "." in given.get(name, "")), "")
    day = next((given[name] for name in _DAYS if given.get(name)), "")
    if not title or not href:
        return ""
    return f'<li><a href="{escape(href)}">{title if "<" in title else escape(title)}</a><span>{escape(day)}</span></li>'


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
