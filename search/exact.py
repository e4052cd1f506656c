"""The exact layer: one SQLite file beside an engine's index, which finds any run of characters and misses none.

An FTS5 table holds every letter, digit and Chinese character as a word of its own, so that a run is a phrase; it is 60
times cheaper to build than pairs of characters in Whoosh. Beside it stand the cards and the stored texts.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from bulletin.query import AllOf, AnyOf, Glyphs, Near, Node, Not, Phrase, Words
from bulletin.text.script import fold
from search.alike import TABLES, Sketches
from search.characters import characters, glyphs
from search.connecting import opened
from search.entry import FIELDS, Entry, columns_of, folded_parts_of
from search.expression import LONG_RUN, any_marked, expression_of, marked, marks_of
from search.filtering import Card, card_of
from search.matching import matches
from search.printed import LONGEST, other_glyphs, other_pairs, pairs_asked

#: The file's name in an engine's folder.
EXACT: Final = "exact.db"

# `ascii` takes every code point above U+007F for part of a word and knows no Unicode version, so that what we divide by
# blanks stays divided and whole. Nothing is stored: FTS5 needs the old text to delete it, and the store below has it.
_TABLES: Final = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE card (
    row INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL UNIQUE, revision INTEGER, seq INTEGER, source TEXT,
    region TEXT, url TEXT, kind TEXT, title TEXT, number TEXT, index_number TEXT, office TEXT, dated_on TEXT,
    published_on TEXT, first_seen TEXT, office_key TEXT, number_keys TEXT, number_order TEXT, topic TEXT,
    length INTEGER);
CREATE TABLE content (row INTEGER PRIMARY KEY, text TEXT, rest TEXT);
CREATE VIRTUAL TABLE exact USING fts5({", ".join(FIELDS)}, spelt, content='', columnsize=0, tokenize='ascii');
INSERT INTO exact (exact, rank) VALUES ('hashsize', 16777216);
INSERT INTO meta VALUES ('checkpoint', '0');
{TABLES}"""
_CARD: Final = tuple(Card.__dataclass_fields__)
_DAYS: Final = tuple(_CARD.index(name) for name in ("dated_on", "published_on", "first_seen"))
_REST: Final = ("kicker", "subtitle", "number_raw", "source_name", "headings", "attachments", "imprint")
_FORMS: Final = 200  # that are asked for one by one
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry ready to be kept: its folded parts, the characters of its fields, its length as the ranking has it, its
    sketch."""

    entry: Entry
    parts: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, str]
    length: int
    sketch: bytes = b""


def create(path: Path, stamp: str) -> None:
    """Make an empty exact layer at `path`, a file that does not exist yet."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(f"BEGIN; {_TABLES} COMMIT;")
        connection.execute("INSERT INTO meta VALUES ('stamp', ?)", (stamp,))
    finally:
        connection.close()


