"""The flat fields an index holds of one bulletin, and how they are made from a change in the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bulletin.document import Change
from bulletin.harvest import Harvest, Section
from bulletin.text.script import fold
from search.characters import BORDER, characters_of_folded

CHINA: Final = ZoneInfo("Asia/Shanghai")

#: Fields in which text is found, in the order of the exact layer's columns.
FIELDS: Final = (
    "title",
    "number",
    "index_number",
    "office",
    "source_name",
    "topic",
    "headings",
    "text",
    "attachments",
    "imprint",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One bulletin as an index sees it: its newest revision, text in its original glyphs.

    `attachments` are (file name, text) pairs; `imprint` holds what else is printed on the page and belongs to no field
    of its own: issue label, author, editor, reviewer, the values of the disclosure box. `first_seen` is a date in
    Chinese time.
    """

    document_id: str
    revision: int
    seq: int
    source: str
    region: str
    url: str
    kind: str = "article"
    title: str = ""
    kicker: str = ""
    subtitle: str = ""
    number: str | None = None
    number_raw: str | None = None
    index_number: str | None = None
    office: str | None = None
    source_name: str | None = None
    topic: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    text: str = ""
    attachments: tuple[tuple[str, str], ...] = ()
    imprint: tuple[str, ...] = ()
    dated_on: date | None = None
    published_on: date | None = None
    first_seen: date | None = None


def entry_of(change: Change) -> Entry:
    """The entry of a change: a pure function of the document and its newest revision."""
    document, harvest = change.document, change.revision.harvest
    return Entry(
        document_id=document.id,
        revision=change.revision.number,
        seq=change.seq,
        source=document.source_id,
        region=document.region,
        url=document.url,
        kind=harvest.kind,
        title=harvest.title or "",
        kicker=harvest.kicker or "",
        subtitle=harvest.subtitle or "",
        number=harvest.number,
        number_raw=harvest.number_raw,
        index_number=harvest.index_number,
        office=harvest.office,
        source_name=harvest.source_name,
        topic=harvest.topic,
        headings=tuple(_headings(harvest.sections)),
        text=harvest.text,
        attachments=tuple((attachment.name, attachment.text) for attachment in harvest.attachments),
        imprint=tuple(_imprint(harvest)),
        dated_on=harvest.dated_on,
        published_on=harvest.published_on,
        first_seen=document.first_seen.astimezone(CHINA).date(),
    )


def _headings(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        if section.heading:
            yield section.heading
        yield from _headings(section.sections)


def _imprint(harvest: Harvest) -> Iterator[str]:
    named = (harvest.issue, harvest.author, harvest.editor, harvest.reviewer)
    about = (harvest.genre, harvest.disclosure, harvest.validity)
    seen = {harvest.title, harvest.number, harvest.number_raw, harvest.index_number, harvest.office}
    seen |= {harvest.source_name, *harvest.topic}
    for value in (*named, *about, *(line.value for line in harvest.block)):
        if value and value not in seen:
            seen.add(value)
            yield value


def parts_of(entry: Entry) -> dict[str, tuple[str, ...]]:
    """The texts of each field, each a unit of its own; all FIELDS are there."""
    named = {
        "title": (entry.title, entry.kicker, entry.subtitle),
        "number": (entry.number, entry.number_raw),
        "index_number": (entry.index_number,),
        "office": (entry.office,),
        "source_name": (entry.source_name,),
        "topic": entry.topic,
        "headings": entry.headings,
        "text": (entry.text,),
        "attachments": tuple(text for pair in entry.attachments for text in pair),
        "imprint": entry.imprint,
    }
    return {field: tuple(text for text in texts if text) for field, texts in named.items()}


def folded_parts_of(entry: Entry) -> dict[str, tuple[str, ...]]:
    """`parts_of`, folded: what words and characters are both made of."""
    return {field: tuple(map(fold, texts)) for field, texts in parts_of(entry).items()}


def columns_of(parts: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The characters of each field from its folded parts, which are divided by BORDER.

    A part that stands whole in another part of the field is left out, and so is a heading that stands in the text:
    it can be found there.
    """
    return columns_from({field: tuple(map(characters_of_folded, texts)) for field, texts in parts.items()})


def columns_from(parts: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """`columns_of`, from the characters of each part."""
    columns = {field: _joined(texts) for field, texts in parts.items()}
    body = columns["text"]
    columns["headings"] = BORDER.join(part for part in columns["headings"].split(BORDER) if part not in body)
    return columns


def _joined(texts: tuple[str, ...]) -> str:
    kept: list[str] = []
    for part in texts:
        if not any(part in other for other in kept):
            kept.append(part)
    return BORDER.join(kept)
