"""Pages that went through a bad converter read as the pages they were made from; others pay nothing for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bulletin.harvest import Harvest
from bulletin.text import repair as repairing
from bulletin.text.script import fold, to_simplified
from crawler.extract.page import open_page
from crawler.extract.reading import read_page
from desk.demo.sites import site

FIELDS = "kind title issue issue_number office source_name editor dated_on published_on published_at signed_on".split()


def same(value: object) -> str:
    return fold(to_simplified(str(value)))


def read(path: str, host: str) -> Harvest:
    body = site("express").answer("GET", path, {}, b"").body
    return read_page(open_page(body, url=f"http://{host}{path}"))


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Harvest, Harvest]]:
    """(read from the damaged page, read from the page it was made from)."""
    damaged = site("express", damaged=True)
    paths = [url.split(damaged.host, 1)[1] for url in damaged.expected()["article_urls"]]
    return [(read(path, damaged.host), read(path.replace("/big5", ""), damaged.host)) for path in paths]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_given_back(field: str, pairs: list[tuple[Harvest, Harvest]]) -> None:
    assert [same(getattr(bad, field)) for bad, _ in pairs] == [same(getattr(good, field)) for _, good in pairs]


def test_sections_are_those_of_the_good_page(pairs: list[tuple[Harvest, Harvest]]) -> None:
    for bad, good in pairs:
        assert [same(section.heading) for section in bad.sections] == [same(s.heading) for s in good.sections]


def lines(pairs: list[tuple[Harvest, Harvest]]) -> Iterator[tuple[str, str]]:
    for bad, good in pairs:
        yield from zip(bad.text.split("\n"), good.text.split("\n"), strict=True)


def test_paragraphs_are_given_back(pairs: list[tuple[Harvest, Harvest]]) -> None:
    """But for places where two characters' bytes were lost, which stay as they are."""
    compared = [same(bad) == same(good) for bad, good in lines(pairs)]
    assert sum(compared) >= 0.93 * len(compared)


def test_the_text_as_received_leads_to_the_text(pairs: list[tuple[Harvest, Harvest]]) -> None:
    for bad, good in pairs:
        assert bad.text_received
        assert bad.repairs
        kept, at = [], 0
        for one in bad.repairs:
            assert bad.text_received[one.start : one.end] == one.was
            assert bad.text[one.to_start : one.to_end] == one.now
            kept += [bad.text_received[at : one.start], one.now]
            at = one.end
        assert "".join(kept) + bad.text_received[at:] == bad.text
        assert good.text_received is None
        assert not good.repairs


def test_clean_pages_are_not_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a clean page was sent to repair")

    monkeypatch.setattr(repairing, "repair", refuse)
    assert read("/kb/4368.html", "xczx.yunxiu.example").title
    with pytest.raises(AssertionError, match="clean page"):
        read("/big5/kb/4368.html", "xczx.yunxiu.example")


@pytest.mark.parametrize(
    ("shown", "doubted"), [("松泉日报", True), ("云岫县政府办", False), ("云岫县政府办公室", False)]
)
def test_a_source_shown_that_differs_from_the_tag_is_doubted(shown: str, doubted: bool) -> None:
    text = "云岫县今年计划改造农村公路四十公里，各镇按时间倒排工期，月底前完成测量。" * 4
    html = (
        '<title>云岫县改造农村公路</title><meta name="ContentSource" content="云岫县政府办公室">'
        f"<h1>云岫县改造农村公路</h1><p>来源：{shown}　发布时间：2024-05-06</p>"
        f'<div class="TRS_Editor"><p>{text}</p></div>'
    )
    harvest = read_page(open_page(html.encode()))
    assert harvest.source_name == "云岫县政府办公室"
    reasons = [doubt.reason for doubt in harvest.doubts if doubt.field == "source_name"]
    assert bool(reasons) is doubted
    assert all(shown in reason and "云岫县政府办公室" in reason for reason in reasons)
