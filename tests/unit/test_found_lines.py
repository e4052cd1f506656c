"""What a person is shown of the facets of an answer."""

from __future__ import annotations

import pytest

from bulletin.results import Facet, Results
from desk.cli.found import tell_results
from desk.cli.printing import Printer


def lines_of(facet: Facet, capsys: pytest.CaptureFixture[str]) -> str:
    tell_results(Printer(quiet=True), Results(0, "published", (), (facet,)), 0, explain=False)
    return capsys.readouterr().out


def test_months_stand_in_their_order_and_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    months = [(f"20{year:02}-{month:02}", year + month) for year in (19, 18) for month in range(1, 13)]
    shown = lines_of(Facet("month", (("undated", 99), *months)), capsys).split()
    assert shown[1::2] == [*sorted(month for month, _ in months), "undated"]


def test_of_many_offices_it_is_said_how_many_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines_of(Facet("office", tuple((f"云岫县第{n}局", 50 - n) for n in range(20))), capsys)
    assert "云岫县第11局" in shown
    assert "云岫县第12局" not in shown
    assert "… 8 more" in shown
