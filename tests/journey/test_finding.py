"""Finding from the command line: choices, copies, suggestions, related bulletins."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import Gongbao

TITLE = "云岫县水利局关于河道巡查情况的通报"
TEXT = "为做好今年防汛工作，县水利局组织人员对各镇河道逐段巡查，清理淤泥和杂物，排查险情二十六处，现将情况通报如下。"
OTHER = "县林业局组织护林员巡山，清理防火隔离带三十里，劝返携带火种人员二十名，设立临时检查站四处，情况通报如下。"


def a_page(title: str, text: str) -> str:
    meta = f"<meta charset=utf-8><meta name=ArticleTitle content='{title}'><title>{title}</title>"
    return f"<html><head>{meta}</head><body><h1>{title}</h1><div><p>{text}</p><p>{text[::-1]}</p></div></body></html>"


@pytest.fixture(scope="module")
def gongbao(tmp_path_factory: pytest.TempPathFactory) -> Gongbao:
    folder = tmp_path_factory.mktemp("finding")
    pages = folder / "pages"
    pages.mkdir()
    for name, title, text in (
        ("a", TITLE, TEXT),
        ("b", TITLE, TEXT + "来源：县水利局。"),
        ("c", "云岫县护林通报", OTHER),
    ):
        (pages / f"{name}.html").write_text(a_page(title, text), encoding="utf-8")
    gongbao = Gongbao(Path(folder, "home"))
    assert gongbao("import", str(pages)).code == 0
    return gongbao


def test_people_see_copies_as_one_and_scripts_see_each(gongbao: Gongbao) -> None:
    told = gongbao("search", "河道巡查")
    assert "and 1 more place" in told.out
    each = gongbao("search", "河道巡查", "--json").json
    assert (each["total"], len(each["hits"])) == (2, 2)
    one = gongbao("search", "河道巡查", "--json", "--collapse").json
    assert (one["total"], len(one["hits"]), len(one["hits"][0]["places"])) == (2, 1, 1)
    assert "more place" not in gongbao("search", "河道巡查", "--every-place").out


def test_a_slip_is_answered_with_a_suggestion(gongbao: Gongbao) -> None:
    assert "Did you mean: 防汛工作" in gongbao("search", "防迅工作").out
    assert gongbao("search", "防迅工作", "--json").json["suggestion"] == "防汛工作"


def test_values_of_facets_are_chosen_and_left_out(gongbao: Gongbao) -> None:
    facets = gongbao("search", "通报", "--facets", "--json").json["facets"]
    assert {"source", "region", "office", "year"} <= facets.keys()
    assert facets["kind"] == {"article": 3}
    assert gongbao("search", "通报", "--without", "kind=article", "--json").json["total"] == 0
    assert gongbao("search", "通报", "--only", "kind=article", "--json").json["total"] == 3
    refused = gongbao("search", "通报", "--only", "article")
    assert refused.code == 2
    assert "FACET=VALUE" in refused.err


def test_related_bulletins_come_with_a_bulletin(gongbao: Gongbao) -> None:
    name = gongbao("search", "河道巡查", "--json").json["hits"][0]["id"]
    assert [hit["title"] for hit in gongbao("show", name, "--related", "3", "--json").json["related"]] == [
        "云岫县护林通报"
    ]
    assert "related:" in gongbao("show", name, "--related", "3").out
    assert "related" not in gongbao("show", name, "--json").json


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("(((河道", "bracket"),
        ('"河道', "quotation mark"),
        ("2019-06..2018-01 河道", "exchanged"),
        ("县", "one character"),
        ("标体:河道", "标题"),
        ("日期:某日 河道", "no date"),
    ],
)
def test_what_was_mended_is_said_without_being_asked(gongbao: Gongbao, typed: str, note: str) -> None:
    told = gongbao("search", typed)
    assert note in told.err
    assert note not in told.out
    assert any(note in said for said in gongbao("search", typed, "--json").json["notes"])
    assert gongbao("search", typed, "--quiet").err == ""
    assert gongbao("search", "河道巡查", "--json").json["notes"] == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "，。！",
        "😀🎉",
        ".*+?[](){}^$\\",
        "*",
        "防" * 10_000,
        "titel:河道",
        " OR ".join(f"河{n}" for n in range(201)),
    ],
)
def test_what_cannot_be_meant_ends_with_advice(gongbao: Gongbao, typed: str) -> None:
    told = gongbao("search", typed)
    assert told.code == 2
    assert len(told.err.strip().splitlines()) >= 2
    assert told.out == ""


@pytest.mark.parametrize(
    "typed", ["县", "防*", "a*", "的 了", "河道\ud800", "-河道", " OR ".join(f"河{n}" for n in range(200))]
)
def test_what_is_strange_gets_an_answer(gongbao: Gongbao, typed: str) -> None:
    assert gongbao("search", typed, "--facets", "--explain").code == 0
