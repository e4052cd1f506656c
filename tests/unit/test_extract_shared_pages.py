"""Real pages beside the repository: floors under what is read off them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from bulletin.record import record_of
from crawler.extract.reading import read_file

PAGES = Path(__file__).parents[2].parent / "shared" / "pages"
GOVERNMENT = ("gov_clone", "gov_misc", "gov_more")

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not PAGES.is_dir(), reason="no real pages beside the repository")]


def norm(text: str | None) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text or ""))


def grams(text: str | None) -> Counter[str]:
    letters = norm(text)
    return Counter(letters[i : i + 3] for i in range(max(0, len(letters) - 2)))


def f1(wanted: str, got: str) -> float:
    one, other = grams(wanted), grams(got)
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


@cache
def readings() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(set, reference, record) of every page that has a reference."""
    found = []
    for side in sorted(PAGES.glob("*/*.json")):
        reference = json.loads(side.read_text(encoding="utf-8"))
        page = side.with_suffix(".html")
        if page.exists() and (side.parent.name.endswith("_list") or not reference.get("needs_reference")):
            found.append((side.parent.name, reference, record_of(read_file(page.read_bytes(), name=page.name))))
    return found


def articles(*sets: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(r, o) for name, r, o in readings() if not name.endswith("_list") and (not sets or name in sets)]


@pytest.mark.parametrize(
    ("sets", "floor"),
    [(GOVERNMENT, 0.985), (("gov_policy_fragment",), 0.998), ((), 0.96)],
    ids=["government", "policy", "all"],
)
def test_bodies(sets: tuple[str, ...], floor: float) -> None:
    assert fmean(f1(r["body"], o["text"]) for r, o in articles(*sets) if r.get("body")) >= floor


@pytest.mark.parametrize("field", ["title", "date"])
def test_titles_and_dates_of_government_pages(field: str) -> None:
    right = []
    for reference, record in articles(*GOVERNMENT, "gov_policy_fragment"):
        if reference.get(field):
            day = record["published_on"] or record["dated_on"]
            right.append(
                day == reference["date"] if field == "date" else norm(record["title"]) == norm(reference["title"])
            )
    assert fmean(right) >= 0.98


def test_every_value_of_a_disclosure_box_is_found() -> None:
    for reference, record in articles():
        seen = norm(json.dumps([record[name] for name in record if name != "text"], ensure_ascii=False)).replace(
            "\\", ""
        )
        for value in (reference.get("meta_block") or {}).values():
            day = re.fullmatch(r"(\d{4})年(\d{2})月(\d{2})日", value or "")
            plain = norm(value).replace("\\", "")
            assert plain in seen or (day and "-".join(day.groups()) in seen), value


def test_no_chrome_in_a_government_text() -> None:
    strings = (
        "扫一扫在手机打开当前页 分享到 打印本页 关闭窗口 设为首页 网站地图 版权所有 ICP备 网站标识码 "
        "上一篇 下一篇 TRS_Editor"
    ).split()
    for reference, record in articles(*GOVERNMENT):
        own = norm((reference["title"] or "") + (reference["body"] or ""))
        assert [word for word in strings if word in norm(record["text"]) and word not in own] == []


def test_lists_are_lists_and_articles_are_none() -> None:
    for name, _, record in readings():
        assert (record["kind"] == "list") == name.endswith("_list")


def test_rows_of_lists() -> None:
    wanted = found = extra = 0
    for _, reference, record in readings():
        if not isinstance(reference.get("list_reference"), dict):
            continue
        items = Counter(norm(item["title"])[:24].rstrip(".…") for item in reference["list_reference"]["items"])
        rows = Counter(norm(row["title"])[:24].rstrip(".…") for row in record["rows"])
        wanted += sum(items.values())
        found += sum((items & rows).values())
        extra += sum((rows - items).values())
    assert found >= 0.99 * wanted
    assert extra <= 0.01 * wanted
