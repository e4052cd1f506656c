"""An article page, taken apart, put together as a Harvest: its fields in the order of trust, then its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bulletin.harvest import Attachment, Chrome, Doubt, Evidence, Harvest, Pages, Table
from bulletin.source import Source
from bulletin.text.clean import clean
from bulletin.text.script import script_of
from crawler.extract.attachments import files_shown, read_attachments
from crawler.extract.contradictions import contradictions_of
from crawler.extract.embedded import frames_of
from crawler.extract.fields import doubt_identity, take_body, take_pubdate
from crawler.extract.further import further_pages
from crawler.extract.gathering import Gathering
from crawler.extract.leavings import chrome_around, without_chrome
from crawler.extract.lines import Line
from crawler.extract.mending import Mends, body_repairs
from crawler.extract.outline import Outline
from crawler.extract.page import Page
from crawler.extract.parts import Parts
from crawler.extract.several import Issue, Texts, issue_on, texts_in
from crawler.extract.tables import read_tables
from crawler.extract.taking import take_fields

READ_BY: Final = "generic/1"
#: Lines from either end of a body among which it is signed.
_FAR: Final = 2000
_HAN: Final = re.compile("[\u4e00-\u9fff]+")
#: Characters that are enough to tell the script.
_TELLING: Final = 3_000


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands on the lines of the text: the text itself, and what goes with it. `left` are lines in it that are no
    part of it, `mends` what was done to it where the page was mended."""

    text: str
    left: tuple[Chrome, ...]
    tables: tuple[Table, ...]
    attachments: tuple[Attachment, ...]
    pages: Pages | None
    links: tuple[str, ...]
    mends: Mends


def read_article(parts: Parts, source: Source | None, received: Outline | None = None) -> Harvest:
    """The bulletin on a page that holds one. `received`: the outline before mending, where the page was mended."""
    gathering = Gathering(doubts=list(parts.page.doubts))
    issue, used = _take_head(parts, gathering)
    lines = parts.outline.lines(issue.start if issue else parts.start, parts.end)
    found = texts_in(lines, issue, published=bool(parts.block) or _has_publisher(parts.page, gathering))
    _take_rest(parts.page, gathering, found, lines, source)
    start = parts.end - len(lines) + found.first
    end = start + found.count
    written = _written(parts, start, end, received)
    _weigh_text(parts, gathering, written)
    gathering.doubts += found.doubts
    harvest = Harvest(
        kind=found.kind,
        **gathering.values,
        text=written.text,
        sections=found.sections,
        tables=written.tables,
        attachments=written.attachments,
        chrome=(*chrome_around(parts.outline, start, end, used, found.preamble), *written.left),
        pages=written.pages,
        links=written.links,
        language=language_of(written.text),
        script=script_of(written.text[:_TELLING]),
        evidence=tuple(gathering.evidence.items()),
        repairs=written.mends.repairs,
        text_received=written.mends.received if written.mends.repairs else None,
        read_by=READ_BY,
    )
    gathering.doubts += written.mends.doubts
    return replace(harvest, doubts=(*gathering.doubts, *contradictions_of(harvest)))


def language_of(text: str) -> str | None:
    """zh or en, by the first characters of a text; None for no text."""
    han = sum(map(len, _HAN.findall(text[:2000])))
    return None if not text else "zh" if han * 10 >= len(text[:2000]) else "en"


def _take_head(parts: Parts, gathering: Gathering) -> tuple[Issue | None, set[int]]:
    """Take the title, the masthead of an issue, and the fields above and around the text; the masthead, and the lines
    of the page that were used up."""
    if parts.title:
        gathering.take({"title": clean(parts.title.text)}, parts.title.origin, parts.title.confidence)
    issue = issue_on(parts)
    if issue:
        gathering.take(issue.label, "headline", 0.9)
    used = take_fields(parts, gathering)
    if issue:
        gathering.take(issue.fields, "headline", 0.85)
        used |= issue.used
    return issue, used


def _take_rest(page: Page, gathering: Gathering, found: Texts, lines: Sequence[Line], source: Source | None) -> None:
    """Take what the text says of itself (signature, date), then what the tags say of the whole page."""
    if found.kind == "article":
        own = lines[found.first : found.first + found.count]
        take_body(gathering, own if len(own) <= 2 * _FAR else [*own[:_FAR], *own[-_FAR:]])
    take_pubdate(gathering, page)
    doubt_identity(gathering, page, source)


def _written(parts: Parts, start: int, end: int, received: Outline | None) -> _Written:
    """What stands on the lines [start, end)."""
    page, outline = parts.page, parts.outline
    tables, texts = read_tables(outline, start, end)
    body, left = without_chrome(texts)
    text = clean("\n".join(body))
    mends = body_repairs(read_tables(received, start, end)[1], texts) if received else Mends()
    attachments = read_attachments(page, outline, start, end, parts.body.element) if parts.body else ()
    if not text and not attachments:
        attachments = tuple(files_shown(page, page.root))
    return _Written(text, tuple(left), tables, attachments, *further_pages(page, outline, start, end), mends)


def _weigh_text(parts: Parts, gathering: Gathering, written: _Written) -> None:
    """How sure the text is, and what is missing of it."""
    if parts.body and written.text:
        gathering.evidence["text"] = Evidence(parts.body.origin, round(parts.body.confidence, 2))
    if pages := written.pages:
        others = ", ".join(map(str, pages.missing))
        gathering.doubts.append(Doubt("pages", f"page {pages.number} of {pages.of}; not here: {others}"))
    if not gathering.values.get("title"):
        gathering.doubts.append(Doubt("title", "no title was found"))
    if not (written.text or written.attachments):
        frames = frames_of(parts.page)
        elsewhere = f"the page is a frame set; its text stands in {', '.join(frames)}"
        gathering.doubts.append(Doubt("text", elsewhere if frames else "no text was found"))


def _has_publisher(page: Page, gathering: Gathering) -> bool:
    """Whether tags or fields name whoever publishes the page."""
    named = any(gathering.values.get(name) for name in ("source_name", "number", "index_number"))
    return named or bool(page.meta.get("siteidcode") or page.meta.get("articletitle"))
