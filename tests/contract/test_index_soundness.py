"""Files of an index that changed on the disk are named, though the index can be opened and answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from commanding import Gongbao
from homes import a_home
from searchables import some_entries

from search import open_index
from search.engines import schemes
from search.soundness import damaged_files

DURABLE = [scheme for scheme in schemes() if scheme != "memory"]


def flipped(file: Path, at: int) -> None:
    """One bit of it the other way round."""
    data = bytearray(file.read_bytes())
    data[at] ^= 4
    file.write_bytes(data)


def an_index(scheme: str, folder: Path) -> str:
    url = f"{scheme}://{folder / 'index'}"
    with open_index(url) as index:
        index.write(some_entries(1, 40), upto=40)
        index.forget([some_entries(1, 1)[0].document_id], upto=41)
    return url


@pytest.mark.parametrize("scheme", DURABLE)
def test_a_sound_index_is_sound(scheme: str, tmp_path: Path) -> None:
    assert list(damaged_files(an_index(scheme, tmp_path))) == []
    assert list(damaged_files("memory://anything")) == []


def test_one_bit_in_any_file_of_tantivy_is_noticed(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    url = an_index("tantivy", tmp_path)
    files = [file for file in next((tmp_path / "index").glob("g0*")).iterdir() if file.suffix not in (".json", ".lock")]
    assert {".fast", ".idx", ".pos", ".store", ".term", ".fieldnorm"} <= {file.suffix for file in files}
    for file in files:
        for at in (0, max(0, file.stat().st_size - 200) // 2, -1):
            flipped(file, at)
            assert [name for name, _ in damaged_files(url)] == [file.name]
            flipped(file, at)
        file.rename(tmp_path / "aside")
        file.write_bytes(b"")
        assert [name for name, _ in damaged_files(url)] == [file.name]
        (tmp_path / "aside").rename(file)
    assert list(damaged_files(url)) == []


def test_what_a_killed_writer_left_is_no_damage(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    url = an_index("tantivy", tmp_path)
    for file in list(next((tmp_path / "index").glob("g0*")).glob("*.*")):
        if file.suffix not in (".json", ".lock"):
            (file.parent / ("0" * 32 + file.suffix)).write_bytes(file.read_bytes()[:20])
    assert list(damaged_files(url)) == []


@pytest.mark.parametrize("end", [b"", b"\0" * 4, b"{\0\0\0\x39\x05\0\0", b"[" * 2000 + b"\xd0\x07\0\0\x39\x05\0\0"])
def test_a_footer_that_is_none_is_told(end: bytes, tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    url = an_index("tantivy", tmp_path)
    file = next((tmp_path / "index").glob("g0*/*.idx"))
    file.write_bytes(end)
    assert [name for name, _ in damaged_files(url)] == [file.name]


def test_pages_of_the_exact_layer_that_do_not_fit_together_are_noticed(tmp_path: Path) -> None:
    url = an_index("whoosh", tmp_path)
    file = next((tmp_path / "index").glob("g0*/exact.db"))
    data = bytearray(file.read_bytes())
    data[8 * 4096 : 9 * 4096] = bytes(4096)
    file.write_bytes(data)
    assert [name for name, _ in damaged_files(url)] == ["exact.db"]


def test_verify_names_the_file_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    a_home(tmp_path / "home").close()
    gongbao = Gongbao(tmp_path / "home")
    assert gongbao("index", "use", "tantivy://words").code == 0
    assert gongbao("verify").code == 0
    file = next((tmp_path / "home" / "words").glob("g0*/*.fast"))
    flipped(file, 100)
    told = gongbao("verify", "--json")
    assert told.code == 7
    # Whether the index can be opened nevertheless depends on what the bit says.
    assert {fault["where"] for fault in told.json["faults"]} == {"index"}
    assert file.name in [fault["item"] for fault in told.json["faults"]]
    assert gongbao("index", "rebuild").code == 0
    assert gongbao("verify").code == 0
