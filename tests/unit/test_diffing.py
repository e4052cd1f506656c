"""What changed, told as an archivist would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders import a_harvest
from hypothesis import given
from hypothesis import strategies as st

from archive.aligning import align, label_of, pieces, sentences
from archive.diffing import TextChange, compare
from bulletin.harvest import Attachment, Harvest

ARTICLES = (
    "第一条 为加强河道管理，制定本办法。",
    "第二条 县水利局负责全县河道清淤。每年汛前完成一次。",
    "第三条 各乡镇应当建立台账。",
    "第四条 本办法自2026年5月1日起施行。",
)


def harvest(*paragraphs: str, **changes: object) -> Harvest:
    return replace(a_harvest(text="\n".join(paragraphs), sections=()), **changes)  # type: ignore[arg-type]


def changes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[TextChange, ...]:
    return compare(harvest(*before), harvest(*after)).text


def test_the_same_is_no_difference() -> None:
    found = compare(harvest(*ARTICLES), harvest(*ARTICLES[:3], ARTICLES[3] + " \u200b"))
    assert not found


@pytest.mark.parametrize(
    ("was", "now", "labels"),
    [
        ("本办法自2026年5月1日起施行。", "本办法自2026年6月1日起施行。", ("date",)),
        ("本办法自2026年5月1日起施行。", "本办法自二〇二六年六月一日起施行。", ("date",)),
        ("安排资金120万元用于清淤。", "安排资金150万元用于清淤。", ("number",)),
        ("安排资金1,200元用于清淤。", "安排资金1200元用于清淤。", ("wording",)),
        ("全县共有三十二个村参加。", "全县共有三十五个村参加。", ("number",)),
        ("由县水利局负责组织实施。", "由县应急管理局负责组织实施。", ("office",)),
        ("联系人：郎慧敏，电话附后。", "联系人：凤学范，电话附后。", ("name",)),
        ("各乡镇应当建立台账。", "各乡镇必须建立台账。", ("wording",)),
        ("3月1日前完成12处。", "4月1日前完成15处。", ("number",)),
        ("2026年3月1日前完成12处。", "2026年4月1日前完成15处。", ("date", "number")),
    ],
)
def test_a_change_is_labelled_by_what_it_touches(was: str, now: str, labels: tuple[str, ...]) -> None:
    (change,) = changes((was,), (now,))
    assert set(labels) <= set(change.labels)
    assert (change.was, change.now) == (was, now)


def test_only_the_changed_sentence_is_told_and_where() -> None:
    after = (ARTICLES[0], "第二条 县水利局负责全县河道清淤。每年汛前完成两次。", *ARTICLES[2:])
    (change,) = changes(ARTICLES, after)
    assert (change.under, change.paragraph) == ("第二条", 2)
    assert (change.was, change.now) == ("每年汛前完成一次。", "每年汛前完成两次。")
    assert [piece for piece in change.pieces if piece[0] != "same"] == [("taken", "一"), ("put", "两")]


def test_an_inserted_article_does_not_shift_the_others() -> None:
    after = (
        *ARTICLES[:2],
        "第三条 违反本办法的，责令限期改正。",
        "第四条 各乡镇应当建立台账。",
        "第五条 本办法自2026年5月1日起施行。",
    )
    found = changes(ARTICLES, after)
    assert [change.was for change in found].count("") == 1
    put = next(change for change in found if not change.was)
    assert put.now == "第三条 违反本办法的，责令限期改正。"
    assert {(change.was, change.now) for change in found if change.was} == {
        ("第三条 各乡镇应当建立台账。", "第四条 各乡镇应当建立台账。"),
        ("第四条 本办法自2026年5月1日起施行。", "第五条 本办法自2026年5月1日起施行。"),
    }
    assert {change.labels for change in found} == {("wording",)}


def test_a_rewritten_article_keeps_its_place_by_its_number() -> None:
    before = ("一、总体要求", "二、清淤由各村自行安排人手。", "三、附则")
    after = ("一、总体要求", "二、清淤由县里统一安排。", "三、附则")
    (change,) = changes(before, after)
    assert change.under == "二、"
    assert change.was
    assert change.now


def test_fields_and_files_are_told_apart_from_text() -> None:
    before = harvest(
        *ARTICLES,
        attachments=(
            Attachment("台账.xls", "http://a/1.xls", digest="sha256:1"),
            Attachment("旧名.doc", "http://a/2.doc", digest="sha256:2"),
            Attachment("去.doc", "http://a/3.doc"),
        ),
    )
    after = replace(
        before,
        title="云岫县水利局关于印发河道清淤工作方案（修订）的通知",
        published_on=date(2026, 3, 21),
        topic=("水利",),
        attachments=(
            Attachment("台账.xls", "http://a/1.xls", digest="sha256:9"),
            Attachment("新名.doc", "http://a/new/2.doc", digest="sha256:2"),
            Attachment("来.doc", "http://a/4.doc"),
        ),
    )
    found = compare(before, after)
    assert found.text == ()
    assert [(c.field, c.now) for c in found.fields] == [
        ("title", "云岫县水利局关于印发河道清淤工作方案（修订）的通知"),
        ("topic", "水利"),
        ("published_on", "2026-03-21"),
    ]
    assert [(f.what, f.name) for f in found.files] == [
        ("swapped", "台账.xls"),
        ("renamed", "新名.doc"),
        ("removed", "去.doc"),
        ("added", "来.doc"),
    ]


@pytest.mark.parametrize(
    ("part", "label"),
    [
        ("第三十二条 总则", "第三十二条"),
        ("（二）要求", "（二）"),
        ("二、要求", "二、"),
        ("3.要求", "3."),
        ("3.5公里的河道", ""),
        ("1.2.3 目标", "1.2.3"),
        ("正文", ""),
    ],
)
def test_what_numbers_a_part(part: str, label: str) -> None:
    assert label_of(part) == label


TEXTS = st.lists(st.text(st.sampled_from("甲乙丙丁。，；第一二条12 "), max_size=12), max_size=9)


@given(TEXTS, TEXTS)
def test_nothing_is_lost_between_the_two(before: list[str], after: list[str]) -> None:
    pairs = align(before, after)
    assert [i for i, _ in pairs if i is not None] == list(range(len(before)))
    assert [j for _, j in pairs if j is not None] == list(range(len(after)))


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_lead_from_one_to_the_other(was: str, now: str) -> None:
    found = pieces(was, now)
    assert "".join(text for kind, text in found if kind != "put") == was
    assert "".join(text for kind, text in found if kind != "taken") == now


@given(st.text(st.sampled_from("甲乙。！？；”\n1."), max_size=40))
def test_sentences_make_up_the_paragraph(paragraph: str) -> None:
    assert "".join(sentences(paragraph)) == paragraph


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["同一段。"] * 20_000, ["同一段。"] * 19_000),
        ([f"第{n}段甲。" for n in range(3000)], [f"第{n}段乙。" for n in range(3000)]),
        (["甲" * 500_000], ["乙" * 500_000]),
        (["。" * 100_000], ["！" * 100_000]),
    ],
    ids=["all alike", "all different", "one long", "only marks"],
)
def test_hostile_texts_cost_little(before: list[str], after: list[str]) -> None:
    """Not a speed: that it ends at all, before a test is taken for one that hangs."""
    assert compare(harvest(*before), harvest(*after)).text
