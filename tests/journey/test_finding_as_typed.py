"""Filters, dates and numbers from the command line, in the forms in which archivists have them at hand."""

from __future__ import annotations

import pytest
from commanding import Gongbao
from homes import a_home


@pytest.fixture(scope="module")
def gongbao(tmp_path_factory: pytest.TempPathFactory) -> Gongbao:
    """Six bulletins of 云岫县, 云水发〔2026〕7号, published on 2026-03-20."""
    folder = tmp_path_factory.mktemp("typed") / "home"
    a_home(folder, sealed=False).close()
    return Gongbao(folder)


def total(gongbao: Gongbao, *words: str) -> int:
    found: int = gongbao("search", *words, "--json").json["total"]
    return found


@pytest.mark.parametrize("name", ["云岫县", "雲岫縣", "云岫", "619901", "６１９９０１", "6199"])
def test_a_region_is_named_in_either_script_and_width(gongbao: Gongbao, name: str) -> None:
    assert total(gongbao, "--region", name) == 6
    assert total(gongbao, f"县:{name}") == 6
    assert total(gongbao, f"縣：（{name} | 松泉县）", "--without", "kind=issue") == 6
    assert total(gongbao, f"-县:{name}") == 0


def test_a_region_that_is_not_said_is_not_every_region(gongbao: Gongbao) -> None:
    answer = gongbao("search", "县:", "--json").json
    assert "Nothing stands behind 县" in answer["notes"][0]


@pytest.mark.parametrize(
    "number", ["云水发2026年7号", "2026年7号", "第7号", "(2026)第7号", "〔二〇二六〕七号", "〔2026〕 7 号"]
)
def test_a_number_is_found_however_it_is_written(gongbao: Gongbao, number: str) -> None:
    assert total(gongbao, "--number", number) == 6
    assert total(gongbao, number) == 6
    assert total(gongbao, f"文号:{number}") == 6


def test_a_range_in_the_place_of_a_first_day_ends(gongbao: Gongbao) -> None:
    for option in ("--from", "--to"):
        assert total(gongbao, option, "2026-01..2026-02") == 0
        assert total(gongbao, option, "2026年3月1日至2026年3月31日") == 6


def test_a_source_is_found_by_its_id_in_the_query(gongbao: Gongbao) -> None:
    assert total(gongbao, "source:619901_yunxiu") == 6
    assert total(gongbao, "source:619902_songquan") == 0


def test_a_search_is_saved_with_every_filter(gongbao: Gongbao) -> None:
    more = ("--source", "619901_yunxiu", "--only", "kind=article", "--without", "year=2019", "--status", "withdrawn")
    assert gongbao("saved", "add", "撤下", "河道", *more, "--date", "seen", "--sort", "newest").code == 0
    kept = gongbao("saved", "list", "--json").json["saved"][0]
    assert kept["status"] == ["withdrawn"]
    assert total(gongbao, "--saved", "撤下") == 0
    shown = " ".join(gongbao("saved", "list").out.split())
    assert "--date seen --source 619901_yunxiu --status withdrawn --only kind=article --without year=2019" in shown
