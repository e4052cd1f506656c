"""What a guess needs to be taken: the less the bytes prove, the clearer the words must be."""

import pytest

from bulletin.text.repair import phase
from bulletin.text.repair.evidence import Evidence
from bulletin.text.repair.guess import Guess
from bulletin.text.repair.scale import EMPTY, Scale
from bulletin.text.repair.units import Span
from bulletin.text.repair.verdict import Verdict


def taken(how: str, margin: float, quality: float, *, private: bool, best="當地的", rival="當局的") -> bool:
    return Verdict(0, 9, best, rival, margin, quality, how, "對於各鎮", private).certain


class TestCertain:
    @pytest.mark.parametrize(
        ("how", "margin", "quality", "private"),
        [
            ("Rr", 7.2, -5.0, False),
            ("Rr", 3.6, -5.0, True),
            ("Rr", 8.1, -7.5, False),
            ("Rq", 8.6, -9.0, False),
            ("Rdq", 3.2, -5.4, False),
            ("Rdr", 8.0, -8.5, False),
            ("Rw", 7.9, -5.5, False),
            ("Rw", 6.6, -5.5, True),
            ("Rg", 9.0, -6.0, True),
            ("Pr", 4.6, -4.6, False),
            ("Pw", 4.3, -4.0, False),
            ("Pw", 6.4, -5.5, False),
        ],
    )
    def test_taken(self, how, margin, quality, private):
        assert taken(how, margin, quality, private=private)

    @pytest.mark.parametrize(
        ("how", "margin", "quality", "private"),
        [
            ("Rr", 7.1, -5.0, False),
            ("Rr", 3.4, -5.0, True),
            ("Rr", 7.9, -7.5, False),  # in a text less likely a pair may be missing unseen
            ("Rdr", 6.3, -4.0, False),
            ("Rddq", 4.5, -4.0, False),  # the more pairs are missing, the more texts would do
            ("Pdq", 6.2, -4.0, False),
            ("Rw", 7.6, -5.0, False),
            ("Rg", 9.0, -3.0, False),
            ("Pr", 5.3, -7.5, False),
            ("Pr", 6.0, -5.5, True),
            ("Pg", 9.0, -5.0, True),
            ("Rw", 6.4, -4.0, True),
            ("Pw", 6.2, -5.5, False),
        ],
    )
    def test_left(self, how, margin, quality, private):
        assert not taken(how, margin, quality, private=private)

    def test_a_word_against_single_characters_needs_less(self):
        assert taken("Pdr", 2.1, -5.0, private=False, best="。關於倡議", rival="。關於唱黨")
        assert not taken("Pdr", 2.1, -5.0, private=False, best="。關於唱黨", rival="。關於倡議")
        assert not taken("Pddr", 4.0, -5.0, private=False, best="。關於倡議", rival="。關於唱黨")

    @pytest.mark.parametrize("best", ["擔", "擔保，"])
    def test_one_character_that_only_words_tell_or_a_mark_needs_more(self, best):
        assert taken("Rw", 8.7, -4.8, private=False, best=best)
        assert not taken("Rw", 8.5, -4.8, private=False, best=best)
        assert taken("Rw", 8.0, -4.8, private=False, best="擔保")

    def test_pairs_missing_across_a_mark_need_as_much_as_elsewhere(self):
        assert taken("Rdq", 3.2, -5.4, private=False, best="單位規定")
        assert not taken("Rdq", 6.2, -4.0, private=False, best="標準，將單")
        assert taken("Rdq", 6.4, -4.0, private=False, best="標準，將單")

    def test_more_is_asked_behind_a_cut_across_a_further_mark(self):
        assert taken("Pr", 5.0, -4.5, private=False, best="校活動優先開")
        assert not taken("Pr", 5.0, -4.5, private=False, best="校活動優先；開")

    @pytest.mark.parametrize(("near", "certain"), [("污染物入河", True), ("污染物排海入河", False)])
    def test_more_is_asked_for_a_stop_where_a_character_that_ends_alike_is_near(self, monkeypatch, near, certain):
        text = near + "??h"
        guess = Guess("縣", 0, EMPTY, 0.0, spans=(Span(len(near), len(text), "。縣", "Pr"),), gap=6.5)
        monkeypatch.setattr(phase, "solve", lambda *_, **__: [guess])
        monkeypatch.setattr(Scale, "quality", lambda *_: -6.5)
        assert [verdict.certain for verdict in phase.verdicts(text, Evidence(artefact=True))] == [certain]

    @pytest.mark.parametrize("private", [True, False])
    def test_nothing_is_taken_from_words_alone_where_hardly_anything_stands_before(self, private):
        assert not Verdict(0, 9, "熱烈", "熱量", 9.0, -3.0, "Rw", "隆", private).certain


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

    @pytest.mark.parametrize(("room", "margin"), [(1.0, 1.0), (3.0, 9.0)])
    def test_what_a_guess_beat_is_not_known_if_it_was_nearly_given_up(self, monkeypatch, room, margin):
        text = "對?shù)氐呢熑"
        guess = Guess("地", 0, EMPTY, 0.0, spans=(Span(1, 7, "當地", "Rr"),), room=room)
        monkeypatch.setattr(phase, "solve", lambda *_, **__: [guess])
        assert [verdict.margin for verdict in phase.verdicts(text, Evidence(artefact=True))] == [margin]
