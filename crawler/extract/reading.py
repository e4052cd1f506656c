"""From an opened page to a Harvest: the parts read by the other files, put together in the order of trust."""

from __future__ import annotations

from typing import Any

from bulletin.harvest import Evidence, Harvest
from bulletin.source import Source
from bulletin.text.script import script_of
from crawler.extract.article import find_body
from crawler.extract.edges import trim
from crawler.extract.headline import find_title, shown_title
from crawler.extract.outline import outline_of
from crawler.extract.page import Page, open_page

READ_BY = "generic/1"


def read_page(page: Page, *, source: Source | None = None, container: Any = None) -> Harvest:
    """Read an HTML page nobody told us about. Pure; never fails.

    `container` is the element a family knows to be the body.
    """
    outline = outline_of(page.root)
    title = find_title(page, outline)
    body = find_body(outline, title.start if title else None)
    if body and (title is None or title.confidence < 0.6):
        title = shown_title(page, outline, body.start) or title
    start, end = trim(outline, body, title) if body else (0, 0)
    text = "\n".join(outline.texts[start:end])
    return Harvest(
        title=title.text if title else None,
        text=text,
        language="zh",
        script=script_of(text),
        evidence=(("text", Evidence(body.origin, round(body.confidence, 2))),) if body else (),
        doubts=page.doubts,
        read_by=READ_BY,
    )


def read_file(
    data: bytes, *, name: str, url: str = "", content_type: str = "", source: Source | None = None
) -> Harvest:
    """Read a saved file by its name and content."""
    return read_page(open_page(data, url=url, content_type=content_type), source=source)
