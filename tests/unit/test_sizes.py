"""How much room something takes."""

import os

from desk.tasks.sizes import bytes_in


def test_all_files_of_a_name_are_counted(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.warc.gz.open").write_bytes(b"12345")
    (tmp_path / "deep" / "b.txt").write_bytes(b"123")
    assert (bytes_in(tmp_path), bytes_in(tmp_path, "*.warc*"), bytes_in(tmp_path / "none")) == (8, 5, 0)


def test_a_file_that_goes_meanwhile_counts_nothing(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"12345")
    monkeypatch.setattr(os, "walk", lambda folder: [(str(folder), [], ["a", "renamed since"])])
    assert bytes_in(tmp_path) == 5
