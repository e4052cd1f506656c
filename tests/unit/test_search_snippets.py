"""Cut-outs keep the original glyphs, and highlights lie where they should."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searchables import a_cut, other_script, some_entries

from bulletin.query import Glyphs, Near, Phrase, Words
from bulletin.text.script import fold
from search.characters import characters, runs_in
from search.entry import Entry
from search.snippets import WIDTH, highlights, snippet_of


def an_entry(text: str = "", **more: object) -> Entry:
    return Entry("0" * 16, 1, 1, "s", "619901", "http://x/", text=text, **more)  # type: ignore[arg-type]


def shown(entry: Entry, *leaves: Words | Phrase | Glyphs | Near) -> list[str]:
    snippet = snippet_of(entry, leaves)
    return [snippet.text[start:end] for start, end in snippet.highlights]


def test_either_script_highlights_the_glyphs_that_stand_there() -> None:
    text = "雲岫縣關於做好森林防火工作的通知"
    assert shown(an_entry(text), Words("关于做好")) == ["關於做好"]
    assert shown(an_entry(text), Words("關於"), Words("森林")) == ["關於", "森林"]


def test_a_run_is_highlighted_across_marks_and_lines() -> None:
    assert shown(an_entry("一、防火\n，防汛工作"), Phrase("防火防汛")) == ["防火 ，防汛"]


@given(st.text("防火汛Ａ_ ，\n⺀𠀀\u0301", max_size=60), st.integers(0, 60), st.integers(1, 30))
def test_runs_are_found_wherever_they_stand_among_the_characters(text: str, start: int, size: int) -> None:
    places = [at for at, char in enumerate(text) if characters(char)]
    held = characters(text)
    run = held[start : start + size] or "防火"
    expected, at = [], held.find(run)
    while at >= 0:
        expected.append((places[at], places[at + len(run) - 1] + 1))
        at = held.find(run, at + len(run))
    assert list(runs_in(fold(text), run)) == expected


def test_overlapping_terms_are_one_highlight() -> None:
    assert shown(an_entry("甲森林防火工作乙"), Words("森林防火"), Words("防火工作")) == ["森林防火工作"]


def test_a_long_text_is_cut_around_the_best_place() -> None:
    text = "空话。" * 300 + "先说防火。" + "空话。" * 300 + "这里防火也防汛，责任落实。" + "空话。" * 300
    snippet = snippet_of(an_entry(text), [Words("防火"), Words("防汛")])
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert len(snippet.text) <= WIDTH + 2
    assert [snippet.text[a:b] for a, b in snippet.highlights] == ["防火", "防汛"]


@pytest.mark.parametrize("at", [396, 399, 2300, 2498, 9_790, 9_999, 39_900, 39_999, 100_000])
def test_it_is_the_same_place_wherever_the_reading_of_a_text_pauses(at: int) -> None:
    """A pair far into the text is better than one of the two at its beginning; it may lie where a part ends."""
    text = "防火" + "云" * (at - 2) + "森林\n防火" + "岫" * 300
    assert shown(an_entry(text), Words("防火"), Words("森林")) == ["森林", "防火"]
    assert shown(an_entry(text), Words("森林防火")) == ["森林\n防火".replace("\n", " ")]
    assert shown(an_entry(text), Words("没有"), Words("森林")) == ["森林"]


def test_without_a_place_the_beginning_is_shown() -> None:
    assert snippet_of(an_entry("甲" * 300), [Words("标题里才有")]).text == "甲" * WIDTH + "…"
    assert snippet_of(an_entry(""), []).text == ""


def test_an_attachment_is_cut_and_named() -> None:
    entry = an_entry("正文", attachments=(("附件1.doc", "别的"), ("附件2.doc", "名單在此")))
    snippet = snippet_of(entry, [Words("名单")])
    assert (snippet.where, snippet.name, snippet.text, snippet.highlights) == (
        "attachments",
        "附件2.doc",
        "名單在此",
        ((0, 2),),
    )


@pytest.mark.parametrize(
    ("asked", "attachment", "page"),
    [("名單", 2, 3), ("河道", 2, 1), ("责任", 1, None), ("附件2", 2, None), ("正文", None, None)],
)
def test_an_attachment_is_told_by_its_place_and_page(asked: str, attachment: int | None, page: int | None) -> None:
    entry = an_entry("正文", attachments=(("附件1.doc", "责任分工"), ("附件2.pdf", "河道\f\f\n名單\n其他")))
    found = snippet_of(entry, [Words(asked)])
    assert (found.attachment, found.page) == (attachment, page)


def test_other_fields_are_cut_where_the_text_says_nothing() -> None:
    entry = an_entry("正文", imprint=("王小云",))
    assert snippet_of(entry, [Words("王小云")]).where == "imprint"
    assert snippet_of(entry, [Words("王小云", "office")]).where == "text"


def test_a_term_of_another_field_is_not_highlighted_in_the_text() -> None:
    assert shown(an_entry("水利局的通知", office="水利局"), Words("水利局", "title")) == []


def test_these_glyphs_only() -> None:
    assert shown(an_entry("發展与发展"), Glyphs("發展")) == ["發展"]


def test_near_highlights_each_text() -> None:
    assert shown(an_entry("防火的宣传"), Near(("宣传", "防火"), 5)) == ["防火", "宣传"]


def test_control_characters_do_not_reach_a_terminal() -> None:
    snippet = snippet_of(an_entry("\x1b[31m防\x00火\x9b2J\u2028"), [Words("防火")])
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in snippet.text)
    assert snippet.text[slice(*snippet.highlights[0])] == "防 火"


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_cut_out_is_highlighted(seed: int) -> None:
    rng = random.Random(seed)
    for entry in some_entries(seed, 40):
        cut = other_script(rng, a_cut(rng, entry))
        snippet = snippet_of(entry, [Words(cut)])
        whole = [text for text in (entry.text, *(t for pair in entry.attachments for t in pair)) if text]
        if any(characters(cut) in characters(text) for text in whole):
            start, end = snippet.highlights[0]
            assert characters(snippet.text[start:end]).startswith(characters(cut))


def test_a_monster_is_read_to_its_end_if_need_be() -> None:
    snippet = snippet_of(an_entry("空话。" * 100_000 + "防火"), [Words("防火")])
    assert snippet.text.endswith("防火")


def test_a_text_repeated_without_end_is_cut_in_time() -> None:
    snippet = snippet_of(an_entry("防火" * 500_000), [Words("防火" * n) for n in range(1, 40)])
    assert snippet.highlights[0][0] == 0


def test_highlights_in_a_title() -> None:
    assert highlights("關於防火的通知", [Words("关于"), Words("通知")]) == ((0, 2), (5, 7))
