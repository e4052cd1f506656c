"""The archivist's own words: kept, tried on the saved searches, taken up by the index."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import Gongbao
from homes import a_home, add_article

from bulletin.config import Settings
from desk.wiring import Home


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    a_home(tmp_path / "home", articles=3, sealed=False).close()
    return Gongbao(tmp_path / "home")


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.glob("*.t*") if path.is_file()}


def test_words_are_kept_listed_and_taken_out(gongbao: Gongbao) -> None:
    assert gongbao("index", "lexicon", "--json").json["words"] == []
    assert gongbao("index", "lexicon", "--add", "云岫县水利局", "--add", "青溪河").code == 0
    (gongbao.home / "lexicon.txt").write_text("# 河流\n青溪河  # 县东\n云岫县水利局\n", encoding="utf-8")
    assert gongbao("index", "lexicon", "--add", "柳坪", "--remove", "云岫县水利局").code == 0
    assert (gongbao.home / "lexicon.txt").read_text(encoding="utf-8") == "# 河流\n青溪河  # 县东\n柳坪\n"
    assert gongbao("index", "lexicon").out.split() == ["青溪河", "柳坪"]
    unknown = gongbao("index", "lexicon", "--remove", "青溪")
    assert unknown.code == 2
    assert "青溪河" in unknown.err


def test_the_index_takes_them_up_at_its_next_update(gongbao: Gongbao) -> None:
    stamp = gongbao("index", "status", "--json").json["stamp"]
    gongbao("index", "lexicon", "--add", "青溪河")
    assert "lexicon" in gongbao("index", "status", "--json").json["needs_rebuild"]
    assert gongbao("search", "河道", "--json").json["total"] == 3
    assert gongbao("index", "update", "--json").json == {"indexed": 3}
    after = gongbao("index", "status", "--json").json
    assert after["needs_rebuild"] == ""
    assert after["stamp"] != stamp


def test_words_come_from_a_file(gongbao: Gongbao, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("\ufeff# offices\n云岫县水利局\n\n松泉县水利局 # next door\n", encoding="utf-8")
    assert gongbao("index", "lexicon", "--from", str(words), "--json").json["words"] == ["云岫县水利局", "松泉县水利局"]
    assert gongbao("index", "lexicon", "--from", str(tmp_path / "none.txt")).code == 2


@pytest.mark.parametrize("word", ["县", "", "云岫 水利", "县#", "云" * 31, "！！"])
def test_what_can_be_no_word_is_refused(gongbao: Gongbao, word: str) -> None:
    refused = gongbao("index", "lexicon", "--add", word)
    assert refused.code == 2
    assert not (gongbao.home / "lexicon.txt").exists()


def test_a_trial_shows_what_saved_searches_gain_and_changes_nothing(gongbao: Gongbao) -> None:
    gongbao("saved", "add", "河道", "河道")
    gongbao("saved", "add", "第九", "第9号")
    (gongbao.home / "saved" / "错.toml").write_text("query = \n", encoding="utf-8")
    with Home(Settings(home=gongbao.home)) as home:
        fresh = add_article(home, 9)
    before = files(gongbao.home)
    told = gongbao("index", "lexicon", "--add", "河道清淤", "--dry-run", "--json")
    assert told.code == 0
    found = {one["name"]: one for one in told.json["searches"]}
    assert (found["河道"]["before"], found["河道"]["after"]) == (3, 4)
    assert [hit["id"] for hit in found["河道"]["gained"]] == [fresh]
    assert found["第九"]["gained"][0]["title"].startswith("云岫县水利局关于第9号")
    assert found["河道"]["lost"] == []
    assert found["错"]["error"]
    assert files(gongbao.home) == before
    assert not list(gongbao.home.glob("trial-*"))
    assert gongbao("saved", "run", "河道", "--json").json["runs"][0]["new"] == 0
    people = gongbao("index", "rebuild", "--dry-run")
    assert "河道: 3 before, 4 after" in people.out
    assert "gained: 云岫县水利局关于第9号" in people.out
    assert "Nothing was changed" in people.err
    assert gongbao("search", "河道", "--json").json["total"] == 3


def test_a_trial_without_saved_searches_says_so(gongbao: Gongbao) -> None:
    told = gongbao("index", "rebuild", "--dry-run")
    assert told.code == 0
    assert "saved add" in told.err


def test_words_and_saved_searches_come_back_from_a_backup(gongbao: Gongbao, tmp_path: Path) -> None:
    gongbao("index", "lexicon", "--add", "青溪河")
    gongbao("saved", "add", "河道", "河道")
    assert gongbao("backup", str(tmp_path / "copy")).code == 0
    again = Gongbao(tmp_path / "again")
    assert again("restore", str(tmp_path / "copy")).code == 0
    assert again("index", "lexicon", "--json").json["words"] == ["青溪河"]
    assert [one["name"] for one in again("saved", "list", "--json").json["saved"]] == ["河道"]
    assert again("index", "status", "--json").json["needs_rebuild"] == ""
