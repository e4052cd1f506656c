"""What a crawl has to remember should it be killed: the pages still to be asked for, and which columns were swept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from archive.keys import storable_text, url_key
from archive.tables import seeds, sweeps
from bulletin.source import Seed

_AT_ONCE = 500


def enqueue(conn: Connection, source_id: str, wanted: Sequence[Seed]) -> None:
    """Remember seeds; one that waits already keeps its place and what was said about it."""
    by_key = {url_key(source_id, seed.url): seed for seed in reversed(wanted)}
    keys = list(reversed(by_key))
    waiting: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = seeds.c.url_key.in_(keys[start : start + _AT_ONCE])
        waiting.update(conn.execute(select(seeds.c.url_key).where(seeds.c.source_id == source_id, some)).scalars())
    rows = [_row(source_id, key, by_key[key]) for key in keys if key not in waiting]
    if rows:
        conn.execute(insert(seeds), rows)


def dequeue(conn: Connection, source_id: str, url: str) -> None:
    this = (seeds.c.source_id == source_id) & (seeds.c.url_key == url_key(source_id, url))
    conn.execute(delete(seeds).where(this))


def pending(conn: Connection, source_id: str) -> list[Seed]:
    """The seeds that wait, in the order they came."""
    question = select(seeds).where(seeds.c.source_id == source_id).order_by(seeds.c.id)
    return [
        Seed(row.url, row.column_id, row.listed_title, row.listed_date, row.pinned) for row in conn.execute(question)
    ]


def swept(conn: Connection, source_id: str, column: str) -> bool:
    question = select(sweeps.c.finished).where(sweeps.c.source_id == source_id, sweeps.c.column_id == column)
    return bool(conn.execute(question).scalar())


def set_swept(conn: Connection, source_id: str, column: str, finished: bool) -> None:
    this = (sweeps.c.source_id == source_id) & (sweeps.c.column_id == column)
    if not conn.execute(update(sweeps).where(this).values(finished=finished)).rowcount:
        conn.execute(insert(sweeps).values(source_id=source_id, column_id=column, finished=finished))


def _row(source_id: str, key: str, seed: Seed) -> dict[str, object]:
    return {
        "source_id": source_id,
        "url_key": key,
        "url": storable_text(seed.url),
        "column_id": seed.column,
        "listed_title": storable_text(seed.listed_title),
        "listed_date": storable_text(seed.listed_date),
        "pinned": seed.pinned,
    }
