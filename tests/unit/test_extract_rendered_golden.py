"""Invented pages rendered to text, each with what must be read off it, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.record import record_of
from crawler.extract.rendered import read_rendered

CASES = sorted((Path(__file__).parents[1] / "golden" / "rendered").glob("*/page.txt"))


def headings(sections: list[dict[str, Any]]) -> Iterator[str]:
    for section in sections:
        yield section["heading"]
        yield from headings(section["sections"])


def observed(field: str, record: dict[str, Any], expected: dict[str, Any]) -> Any:
    """What the reading says about a field of the expectation."""
    if field == "text":
        return record["text"].split("\n") if record["text"] else []
    if field == "headings":
        return [h for h in headings(record["sections"]) if h and h not in expected.get("articles", [])]
    if field == "articles":
        return [section["heading"] for section in record["sections"]]
    if field == "parts":
        return len(record["sections"])
    if field == "doubts":
        return sorted({doubt["field"] for doubt in record["doubts"]})
    return record[field]


@pytest.mark.parametrize("page", CASES, ids=lambda path: path.parent.name)
def test_every_field_of_a_rendered_page(page: Path) -> None:
    expected = json.loads(page.with_name("expected.json").read_text(encoding="utf-8"))
    record = record_of(read_rendered(page.read_text(encoding="utf-8")))
    found = {field: observed(field, record, expected) for field in expected}
    assert found == {**expected, "doubts": sorted(set(expected["doubts"]))}


@pytest.mark.parametrize("page", CASES, ids=lambda path: path.parent.name)
def test_no_chrome_line_in_the_text(page: Path) -> None:
    harvest = read_rendered(page.read_text(encoding="utf-8"))
    kept = harvest.text.split("\n")
    assert not {chrome.text for chrome in harvest.chrome} & set(kept)


def test_there_are_five_variants_of_each_kind() -> None:
    kinds = {path.parent.name.split("_")[0] for path in CASES}
    for kind in kinds:
        assert sum(path.parent.name.startswith(kind) for path in CASES) >= 5, kind
    assert kinds == {"issue", "news", "disclosure", "paged", "collection"}
