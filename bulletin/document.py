"""What the archive keeps: a document, its revisions, and where and when it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bulletin.capture import RecordRef
from bulletin.harvest import Harvest, Row


@dataclass(frozen=True, slots=True)
class Document:
    """One bulletin of one source. `status` is a word of the disappearance ledger; `listed` until more is known."""

    id: str
    source_id: str
    region: str
    url: str
    column: str
    first_seen: datetime
    last_seen: datetime
    status: str = "listed"
    revisions: int = 1


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a bulletin's content. `payload_digest` is evidence, `content_digest` decides revisions."""

    document_id: str
    number: int
    harvest: Harvest
    content_digest: str
    payload_digest: str
    fetched_at: datetime
    record: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A bulletin was met again under `url`, in `column`, at a moment; `record` is the capture that shows it."""

    document_id: str
    url: str
    column: str
    seen_at: datetime
    revision: int
    record: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something an index must learn: sequence number, the document, and its newest revision."""

    seq: int
    document: Document
    revision: Revision


@dataclass(frozen=True, slots=True)
class Deposit:
    """What became of a harvest: `outcome` is new, changed or unchanged; `alias`: under another URL before."""

    outcome: str
    document_id: str
    revision: int
    alias: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive remembers of a URL for the next polite request: validators, digest, its row in the list."""

    url: str
    document_id: str
    column: str
    etag: str = ""
    last_modified: str = ""
    payload_digest: str = ""
    listed_title: str = ""
    listed_date: str = ""
    visited_at: datetime | None = None  # when it was last answered, whatever the answer
    published_on: date | None = None  # as the archive has it; the day it was first seen where it has none
    status: str = "listed"  # of its document in the ledger
    missing: bool = False  # its list, read to the end, showed it no more
    in_question: bool = False  # the ledger says when it is to be asked for


@dataclass(frozen=True, slots=True)
class Contents:
    """What a kept page that holds the contents of an issue and nothing more says: the issue, as far as it names it, and
    the documents of it, each with its address."""

    issue: str | None
    issue_number: int | None
    rows: tuple[Row, ...]
