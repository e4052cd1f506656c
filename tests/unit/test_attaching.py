"""What is learnt of a file once it was fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from archive.revising import READING, UNCHANGED, weigh
from bulletin.capture import Capture
from bulletin.harvest import Attachment, Doubt, Harvest
from bulletin.ids import digest
from bulletin.record import record_of
from crawler.attaching import Reread, Taken, doubts_about, taken_from
from desk.demo.files import jpeg, pdf

URL = "http://county.example/downfile.jsp?classid=0&filename=26ab.pdf"


def capture_of(body: bytes, *headers: tuple[str, str]) -> Capture:
    return Capture(URL, datetime(2026, 3, 1, tzinfo=UTC), 200, headers, body, body)


def test_an_attachment_is_filled_from_its_capture() -> None:
    body = pdf([["云岫县水库名册"], ["第二页"]])
    name = f"attachment; filename*=UTF-8''{quote('水库名册.pdf')}"
    capture = capture_of(body, ("Content-Type", "application/octet-stream"), ("Content-Disposition", name))
    taken = taken_from(Attachment("附件下载", URL), capture)
    assert taken == Taken(
        Attachment("水库名册.pdf", URL, "application/pdf", len(body), digest(body), "云岫县水库名册\f第二页")
    )


def test_the_name_on_the_page_stays() -> None:
    capture = capture_of(pdf([["字"]]), ("Content-Disposition", "attachment; filename=26ab.pdf"))
    assert taken_from(Attachment("附件2：任务分解表", URL), capture).attachment.name == "附件2：任务分解表"


def test_what_is_not_read_keeps_digest_and_size_and_says_why() -> None:
    taken = taken_from(Attachment("扫描件", URL), capture_of(jpeg("x"), ("Content-Type", "application/pdf")))
    assert (taken.attachment.media_type, taken.attachment.text) == ("image/jpeg", "")
    assert taken.attachment.digest == digest(jpeg("x"))
    assert "picture" in taken.reason


def test_files_with_one_fault_share_a_doubt() -> None:
    files = [Taken(Attachment(f"图{n}", ""), "a picture") for n in range(7)]
    doubts = doubts_about([*files, Taken(Attachment("甲", "")), Taken(Attachment("", "http://x/b"), "damaged")])
    assert doubts == (
        Doubt("attachments", "图0, 图1, 图2, 图3, 图4 and 2 more: a picture"),
        Doubt("attachments", "http://x/b: damaged"),
    )


@pytest.mark.parametrize(("before", "after", "verdict"), [("", "字", READING), ("字", "字", UNCHANGED)])
def test_a_text_that_was_not_read_before_is_a_reading_and_no_revision(before: str, after: str, verdict: str) -> None:
    def reading(text: str) -> Harvest:
        return Harvest(
            title="通知", attachments=(Attachment("甲", URL, digest="sha256:1", text=text),), read_by="trs/1"
        )

    assert weigh(reading(before), reading(after), same_payload=True) == verdict


def test_a_file_met_again_is_known_by_the_name_that_is_used_there() -> None:
    met = Reread()
    first = met.remember(Taken(Attachment("水库名册.pdf", URL, text="字", digest="sha256:1"), "long"))
    assert met.recall(Attachment("点击下载", URL)) == first
    assert met.recall(Attachment("附表二", URL)) == Taken(
        Attachment("附表二", URL, text="字", digest="sha256:1"), "long"
    )
    assert met.recall(Attachment("附表二", URL + "&x=1")) is None


def test_the_oldest_files_are_forgotten() -> None:
    met = Reread()
    for number in range(met.MOST_FILES + 1):
        met.remember(Taken(Attachment("", f"http://x/{number}")))
    assert met.recall(Attachment("", "http://x/0")) is None
    assert met.recall(Attachment("", "http://x/1"))
    met.remember(Taken(Attachment("", "http://x/long", text="字" * (met.MOST_CHARACTERS + 1))))
    assert met.recall(Attachment("", "http://x/1")) is None


def test_pages_outlive_the_record() -> None:
    harvest = Harvest(attachments=(Attachment("甲", URL, text="一\f二"),))
    assert record_of(harvest)["attachments"][0]["text"] == "一\f二"
