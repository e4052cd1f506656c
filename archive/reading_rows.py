"""A Harvest as rows, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from archive.keys import storable_text
from archive.tables import attachments, doubts, readings, sections
from bulletin.harvest import Attachment, Doubt, Harvest, Section
from bulletin.record import harvest_of, record_of

_COLUMNS: Final = (
    "kind title kicker subtitle issue issue_number number_raw index_number office genre disclosure validity dated_on "
    "signed_on published_on published_at effective_on expires_on author source_name editor reviewer language script "
    "text text_received read_by"
).split()
_JSON: Final = "topic pages block tables rows chrome evidence repairs".split()
_BIGGEST: Final = 2**63 - 1


def storable(harvest: Harvest) -> Harvest:
    """The harvest without what no database takes: such characters become U+FFFD, numbers beyond 64 bits a doubt."""
    if harvest.issue_number is not None and abs(harvest.issue_number) > _BIGGEST:
        doubt = Doubt("issue_number", "the printed number is too large to be a count of issues")
        harvest = replace(harvest, issue_number=None, doubts=(*harvest.doubts, doubt))
    sound = _sound(harvest)
    assert isinstance(sound, Harvest)
    return sound


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, tuple):
        sound = tuple(_sound(v) for v in value)
        return value if all(a is b for a, b in zip(sound, value, strict=True)) else sound
    if is_dataclass(value) and not isinstance(value, type):
        values = {f.name: getattr(value, f.name) for f in fields(value)}
        changed = {name: sound for name, old in values.items() if (sound := _sound(old)) is not old}
        return replace(value, **changed) if changed else value
    return value


def write_reading(
    conn: Connection, document_id: str, revision: int, number: int, harvest: Harvest, content_digest: str
) -> None:
    """Lay a reading under its revision. The harvest must be `storable`."""
    record = record_of(harvest)
    row = {name: getattr(harvest, name) for name in _COLUMNS} | {name: record[name] or None for name in _JSON}
    row |= {"document_id": document_id, "revision": revision, "number": number, "content_digest": content_digest}
    row |= {"number_normal": harvest.number, "links": list(harvest.links) or None}
    reading_id = conn.execute(insert(readings).returning(readings.c.id), row).scalar_one()
    for table, rows in (
        (sections, list(_section_rows(harvest.sections, 0))),
        (attachments, [_plain(a) for a in harvest.attachments]),
        (doubts, [_plain(d) for d in harvest.doubts]),
    ):
        if rows:
            conn.execute(
                insert(table), [{"reading_id": reading_id, "position": n} | item for n, item in enumerate(rows)]
            )


def harvests(conn: Connection, found: Sequence[Row[Any]]) -> list[Harvest]:
    """The harvests of rows of `readings`, in their order; three questions for all of them together."""
    ids = [row.reading_id for row in found]
    parts = {table: _children(conn, table, ids) for table in (sections, attachments, doubts)}
    return [
        _harvest(row._mapping, *(parts[table][row.reading_id] for table in (sections, attachments, doubts)))
        for row in found
    ]


def reading_columns() -> list[Any]:
    """What `harvests` needs of a row, for a select."""
    skipped = {"id", "document_id", "revision", "number", "content_digest"}
    columns: list[Any] = [column for column in readings.c if column.name not in skipped]
    return [readings.c.id.label("reading_id"), readings.c.content_digest.label("reading_digest"), *columns]


def _children(conn: Connection, table: Any, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    question = select(table).where(table.c.reading_id.in_(ids)).order_by(table.c.reading_id, table.c.position)
    for row in conn.execute(question):
        found[row.reading_id].append(row)
    return found


def _harvest(
    row: Mapping[Any, Any], parts: Sequence[Row[Any]], files: Sequence[Row[Any]], open_points: Sequence[Row[Any]]
) -> Harvest:
    values = {name: row[name] for name in _COLUMNS}
    values |= {"number": row["number_normal"], "links": tuple(row["links"] or ())}
    values["sections"] = _tree(parts)
    values["attachments"] = tuple(Attachment(a.name, a.url, a.media_type, a.size, a.digest, a.text) for a in files)
    values["doubts"] = tuple(Doubt(d.field, d.reason) for d in open_points)
    return replace(harvest_of({name: row[name] for name in _JSON}), **values)


def _section_rows(tree: Iterable[Section], depth: int) -> Iterator[dict[str, Any]]:
    for section in tree:
        yield {"depth": depth, "heading": section.heading, "text": section.text}
        yield from _section_rows(section.sections, depth + 1)


def _tree(rows: Sequence[Row[Any]]) -> tuple[Section, ...]:
    """Rows in reading order, each with its depth, folded from the end: a section takes up the deeper ones behind it."""
    waiting: list[tuple[int, Section]] = []
    for row in reversed(rows):
        inner: list[Section] = []
        while waiting and waiting[-1][0] > row.depth:
            inner.append(waiting.pop()[1])
        waiting.append((row.depth, Section(row.heading, row.text, tuple(inner))))
    return tuple(section for _, section in reversed(waiting))


def _plain(item: Any) -> dict[str, Any]:
    return {f.name: getattr(item, f.name) for f in fields(item)}
