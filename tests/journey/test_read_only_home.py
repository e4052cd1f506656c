"""A home on read-only media: what only reads works there and leaves no trace, what writes says why it cannot."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from commanding import Gongbao
from homes import HOST, SOURCE, a_home

from archive.opening import to_read

READING = (
    ["source", "list"],
    ["show", "ID"],
    ["show", "ID", "--raw"],
    ["--json", "show", "ID"],
    ["runs", "list"],
    ["withdrawn"],
    ["export", "--format", "csv", "-o", "OUT"],
)


def traces(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder under one, with its size and the moment it was last changed: of a folder, that is when
    anything in it was made or removed, for however short a while."""
    found = {path: path.stat() for path in [folder, *folder.rglob("*")]}
    return {str(path): (told.st_size, told.st_mtime_ns) for path, told in found.items()}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home nobody may write to. The tests may run as one who may write everywhere: the answer is set."""
    with a_home(tmp_path / "home", articles=1) as made:
        made.make()
    place = tmp_path / "home"
    asked = os.access

    def access(path: Any, mode: int, **more: Any) -> bool:
        return asked(path, mode, **more) and not (mode & os.W_OK and Path(path).is_relative_to(place))

    monkeypatch.setattr(os, "access", access)
    return place


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_only_reads_leaves_no_trace(home: Path, words: list[str]) -> None:
    gongbao = Gongbao(home)
    identity = gongbao("show", f"{HOST}/gb/0.html", "--json").json["id"]
    before = traces(home)
    told = gongbao(*(word.replace("ID", identity).replace("OUT", str(home.parent / "out.csv")) for word in words))
    assert (told.code, told.err if told.code else "") == (0, "")
    assert traces(home) == before


def test_what_writes_says_that_it_cannot(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = traces(home / "gongbao.db")
    told = Gongbao(home)("source", "pause", SOURCE.id)
    assert told.code == 1
    assert "readonly" in told.err
    assert traces(home / "gongbao.db") == before


@pytest.mark.parametrize(("named", "said"), [(("logs/x",), "logs/x lies on"), ((), "The home lies on")])
def test_a_file_that_may_not_be_written_is_named(
    home: Path, named: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", *named)

    monkeypatch.setattr("desk.cli.verifying.verify", refuse)
    told = Gongbao(home)("verify")
    assert told.code == 2
    assert f"{said} read-only media" in told.err


def test_a_database_that_somebody_writes_to_is_read_as_it_changes(home: Path) -> None:
    assert to_read(home / "gongbao.db").endswith("?immutable=1")
    (home / "gongbao.db-wal").write_bytes(b"x")
    assert to_read(home / "gongbao.db").endswith("?mode=ro")
