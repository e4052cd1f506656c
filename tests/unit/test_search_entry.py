"""From a change to flat fields, and from fields to characters."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import a_harvest
from hypothesis import given
from hypothesis import strategies as st
from searchables import a_change, a_text, other_script

from bulletin.document import Change, Document, Revision
from bulletin.harvest import Attachment, BlockEntry, Section
from bulletin.text.script import fold
from search.characters import BORDER, characters, glyphs
from search.entry import FIELDS, Entry, columns_of, entry_of, folded_parts_of, parts_of


def change_of(**fields: object) -> Change:
    seen = datetime(2026, 3, 20, 17, 0, tzinfo=UTC)  # the 21st in China
    document = Document("d" * 16, "619901_yunxiu", "619901", "http://x/1", "tzgg", seen, seen)
    return Change(7, document, Revision("d" * 16, 2, a_harvest(**fields), "", "", seen))


def test_everything_printed_on_a_page_is_in_some_field() -> None:
    entry = entry_of(
        change_of(
            kicker="引题",
            subtitle="副题",
            issue="第3期",
            author="某某",
            editor="王小云",
            reviewer="李大山",
            source_name="县政府办",
            topic=("水利",),
            genre="通知",
            sections=(Section("一、总则", "…", (Section("（一）目的"),)),),
            attachments=(Attachment("名单.doc", "http://x/a.doc", text="名单正文"),),
            block=(BlockEntry("公开范围", "面向全社会"), BlockEntry("文号", "云水发〔2026〕7号", "number")),
        )
    )
    said = {text for texts in parts_of(entry).values() for text in texts}
    wanted = "引题 副题 第3期 某某 王小云 李大山 县政府办 水利 通知 一、总则 （一）目的 名单.doc 名单正文 面向全社会"
    assert set(wanted.split()) <= said
    assert entry.imprint.count("云水发〔2026〕7号") == 0
    assert (entry.revision, entry.seq, entry.source, entry.region) == (2, 7, "619901_yunxiu", "619901")
    assert (entry.dated_on, entry.published_on) == (date(2026, 3, 18), date(2026, 3, 20))
    assert entry.first_seen == date(2026, 3, 21)


def test_absent_fields_are_empty() -> None:
    entry = entry_of(change_of(title=None, number=None, number_raw=None, index_number=None, office=None, text=""))
    columns = columns_of(folded_parts_of(entry))
    assert tuple(columns) == FIELDS
    assert not any(columns.values())


def test_a_run_does_not_cross_from_one_part_into_the_next() -> None:
    entry = entry_of(change_of(title="森林", kicker="防火", text="甲"))
    columns = columns_of(folded_parts_of(entry))
    assert columns["title"] == f"森林{BORDER}防火"


def test_headings_that_stand_in_the_text_are_not_held_twice() -> None:
    entry = entry_of(change_of(text="一、總則\n内容", sections=(Section("一、总则"), Section("二、附则"))))
    assert columns_of(folded_parts_of(entry))["headings"] == "二附则"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("雲岫縣 Ａ４。", "云岫县a4"),
        ("〔2019〕９号", "20199号"),
        ("葛\U000e0100飾", "葛饰"),
        ("e\u0301", "e"),
        ("一_二", "一二"),
        ("𠮷\U0003134a\U00031350", "𠮷\U0003134a\U00031350"),
        ("⺀⼀", None),
        ("\ud800甲\x00乙\u2029", "甲乙"),
        ("①", "1"),
        ("㊣，。", "正"),
        ("★℃％", ""),
    ],
)
def test_what_counts_as_a_character(text: str, kept: str | None) -> None:
    assert characters(text) == (kept if kept is not None else fold(text))


@given(st.text(max_size=30), st.text(max_size=30))
def test_characters_of_a_cut_out_are_a_cut_out_of_the_characters(left: str, right: str) -> None:
    assert characters(left) + characters(right) == characters(left + right)


@given(st.text(max_size=40))
def test_glyphs_are_the_characters_as_they_stand(text: str) -> None:
    assert characters(glyphs(text)) == characters(text)
    assert len(glyphs(text)) == len(characters(text))
    assert glyphs(text) == "".join(char for char in text if characters(char))


def test_any_variant_of_a_character_is_the_same_character() -> None:
    rng = random.Random(1)
    text = a_text(rng, 200)
    assert characters(other_script(rng, text)) == characters(text)


def test_entries_differ_only_by_what_changed() -> None:
    entry = entry_of(a_change(1, 1))
    assert entry_of(a_change(1, 1)) == entry
    assert isinstance(replace(entry, seq=9), Entry)
