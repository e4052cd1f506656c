"""Division codes of today and before, by code and by name."""

import pytest

from bulletin.text.regions import full_name, region, regions_named, short_name


def test_a_county_that_became_a_city_changed_its_code() -> None:
    before, after = region("610928"), region("610981")
    assert before is not None
    assert after is not None
    assert (before.name, before.valid_from, before.valid_to, before.successor) == ("旬阳县", 2000, 2021, "610981")
    assert (after.name, after.valid_from, after.valid_to) == ("旬阳市", 2021, None)
    assert after.is_current
    assert not before.is_current
    assert region("610928", 2019) == before
    assert region("610928", 2023) is None
    assert region("610981", 2019) is None


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("610728", "镇巴县", "county"),
        ("61", "陕西省", "province"),
        ("6107", "汉中市", "prefecture"),
        ("610700", "汉中市", "prefecture"),
    ],
)
def test_codes_and_their_prefixes(code: str, name: str, level: str) -> None:
    found = region(code)
    assert found is not None
    assert (found.name, found.level) == (name, level)


@pytest.mark.parametrize("code", ["619901", "", "6", "999999", "abc", "6107280012", "６１０７２８x", "61072"])
def test_unknown_codes(code: str) -> None:
    assert region(code) is None
    assert full_name(code) == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("610728", "陕西省汉中市镇巴县"),
        ("610928", "陕西省安康市旬阳县"),
        ("110101", "北京市东城区"),
        ("429004", "湖北省仙桃市"),
        ("61", "陕西省"),
        ("6109", "陕西省安康市"),
    ],
)
def test_full_names(code: str, name: str) -> None:
    assert full_name(code) == name


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("镇巴县", ["610728", "612328"]),
        ("鎮巴縣", ["610728", "612328"]),
        ("镇巴", ["610728", "612328"]),
        ("旬阳", ["610981", "610928", "612429"]),
        ("旬陽縣", ["610928", "612429"]),
        ("陕西省镇巴县", ["610728", "612328"]),
        ("汉中市 镇巴县", ["610728"]),
        ("陕西省安康市旬阳市", ["610981"]),
        ("内蒙古", ["150000"]),
        ("云岫县", []),
        ("县", []),
        ("", []),
    ],
)
def test_names(name: str, codes: list[str]) -> None:
    assert [found.code for found in regions_named(name)] == codes


def test_a_name_of_many_places_gives_all_of_them() -> None:
    found = regions_named("鼓楼区")
    assert len({place.code for place in found if place.is_current}) >= 4
    assert [place.is_current for place in found] == sorted((place.is_current for place in found), reverse=True)


def test_short_names() -> None:
    assert short_name("长阳土家族自治县") == "长阳"
    assert short_name("广西壮族自治区") == "广西"
    assert short_name("横县") == "横县"


def test_the_table_hangs_together() -> None:
    from bulletin.text.regions import _spells

    spells = _spells()
    assert len({(place.code, place.name) for place in spells}) == len(spells)
    known = {place.code for place in spells}
    assert sum(place.level == "county" and place.is_current for place in spells) > 2800
    for place in spells:
        assert place.level in {"province", "prefecture", "county"}
        assert len(place.code) == 6
        assert place.valid_from is None or place.valid_to is None or place.valid_from <= place.valid_to
        assert not place.is_current or place.successor == ""
        assert place.valid_to is None or place.valid_to >= 1984
        assert place.successor in known | {""} or (place.valid_to or 0) < 2000, place
