"""On real texts: whatever is cut out of a bulletin finds it, in either script, and nothing else is claimed."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
from searchables import a_cut, other_script

from bulletin.query import DateRange, Filters, Phrase, Query, Words
from search import Entry, Searcher, open_index, open_searcher
from search.characters import characters
from search.engines import schemes
from search.entry import columns_of, folded_parts_of

pytestmark = [pytest.mark.shared, pytest.mark.timeout(1200)]
DURABLE = [scheme for scheme in schemes() if scheme != "memory"]


def real_entries(shared: Path, count: int) -> Iterator[Entry]:
    for name in ("bulletins-traditional-17k.jsonl.xz", "laws-simplified-3k.jsonl.xz"):
        with lzma.open(shared / "text" / name, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(islice(lines, count // 2)):
                read = json.loads(line)
                day = date.fromisoformat(read["date"]) if read["date"] else None
                entry = Entry(f"{name[0]}{number:08}", 1, number + 1, name[:4], "619901", f"http://x/{number}")
                yield replace(
                    entry, title=read["title"] or "", office=read["office"], text=read["body"], published_on=day
                )


@pytest.fixture(scope="module", params=DURABLE)
def held(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Searcher, list[Entry]]]:
    entries = list(real_entries(shared, 2000))
    url = f"{request.param}://{tmp_path_factory.mktemp('recall') / 'index'}"
    with open_index(url) as index:
        for first in range(0, len(entries), 500):
            index.write(entries[first : first + 500], upto=first + 500)
    with open_searcher(url) as searcher:
        yield searcher, entries


def missed(searcher: Searcher, entries: list[Entry], seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    missing = []
    for turn in range(count):
        entry = rng.choice(entries)
        cut = a_cut(rng, entry)
        if turn % 2:
            cut = other_script(rng, cut)
        # Only the day's bulletins, and in the order of days: a common cut-out finds hundreds, and nothing is ranked.
        day = entry.published_on
        filters = Filters(range=DateRange(day, day, undated="exclude" if day else "only"))
        found = searcher.find(Query((Phrase if turn % 3 else Words)(cut), filters, sort="oldest", limit=len(entries)))
        if entry.document_id not in {hit.document_id for hit in found.hits}:
            missing.append(cut)
    return missing


def test_two_thousand_cut_outs_are_found(held: tuple[Searcher, list[Entry]]) -> None:
    assert missed(*held, seed=1, count=2000) == []


@pytest.mark.more
@pytest.mark.timeout(1800)
def test_twenty_thousand_cut_outs_are_found(held: tuple[Searcher, list[Entry]]) -> None:
    assert missed(*held, seed=2, count=20_000) == []


def test_what_is_found_is_what_holds_the_cut_out(held: tuple[Searcher, list[Entry]]) -> None:
    searcher, entries = held
    columns = {entry.document_id: columns_of(folded_parts_of(entry)) for entry in entries}
    rng = random.Random(3)
    for _ in range(60):
        cut = a_cut(rng, rng.choice(entries), 2, 4)
        holding = {
            known for known, fields in columns.items() if any(characters(cut) in text for text in fields.values())
        }
        hits = searcher.find(Query(Words(cut), sort="oldest", limit=len(entries))).hits
        assert {hit.document_id for hit in hits} == holding, cut


def test_snippets_show_the_glyphs_that_stand_there(held: tuple[Searcher, list[Entry]]) -> None:
    searcher, entries = held
    rng = random.Random(4)
    looked_at = 0
    for _ in range(150):
        cut = other_script(rng, a_cut(rng, rng.choice(entries), 4, 9))
        for hit in searcher.find(Query(Phrase(cut), limit=3)).hits:
            snippet = hit.snippet
            if snippet.where == "text" and snippet.highlights:
                start, end = snippet.highlights[0]
                assert characters(snippet.text[start:end]).startswith(characters(cut)[:2])
                looked_at += 1
    assert looked_at > 100
