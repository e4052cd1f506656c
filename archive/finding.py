"""Find a document by what a person has at hand: its id, the beginning of it, or a URL."""

from __future__ import annotations

from sqlalchemy import Connection, select

from archive.keys import url_key
from archive.tables import aliases, documents, sources

_MOST = 50
_AT_ONCE = 500


def find_ids(conn: Connection, asked: str) -> list[str]:
    """Ids of the documents meant, at most fifty; empty if there are none."""
    asked = asked.strip()
    if ":" not in asked:
        question = select(documents.c.id).where(documents.c.id.startswith(asked.lower(), autoescape=True))
        return list(conn.execute(question.order_by(documents.c.id).limit(_MOST)).scalars()) if asked else []
    keys = [url_key(source, asked) for source in conn.execute(select(sources.c.id)).scalars()]
    found: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        question = select(aliases.c.document_id).where(aliases.c.id.in_(keys[start : start + _AT_ONCE]))
        found.update(conn.execute(question).scalars())
    return sorted(found)[:_MOST]
