"""Invented pages of every dialect, each with what must be read off it, field by field; and floors that hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden_floors import FLOORS, cases, expectation, observed, reading, scores


@pytest.mark.parametrize("page", cases(), ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_every_field_of_a_golden_page(page: Path) -> None:
    expected = expectation(page)
    record = reading(page, expected)
    fields = [field for field in expected if field != "url"]
    assert {field: observed(field, record) for field in fields} == {field: expected[field] for field in fields}


def test_no_family_sinks_below_its_floor() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    today = scores()
    assert set(floors) == set(today), "pin the floors of new families: python tests/golden_floors.py --pin"
    assert {family: value for family, value in today.items() if value < floors[family]} == {}
