"""Frozen pages: invented texts, damaged by the forward model, with what repair makes of them."""

from pathlib import Path

import pytest

from bulletin.text.repair import repair

CASES = sorted(path.parent for path in (Path(__file__).parent / "repair").glob("*/input.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_frozen(case):
    received = (case / "input.txt").read_text(encoding="utf-8")
    assert repair(received).text == (case / "expected.txt").read_text(encoding="utf-8")
