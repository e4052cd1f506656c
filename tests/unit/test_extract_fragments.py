"""Pieces of mark-up: nothing in them is lost, and none breaks the reading."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.fragments import fragment


def body(markup: str) -> str:
    return lxml.html.tostring(fragment(markup).find("body/div"), encoding="unicode")


def test_a_row_without_its_table_keeps_its_cells() -> None:
    assert (
        fragment("<tr><td><a href='/1.html'>甲</a></td><td>2026-03-01</td></tr>").findall(".//td")[1].text
        == "2026-03-01"
    )


def test_tags_never_closed_are_closed() -> None:
    assert body("<ul><li><a href='/1.html'>甲<li><a href='/2.html'>乙</ul>").count("</a>") == 2


def test_comments_are_not_text() -> None:
    assert "<!--" not in body("<li><!--信息标题--><a href='/1.html'>甲</a></li>")


@pytest.mark.parametrize(
    "piece", ["<div>" * 12_000, "<?" * 30_000, "甲\0乙", "<" * 60_000, "&#xD800;", "<![C[甲", "<li>甲</li>" * 9_000]
)
def test_hostile_pieces_give_a_tree(piece: str) -> None:
    assert fragment(piece).tag == "html"


@given(st.text(alphabet="<>/!-?&#x;liatrd =\"'甲\n", max_size=200))
def test_any_piece_gives_a_tree(piece: str) -> None:
    assert fragment(piece).tag == "html"
