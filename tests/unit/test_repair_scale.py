"""What a page repeats, and which characters a damaged place is given up for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.repair.gone import before_gone, between_gone
from bulletin.text.repair.scale import PageRuns, Scale, hope_of
from bulletin.text.repair.words import words

PAGE = "云岫县人民政府关于印发云岫县应急预案的通知，各乡镇人民政府，县政府各部门：云岫县应急预案已经县政府同意。"


class TestPageRuns:
    @given(st.text("县人0。", max_size=30), st.text("县人0。", min_size=1, max_size=4))
    def test_runs_are_counted_where_they_overlap(self, text, run):
        places = [at for at in range(len(text)) if text.startswith(run, at)]
        assert PageRuns(text).count(run) == len(places)

    @given(st.text("县人0。", max_size=30), st.text("县人0。", min_size=1, max_size=4))
    def test_what_follows_a_run_is_known(self, text, run):
        places = [at + len(run) for at in range(len(text)) if text.startswith(run, at)]
        shown = PageRuns(text).shown(run)
        if not places:
            assert shown is None
        else:
            followers, times = shown
            assert times == len(places)
            assert all(followers.get(c, 0) == sum(text[at : at + 1] == c for at in places) for c in "县人0。")


class TestLikely:
    @pytest.mark.parametrize("before", ["各乡镇人民", "云岫县应急", "，", "县政府关于同", "龘"])
    @pytest.mark.parametrize("behind", [1.0, 3.0, 6.0])
    def test_no_character_is_given_up_that_keeps_the_hope(self, before, behind):
        scale = Scale(words(), PAGE)
        state = scale.run(before)
        characters = [*before_gone(0xD5), *before_gone(0xB8), *between_gone("政", 0xAA)]
        hopes = [hope_of(scale.advance(state, character[3])) for character in characters]
        kept = list(scale.likely(state, characters, max(hopes) - behind))
        assert {c for c, hope in zip(characters, hopes, strict=True) if hope >= max(hopes) - behind} <= set(kept)
        assert len(kept) < len(characters)

    def test_a_context_says_the_same_in_whatever_order_it_is_asked(self):
        first, second = Scale(words(), PAGE), Scale(words(), PAGE)
        runs = ["云岫县应", "岫县应", "县应", "应"]
        longest_first = {run: first.context(run).gain("急") for run in runs}
        assert longest_first == {run: second.context(run).gain("急") for run in reversed(runs)}
