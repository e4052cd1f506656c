"""Our reading and gathering of Whoosh's postings agrees with Whoosh's own."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from searchables import some_entries
from whoosh import index
from whoosh.codec.whoosh3 import W3LeafMatcher

from search.analyzer import open_analyzer
from search.engines.whoosh_searcher import _blocks
from search.engines.whoosh_storage import TermPool, words_schema, words_writer
from search.entry import folded_parts_of
from search.ranking import counted

Postings = dict[tuple[str, bytes], list[tuple[int, float]]]


def words_of(count: int) -> list[Counter[str]]:
    analyzer = open_analyzer()
    return [counted(folded_parts_of(entry), analyzer) for entry in some_entries(5, count)]


def written(folder: Path, words: list[Counter[str]], batch: int, *, pool: bool, optimize: bool = False) -> Any:
    folder.mkdir()
    target = index.create_in(str(folder), words_schema())
    for first in range(0, len(words), batch):
        writer = words_writer(target) if pool else target.writer()
        for number, each in enumerate(words[first : first + batch], first):
            writer.add_document(document_id=f"{number}", row=number + 1, words=each)
        writer.commit(optimize=optimize)
    return target


def postings_of(reader: Any) -> Postings:
    found: Postings = {}
    for field, term in reader.all_terms():
        matcher = reader.postings(field, term)
        found[field, term] = one_by_one(matcher) if field != "document_id" else []
    return found


def one_by_one(matcher: Any) -> list[tuple[int, float]]:
    """(document number, weight) by the public interface of a matcher."""
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        matcher.next()
    return found


def test_our_pool_writes_what_whooshs_own_writes(tmp_path: Path) -> None:
    words = words_of(60)
    with (
        written(tmp_path / "ours", words, 60, pool=True).reader() as ours,
        written(tmp_path / "own", words, 60, pool=False).reader() as own,
    ):
        assert postings_of(ours) == postings_of(own)


def test_our_pool_hands_over_when_postings_grow_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.whoosh_storage._BYTES", 256 * 1024 * 1024 // 500)
    handed: list[int] = []
    original = TermPool._hand_over
    monkeypatch.setattr(TermPool, "_hand_over", lambda self: (handed.append(1), original(self))[1])
    words = words_of(60)
    with (
        written(tmp_path / "ours", words, 60, pool=True).reader() as ours,
        written(tmp_path / "own", words, 60, pool=False).reader() as own,
    ):
        assert postings_of(ours) == postings_of(own)
    assert len(handed) > 3


def test_merged_segments_hold_the_same(tmp_path: Path) -> None:
    words = words_of(60)
    with (
        written(tmp_path / "ours", words, 7, pool=True, optimize=True).reader() as ours,
        written(tmp_path / "own", words, 60, pool=False).reader() as own,
    ):
        assert len(ours.leaf_readers()) == 1
        rows = [list(reader.column_reader("row", translate=False)) for reader in (ours, own)]
        assert sorted(rows[0]) == sorted(rows[1])
        for term, postings in postings_of(own).items():
            found = sorted((rows[0][docnum], count) for docnum, count in postings_of_term(ours, term))
            assert found == sorted((rows[1][docnum], count) for docnum, count in postings)


def postings_of_term(reader: Any, term: tuple[str, bytes]) -> list[tuple[int, float]]:
    return one_by_one(reader.postings(*term)) if term[0] != "document_id" else []


def test_reading_by_blocks_is_reading_one_by_one(tmp_path: Path) -> None:
    words = [each + Counter({"共": 2}) for each in words_of(300)]
    with written(tmp_path / "ours", words, 300, pool=True).reader() as reader:
        rows = array("q", range(1000, 1300))
        terms = [(field, term) for field, term in reader.all_terms() if field != "document_id"]
        for field, term in [("words", "共".encode()), *random.Random(1).sample(terms, 200)]:
            matcher = reader.postings(field, term)
            assert isinstance(matcher, W3LeafMatcher)
            expected = [(1000 + docnum, count) for docnum, count in one_by_one(matcher)]
            found = [pair for block in _blocks(reader, rows, term.decode()) for pair in block]
            assert found == expected
        assert len([1 for block in _blocks(reader, rows, "共") for _ in block]) == 300