class ExactLayer:
    """A connection to the file. A writer uses `put` and `drop`; a reader calls `hold` and then sees one state."""

    def __init__(self, path: Path, *, reading: bool = False) -> None:
        self._db = opened(path, reading=reading)
        self._sketches = Sketches(self._db)
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA cache_size=-32768")
        self.meta("checkpoint")

    def close(self) -> None:
        self._db.close()

    # Reading

    def hold(self) -> None:
        """See the state as of now until the next call, whatever is written meanwhile."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self._db.execute("BEGIN")
        self.meta("checkpoint")

    def meta(self, key: str) -> str:
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if found is None:
            raise sqlite3.DatabaseError(f"no {key} in the exact layer")
        return str(found[0])

    def count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM card").fetchone()[0])

    def rows(self) -> dict[str, int]:
        """Row number of every document id."""
        return dict(self._db.execute("SELECT document_id, row FROM card"))

    def cards(self) -> dict[int, Card]:
        found = self._db.execute(f"SELECT row, {', '.join(_CARD)} FROM card ORDER BY row")
        return {row: _card(values) for row, *values in found}

    def entries(self, rows: Sequence[int]) -> list[Entry]:
        """The stored entries of these rows, in their order."""
        return [self._entry(row) for row in rows]

    def matching(self, node: Node) -> set[int]:
        """The rows that match a node in which no `Among` stands."""
        if expression := expression_of(node):
            return self._found(expression)
        match node:
            case AllOf(parts):
                wanted = [part for part in parts if not isinstance(part, Not)]
                rows = set.intersection(*map(self.matching, wanted)) if wanted else self._all()
                return rows.difference(*(self.matching(part.part) for part in parts if isinstance(part, Not)))
            case AnyOf(parts):
                return set().union(*map(self.matching, parts))
            case Not(part):
                return self._all() - self.matching(part)
            case Glyphs():
                return self._with_glyphs(node)
            # FTS5 takes a phrase word by word: long ones are found by their two ends, and then read.
            case Words(text, where) | Phrase(text, where) if needle := characters(text):
                ends = AllOf((Words(needle[:LONG_RUN], where), Words(needle[-LONG_RUN:], where)))
                return self._read(node, self.matching(ends))
            case Near(texts, _, where) if any(map(characters, texts)):
                return self._read(node, self.matching(AllOf(tuple(Words(text, where) for text in texts))))
            case _:
                return self._all()  # a text without a searchable character is in every bulletin

    def _read(self, node: Node, candidates: set[int]) -> set[int]:
        entries = ((row, self._entry(row)) for row in sorted(candidates))
        return {row for row, entry in entries if matches(node, entry, columns_of(folded_parts_of(entry)))}

    def _with_glyphs(self, node: Glyphs) -> set[int]:
        """What holds the run and its characters in these forms alone; of what holds others too, that of which the pairs
        show it, or that is read and holds it. As in `search.printed`."""
        needle, run = glyphs(node.text), Words(node.text, node.where)
        others = other_glyphs(needle)
        if not needle or len(needle) > LONGEST or len(others) > _FORMS:
            return self._read(node, self.matching(run))
        forms = sorted({char for char in needle if char != fold(char)})
        held = " AND ".join([expression_of(run), *map(marked, forms)])
        if not others:
            return self._found(held)
        sure = self._found(f"({held}) NOT {any_marked(others)}")
        mixed = self._found(f"({held}) AND {any_marked(others)}")
        pairs = [pair for pair in pairs_asked(needle) if other_glyphs(pair)]
        for pair in pairs if mixed else ():
            mixed &= self._found(marked(pair)) | (mixed - self._found(any_marked(other_glyphs(pair))))
        if len(needle) <= 2 and not node.where:
            return sure | mixed
        shown = set(mixed)
        for pair in pairs if mixed else ():
            shown -= self._found(any_marked(other_pairs(pair))) & self._found(any_marked(other_glyphs(pair)))
        return sure | shown | self._read(node, mixed - shown)

    def _found(self, expression: str) -> set[int]:
        return {row for (row,) in self._db.execute("SELECT rowid FROM exact WHERE exact MATCH ?", (expression,))}

    def alike(self, row: int) -> set[int]:
        """The other rows of nearly the same text."""
        return self._sketches.alike(row)

    def _all(self) -> set[int]:
        return {row for (row,) in self._db.execute("SELECT row FROM card")}

    def _entry(self, row: int) -> Entry:
        query = f"SELECT {', '.join(_CARD)}, text, rest FROM card JOIN content USING (row) WHERE row = ?"
        *values, text, rest = self._db.execute(query, (row,)).fetchone()
        card, stored = _card(values), json.loads(rest)
        stored["attachments"] = tuple((name, words) for name, words in stored["attachments"])
        for name in ("headings", "imprint"):
            stored[name] = tuple(stored[name])
        own = {name: getattr(card, name) for name in _CARD if name in Entry.__dataclass_fields__}
        return Entry(**own, **stored, text=text)

    # Writing

    def put(self, papers: Iterable[Paper], upto: int) -> list[int]:
        """These in the place of what is held under their ids; the rows they got. One commit."""
        with _Transaction(self._db):
            rows = [self._put(paper) for paper in papers]
            self._move(upto)
        return rows

    def drop(self, ids: Collection[str], upto: int) -> None:
        """Take these documents out, in one commit; ids that are not held are passed over."""
        with _Transaction(self._db):
            for document_id in ids:
                row = self._row(document_id)
                if row is not None:
                    self._erase(row)
                    self._db.execute("DELETE FROM card WHERE row = ?", (row,))
            self._move(upto)

    def _move(self, upto: int) -> None:
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'checkpoint'", (str(upto),))

    def _row(self, document_id: str) -> int | None:
        found = self._db.execute("SELECT row FROM card WHERE document_id = ?", (document_id,)).fetchone()
        return found[0] if found else None

    def _put(self, paper: Paper) -> int:
        entry = storable(paper.entry)
        card = card_of(entry, paper.length)
        values = [str(value) if isinstance(value, date) else value for value in map(card.__getattribute__, _CARD)]
        values[-2] = json.dumps(card.topic, ensure_ascii=False)
        row = self._row(entry.document_id)
        if row is None:
            marks = ", ".join("?" * len(_CARD))
            row = self._db.execute(f"INSERT INTO card ({', '.join(_CARD)}) VALUES ({marks})", values).lastrowid
            assert row is not None
        else:
            self._erase(row)
            settings = ", ".join(f"{name} = ?" for name in _CARD)
            self._db.execute(f"UPDATE card SET {settings} WHERE row = ?", (*values, row))
        rest = json.dumps({name: getattr(entry, name) for name in _REST}, ensure_ascii=False)
        self._db.execute("INSERT INTO content VALUES (?, ?, ?)", (row, entry.text, rest))
        self._db.execute(_INSERT, (row, *_divided(paper.columns), marks_of(entry)))
        self._sketches.put(row, paper.sketch)
        return row

    def _erase(self, row: int) -> None:
        entry = self._entry(row)
        parts = folded_parts_of(entry)
        self._db.execute(_DELETE, (row, *_divided(columns_of(parts)), marks_of(entry)))
        self._db.execute("DELETE FROM content WHERE row = ?", (row,))
        self._sketches.drop(row)


_MARKS: Final = ", ".join("?" * (len(FIELDS) + 1))
_INSERT: Final = f"INSERT INTO exact (rowid, {', '.join(FIELDS)}, spelt) VALUES (?, {_MARKS})"
_DELETE: Final = f"INSERT INTO exact (exact, rowid, {', '.join(FIELDS)}, spelt) VALUES ('delete', ?, {_MARKS})"


class _Transaction:
    """All or nothing, and the write lock from the beginning."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:
            self._db.execute("ROLLBACK")


def _divided(columns: Mapping[str, str]) -> list[str]:
    return [" ".join(columns[field]) for field in FIELDS]


def storable(entry: Entry) -> Entry:
    """The entry without lone surrogates, which have no UTF-8 form. Characters keep their places."""

    def mended(value: Any) -> Any:
        if isinstance(value, str):
            return _SURROGATE.sub("\ufffd", value)
        return tuple(map(mended, value)) if isinstance(value, tuple) else value

    changed: dict[str, Any] = {}
    for name in Entry.__dataclass_fields__:
        value = getattr(entry, name)
        if (mend := mended(value)) != value:
            changed[name] = mend
    return replace(entry, **changed) if changed else entry


def _card(values: list[Any]) -> Card:
    for place in _DAYS:
        values[place] = date.fromisoformat(values[place]) if values[place] else None
    values[-2] = tuple(json.loads(values[-2]))
    return Card(*values)
