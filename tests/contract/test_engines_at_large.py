"""In large archives an engine may order by its own scores, as near the oracle's as that nobody sees it."""

import random
from pathlib import Path
from uuid import uuid4

import pytest
from searchables import a_cut, some_entries

from bulletin.query import AnyOf, Query, Words
from search import Entry, Searcher, open_index, open_searcher
from search.analyzer import open_analyzer
from search.engines import schemes

COUNT = 1200
ALLOWED = 2e-3  # of a score


def filled(url: str, entries: list[Entry], again: list[Entry]) -> Searcher:
    """`again` are written a second time, as papers that changed are: what they were stays behind in some engines."""
    with open_index(url) as index:
        index.write(entries, upto=COUNT)
        if again:
            index.write(again, upto=COUNT + 1)
    return open_searcher(url)


@pytest.mark.parametrize("rewritten", [30, 400])
@pytest.mark.parametrize("scheme", [scheme for scheme in schemes() if scheme != "memory"])
def test_the_order_is_the_oracles_but_for_what_nobody_tells_apart(
    scheme: str, rewritten: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.tantivy_ranking._SMALL", COUNT - 1)
    rng = random.Random(rewritten)
    entries = some_entries(rewritten, COUNT)
    again = rng.sample(entries, rewritten)
    with (
        filled(f"{scheme}://{tmp_path / 'i'}", entries, again) as ours,
        filled(f"memory://{uuid4()}", entries, []) as oracle,
    ):
        for _ in range(30):
            # Alternatives, for a run that all must hold raises some of the best, and which these are may differ.
            words = AnyOf(tuple(Words(a_cut(rng, rng.choice(entries), 2, 4)) for _ in range(3)))
            true = {hit.document_id: hit.score for hit in oracle.find(Query(words, limit=COUNT)).hits}
            best = sorted(true.values(), reverse=True)
            found = ours.find(Query(words, limit=60))
            assert found.total == len(true)
            for hit, score in zip(found.hits, best, strict=False):
                assert hit.score == pytest.approx(true[hit.document_id], rel=ALLOWED, abs=1e-6), words
                assert hit.score == pytest.approx(score, rel=ALLOWED, abs=1e-6), words


@pytest.mark.parametrize("scheme", [scheme for scheme in schemes() if scheme != "memory"])
def test_what_any_of_some_words_finds_is_the_oracles_too_page_by_page(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.tantivy_ranking._SMALL", COUNT - 1)
    rng, terms = random.Random(11), open_analyzer().terms
    entries = some_entries(11, COUNT)
    drawn = {term for entry in rng.sample(entries, 40) for term in terms(f"{entry.title}\n{entry.text}")}
    vocabulary = sorted(term for term in drawn if terms(term) == [term])
    with (
        filled(f"{scheme}://{tmp_path / 'i'}", entries, []) as ours,
        filled(f"memory://{uuid4()}", entries, []) as oracle,
    ):
        for turn in range(40):
            asked = tuple(map(Words, rng.sample(vocabulary, turn % 4 + 1)))
            words = AnyOf(asked) if len(asked) > 1 else asked[0]
            true = {hit.document_id: hit.score for hit in oracle.find(Query(words, limit=COUNT)).hits}
            best = sorted(true.values(), reverse=True)
            found = ours.find(Query(words, limit=80))
            assert found.total == len(true)
            for hit, score in zip(found.hits, best, strict=False):
                # A single word is a run that raises some of the best, and which these are may differ.
                right = pytest.approx(score, rel=ALLOWED, abs=1e-6)
                assert len(asked) == 1 or (hit.score == right and true[hit.document_id] == right), words
            pages = [ours.find(Query(words, limit=10, offset=first)).hits for first in range(0, 80, 10)]
            assert [hit.document_id for page in pages for hit in page] == [hit.document_id for hit in found.hits]
