"""Questions judged by hand, over invented bulletins: tests/golden/queries.toml, for every engine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from search import Entry, Searcher, open_index, open_searcher, parse_query
from search.engines import schemes

GOLDEN = Path(__file__).parents[1] / "golden" / "queries.toml"


@cache
def judged() -> dict[str, Any]:
    return tomllib.loads(GOLDEN.read_text(encoding="utf-8"))


def entries() -> Iterator[Entry]:
    for seq, said in enumerate(judged()["bulletin"], 1):
        region = said.get("region", "619901")
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        fields = {name: value for name, value in fields.items() if name not in ("id", "region")}
        yield Entry(said["id"], 1, seq, f"{region}_web", region, f"http://x/{seq}", **fields)


@pytest.fixture(scope="module", params=schemes())
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    url = f"{request.param}://{tmp_path_factory.mktemp('judged') / 'index'}"
    with open_index(url) as index:
        index.write(list(entries()), upto=len(judged()["bulletin"]))
    with open_searcher(url) as opened:
        yield opened


@pytest.mark.parametrize("question", judged()["question"], ids=lambda question: question["ask"])
def test_a_judged_question(searcher: Searcher, question: dict[str, Any]) -> None:
    results = searcher.find(parse_query(question["ask"], limit=100))
    found = [hit.document_id for hit in results.hits]
    if "found" in question:
        assert sorted(found) == sorted(question["found"])
    if "first" in question:
        assert found[:1] == [question["first"]]
    if "top" in question:
        assert set(question["top"]) <= set(found[:3])
    assert results.suggestion == question.get("meant", "")


def test_every_question_judges_bulletins_that_there_are() -> None:
    known = {said["id"] for said in judged()["bulletin"]}
    for question in judged()["question"]:
        named = {
            *question.get("found", []),
            *question.get("top", []),
            *([question["first"]] if "first" in question else []),
        }
        assert named <= known
        assert {"found", "top", "first"} & question.keys()
