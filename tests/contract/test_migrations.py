"""Opening databases: fresh, old, newer, foreign, damaged, locked, full."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from builders import NOW, a_harvest, a_source
from sqlalchemy import create_engine

import archive.migrations
from archive import open_archive
from archive.tables import SCHEMA, metadata
from bulletin.errors import ArchiveError, ConfigError, DiskFullError, IntegrityError, LockedError


def put(opened: object, n: int = 0) -> None:
    opened.deposit(  # type: ignore[attr-defined]
        a_source(),
        "tzgg",
        f"http://www.yunxiu.example/{n}.html",
        a_harvest(title=f"第{n}号"),
        fetched_at=NOW,
        payload_digest="p",
        record=None,
    )


def put_many(opened: object, count: int) -> None:
    for n in range(1, count):
        put(opened, n)


def test_migrations_end_where_the_tables_are(tmp_path: Path) -> None:
    open_archive(f"sqlite:///{tmp_path / 'a.db'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata) == []
    engine.dispose()


def test_a_fresh_database_has_the_tables_as_they_are_described(tmp_path: Path) -> None:
    def shape(path: Path) -> set[tuple[str, str]]:
        with sqlite3.connect(path) as conn:
            rows = conn.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'alembic%'").fetchall()
        return {(str(kind), str(name)) for kind, name in rows if not str(name).startswith("sqlite_autoindex_alembic")}

    open_archive(f"sqlite:///{tmp_path / 'migrated.db'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert shape(tmp_path / "migrated.db") == shape(tmp_path / "made.db")


def test_the_newest_migration_is_the_one_the_tables_name() -> None:
    assert ScriptDirectory(str(Path(archive.migrations.__file__).parent)).get_heads() == [SCHEMA]


def test_sqlite_is_set_up_for_many_readers(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "50%.db"
    open_archive(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_newer_database_is_refused_with_advice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_archive(url).close()
    with sqlite3.connect(tmp_path / "a.db") as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(ArchiveError) as told:
        open_archive(url)
    assert "newer Gongbao" in told.value.message
    assert "pgrade" in told.value.advice
    assert told.value.exit_code == 2
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_foreign_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as conn:
        conn.execute("CREATE TABLE theirs (x)")
    with pytest.raises(ArchiveError, match="not Gongbao's"):
        open_archive(f"sqlite:///{tmp_path / 'a.db'}")
    with sqlite3.connect(tmp_path / "a.db") as conn:
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


@pytest.mark.parametrize(
    "content", [b"no database, but long enough to look at " * 9, b"SQLite format 3\0" + b"\xff" * 999]
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    with pytest.raises(IntegrityError) as told:
        open_archive(f"sqlite:///{tmp_path / 'a.db'}")
    assert told.value.advice


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "nosuch://x/y", "oracle://x/y"])
def test_a_url_that_names_no_database(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        open_archive(url)
    assert told.value.advice


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError):
        open_archive(f"sqlite:///{tmp_path / 'file' / 'a.db'}")
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(ArchiveError):
        open_archive(f"sqlite:///{tmp_path / 'folder.db'}")


def test_a_locked_database_is_said_to_be_locked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url, patience=0.1) as opened:
        holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedError) as told:
            put(opened)
        assert told.value.exit_code == 6
        assert opened.counts()["documents"] == 0  # reading goes on
        holder.execute("ROLLBACK")
        holder.close()
        put(opened)
        assert opened.counts()["documents"] == 1


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as opened:
        put(opened)
        with opened._turns.write() as conn:
            pages = conn.exec_driver_sql("PRAGMA page_count").scalar()
            conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskFullError) as told:
            put_many(opened, 400)
        assert told.value.exit_code == 8
        kept = opened.counts()
        assert kept["documents"] == kept["revisions"] == kept["sightings"] == len(list(opened.changes())) > 0


OPENER = "import sys; from archive import open_archive; open_archive(sys.argv[1]).close()"


def test_many_may_open_a_fresh_database_at_once(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", OPENER, f"sqlite:///{tmp_path / 'a.db'}"]
    openers = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[1] for process in openers] == [""] * 4
    assert [process.returncode for process in openers] == [0] * 4


def test_threads_may_open_fresh_databases_at_once(tmp_path: Path) -> None:
    def opened(number: int) -> dict[str, int]:
        with open_archive(f"sqlite:///{tmp_path / str(number)}.db") as archive:
            return archive.counts()

    with ThreadPoolExecutor(4) as pool:
        assert all(counts["documents"] == 0 for counts in pool.map(opened, range(8)))
