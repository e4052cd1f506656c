"""What is typed gets the oracle's answer from every engine: total, order, snippets, facets, explanation, suggestion."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from answering import answered
from searchables import some_choices, some_filters
from typed_questions import a_typed_question, odd_entries

from bulletin.errors import UsageError
from bulletin.query import Query
from bulletin.results import Results
from search import Entry, Searcher, open_index, open_searcher, parse_query
from search.engines import schemes

TODAY = date(2026, 4, 1)


def filled(url: str, entries: list[Entry]) -> Searcher:
    with open_index(url) as index:
        for first in range(0, len(entries), 40):
            index.write(entries[first : first + 40], upto=first + 40)
    return open_searcher(url)


def a_question(rng: random.Random, entries: list[Entry]) -> Query:
    return parse_query(
        a_typed_question(rng, entries),
        filters=some_filters(rng, entries) if rng.random() < 0.3 else None,
        sort=rng.choice(["relevance", "newest", "oldest", "number"]),
        limit=rng.choice([5, 1000]),
        offset=rng.choice([0, 0, 3]),
        facets=True,
        explain=rng.random() < 0.3,
        collapse=rng.random() < 0.3,
        only=some_choices(rng, entries) if rng.random() < 0.15 else (),
        without=some_choices(rng, entries) if rng.random() < 0.15 else (),
        today=TODAY,
    )


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.more), pytest.param(3, marks=pytest.mark.more)])
@pytest.mark.parametrize("scheme", [scheme for scheme in schemes() if scheme != "memory"])
def test_what_is_typed_gets_the_oracles_answer(scheme: str, seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    entries = odd_entries(seed, 120)
    found = 0
    with filled(f"{scheme}://{tmp_path / 'index'}", entries) as ours, filled(f"memory://{uuid4()}", entries) as oracle:
        for _ in range(200):
            try:
                query = a_question(rng, entries)
            except UsageError as told:
                assert told.advice  # noqa: PT017
                continue
            expected = answered(oracle, query)
            assert answered(ours, query) == expected, query
            found += isinstance(expected, Results) and 0 < expected.total < len(entries)
    assert found > 50  # the questions are not all empty ones
