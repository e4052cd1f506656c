"""Two searchers asked the same, for the tests of search."""

from __future__ import annotations

import random

from searchables import a_query, some_entries

from bulletin.errors import GongbaoError
from bulletin.query import Query
from bulletin.results import Results
from search import Searcher


def answered(searcher: Searcher, query: Query) -> Results | str:
    """The answer, or what is said instead of one."""
    try:
        return searcher.find(query)
    except GongbaoError as error:
        return error.message


def same_answers(one: Searcher, other: Searcher, questions: int = 60) -> None:
    """Both say the same to that many questions drawn at random."""
    rng = random.Random(1)
    entries = some_entries(8, 60)
    for _ in range(questions):
        query = a_query(rng, entries)
        assert answered(one, query) == answered(other, query), query
