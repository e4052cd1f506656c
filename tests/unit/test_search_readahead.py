"""Files are brought into memory aside; whatever is wrong with them, nobody notices."""

import os
from pathlib import Path

import pytest
from searchables import some_entries

from bulletin.query import Query, Words
from search import folders, open_index, open_searcher
from search.engines import engine_for
from search.readahead import read_ahead


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """(size of the file, first byte) of every piece that is asked for."""
    pieces: list[tuple[int, int]] = []

    def advised(file: int, start: int, length: int, advice: int) -> None:
        assert advice == os.POSIX_FADV_WILLNEED
        pieces.append((os.fstat(file).st_size, start))

    monkeypatch.setattr(os, "posix_fadvise", advised, raising=False)
    monkeypatch.setattr(os, "POSIX_FADV_WILLNEED", 3, raising=False)
    return pieces


def read(folder: Path) -> None:
    thread = read_ahead(folder)
    assert thread is not None
    thread.join()


def test_every_piece_of_every_file_is_asked_for_the_smallest_file_first(
    tmp_path: Path, asked_for: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.readahead._PIECE", 4)
    for name, size in (("large", 10), ("empty", 0), ("small", 4)):
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "folder").mkdir()
    read(tmp_path)
    assert asked_for == [(4, 0), (10, 0), (10, 4), (10, 8)]


def test_no_more_than_a_share_of_the_memory_is_filled(
    tmp_path: Path, asked_for: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: 10)  # pages of as many bytes, of which a quarter are 25
    for size in (20, 5, 6):
        (tmp_path / str(size)).write_bytes(b"x" * size)
    read(tmp_path)
    assert asked_for == [(5, 0), (6, 0)]


def test_a_file_that_cannot_be_opened_is_passed_over(tmp_path: Path, asked_for: list[tuple[int, int]]) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "there").write_bytes(b"x")
    read(tmp_path)
    assert asked_for == [(1, 0)]
    read(tmp_path / "no folder")


def test_where_the_system_cannot_be_asked_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fadvise", raising=False)
    assert read_ahead(tmp_path) is None


def test_a_searcher_that_is_asked_once_reads_nothing_ahead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(folders, "read_ahead", begun.append)
    url = f"whoosh://{tmp_path / 'i'}"
    with open_index(url) as index:
        index.write(some_entries(1, 3), upto=3)
    with open_searcher(url) as searcher:
        searcher.find(Query(Words("防火")))
        assert begun == []
        for _ in range(3):
            searcher.find(Query(Words("防火")))
        assert [place.parent for place in begun] == [tmp_path / "i"]
        with engine_for(url).open_successor(url) as successor:
            successor.write(some_entries(1, 3), upto=3)
            successor.promote()
        searcher.refresh()
        for _ in range(3):
            searcher.find(Query(Words("防火")))
    assert len(set(begun)) == 2
