"""A WARC file that is ended, and renamed, between the moment it is looked up and the moment it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW
from homes import a_home, add_article, exchange

from archive import backup
from archive.fixity import Pace, verify_file
from archive.vault import WarcVault
from archive.warc_file import OPEN, open_to_read
from desk.tasks.copying import back_up
from desk.tasks.sealing import seal_home
from desk.wiring import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """One that somebody is just writing to."""
    with a_home(tmp_path / "home", sealed=False) as made:
        add_article(made, 20, at=NOW)
        yield made


@pytest.fixture
def ended(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Whatever is looked up is ended before it can be opened; what was looked up under a name it then lost."""
    stale: list[Path] = []

    def late(found: Path | None) -> Path | None:
        if found and found.name.endswith(OPEN):
            home.vault.close()
            stale.append(found)
        return found

    place, there = WarcVault.place, backup._there
    monkeypatch.setattr(WarcVault, "place", lambda vault, name: late(place(vault, name)))
    monkeypatch.setattr(backup, "_there", lambda vault, name: late(there(vault, name)))
    return stale


def test_it_is_sealed(home: Home, ended: list[Path]) -> None:
    head = seal_home(home, NOW + timedelta(days=1))
    assert head
    assert ended
    assert not ended[0].exists()
    assert head.records == sum(verified(home, name) for name in home.vault.files())


def test_it_is_verified(home: Home, ended: list[Path]) -> None:
    assert all(verified(home, name) for name in home.vault.files())
    assert ended


def verified(home: Home, name: str) -> int:
    """Its records; without fault."""
    report = verify_file(home.vault, home.archive, name, datetime.now(UTC), Pace(0.0))
    assert [fault for fault in report.faults if fault.severity == "fault"] == []
    return report.records


def test_it_is_backed_up(home: Home, ended: list[Path], tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy", now=NOW + timedelta(days=1))
    assert ended


def test_it_is_found_though_it_is_renamed_between_two_looks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.vault.keep(exchange("http://www.yunxiu.example/gb/21.html", b"<html>21</html>", NOW))
    (name,) = (path.name for path in home.settings.vault_path.iterdir() if path.name.endswith(OPEN))
    look = Path.is_file

    def looked(path: Path) -> bool:
        there = look(path)
        home.vault.close()
        return there

    monkeypatch.setattr(Path, "is_file", looked)
    found = home.vault.place(name.removesuffix(OPEN))
    assert found
    assert found.name == name.removesuffix(OPEN)


def test_what_is_gone_is_gone(tmp_path: Path) -> None:
    for name in ("a.warc.gz", f"a.warc.gz{OPEN}"):
        with pytest.raises(FileNotFoundError):
            open_to_read(tmp_path / name)
