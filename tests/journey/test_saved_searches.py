"""Searches kept by name: asked again, and what came in since."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import Gongbao

TEXTS = {
    "a": "全县防汛工作会议在云岫县召开，安排部署河道清淤和水库巡查，要求各镇落实责任。",
    "b": "县林业局组织护林员巡山，清理防火隔离带三十里，劝返携带火种人员二十名。",
    "c": "松泉县水利局检查防汛物资储备，清点编织袋两万条，更换过期救生衣六十件。",
}


def bring_in(gongbao: Gongbao, folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    paths = []
    for name in names:
        title = f"关于{TEXTS[name][:8]}的通报"
        head = f"<meta charset=utf-8><meta name=ArticleTitle content='{title}'><title>{title}</title>"
        body = f"<h1>{title}</h1><div><p>{TEXTS[name]}</p><p>{TEXTS[name][::-1]}</p></div>"
        path = folder / f"{name}.html"
        path.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
        paths.append(str(path))
    assert gongbao("import", *paths).code == 0


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    gongbao = Gongbao(tmp_path / "home")
    bring_in(gongbao, tmp_path / "pages", "a", "b")
    return gongbao


def test_a_saved_search_tells_what_came_in_since_and_tells_it_once(gongbao: Gongbao, tmp_path: Path) -> None:
    kept = gongbao("saved", "add", "防汛", "防汛 OR 抗旱", "--json").json
    assert (kept["name"], kept["total"]) == ("防汛", 1)
    assert gongbao("saved", "run", "--json").json["runs"] == [{"name": "防汛", "total": 1, "new": 0, "hits": []}]
    bring_in(gongbao, tmp_path / "pages", "c")
    assert gongbao("saved", "run", "防汛", "--peek", "--json").json["runs"][0]["new"] == 1
    told = gongbao("saved", "run", "--json").json["runs"][0]
    assert (told["total"], told["new"], len(told["hits"])) == (2, 1, 1)
    assert "松泉县" in told["hits"][0]["title"]
    assert gongbao("saved", "run", "--json").json["runs"][0]["new"] == 0


def test_a_saved_search_is_asked_like_any_other(gongbao: Gongbao) -> None:
    gongbao("saved", "add", "林业", "护林员", "--without", "kind=issue")
    saved = gongbao("search", "--saved", "林业", "--json").json
    assert saved == gongbao("search", "护林员", "--without", "kind=issue", "--json").json
    assert saved["total"] == 1
    assert gongbao("search", "--saved", "林业", "防汛").code == 2
    unknown = gongbao("search", "--saved", "林")
    assert unknown.code == 2
    assert "林业" in unknown.err


def test_a_saved_search_is_a_file_that_people_can_write(gongbao: Gongbao) -> None:
    folder = gongbao.home / "saved"
    folder.mkdir()
    (folder / "巡查.toml").write_text('query = "巡查"\nonly = ["kind=article"]\n', encoding="utf-8")
    assert gongbao("saved", "run", "--json").json["runs"][0]["new"] == 1
    (folder / "错.toml").write_text('querry = "巡查"\n', encoding="utf-8")
    refused = gongbao("saved", "run", "错")
    assert refused.code == 2
    assert "query" in refused.err


def test_one_search_that_fails_does_not_stop_the_others(gongbao: Gongbao) -> None:
    for name, query in (("甲", "防汛"), ("乙", "护林员")):
        gongbao("saved", "add", name, query)
    (gongbao.home / "saved" / "甲.toml").write_text('query = "colour:防汛"\n', encoding="utf-8")
    (gongbao.home / "saved" / "丙.toml").write_text("query = \n", encoding="utf-8")
    told = gongbao("saved", "run", "--json")
    assert told.code == 4
    assert [run["name"] for run in told.json["runs"]] == ["乙"]
    assert [failure["name"] for failure in told.json["failed"]] == ["丙", "甲"]


def test_what_is_removed_is_forgotten(gongbao: Gongbao) -> None:
    gongbao("saved", "add", "防汛", "防汛")
    assert [one["name"] for one in gongbao("saved", "list", "--json").json["saved"]] == ["防汛"]
    assert gongbao("saved", "remove", "防汛").code == 0
    assert gongbao("saved", "list", "--json").json["saved"] == []
    assert gongbao("saved", "remove", "防汛").code == 2
    assert list((gongbao.home / "saved").iterdir()) == []


@pytest.mark.parametrize("name", ["../甲", "a/b", "", ".", "甲 乙", "x" * 41])
def test_a_name_that_is_no_name_is_refused(gongbao: Gongbao, name: str) -> None:
    assert gongbao("saved", "add", name, "防汛").code == 2
    assert gongbao("saved", "remove", "--", name).code == 2


def test_a_question_that_cannot_be_meant_is_not_kept(gongbao: Gongbao) -> None:
    assert gongbao("saved", "add", "防汛", "防汛", "--sort", "size").code == 2
    assert gongbao("saved", "add", "防汛", "").code == 2
    assert gongbao("saved", "list", "--json").json["saved"] == []


def test_what_takes_the_place_of_another_search_says_so(gongbao: Gongbao) -> None:
    assert "in the place" not in gongbao("saved", "add", "防汛", "防汛 OR 抗旱").out
    assert "in the place of the search that bore this name" in gongbao("saved", "add", "防汛", "防汛").out


def test_one_search_that_is_not_there_is_told_once_and_nothing_new_is_one_line(gongbao: Gongbao) -> None:
    gongbao("saved", "add", "防汛", "防汛")
    unknown = gongbao("saved", "run", "防讯")
    assert (unknown.code, unknown.out) == (2, "")
    assert unknown.err.count("There is no saved search") == 1
    assert gongbao("saved", "run", "防讯", "--json").json["failed"][0]["name"] == "防讯"
    run = gongbao("saved", "run")
    assert (run.code, run.out, run.err) == (0, "防汛: 0 new of 1\n", "")


def test_what_a_damaged_list_still_names_is_not_told_again(gongbao: Gongbao) -> None:
    assert gongbao("saved", "add", "通报", "通报").code == 0
    file = gongbao.home / "saved" / "通报.announced"
    file.write_bytes(file.read_bytes().rsplit(b"\n", 1)[0] + b"\n\xff\xfe\x00")
    assert [run["new"] for run in gongbao("saved", "run", "--json").json["runs"]] == [1]
    assert [run["new"] for run in gongbao("saved", "run", "--json").json["runs"]] == [0]
