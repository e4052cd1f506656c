"""Files verified side by side, and in stretches, come to what they come to as one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from homes import a_home

from archive import fixity
from archive.fixity import Pace
from bulletin.config import Settings
from desk.tasks import verifying_files
from desk.tasks.verifying_files import file_reports
from desk.wiring import Home


def _made(folder: Path, **how: Any) -> Path:
    with a_home(folder, **how):
        return folder


def _changed(home: Path, statement: str) -> None:
    with closing(sqlite3.connect(home / "gongbao.db")) as conn, conn:
        assert conn.execute(statement).rowcount > 0


def _flipped(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def test_several_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying_files, "_STRETCH", 3000)
    home = _made(tmp_path / "home", articles=12, warc_size=4000)
    files = sorted(path.name for path in (home / "vault").iterdir())
    _flipped(home / "vault" / files[1], 1125)
    (home / "vault" / files[2]).unlink()
    with Home(Settings(home=home)) as opened:
        reports = [list(file_reports(opened, NOW + timedelta(days=9), Pace(0.0), workers)) for workers in (1, 2)]
    assert reports[0] == reports[1]
    assert [report.warc for report, _ in reports[1]] == files
    assert {report.warc for report, _ in reports[1] if report.faults} >= {files[1], files[2]}


_DAMAGE: tuple[Callable[[bytearray, list[int]], object], ...] = (
    lambda data, begins: None,
    lambda data, begins: data.__setitem__(8, data[8] ^ 1),
    lambda data, begins: data.__setitem__(begins[3] + 60, data[begins[3] + 60] ^ 4),
    lambda data, begins: data.__setitem__(begins[3], 0),
    lambda data, begins: data.__setitem__(begins[3] - 5, data[begins[3] - 5] ^ 1),
    lambda data, begins: data.__delitem__(slice(begins[3] + 40, begins[5] + 3)),
    lambda data, begins: data.__delitem__(slice(begins[-1] + 9, len(data))),
)
_ROWS = ("", "DELETE FROM captures WHERE id = 4", "UPDATE captures SET warc_offset = warc_offset + 3 WHERE id = 4")


@pytest.mark.parametrize("damage", _DAMAGE)
@pytest.mark.parametrize("statement", _ROWS)
def test_a_file_looked_at_in_stretches_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[bytearray, list[int]], object], statement: str
) -> None:
    home = _made(tmp_path / "home", articles=12)
    (file,) = (home / "vault").iterdir()
    now = datetime.now(UTC)
    with Home(Settings(home=home)) as opened:
        begins = sorted(opened.archive.captures.in_file(file.name))
        if statement:
            _changed(home, statement)
        data = bytearray(file.read_bytes())
        damage(data, begins)
        file.write_bytes(data)
        whole = fixity.verify_file(opened.vault, opened.archive, file.name, now, Pace(0.0))

        def here(home: Home, places: list[tuple[str, int, int | None]], at: datetime, workers: int) -> Any:
            assert len(places) > 9
            parts = [(place, opened.archive.captures.in_file(*place)) for place in places]
            return [verifying_files._look(home, part, at) for part in parts]

        monkeypatch.setattr(verifying_files, "_STRETCH", 1)
        monkeypatch.setattr(verifying_files, "_looked_at", here)
        ((report, _),) = file_reports(opened, now, Pace(0.0), workers=2)
    assert report == whole
    assert sum("gzip header" in fault.reason for fault in whole.faults) == (damage is _DAMAGE[1])
    assert bool(whole.faults) == (damage is not _DAMAGE[0] or bool(statement))
