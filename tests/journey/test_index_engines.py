"""An archivist changes the engine of the index, and an index that is lost or damaged comes back by itself."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from commanding import Gongbao
from homes import a_home

from desk.tasks.indexing import lies_apart


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with a_home(tmp_path / "home", sealed=False) as made:
        return made.settings.home


def found(gongbao: Gongbao) -> list[str]:
    told = gongbao("search", "清淤", "--json")
    assert told.code == 0, told.err
    return sorted(hit["id"] for hit in told.json["hits"])


def test_the_engine_is_changed_and_everything_is_found_as_before(home: Path) -> None:
    gongbao = Gongbao(home)
    settings = home / "gongbao.toml"
    settings.write_text("# mine\n[index]\nbatch = 3 # small\n", encoding="utf-8")
    before = found(gongbao)
    told = gongbao("index", "use", "tantivy://index2", "--json")
    assert (told.code, told.json["indexed"]) == (0, 6), told.err
    written = settings.read_text(encoding="utf-8")
    assert "# mine" in written
    assert "batch = 3 # small" in written
    assert f"tantivy://{home / 'index2'}" in written
    assert found(gongbao) == before
    status = gongbao("index", "status", "--json").json
    assert (status["engine"], status["entries"], status["lag"]) == ("tantivy", 6, 0)
    assert status["size"] > 1000
    assert gongbao("index", "use", f"whoosh://{home / 'index'}").code == 0
    assert found(gongbao) == before
    assert gongbao("index", "status").out.startswith("whoosh: 6 bulletins")


@pytest.mark.parametrize("url", ["whoosh://index", "whoosh://../home/index", "tantivy://index/inner"])
def test_the_index_in_use_is_not_called_an_old_one_that_may_be_removed(home: Path, url: str) -> None:
    gongbao = Gongbao(home)
    before = found(gongbao)
    told = gongbao("index", "use", url)
    assert told.code == 0
    assert "removed" not in told.err
    assert found(gongbao) == before
    assert ".." not in (home / "gongbao.toml").read_text(encoding="utf-8")
    told = gongbao("index", "use", "whoosh://elsewhere")
    assert "may be removed" in told.err


def test_an_index_in_memory_leaves_nothing_that_may_be_removed(tmp_path: Path) -> None:
    with a_home(tmp_path / "home") as home:
        assert not lies_apart(home, "memory://anything", "whoosh://index")
        assert not lies_apart(home, "memory://", "whoosh://index")


@pytest.mark.parametrize("url", ["tantivy", "tantivy://", "memory://here", "nosuch:///index3"])
def test_a_place_that_is_none_is_refused(home: Path, url: str) -> None:
    before = (home / "gongbao.toml").read_text(encoding="utf-8")
    told = Gongbao(home)("index", "use", url)
    assert told.code == 2
    assert told.err.strip()
    assert (home / "gongbao.toml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("library", ["tantivy", "numpy"])
def test_an_engine_that_is_not_installed_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = found(Gongbao(home))
    for name in [name for name in sys.modules if name.startswith(("search.engines.tantivy", "search.code_points"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    told = Gongbao(home)("index", "use", "tantivy://index2")
    assert told.code == 2
    assert f"needs {library}" in told.err
    assert "pip install 'gongbao[large]'" in told.err
    assert found(Gongbao(home)) == before


def test_a_folder_of_another_engine_is_left_alone(home: Path) -> None:
    gongbao = Gongbao(home)
    before = found(gongbao)
    told = gongbao("index", "use", "tantivy://index")
    assert told.code != 0
    assert "whoosh" in told.err
    assert found(gongbao) == before


def test_a_setting_from_the_environment_is_not_overruled_in_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGBAO_INDEX_URL", f"whoosh://{home / 'index'}")
    told = Gongbao(home)("index", "use", "tantivy://index2")
    assert told.code == 2
    assert "GONGBAO_INDEX_URL" in told.err


@pytest.mark.parametrize("url", ["whoosh://index2", "tantivy://index2"])
@pytest.mark.parametrize("what", ["missing", "damaged"])
def test_a_lost_index_is_noticed_and_comes_back(home: Path, url: str, what: str) -> None:
    gongbao = Gongbao(home)
    assert gongbao("index", "use", url).code == 0
    before = found(gongbao)
    if what == "missing":
        shutil.rmtree(home / "index2")
    else:
        for file in next((home / "index2").glob("g0*")).iterdir():
            file.write_bytes(b"no index")
    asked = gongbao("search", "清淤")
    assert asked.code != 0
    assert "gongbao index" in asked.err
    assert gongbao("index", "update").code == 0
    assert found(gongbao) == before
