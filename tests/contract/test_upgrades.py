"""A home of every earlier schema becomes one of this version, with everything that was in it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from commanding import Gongbao
from homes import a_home

from archive import open_archive
from archive.opening import engine_of, writing
from archive.tables import SCHEMA
from archive.upgrading import plan_of, steps_from, upgrade
from bulletin.config import Settings
from bulletin.errors import ArchiveError, DiskFullError, LockedError
from desk.tasks.leasing import Workplace
from desk.tasks.upgrading import refuse_at_work
from desk.tasks.verifying import verify
from desk.wiring import Home

EARLIER = [number for number, _ in steps_from("")][:-1]


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of this version with bulletins, captures and a changed one in it."""
    folder = tmp_path_factory.mktemp("today") / "home"
    with a_home(folder) as home:
        home.archive.timetable.runs()
    return folder


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table with its rows."""
    with closing(sqlite3.connect(file)) as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: conn.execute(f"SELECT * FROM {name}").fetchall() for name in names if "sqlite" not in name}


def aged(today: Path, folder: Path, schema: str) -> Path:
    """The same home as an earlier version would have left it: its tables, with the rows of today in them."""
    shutil.copytree(today, folder)
    file = folder / "gongbao.db"
    for path in folder.glob("gongbao.db*"):
        path.unlink()
    engine = engine_of(f"sqlite:///{file}")
    with engine.connect() as conn, writing(conn).begin():
        upgrade(conn, "", schema)
    engine.dispose()
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("ATTACH ? AS now", (str(today / "gongbao.db"),))
        tables = [name for (name,) in conn.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in set(tables) - {"alembic_version"} - {name for name in tables if name.startswith("sqlite_")}:
            known = [row[1] for row in conn.execute(f"PRAGMA now.table_info({table})")]
            shared = ", ".join(row[1] for row in conn.execute(f"PRAGMA main.table_info({table})") if row[1] in known)
            conn.execute(f"INSERT INTO main.{table} ({shared}) SELECT {shared} FROM now.{table}")
        conn.commit()
    return folder


def schema(file: Path) -> str:
    with closing(sqlite3.connect(file)) as conn:
        return str(conn.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def copies(home: Path) -> list[Path]:
    return sorted(home.glob("gongbao.db.0*"))


def test_there_are_earlier_schemas() -> None:
    assert EARLIER[:4] == ["0001", "0002", "0003", "0004"]
    assert SCHEMA not in EARLIER


@pytest.mark.parametrize("earlier", EARLIER)
def test_every_earlier_home_becomes_one_of_today(today: Path, tmp_path: Path, earlier: str) -> None:
    folder = aged(today, tmp_path / "home", earlier)
    before = rows(folder / "gongbao.db")
    assert before["documents"]
    gongbao = Gongbao(folder)
    planned = gongbao("upgrade", "--dry-run", "--json").json
    assert (planned["found"], planned["wanted"]) == (earlier, SCHEMA)
    assert [number for number, _ in planned["steps"]] == [n for n, _ in steps_from(earlier)]
    assert schema(folder / "gongbao.db") == earlier
    assert copies(folder) == []
    done = gongbao("upgrade")
    assert done.code == 0
    assert f"schema {SCHEMA}" in done.out
    assert schema(folder / "gongbao.db") == SCHEMA
    (copy,) = copies(folder)
    assert copy.name.startswith(f"gongbao.db.{earlier}-")
    assert rows(copy) == before
    now = rows(folder / "gongbao.db")
    assert all(len(now[name]) == len(kept) for name, kept in before.items())
    with Home(Settings(home=folder)) as old, Home(Settings(home=today)) as new:
        assert list(old.archive.changes()) == list(new.archive.changes())
        found = [fault for fault in verify(old).faults if "dated" not in fault.reason]
        expected = [fault for fault in verify(new).faults if "dated" not in fault.reason]
        assert [(f.where, f.reason) for f in found] == [(f.where, f.reason) for f in expected]
    assert gongbao("upgrade").out.endswith(f"is of this version (schema {SCHEMA}).\n")
    assert len(copies(folder)) == 1


def test_any_command_copies_before_it_upgrades(today: Path, tmp_path: Path) -> None:
    folder = aged(today, tmp_path / "home", "0002")
    assert Gongbao(folder)("source", "list").code == 0
    assert [copy.name[:15] for copy in copies(folder)] == ["gongbao.db.0002"]


def test_the_copy_is_the_way_back(today: Path, tmp_path: Path) -> None:
    folder = aged(today, tmp_path / "home", "0003")
    before = rows(folder / "gongbao.db")
    assert Gongbao(folder)("upgrade").code == 0
    for path in [*folder.glob("gongbao.db-*"), folder / "gongbao.db"]:
        path.unlink()
    copies(folder)[0].replace(folder / "gongbao.db")
    assert rows(folder / "gongbao.db") == before
    assert Gongbao(folder)("upgrade").code == 0


def test_a_step_that_fails_leaves_everything_as_it_was(today: Path, tmp_path: Path) -> None:
    folder = aged(today, tmp_path / "home", "0003")
    with closing(sqlite3.connect(folder / "gongbao.db")) as conn:
        conn.execute("CREATE TABLE schedules (theirs)")
    before = rows(folder / "gongbao.db")
    with pytest.raises(ArchiveError, match="could not be upgraded"):
        open_archive(f"sqlite:///{folder / 'gongbao.db'}")
    assert rows(folder / "gongbao.db") == before
    assert len(copies(folder)) == 1


def test_without_room_for_the_copy_nothing_is_done(
    today: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive import upgrading

    folder = aged(today, tmp_path / "home", "0001")
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(DiskFullError):
        open_archive(f"sqlite:///{folder / 'gongbao.db'}")
    assert schema(folder / "gongbao.db") == "0001"


def test_a_newer_home_is_refused(today: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home"
    shutil.copytree(today, folder)
    with closing(sqlite3.connect(folder / "gongbao.db")) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
        conn.commit()
    for words in (("upgrade",), ("upgrade", "--dry-run"), ("status",)):
        told = Gongbao(folder)(*words)
        assert told.code == 2
        assert "newer" in told.err
    assert schema(folder / "gongbao.db") == "9999"
    assert copies(folder) == []


def test_what_is_not_there_needs_no_copy(tmp_path: Path) -> None:
    plan = plan_of(f"sqlite:///{tmp_path / 'none' / 'a.db'}")
    assert (plan.found, plan.copy) == ("", "")
    assert [number for number, _ in plan.steps][-1] == SCHEMA
    assert not (tmp_path / "none").exists()


def test_nobody_upgrades_under_a_worker(tmp_path: Path) -> None:
    with Home(Settings(home=tmp_path)) as home, Workplace(tmp_path), pytest.raises(LockedError):
        refuse_at_work(home)
    refuse_at_work(home)


OPENER = "import sys; from archive import open_archive; open_archive(sys.argv[1]).close()"


def test_several_that_open_an_earlier_home_make_one_copy(today: Path, tmp_path: Path) -> None:
    folder = aged(today, tmp_path / "home", "0002")
    command = [sys.executable, "-c", OPENER, f"sqlite:///{folder / 'gongbao.db'}"]
    root = Path(__file__).resolve().parents[2]
    openers = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[1] for process in openers] == [""] * 3
    assert len(copies(folder)) == 1
    assert schema(folder / "gongbao.db") == SCHEMA
