"""Invented pages of every dialect, each with what must be read off it, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.record import record_of
from crawler.extract.page import open_page
from crawler.extract.reading import read_page

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path for path in GOLDEN.glob("*/*/page.html") if (path.parent / "expected.json").exists())


def headings(sections: list[dict[str, Any]]) -> Iterator[str]:
    for section in sections:
        yield section["heading"]
        yield from headings(section["sections"])


def observed(field: str, record: dict[str, Any]) -> Any:
    """What the reading says about a field of the expectation."""
    if field == "text":
        return record["text"].split("\n") if record["text"] else []
    if field == "headings":
        return list(headings(record["sections"]))
    if field == "attachments":
        return [[found["name"], found["url"]] for found in record["attachments"]]
    if field == "rows":
        return [{name: row[name] for name in ("title", "url", "date")} for row in record["rows"]]
    if field == "pinned":
        return [index for index, row in enumerate(record["rows"]) if row["pinned"]]
    if field == "tables":
        return [table["rows"] for table in record["tables"]]
    if field == "doubts":
        return sorted({doubt["field"] for doubt in record["doubts"]})
    return record[field]


def reading(page: Path, expected: dict[str, Any]) -> dict[str, Any]:
    harvest = read_page(open_page(page.read_bytes(), url=expected.get("url", "")))
    return record_of(harvest) | {"links": list(harvest.links)}


@pytest.mark.parametrize("page", CASES, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_every_field_of_a_golden_page(page: Path) -> None:
    expected = json.loads((page.parent / "expected.json").read_text(encoding="utf-8"))
    record = reading(page, expected)
    fields = [field for field in expected if field != "url"]
    assert {field: observed(field, record) for field in fields} == {field: expected[field] for field in fields}
