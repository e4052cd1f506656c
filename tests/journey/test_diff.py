"""`gongbao diff` between the revisions of a bulletin."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import Gongbao
from homes import HOST, a_home


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    with a_home(tmp_path / "home"):
        return Gongbao(tmp_path / "home")


def test_what_changed_is_told(gongbao: Gongbao) -> None:
    told = gongbao("diff", f"{HOST}/gb/0.html", "--json").json
    assert (told["from"]["revision"], told["to"]["revision"]) == (1, 2)
    assert [change["field"] for change in told["fields"]] == ["title"]
    assert told["attachments"] == []
    (change,) = told["text"]
    assert [piece for piece in change["pieces"] if piece[0] != "same"] == [["taken", "清淤"], ["put", "加固"]]
    plain = gongbao("diff", f"{HOST}/gb/0.html").out
    assert "[-清淤-]{+加固+}" in plain
    assert "title:" in plain


def test_revisions_can_be_named_either_way_round(gongbao: Gongbao) -> None:
    back = gongbao("diff", f"{HOST}/gb/0.html", "2", "1", "--json").json
    assert ["put", "清淤"] in back["text"][0]["pieces"]
    same = gongbao("diff", f"{HOST}/gb/0.html", "2", "--json").json
    assert (same["fields"], same["text"]) == ([], [])
    assert "Nothing" in gongbao("diff", f"{HOST}/gb/0.html", "2", "2").out


@pytest.mark.parametrize("words", [("1.html",), ("0.html", "1", "7"), ("0.html", "0"), ("9.html",)])
def test_what_is_not_there_cannot_be_compared(gongbao: Gongbao, words: tuple[str, ...]) -> None:
    told = gongbao("diff", f"{HOST}/gb/{words[0]}", *words[1:])
    assert told.code == 2
    assert told.err
