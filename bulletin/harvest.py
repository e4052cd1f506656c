"""What was read off one capture, and what was uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

#: issue: several articles under one masthead; collection: texts that are not the publisher's own; list: a list page.
KINDS = ("article", "issue", "collection", "list")

#: Where the issue of a bulletin comes from that does not name it itself: the contents of that issue.
CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something an archivist should look at: the field it is about ("" for the page) and the reason, in words."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text under it, as far as the next heading of its rank. Sub-sections are not in `text`."""

    heading: str
    text: str = ""
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the bulletin. `digest`, `size` and `text` are there once it was fetched and read.

    In the text of a file whose format numbers its pages, these are parted by one form feed (U+000C) each, so that the
    page of an offset is the number of form feeds before it plus one; no other text holds any.
    """

    name: str
    url: str
    media_type: str = ""
    size: int | None = None
    digest: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """A line of the disclosure box as printed, and the field it was read into ("" for none)."""

    label: str
    value: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a merged cell is repeated in every place it covers."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list page, or of the contents of an issue: where it leads, what it is called there, and the date it
    shows (ISO, or "")."""

    title: str
    url: str
    date: str = ""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Chrome:
    """A line taken away, and its role: top, navigation, breadcrumb, tools, related, footer, code, pager, preamble."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field came from (meta, block, headline, family, generic, text, row, contents), and how sure that is, 0
    to 1."""

    origin: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Repair:
    """One mend. Offsets in the text as received (`start`, `end`) and in the repaired text (`to_start`, `to_end`)."""

    start: int
    end: int
    to_start: int
    to_end: int
    was: str
    now: str
    kind: str  # reading, phase, space, width, zero, markup, mojibake, lost
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a paginated article this is, of how many, and which are missing from the whole."""

    number: int
    of: int
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Harvest:
    """A bulletin as read. What is absent on the page is None or empty.

    `text` holds paragraphs parted by one newline, without chrome, headings and table cells included once.
    Dates are Asia/Shanghai dates; `published_at` is an aware UTC moment. `evidence` and `doubts` say how far each field
    can be trusted; `read_by` is family/version of the rule that made this reading.
    """

    kind: str = "article"
    title: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    issue: str | None = None
    issue_number: int | None = None
    number: str | None = None
    number_raw: str | None = None
    index_number: str | None = None
    office: str | None = None
    topic: tuple[str, ...] = ()
    genre: str | None = None
    disclosure: str | None = None
    validity: str | None = None
    dated_on: date | None = None
    signed_on: date | None = None
    published_on: date | None = None
    published_at: datetime | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    author: str | None = None
    source_name: str | None = None
    editor: str | None = None
    reviewer: str | None = None
    language: str | None = None
    script: str | None = None
    text: str = ""
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    pages: Pages | None = None
    block: tuple[BlockEntry, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: tuple[Row, ...] = ()
    chrome: tuple[Chrome, ...] = ()
    evidence: tuple[tuple[str, Evidence], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    repairs: tuple[Repair, ...] = ()
    links: tuple[str, ...] = ()  # where the further pages of a paginated article stand, in order
    text_received: str | None = None  # the text before repair, where a repair changed it
    read_by: str = ""
