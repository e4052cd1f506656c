"""A bulletin as one JSON object, with the field names promised to users, and back again.

The same object is printed by `read` and `show`, written by the exports, and answered by the API.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bulletin.capture import RecordRef
from bulletin.document import Document, Revision
from bulletin.harvest import (
    Attachment,
    BlockEntry,
    Chrome,
    Doubt,
    Evidence,
    Harvest,
    Pages,
    Repair,
    Row,
    Section,
    Table,
)

CHINA: Final = ZoneInfo("Asia/Shanghai")

#: The order in which fields are printed.
FIELDS: Final = (
    "id revision kind source region url title kicker subtitle issue issue_number number number_raw index_number "
    "office topic genre disclosure validity dated_on signed_on published_on published_at effective_on expires_on "
    "first_seen last_seen fetched_at author source_name editor reviewer language script text sections attachments "
    "pages block tables rows chrome evidence doubts repairs read_by content_digest payload_digest record status"
).split()

_PLAIN: Final = (
    "kind title kicker subtitle issue issue_number number number_raw index_number office genre disclosure validity "
    "author source_name editor reviewer language script text read_by"
).split()
_DATES: Final = "dated_on signed_on published_on effective_on expires_on".split()


def record_of(
    harvest: Harvest, *, document: Document | None = None, revision: Revision | None = None, url: str | None = None
) -> dict[str, Any]:
    """The promised JSON object; absent fields are null, empty lists are lists.

    Dates are ISO dates, `published_at` an ISO moment in Chinese time, other moments ISO in UTC.
    """
    found: dict[str, Any] = dict.fromkeys(FIELDS)
    found.update({name: getattr(harvest, name) for name in _PLAIN})
    found.update({name: _day(getattr(harvest, name)) for name in _DATES})
    found["published_at"] = harvest.published_at.astimezone(CHINA).isoformat() if harvest.published_at else None
    found["topic"] = list(harvest.topic)
    found["url"] = url
    found["sections"] = [_section(s) for s in harvest.sections]
    found["tables"] = [{"rows": [list(row) for row in t.rows]} for t in harvest.tables]
    found["pages"] = _pages(harvest.pages)
    found["evidence"] = {n: {"from": e.origin, "confidence": e.confidence} for n, e in harvest.evidence}
    for name in ("attachments", "block", "rows", "chrome", "doubts", "repairs"):
        found[name] = [_plain(item) for item in getattr(harvest, name)]
    if document:
        found |= {"id": document.id, "source": document.source_id, "region": document.region, "url": document.url}
        found |= {"first_seen": moment_record(document.first_seen), "last_seen": moment_record(document.last_seen)}
        found["status"] = document.status
    if revision:
        found |= {"revision": revision.number, "fetched_at": moment_record(revision.fetched_at)}
        found |= {"content_digest": revision.content_digest, "payload_digest": revision.payload_digest}
        found["record"] = _record(revision.record)
    return found


def harvest_of(record: dict[str, Any]) -> Harvest:
    """The Harvest that `record_of` printed. Fields it does not print (`links`, `text_received`) come back empty."""
    given: dict[str, Any] = {name: record.get(name) for name in _PLAIN}
    given |= {"kind": record.get("kind") or "article", "text": record.get("text") or ""}
    given["read_by"] = record.get("read_by") or ""
    given |= {name: date.fromisoformat(record[name]) if record.get(name) else None for name in _DATES}
    moment = record.get("published_at")
    given["published_at"] = datetime.fromisoformat(moment).astimezone(UTC) if moment else None
    given["topic"] = tuple(record.get("topic") or ())
    given["sections"] = tuple(section_of(s) for s in record.get("sections") or ())
    given["tables"] = tuple(Table(tuple(tuple(r) for r in t["rows"])) for t in record.get("tables") or ())
    pages = record.get("pages")
    given["pages"] = Pages(pages["number"], pages["of"], tuple(pages["missing"])) if pages else None
    evidence = record.get("evidence") or {}
    given["evidence"] = tuple((n, Evidence(e["from"], e["confidence"])) for n, e in evidence.items())
    for name, kind in _ITEMS.items():
        given[name] = tuple(kind(**item) for item in record.get(name) or ())
    return Harvest(**given)


_ITEMS: Final[dict[str, type[Any]]] = {
    "attachments": Attachment,
    "block": BlockEntry,
    "rows": Row,
    "chrome": Chrome,
    "doubts": Doubt,
    "repairs": Repair,
}


def section_of(record: dict[str, Any]) -> Section:
    return Section(record["heading"], record["text"], tuple(section_of(s) for s in record["sections"]))


def _section(section: Section) -> dict[str, Any]:
    return {"heading": section.heading, "text": section.text, "sections": [_section(s) for s in section.sections]}


def _plain(item: Any) -> dict[str, Any]:
    return {f.name: getattr(item, f.name) for f in fields(item)}


def _pages(pages: Pages | None) -> dict[str, Any] | None:
    return {"number": pages.number, "of": pages.of, "missing": list(pages.missing)} if pages else None


def _record(record: RecordRef | None) -> dict[str, Any] | None:
    return {"warc": record.warc, "offset": record.offset, "length": record.length} if record else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def moment_record(moment: datetime | None) -> str | None:
    """An aware moment as every JSON answer writes it, or null."""
    return moment_text(moment) if moment else None


def moment_text(moment: datetime, timespec: str = "auto") -> str:
    """An aware moment in ISO 8601, in UTC, ending in Z; `timespec` as `datetime.isoformat` takes it."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
