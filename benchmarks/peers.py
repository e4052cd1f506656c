"""What else people would take: SQLite FTS5 with its trigrams, and pairs of characters as paperless-ngx has them.

Both index the texts as they stand and rank by FTS5's own bm25. Terms shorter than three characters the trigram index
cannot look up; they are read, as SQLite's LIKE does. The pairs lie in FTS5 without positions, so that all pairs of a
term must be there, in any order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from search.entry import Entry

PEERS: Final = ("trigram", "bigram")
_LETTERS: Final = re.compile(r"[^\W_]+")


def build(peer: str, file: Path, entries: Iterable[Entry]) -> None:
    """Writes all entries in one transaction into a new file."""
    db = sqlite3.connect(file)
    how = "tokenize='trigram'" if peer == "trigram" else "tokenize='ascii', detail='column'"
    db.execute(f"CREATE VIRTUAL TABLE held USING fts5(title, number, text, {how})")
    made = str if peer == "trigram" else pairs
    rows = ((e.seq, made(e.title), made(e.number or ""), made(e.text)) for e in entries)
    db.executemany("INSERT INTO held (rowid, title, number, text) VALUES (?, ?, ?, ?)", rows)
    db.commit()
    db.close()


def pairs(text: str) -> str:
    return " ".join(run[at : at + 2] for run in _LETTERS.findall(text.lower()) for at in range(max(1, len(run) - 1)))


class Peer:
    """Asks a file that `build` wrote."""

    def __init__(self, peer: str, file: Path) -> None:
        self._trigram = peer == "trigram"
        self._db = sqlite3.connect(file)

    def first(self, terms: Sequence[str], word: str = "AND") -> list[tuple[int, str]]:
        """The ten best and a snippet of each; all of `terms`, or any with `word="OR"`."""
        where, given = self._where(terms, word)
        order = "bm25(held, 8.0, 4.0, 1.0), rowid" if "MATCH" in where else "rowid"
        snippet = "snippet(held, 2, '[', ']', '…', 60)" if "MATCH" in where else "substr(text, 1, 100)"
        query = f"SELECT rowid, {snippet} FROM held WHERE {where} ORDER BY {order} LIMIT 10"
        return list(self._db.execute(query, given))

    def holds(self, term: str, row: int) -> bool:
        """Whether a question for `term` finds the bulletin `row`."""
        where, given = self._where([term], "AND")
        return bool(self._db.execute(f"SELECT 1 FROM held WHERE {where} AND rowid = ?", [*given, row]).fetchone())

    def _where(self, terms: Sequence[str], word: str) -> tuple[str, list[str]]:
        if not self._trigram:
            asked = (dict.fromkeys(pairs(term).split()) for term in terms)
            return "held MATCH ?", [
                f" {word} ".join("(" + " AND ".join(f'"{p}"' for p in each) + ")" for each in asked)
            ]
        if any(len(term) < 3 for term in terms):
            return f" {word} ".join(["instr(title || char(10) || text, ?)"] * len(terms)), list(terms)
        return "held MATCH ?", [f" {word} ".join('"' + term.replace('"', '""') + '"' for term in terms)]
