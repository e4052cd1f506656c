"""Arrays of code points say of an entry what the functions over strings say."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from searchables import some_entries

from bulletin.text.script import fold
from search import alike, code_points
from search.analyzer import open_analyzer
from search.characters import BORDER, characters_of_folded
from search.code_points import CodePoints
from search.engines.tantivy_laying import laid_down
from search.entry import Entry, columns_of, folded_parts_of
from search.printed import forms_in, glyphs_held, pairs_held
from search.ranking import counted, spelled_out


def an_entry(**fields: Any) -> Entry:
    return Entry("0" * 16, 1, 1, "619901_yunxiu", "619901", "http://x/1", **fields)


_CHARS = "防汛規规定台臺AaＡ１1〔〕，。 \n\u3000𠮷⼀㈠é\u200b\U000e0100" + BORDER
_TEXTS = st.text(st.one_of(st.sampled_from(_CHARS), st.characters(exclude_categories=["Cs"])), max_size=60)
_ENTRIES = st.builds(
    lambda title, text, headings, pairs: an_entry(title=title, text=text, headings=headings, attachments=pairs),
    _TEXTS,
    st.lists(_TEXTS, max_size=4).map("".join),
    st.lists(_TEXTS, max_size=3).map(tuple),
    st.lists(st.tuples(_TEXTS, _TEXTS), max_size=2).map(tuple),
)


def says_the_same(entry: Entry) -> None:
    points, parts, held = CodePoints(entry), folded_parts_of(entry), glyphs_held(entry)
    assert points.parts() == parts
    assert points.columns() == columns_of(parts)
    assert sorted(points.glyphs_held()[::2]) == sorted(held - {BORDER})
    assert sorted(points.pairs_held().split(" ")[:-1]) == sorted(pairs_held(entry, forms_in(held)))


@given(_ENTRIES)
@example(an_entry(title="", text=""))
@example(an_entry(title="规定", text=f"規{BORDER}定 規，定"))
@settings(max_examples=300)
def test_an_entry(entry: Entry) -> None:
    says_the_same(entry)


def test_entries_in_which_much_coincides() -> None:
    for entry in some_entries(11, 200):
        says_the_same(entry)


@given(st.text("防汛河道清淤巡查镇村水库险情𠮷a1", max_size=300))
def test_a_sketch(text: str) -> None:
    columns = {"title": text[:20], "text": text[20:] + BORDER, "attachments": text[:7]}
    assert code_points.sketch_of(columns) == alike.sketch_of(columns)


def test_a_sketch_of_a_text_that_is_cut_off() -> None:
    columns = {"title": "", "text": "".join(f"第{n}段" for n in range(30_000)), "attachments": ""}
    assert code_points.sketch_of(columns) == alike.sketch_of(columns)


def test_beyond_the_ideographs_nothing_folds_and_nothing_is_searched_for() -> None:
    beyond = "".join(map(chr, range(code_points._TOLD, code_points._ALL)))
    assert fold(beyond) == beyond
    assert not characters_of_folded(beyond)


def test_words_spelled_out_are_the_words_counted() -> None:
    analyzer = open_analyzer()
    for entry in some_entries(12, 100):
        parts = folded_parts_of(entry)
        assert Counter(spelled_out(parts, analyzer).split(" ")[:-1]) == counted(parts, analyzer)


def test_of_a_very_long_word_the_beginning_is_spelled_and_counts_in_the_length() -> None:
    analyzer = open_analyzer()
    entry = an_entry(title="w" * 5000, text="防汛")
    parts = folded_parts_of(entry)
    assert set(spelled_out(parts, analyzer).split(" ")[:-1]) == {"w" * 1000, "防汛"}
    (laid,) = laid_down([entry], analyzer)
    assert dict(laid.numbers)["length"] == counted(parts, analyzer).total()


def test_lone_surrogates_are_laid_down_as_what_is_unknown() -> None:
    entry = an_entry(title="规\ud800定", text="防汛\udfff")
    (laid,) = laid_down([entry], open_analyzer())
    assert "\ufffd" in dict(laid.texts)["glyphs"]
