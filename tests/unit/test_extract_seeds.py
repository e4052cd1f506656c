"""The five real pages as rendered text, read and compared with what a person read off them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bulletin.record import record_of
from bulletin.text.script import fold
from crawler.extract.rendered import read_rendered

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
FIELDS = {
    "title": "title",
    "kicker": "kicker",
    "subtitle": "subtitle",
    "issue_label": "issue",
    "total_issue_number": "issue_number",
    "issuing_office": "office",
    "index_number": "index_number",
    "document_number": "number",
    "author": "author",
    "source": "source_name",
    "editor": "editor",
    "reviewer": "reviewer",
    "disclosure_term": "disclosure",
}
DATES = {"published": "published_on", "masthead": "dated_on", "generated": "dated_on", "signed": "signed_on"}
pytestmark = pytest.mark.shared


def squeezed(value: Any) -> str:
    return fold(re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value or ""))))


def headings(sections: list[dict[str, Any]]) -> Iterator[str]:
    for section in sections:
        yield squeezed(section["heading"])
        yield from headings(section["sections"])


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_a_real_page_reads_as_its_reference_says(path: Path) -> None:
    reference = json.loads((SEEDS / "reference" / f"{path.stem}.json").read_text(encoding="utf-8"))
    record = record_of(read_rendered(path.read_text(encoding="utf-8")))
    for name, field in FIELDS.items():
        assert squeezed(record[field]) == squeezed(reference.get(name)), field
    for role, field in DATES.items():
        if day := reference["dates"].get(role):
            assert record[field] == day[:10], role
    found = set(headings(record["sections"]))
    wanted = {squeezed(section["heading"]) for section in reference["sections"]}
    assert wanted <= found
    articles = reference.get("articles") or []
    assert not articles or len(record["sections"]) == len(articles)
    if pages := reference.get("pagination"):
        expected = None if pages["pages"] == 1 else {"number": pages["page"], "of": pages["pages"]}
        assert expected is None or record["pages"].items() >= expected.items()


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem[:3])
def test_chrome_of_a_real_page_is_taken_away_and_nothing_else(path: Path) -> None:
    reference = json.loads((SEEDS / "reference" / f"{path.stem}.json").read_text(encoding="utf-8"))
    harvest = read_rendered(path.read_text(encoding="utf-8"))
    text = squeezed(harvest.text)
    chrome = {squeezed(line).strip("•·|") for line in reference["chrome_removed"]}
    assert not [line for line in chrome if len(line) > 1 and line in text]
    articles = [reference, *(reference.get("articles") or [])]
    size = sum(paragraph["chars"] for article in articles for paragraph in article.get("paragraphs") or [])
    assert 0.97 * size <= len(text) <= 1.12 * size


def test_a_page_that_is_no_county_s_own_is_called_a_collection() -> None:
    [reference] = [
        path
        for path in (SEEDS / "reference").glob("*.json")
        if json.loads(path.read_text(encoding="utf-8"))["government"] is False
    ]
    harvest = read_rendered((SEEDS / f"{reference.stem}.txt").read_text(encoding="utf-8"))
    assert harvest.kind == "collection"
    assert [doubt for doubt in harvest.doubts if doubt.field == "kind"]
