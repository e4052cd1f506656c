"""Open a database: engine, pragmas, errors in our words, and the migrations. All that differs between SQLite and
PostgreSQL stands here."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from json import dumps
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from archive.tables import SCHEMA
from bulletin.errors import (
    ArchiveError,
    ConfigError,
    DiskFullError,
    GongbaoError,
    IntegrityError,
    LockedError,
    UnreachableError,
    is_disk_full,
)

#: Seconds a writer waits for another one before LockedError.
PATIENCE: Final = 30.0

_LOCK: Final = 0x676F6E67  # PostgreSQL's advisory lock of the one who writes


# What SQLite and PostgreSQL say.
_FULL: Final = re.compile("No space left on device|could not extend file")
_HELD: Final = re.compile("database (table )?is locked|lock timeout|could not obtain lock")
_DAMAGED: Final = re.compile("file is not a database|malformed|disk image")
_UNREACHABLE: Final = re.compile(
    "readonly database|unable to open|could not connect|connection (refused|failed|is bad)|authentication failed"
    '|could not translate|failed to resolve|database ".*" does not exist|role ".*" does not exist'
    "|disk I/O error|server closed the connection|terminating connection|connection (is closed|already closed|is lost)"
    "|the database system is (starting up|shutting down)|could not receive data|consuming input failed"
)


class NewerArchiveError(ArchiveError):
    """The database was written by a later version."""

    exit_code: ClassVar[int] = 2


def engine_of(url: str, patience: float = PATIENCE) -> Engine:
    """An engine for the URL; nothing is opened yet. Raises ConfigError for a URL that names no usable database."""
    try:
        place = make_url(url)
        if place.get_backend_name() == "sqlite":
            _make_room(place)
        arguments: dict[str, Any] = {"timeout": patience} if place.get_backend_name() == "sqlite" else {}
        engine = create_engine(
            place,
            json_serializer=partial(dumps, ensure_ascii=False, separators=(",", ":")),
            connect_args=arguments,
            pool_pre_ping=place.get_backend_name() != "sqlite",  # a server may have been away
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(f"That names no database: {error}", "Write it like sqlite:////path/gongbao.db.") from error
    except ModuleNotFoundError as error:
        raise ConfigError(f"The driver {error.name} is not installed.", f"pip install {error.name}") from error
    if place.get_backend_name() == "sqlite":
        event.listen(engine, "do_connect", _leave_alone)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _translate)
    return engine


def writing(conn: Connection) -> Connection:
    """To be called on a connection before its transaction: this one is going to write."""
    return conn.execution_options(gongbao_writes=True)


def reading(conn: Connection) -> Connection:
    """To be called on a connection before its transaction: everything it reads is of one moment."""
    snapshot = conn.dialect.name == "postgresql"  # SQLite reads so in any case
    return conn.execution_options(isolation_level="REPEATABLE READ") if snapshot else conn


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()


def insert_new(conn: Connection, table: Table) -> Insert:
    """An INSERT that leaves a row alone which is there already."""
    return _insert_new(conn.dialect.name, table)


def take_turn(conn: Connection) -> None:
    """One writer at a time, to the end of the transaction, so that sequence numbers appear in their order."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def migrate(engine: Engine) -> None:
    """Bring the database to the tables of this version, in one transaction; an SQLite database is copied before.

    Raises NewerArchiveError for a database of a later version, ArchiveError for one that holds something else.
    """
    with engine.connect() as conn:
        if schema_of(conn) == SCHEMA:
            return
    with engine.connect() as conn, writing(conn).begin():
        take_turn(conn)
        schema = schema_of(conn)
        if schema == SCHEMA:
            return
        if not schema and inspect(conn).get_table_names():
            raise ArchiveError(f"{engine.url} holds tables that are not Gongbao's.", "Name another file or database.")
        # Imported here because alembic costs a tenth of a second that a database of this version need not pay.
        from archive.upgrading import upgrade

        upgrade(conn, schema)


def schema_of(conn: Connection) -> str:
    """The number of the last migration; "" for a database that knows none."""
    if not inspect(conn).has_table("alembic_version"):
        return ""
    return str(conn.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _make_room(place: URL) -> None:
    if not place.database or place.database == ":memory:":
        raise ConfigError("An archive in memory would be lost.", "Write it like sqlite:////path/gongbao.db.")
    try:
        Path(place.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{place.database} cannot be created: {error}", "Choose a folder you may write to."
        ) from error


def to_read(file: Path) -> str:
    """The address under which SQLite opens a database without writing to it.

    On read-only media it is opened as one that never changes: even to read it SQLite would make the files by which
    readers and writers of a write-ahead log find each other. Where such a log lies beside it, somebody may be writing.
    """
    return f"{file.absolute().as_uri()}?{'immutable=1' if _never_changes(file) else 'mode=ro'}"


def _never_changes(file: Path) -> bool:
    log = file.with_name(f"{file.name}-wal")
    unwritten = not (log.is_file() and log.stat().st_size)
    return file.is_file() and unwritten and not os.access(file.parent, os.W_OK)


def _leave_alone(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
    if _never_changes(Path(arguments[0])):
        arguments[0], options["uri"] = to_read(Path(arguments[0])), True


def _set_pragmas(connection: Any, _record: Any) -> None:
    # SQLAlchemy begins transactions itself (see `_begin`), so the driver must not.
    connection.isolation_level = None
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        connection.execute("PRAGMA journal_mode=WAL")
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(conn: Connection) -> None:
    # A reader that turns writer is told "locked" at once, without waiting; so a writer says so from the start.
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("gongbao_writes") else "BEGIN")


def _translate(context: ExceptionContext) -> None:
    error = advised(context.original_exception)
    if error is not None:
        raise error from context.original_exception


def advised(error: BaseException) -> GongbaoError | None:
    """A database error in our words, with advice; None for one that is a fault of the program."""
    said = str(error).split("\n(Background")[0]
    if is_disk_full(error) or _FULL.search(said):
        return DiskFullError("No room left for the database.", "Make room, then run the same command again.")
    if _HELD.search(said):
        return LockedError("Another process is writing to the archive.", "Wait until it has finished, then try again.")
    if _DAMAGED.search(said):
        return IntegrityError(f"The database is damaged: {said}", "Restore it from a backup; the WARC files are safe.")
    if _UNREACHABLE.search(said):
        return UnreachableError(
            f"The database cannot be used: {said}", "Check that it is there, and yours to write to."
        )
    return None


@contextmanager
def spoken() -> Iterator[None]:
    """Errors met while connecting, which no engine event sees, in our words."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        known = advised(error)
        if known is None:
            raise
        raise known from error
