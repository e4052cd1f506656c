"""Offices are found by their short names, and by their full ones where the short one is printed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bulletin.query import Filters, Query
from search import Entry, open_index, open_searcher, parse_query
from search.engines import schemes
from search.office_names import office_needles

OFFICES = ("云岫县人力资源和社会保障局", "云岫县人社局", "云岫县人民政府办公室", "县政府办", "云岫县水利局")
PLACE = ("619901_yunxiu", "619901", "http://x")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("人社局", {0, 1}),
        ("云岫縣人社局", {0, 1}),
        ("人力资源和社会保障局", {0, 1}),
        ("云岫县政府办", {2}),
        ("县府办", {2, 3}),
        ("县人民政府办公室", {2, 3}),
        ("政府", {2, 3}),
        ("水利局", {4}),
        ("人社", {1}),
    ],
)
@pytest.mark.parametrize("scheme", schemes())
def test_an_office_is_found_by_any_form_of_its_name(
    scheme: str, typed: str, expected: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = uuid4() if scheme == "memory" else tmp_path_factory.mktemp("offices") / "index"
    with open_index(f"{scheme}://{place}") as index:
        index.write([Entry(f"{n}", 1, n + 1, *PLACE, text="通知", office=name) for n, name in enumerate(OFFICES)], 9)
    with open_searcher(f"{scheme}://{place}") as searcher:
        for query in (parse_query(f"机构:{typed}"), Query(filters=Filters(office=typed))):
            assert {int(name) for name in searcher.ids(query)} == expected


def test_what_is_no_short_name_stays_as_it_is() -> None:
    assert office_needles("云岫县水利局") == ("云岫县水利局",)
    assert office_needles("政府") == ("政府",)
    assert office_needles("，") == ()


def test_no_form_holds_another_one() -> None:
    for typed in ("县政府办公室", "发改委", "县委办", "政府办公"):
        needles = office_needles(typed)
        assert not [(one, other) for one in needles for other in needles if one != other and one in other]
