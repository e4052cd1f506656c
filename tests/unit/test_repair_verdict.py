"""What a guess needs to be taken: the less the bytes prove, the clearer the words must be."""

import pytest

from bulletin.text.repair.guess import Guess
from bulletin.text.repair.units import Span
from bulletin.text.repair.verdict import Verdict
from bulletin.text.repair.words import EMPTY


def taken(how: str, margin: float, quality: float, *, private: bool, best="當地的", rival="當局的") -> bool:
    return Verdict(0, 9, best, rival, margin, quality, how, "對於各鎮", private).certain


class TestCertain:
    @pytest.mark.parametrize(
        ("how", "margin", "quality", "private"),
        [
            ("Rr", 5.1, -5.0, False),
            ("Rr", 3.6, -5.0, True),
            ("Rr", 8.1, -7.5, False),
            ("Rq", 8.1, -9.0, False),
            ("Rdq", 3.1, -5.4, False),
            ("Rw", 7.1, -5.5, False),
            ("Rw", 6.1, -5.5, True),
            ("Rg", 9.0, -6.0, True),
            ("Pw", 4.1, -4.0, False),
        ],
    )
    def test_taken(self, how, margin, quality, private):
        assert taken(how, margin, quality, private=private)

    @pytest.mark.parametrize(
        ("how", "margin", "quality", "private"),
        [
            ("Rr", 4.9, -5.0, False),
            ("Rr", 3.4, -5.0, True),
            ("Rr", 7.9, -5.5, False),  # a pair may be missing unseen
            ("Rdr", 9.0, -6.0, False),
            ("Rdr", 5.5, -4.0, False),
            ("Rddq", 5.0, -4.0, False),  # the more pairs are missing, the more texts would do
            ("Pdq", 5.0, -4.0, False),
            ("Rw", 6.0, -5.5, False),
            ("Rg", 9.0, -3.0, False),
            ("Pr", 9.0, -7.5, False),
            ("Pr", 6.0, -5.5, True),
        ],
    )
    def test_left(self, how, margin, quality, private):
        assert not taken(how, margin, quality, private=private)

    def test_a_word_against_single_characters_needs_less(self):
        assert taken("Pdr", 2.1, -5.0, private=False, best="。關於倡議", rival="。關於唱黨")
        assert not taken("Pdr", 2.1, -5.0, private=False, best="。關於唱黨", rival="。關於倡議")

    def test_a_longer_text_that_comes_near_may_be_the_one_with_a_pair_missing(self):
        assert taken("Rr", 6.0, -5.0, private=False, best="亞蘭", rival="亞洲")
        assert not taken("Rr", 6.0, -5.0, private=False, best="亞蘭", rival="亞太蘭")
        assert taken("Rr", 6.0, -5.0, private=True, best="亞蘭", rival="亞太蘭")

    def test_one_character_that_only_words_tell_must_be_likely(self):
        assert taken("Rw", 9.0, -4.8, private=False, best="擔")
        assert not taken("Rw", 9.0, -5.2, private=False, best="擔")

    def test_pairs_missing_across_a_mark_need_as_much_as_elsewhere(self):
        assert taken("Rdq", 3.1, -5.4, private=False, best="單位規定")
        assert not taken("Rdq", 5.9, -4.0, private=False, best="標準，將單")
        assert taken("Rdq", 6.1, -4.0, private=False, best="標準，將單")

    @pytest.mark.parametrize(
        ("before", "best", "certain"),
        [
            ("交通運輸、應", "”管理", False),
            ("“交通運輸", "”管理", True),
            ("最好的回報", "。”主教練", True),  # a quotation of sentences may have begun long before
            ("人體器官(組織", "，尊重", False),
            ("人體器官(組織", "、尊重)", False),
            ("人體器官(組織)", "，尊重", True),
        ],
    )
    def test_quotations_and_brackets_must_fit_what_stands_before(self, before, best, certain):
        assert Verdict(0, 9, best, "", 9.0, -4.0, "Rr", before).certain is certain

    def test_nothing_is_taken_from_words_alone_where_hardly_anything_stands_before(self):
        assert not Verdict(0, 9, "熱烈", "熱量", 9.0, -3.0, "Rw", "隆").certain


class TestRivals:
    @staticmethod
    def guess(now: str, extra: float) -> Guess:
        return Guess("的", 0, EMPTY, extra, spans=(Span(3, 9, now, "Rr"),))

    def test_the_nearest_other_text_is_remembered(self):
        best = self.guess("當地的", 0.0)
        best.beat(self.guess("當局的", -4.0), 4.0)
        best.beat(self.guess("當年的", -2.0), 2.0)
        assert (best.gap, best.rival) == (2.0, "當年的")

    def test_the_same_text_found_otherwise_is_no_rival_but_hands_its_own_on(self):
        best, same = self.guess("當地的", 0.0), self.guess("當地的", -1.0)
        same.beat(self.guess("當局的", -4.0), 3.0)
        best.beat(same, 1.0)
        assert (best.gap, best.rival) == (4.0, "當局的")
