"""A bulletin as JSON carries every promised field, and comes back whole."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from builders import NOW, a_harvest

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
from bulletin.record import FIELDS, harvest_of, record_of

FULL = a_harvest(
    kind="issue",
    topic=("水利", "农业"),
    published_at=datetime(2026, 3, 19, 16, 30, tzinfo=UTC),
    sections=(Section("一、要求", "正文", (Section("(一)内", "下"),)),),
    attachments=(Attachment("附件.pdf", "http://www.yunxiu.example/f.pdf", "application/pdf", 12, "sha256:00", "文"),),
    block=(BlockEntry("索引号", "619901012/2026-00031", "index_number"),),
    tables=(Table((("甲", "乙"), ("丙", "丁"))),),
    rows=(Row("标题", "http://www.yunxiu.example/1", "2026-03-01", True),),
    chrome=(Chrome("tools", "打印本页"),),
    evidence=(("title", Evidence("meta", 0.9)),),
    doubts=(Doubt("published_on", "两处不同"),),
    repairs=(Repair(0, 5, 0, 1, "發(fā)", "發", "reading", True),),
    pages=Pages(1, 4, (3,)),
)


def test_the_promised_fields_in_the_promised_order() -> None:
    assert list(record_of(FULL)) == FIELDS
    assert record_of(Harvest())["title"] is None
    assert record_of(Harvest())["attachments"] == []


def test_it_comes_back_whole_through_json() -> None:
    assert harvest_of(json.loads(json.dumps(record_of(FULL)))) == FULL
    assert harvest_of(record_of(Harvest())) == Harvest()


def test_published_at_shows_the_day_the_page_shows() -> None:
    assert record_of(FULL)["published_at"] == "2026-03-20T00:30:00+08:00"


def test_document_and_revision_add_what_the_archive_knows() -> None:
    document = Document("aa", "619901_yunxiu", "619901", "http://www.yunxiu.example/1", "gb", NOW, NOW)
    record = RecordRef("a.warc.gz", 10, 20, "sha256:11")
    revision = Revision("aa", 2, FULL, "sha256:cc", "sha256:11", NOW, record)
    found = record_of(FULL, document=document, revision=revision)
    assert (found["id"], found["revision"], found["source"], found["status"]) == ("aa", 2, "619901_yunxiu", "listed")
    assert found["first_seen"] == "2026-04-01T02:00:00Z"
    assert found["record"] == {"warc": "a.warc.gz", "offset": 10, "length": 20}
    assert record_of(FULL, document=document, revision=replace(revision, record=None))["record"] is None
