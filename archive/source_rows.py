"""Sources as rows. The whole source is kept as it was described; the columns beside it are for asking."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from archive.tables import sources
from bulletin.source import Column, Manners, Revisits, Source

_IS_THERE: Final = select(sources.c.id).where(sources.c.id == bindparam("source"))


def put(conn: Connection, source: Source) -> None:
    """Keep a source, or a new description of it. A source that was paused stays paused."""
    kept = find(conn, source.id)
    values = _values(replace(source, paused=source.paused or (kept is not None and kept.paused)))
    if kept:
        conn.execute(update(sources).where(sources.c.id == source.id).values(values))
    else:
        conn.execute(insert(sources), values | {"id": source.id})


def ensure(conn: Connection, source: Source) -> None:
    """Keep a source unless it is there, whatever it says."""
    if not conn.execute(_IS_THERE, {"source": source.id}).scalar():
        conn.execute(insert(sources), _values(source) | {"id": source.id})


def find(conn: Connection, source_id: str) -> Source | None:
    row = conn.execute(select(sources).where(sources.c.id == source_id)).one_or_none()
    return _source(row) if row else None


def everything(conn: Connection) -> list[Source]:
    return [_source(row) for row in conn.execute(select(sources).order_by(sources.c.id))]


def pause(conn: Connection, source_id: str, paused: bool) -> bool:
    """Whether there is such a source."""
    this = sources.c.id == source_id
    return conn.execute(update(sources).where(this).values(paused=paused)).rowcount > 0


def _values(source: Source) -> dict[str, Any]:
    described = asdict(source)
    del described["paused"]
    return {"name": source.name, "region": source.region, "paused": source.paused, "description": described}


def _source(row: Row[Any]) -> Source:
    described = {name: _frozen(value) for name, value in row.description.items()}
    described["columns"] = tuple(Column(**column) for column in described["columns"])
    described["manners"] = Manners(**described["manners"])
    described["revisits"] = Revisits(**described.get("revisits", {}))
    return Source(**described, paused=row.paused)


def _frozen(value: Any) -> Any:
    """JSON has lists where a source has tuples."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
