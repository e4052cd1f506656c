"""What makes a revision, and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from builders import a_harvest

from archive.revising import READING, REVISION, UNCHANGED, completed, content_digest, is_telling, same_content, weigh
from bulletin.harvest import Attachment, BlockEntry, Chrome, Doubt, Evidence, Row, Section

FILE = Attachment("附件", "http://www.yunxiu.example/a.doc", digest="sha256:aa")


@pytest.mark.parametrize(
    "changes",
    [
        {"chrome": (Chrome("footer", "页脚"),)},
        {"evidence": (("title", Evidence("meta", 1.0)),)},
        {"doubts": (Doubt("title", "?"),)},
        {"block": (BlockEntry("公开方式", "主动公开"),)},
        {"read_by": "trs/9"},
        {"language": None, "script": "converted", "genre": "通知"},
        {"published_at": datetime(2026, 3, 20, 1, tzinfo=UTC)},
        {"title": f" {a_harvest().title}\u200b"},
        {"text": a_harvest().text.replace("\n", "\r\n\r\n\u3000\u3000")},
        {"number": "云水发 〔2026〕 7号"},
        {"kicker": ""},
    ],
)
def test_what_stands_around_it_is_not_its_content(changes: dict[str, Any]) -> None:
    assert content_digest(a_harvest(**changes)) == content_digest(a_harvest())


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "另一个标题"},
        {"text": a_harvest().text.replace("云岫县", "云岫 县")},
        {"text": a_harvest().text + "。"},
        {"number": "云水发〔2026〕8号"},
        {"number": None, "number_raw": "云水发[2026]7号"},
        {"published_on": date(2026, 3, 21)},
        {"dated_on": None},
        {"office": "云岫县财政局"},
        {"topic": ("水利",)},
        {"attachments": (FILE,)},
        {"sections": (Section("一、总则"),)},
    ],
)
def test_what_it_says_is(changes: dict[str, Any]) -> None:
    assert content_digest(a_harvest(**changes)) != content_digest(a_harvest())


def test_sections_count_by_their_headings_and_depth() -> None:
    flat = a_harvest(sections=(Section("一"), Section("二")))
    deep = a_harvest(sections=(Section("一", "", (Section("二"),)),))
    assert content_digest(flat) != content_digest(deep)


def test_a_file_is_its_digest_once_it_was_fetched() -> None:
    moved = replace(FILE, url="http://www.yunxiu.example/new/a.doc")
    assert content_digest(a_harvest(attachments=(FILE,))) == content_digest(a_harvest(attachments=(moved,)))
    unread, read = a_harvest(attachments=(replace(FILE, digest=""),)), a_harvest(attachments=(FILE,))
    assert content_digest(unread) != content_digest(read)
    assert same_content(unread, read)
    assert same_content(read, unread)
    assert not same_content(read, a_harvest(attachments=(replace(FILE, digest="sha256:bb"),)))


@pytest.mark.parametrize(
    ("changes", "same_payload", "verdict"),
    [
        ({}, True, UNCHANGED),
        ({}, False, UNCHANGED),
        ({"doubts": (Doubt("x", "y"),)}, False, UNCHANGED),
        ({"read_by": "generic/2"}, False, UNCHANGED),
        ({"read_by": "generic/2"}, True, READING),
        ({"read_by": "generic/2", "title": "读得更好"}, True, READING),
        ({"read_by": "generic/2", "title": "改了"}, False, REVISION),
        ({"title": "改了"}, False, REVISION),
        ({"text": "后面的一页改了"}, True, REVISION),
    ],
)
def test_verdicts(changes: dict[str, Any], same_payload: bool, verdict: str) -> None:
    assert weigh(a_harvest(), a_harvest(**changes), same_payload=same_payload) == verdict


def test_verdicts_over_files() -> None:
    unread, read = a_harvest(attachments=(replace(FILE, digest=""),)), a_harvest(attachments=(FILE,))
    swapped = a_harvest(attachments=(replace(FILE, digest="sha256:bb"),), read_by="generic/2")
    assert weigh(unread, read, same_payload=False) == READING
    assert weigh(read, unread, same_payload=False) == UNCHANGED
    assert weigh(read, swapped, same_payload=True) == REVISION
    assert completed(read, unread) == read
    assert completed(unread, read) == read


def test_only_what_says_enough_can_be_met_again_elsewhere() -> None:
    assert is_telling(a_harvest())
    assert not is_telling(a_harvest(title=" \u3000"))
    assert not is_telling(a_harvest(text="详见附件。"))


def test_surrogates_do_not_stop_a_digest() -> None:
    assert content_digest(a_harvest(title="\ud800")).startswith("sha256:")


NAMED = {"issue": "2019年第1期", "issue_number": 1, "evidence": (("issue", Evidence("contents", 0.4)),)}


def test_the_issue_that_contents_tell_is_learnt_and_makes_no_revision() -> None:
    bare, named = a_harvest(), a_harvest(**NAMED)
    assert content_digest(bare) == content_digest(named)
    assert weigh(bare, named, same_payload=True) == READING
    assert weigh(named, named, same_payload=True) == UNCHANGED
    assert weigh(named, bare, same_payload=True) == UNCHANGED
    assert completed(named, a_harvest()) == named
    assert completed(named, a_harvest(issue="2019年第2期")).issue == "2019年第2期"
    printed = a_harvest(issue="2019年第1期")
    assert content_digest(printed) != content_digest(bare)


def test_where_the_contents_of_an_issue_lead_is_learnt_and_makes_no_revision() -> None:
    rows = (Row("云岫县人民政府第3号通知", "http://www.yunxiu.example/wj/3.html"),)
    assert weigh(a_harvest(), a_harvest(rows=rows), same_payload=True) == READING
    assert weigh(a_harvest(rows=rows), a_harvest(rows=rows), same_payload=True) == UNCHANGED
    assert weigh(a_harvest(rows=rows), a_harvest(), same_payload=True) == UNCHANGED
    listed = a_harvest(kind="list")
    assert weigh(listed, replace(listed, rows=rows), same_payload=True) == UNCHANGED
