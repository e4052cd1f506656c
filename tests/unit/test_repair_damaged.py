"""Lines of pages damaged by the forward model are given back or left; how many, and how they are judged."""

from collections import Counter

import pytest
from damaged_pages import DAMAGED, TEXTS, judged, pages, verdict

from bulletin.text.repair import repair


class TestJudged:
    @pytest.mark.parametrize(
        ("received", "got", "mends", "how"),
        [
            ("對?shù)氐呢熑", "對當地的責任", [(1, 10, "當地的責任")], "exact"),
            ("對當?shù)氐呢", "對當?shù)氐呢", [], "left"),
            ("對 當?shù)氐呢", "對 當地的責任", [(3, 9, "地的責任")], "spaces"),
            ("對當?shù)氐呢", "對當地□責任", [(2, 8, "地□責任")], "marked"),
            ("對當?shù)氐呢", "對當局的責任", [(2, 8, "局的責任")], "wrong"),
            ("對當?shù)氐呢?zé)蝿", "對當局的?zé)蝿", [(2, 8, "局的")], "wrong"),
            ("對當?shù)氐呢?zé)蝿", "對當地的?zé)蝿", [(2, 8, "地的")], "left"),
        ],
    )
    def test_how(self, received, got, mends, how):
        assert verdict("對當地的責任", received, got, mends) == how

    def test_a_mend_that_stands_elsewhere_in_the_line_is_wrong(self):
        truth, received = "工作責任制度，責任到人", "工作?zé)我任贫龋?zé)蔚饺耍"
        assert verdict(truth, received, "工作制度，?zé)蔚饺耍", [(2, 11, "制度，")]) == "wrong"


@pytest.mark.shared
class TestDamagedPages:
    @staticmethod
    def tally(private: bool, least: int, seed: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for page in pages(seed, private=private):
            for line in judged(page, repair("\n".join(page.received))):
                found[line.how] += 1
            if sum(found[how] for how in DAMAGED) >= least:
                break
        return found

    @pytest.mark.parametrize(
        ("private", "least", "exact", "wrong"),
        [
            (True, 100, 0.7, 0.01),
            (False, 60, 0.5, 0.02),
            pytest.param(True, 2000, 0.7, 0.003, marks=[pytest.mark.more, pytest.mark.timeout(1800)]),
            # 0.005 is aimed at; the errors of a draw come in clusters, several in one document
            pytest.param(False, 2000, 0.55, 0.009, marks=[pytest.mark.more, pytest.mark.timeout(1800)]),
        ],
    )
    def test_most_lines_are_given_back_and_hardly_one_wrongly(self, private, least, exact, wrong):
        found = self.tally(private, least, seed=20261122)
        lines = sum(found[how] for how in DAMAGED)
        assert found["exact"] >= exact * lines
        assert found["wrong"] <= wrong * lines
        assert found["clean, wrong"] <= 0.0005 * found["clean"]


def test_the_texts_are_where_they_are_looked_for():
    assert TEXTS.parts[-2:] == ("shared", "text")
