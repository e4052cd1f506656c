"""An invented bulletin as its author knows it: what the practice sites print, and what a reader must read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bulletin.text.clean import squeeze


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a body, in reading order.

    `kind`: paragraph, heading, subheading, salutation, signature, signed (the date under a signature), table, image,
    caption, annex (the title of an annex), files (a line of links to attachments, `rows` holding (name, URL)).
    """

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    def lines(self) -> tuple[str, ...]:
        """The text this piece adds to the body, a line each; an image adds none, a table one line a cell."""
        if self.kind == "table":
            return tuple(cell for row in self.rows for cell in row)
        return (self.text,) if self.text else ()


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to a bulletin, with the bytes served for it. `href` is how the page writes its address."""

    name: str
    url: str
    media_type: str
    data: bytes = field(repr=False)
    href: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """Everything true about one bulletin. Fields that the page does not print are empty."""

    key: str  # column/number, stable under growth
    url: str
    column: str
    title: str
    parts: tuple[Part, ...]
    kind: str = "article"
    kicker: str = ""
    subtitle: str = ""
    issue: str = ""
    issue_number: int | None = None
    number: str = ""
    index_number: str = ""
    office: str = ""
    topic: tuple[str, ...] = ()
    disclosure: str = ""
    validity: str = ""
    dated_on: date | None = None
    signed_on: date | None = None
    published_on: date | None = None
    published_time: str = ""  # HH:MM or HH:MM:SS, Asia/Shanghai
    effective_on: date | None = None
    expires_on: date | None = None
    author: str = ""
    source_name: str = ""
    editor: str = ""
    reviewer: str = ""
    files: tuple[File, ...] = ()
    articles: tuple[tuple[str, str], ...] = ()  # heading and byline of each article of an issue or collection
    page_urls: tuple[str, ...] = ()  # of a paginated article: the pages that are there
    page_count: int = 1
    missing_pages: tuple[int, ...] = ()
    damaged: bool = False  # printed by a bad converter: the page shows less than is true
    listed_on: date | None = None  # the day its row shows, where the page itself shows none

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(line for part in self.parts for line in part.lines())

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(part.text for part in self.parts if part.kind in ("heading", "subheading"))


def body_sha256(text: str) -> str:
    """SHA-256 (hex) of a text squeezed (NFKC, no white space, no marks without width): how bodies are compared."""
    return _hex(squeeze(text).encode())


_AS_THEY_ARE: Final = (
    "column",
    "kind",
    "title",
    "kicker",
    "subtitle",
    "issue",
    "issue_number",
    "number",
    "index_number",
    "office",
    "disclosure",
    "validity",
    "author",
    "source_name",
    "editor",
    "reviewer",
)
_DATES: Final = ("dated_on", "signed_on", "published_on", "effective_on", "expires_on", "listed_on")


def expected_of(article: Article) -> dict[str, Any]:
    """The oracle's entry for one article: absent fields None, dates ISO, `body_sha256` over its paragraphs."""
    entry: dict[str, Any] = {name: getattr(article, name) or None for name in _AS_THEY_ARE}
    for name in _DATES:
        day: date | None = getattr(article, name)
        entry[name] = day.isoformat() if day else None
    entry["published_time"] = article.published_time or None
    entry["topic"] = list(article.topic)
    entry["sections"] = list(article.headings)
    entry["paragraphs"] = list(article.paragraphs)
    entry["captions"] = [part.text for part in article.parts if part.kind == "caption"]
    entry["tables"] = [[list(row) for row in part.rows] for part in article.parts if part.kind == "table"]
    entry["body_sha256"] = body_sha256("\n".join(article.paragraphs))
    entry["articles"] = [{"heading": heading, "byline": byline or None} for heading, byline in article.articles]
    entry["pages"] = list(article.page_urls)
    entry["page_count"] = article.page_count
    entry["missing_pages"] = list(article.missing_pages)
    entry["attachments"] = [
        {"name": f.name, "url": f.url, "media_type": f.media_type, "size": len(f.data), "sha256": _hex(f.data)}
        for f in article.files
    ]
    entry["damaged"] = article.damaged
    return entry


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
