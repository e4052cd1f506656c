"""From the tables of an earlier version to those of this one: which steps, and a copy of the database before them.

Steps lead forward only. The way back is the copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from archive.opening import NewerArchiveError, engine_of, schema_of, spoken
from archive.tables import SCHEMA
from bulletin.errors import ArchiveError, DiskFullError

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

#: alembic's operations speak to the one connection of the process that was named last.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Plan:
    """What opening a database would do to it. `found` is its schema ("": there is no database yet), `steps` are numbers
    and titles of migrations, `copy` says where the database is copied to first ("": it is not, see `copy_words`)."""

    found: str
    wanted: str
    steps: tuple[tuple[str, str], ...] = ()
    copy: str = ""
    copy_words: str = ""


def plan_of(url: str, now: datetime | None = None) -> Plan:
    """What an upgrade would do; nothing is changed. NewerArchiveError for a database of a later version."""
    place = make_url(url)
    file = Path(place.database or "") if place.get_backend_name() == "sqlite" else None
    if file is not None and not file.is_file():
        return Plan("", SCHEMA, tuple(steps_from("")), "", "there is nothing to copy")
    engine = engine_of(url)
    try:
        with spoken(), engine.connect() as conn:
            found = schema_of(conn)
        _refuse_newer(url, found)
        steps = tuple(steps_from(found)) if found != SCHEMA else ()
        if not steps or not found:
            return Plan(found, SCHEMA, steps, "", "there is nothing to copy")
        if file is None:
            return Plan(found, SCHEMA, steps, "", "a server's database is not copied: run pg_dump before")
        return Plan(found, SCHEMA, steps, str(_copy_name(file, found, now or datetime.now(UTC))))
    finally:
        engine.dispose()


def steps_from(schema: str) -> list[tuple[str, str]]:
    """The migrations behind a schema, in order, with their titles."""
    steps = [(script.revision, script.doc) for script in _scripts().walk_revisions()][::-1]
    return [step for step in steps if step[0] > schema]


def upgrade(conn: Connection, schema: str, to: str = "head") -> Path | None:
    """Take every step, in the caller's transaction, which writes. Where the copy lies that was made before; None if
    there was nothing to copy, or the database is a server's."""
    from alembic import command

    _refuse_newer(str(conn.engine.url), schema)
    copy = copy_beside(conn, schema) if schema else None
    config = _config()
    config.attributes["connection"] = conn
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, to)
    except DBAPIError as error:
        said = str(error.orig).splitlines()[0]
        raise ArchiveError(f"The database could not be upgraded: {said}", "Nothing of it was changed.") from error
    return copy


def copy_beside(conn: Connection, schema: str, now: datetime | None = None) -> Path | None:
    """A whole copy of an SQLite database beside it, named by schema and moment. The caller's transaction keeps others
    from writing meanwhile, and has written nothing itself."""
    if conn.dialect.name != "sqlite":
        return None
    file = Path(conn.engine.url.database or "")
    copy = _copy_name(file, schema, now or datetime.now(UTC))
    part = copy.with_name(f".{copy.name}.part")
    _refuse_without_room(file)
    try:
        source_url = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(source_url, uri=True)) as source, closing(sqlite3.connect(part)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        with part.open("rb") as made:
            os.fsync(made.fileno())
        part.chmod(file.stat().st_mode & 0o777)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    return copy


def _refuse_without_room(file: Path) -> None:
    needed = file.stat().st_size * 2  # the copy, and what the steps write
    free = shutil.disk_usage(file.parent).free
    if free < needed:
        raise DiskFullError(
            f"An upgrade needs {needed // 1_000_000} MB for a copy of the database; {free // 1_000_000} MB are free.",
            "Make room; nothing was changed.",
        )


def _copy_name(file: Path, schema: str, now: datetime) -> Path:
    return file.with_name(f"{file.name}.{schema}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")


def _refuse_newer(url: str, schema: str) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if schema and schema not in known:
        name = make_url(url).render_as_string(hide_password=True)
        raise NewerArchiveError(
            f"{name} was written by a newer Gongbao (schema {schema}; this one knows {SCHEMA}).",
            "Upgrade Gongbao.",
        )


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())
