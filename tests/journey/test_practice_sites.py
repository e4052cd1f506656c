"""Every practice site, crawled: each article once, every field as its oracle says, no chrome in any body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commanding import Gongbao

from desk.demo.server import Serving
from desk.demo.sites import site

SITES = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "express", "news", "disclosure", "paged", "collection")
FIELDS = (
    "kind title kicker subtitle issue issue_number number index_number office disclosure validity author source_name "
    "editor reviewer dated_on signed_on published_on effective_on expires_on topic"
).split()


def bare(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every bulletin kept, by URL."""
    folder = tmp_path_factory.mktemp("practice")
    gongbao = Gongbao(folder / "home")
    with Serving([site(name) for name in SITES]) as serving:
        for name in SITES:
            file: Path = folder / f"{name}.toml"
            file.write_text(site(name).source_toml(serving.address), encoding="utf-8")
            assert gongbao("source", "add", str(file)).code == 0
        assert gongbao("crawl").code == 0
    return {record["url"]: record for record in gongbao("export", "--format", "jsonl", "-o", "-").jsonl}


def articles(name: str, crawled: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(URL, the oracle's article, what was kept); a cross-post is kept under one of its URLs."""
    oracle = site(name).expected()
    for url, article in oracle["per_article"].items():
        if url in crawled:
            yield url, article, crawled[url]


@pytest.mark.parametrize("name", SITES)
def test_every_article_once(name: str, crawled: dict[str, dict[str, Any]]) -> None:
    oracle = site(name).expected()
    kept = {url for url in crawled if url.startswith(f"http://{oracle['host']}/")}
    assert kept <= set(oracle["article_urls"])
    assert len(kept) == oracle["documents"]


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("field", FIELDS)
def test_fields_are_as_the_oracle_says(name: str, field: str, crawled: dict[str, dict[str, Any]]) -> None:
    wrong = {
        url: (article[field], record[field])
        for url, article, record in articles(name, crawled)
        if record[field] != (listed(article, record) if field == "published_on" else article[field])
    }
    assert wrong == {}


def listed(article: dict[str, Any], record: dict[str, Any]) -> str | None:
    """The day of publication; where the page shows none, the day its list shows, and the evidence says so."""
    if article["published_on"] or record["evidence"].get("published_on", {}).get("from") != "row":
        return article["published_on"]
    return article["listed_on"]


@pytest.mark.parametrize("name", SITES)
def test_bodies_hold_every_paragraph_and_no_chrome(name: str, crawled: dict[str, dict[str, Any]]) -> None:
    chrome = [bare(c) for c in site(name).expected()["chrome"]]
    for url, article, record in articles(name, crawled):
        text = bare(record["text"])
        lost = [p for p in article["paragraphs"] if bare(p) not in text]
        assert not lost, url
        own = bare("".join(article["paragraphs"]))  # a menu's word may be a word of the text, too
        assert not [c for c in chrome if c in text and c not in own], url
        assert len(text) <= 1.05 * sum(len(bare(p)) for p in article["paragraphs"]) + 60, url


@pytest.mark.parametrize("name", SITES)
def test_sections_and_attachments(name: str, crawled: dict[str, dict[str, Any]]) -> None:
    def headings(sections: list[dict[str, Any]]) -> Iterator[str]:
        for section in sections:
            yield bare(section["heading"])
            yield from headings(section["sections"])

    for url, article, record in articles(name, crawled):
        found = list(headings(record["sections"]))
        assert [h for h in article["sections"] if bare(h) not in found] == [], url
        urls = {a["url"] for a in record["attachments"]}
        assert {a["url"] for a in article["attachments"]} <= urls, url
