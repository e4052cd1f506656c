"""Index numbers are taken apart as far as their shape is known, and keep every digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.indexnumber import (
    credit_check,
    is_credit_code,
    is_organisation_code,
    is_site_code,
    organisation_check,
    parse_indexnumber,
)

#: Codes that nobody bears; their check characters are right.
ORG = "99900001" + organisation_check("99900001")
USCC = "11619901" + ORG
USCC += credit_check(USCC)
BODY = st.text(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"), min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("text", "left", "year", "serial", "kind"),
    [
        (f"{ORG}/2019-00110", ORG, 2019, "00110", "org"),
        (f"{ORG}-2020-153077", ORG, 2020, "153077", "org"),
        (f"{ORG}/201901-00336", ORG, 2019, "00336", "org"),
        (f"{USCC}/2015-00020", USCC, 2015, "00020", "uscc"),
        (f"{USCC}-/2018-1220012", USCC, 2018, "1220012", "uscc"),
        ("6101020000/2024-001005", "6101020000", 2024, "001005", "site"),
        ("6199010000/2024-001005", "6199010000", 2024, "001005", "opaque"),
        ("20191202-189769", "", 2019, "189769", "date"),
        ("YXDE0107-2020-0001", "YXDE0107", 2020, "0001", "opaque"),
        ("YX-2026-00491", "YX", 2026, "00491", "opaque"),
        ("2026-02-00018", "", 2026, "00018", "opaque"),
        ("gddg", "", None, "", "opaque"),
        ("", "", None, "", "opaque"),
        ("-", "", None, "", "opaque"),
    ],
)
def test_shapes(text: str, left: str, year: int | None, serial: str, kind: str) -> None:
    number = parse_indexnumber(text)
    assert (number.left, number.year, number.serial) == (left, year, serial)
    assert number.kind == kind
    assert number.raw == text


def test_a_wrong_check_character_makes_it_opaque() -> None:
    wrong = ORG[:8] + ("1" if ORG[8] != "1" else "2")
    assert parse_indexnumber(f"{wrong}/2019-00110").kind == "opaque"
    assert parse_indexnumber(f"{USCC[:17]}{'0' if USCC[17] != '0' else '1'}/2019-00110").kind == "opaque"


def test_width_blanks_and_case_are_normalised_and_zeros_kept() -> None:
    number = parse_indexnumber(" ０００１２３４５Ａ ／ ２０１９ － ０００７８\u200b")
    assert number.normal == "00012345A/2019-00078"
    assert number.raw == "０００１２３４５Ａ ／ ２０１９ － ０００７８\u200b"
    assert number.serial == "00078"


@given(BODY)
def test_check_characters_find_every_single_slip(body: str) -> None:
    code = body + organisation_check(body)
    assert is_organisation_code(code)
    assert is_organisation_code(f"{code[:8]}-{code[8]}")
    for at in range(8):
        slipped = code[:at] + ("1" if code[at] == "0" else "0") + code[at + 1 :]
        difference = abs(int(code[at], 36) - int(slipped[at], 36))
        assert is_organisation_code(slipped) == (difference % 11 == 0)


@given(BODY)
def test_credit_codes_hold_an_organisation_code(body: str) -> None:
    inner = body + organisation_check(body)
    if inner[8] in "IOSVZ":
        return
    code = "12619901" + inner
    code += credit_check(code)
    assert is_credit_code(code)
    broken = "12619901" + body + ("X" if inner[8] != "X" else "0")
    assert not is_credit_code(broken + credit_check(broken))


@pytest.mark.parametrize("text", ["", "0", "0123456789", "云岫县人民政府", "I" * 18, "００００００００-0", "ÄÖÜäöüßX0"])
def test_codes_of_other_characters_are_none(text: str) -> None:
    assert not is_organisation_code(text)
    assert not is_credit_code(text)


def test_known_codes() -> None:
    assert [organisation_check(body) for body in ("00001434", "01527918", "D2143569")] == ["9", "X", "X"]
    assert is_credit_code("91350100M000100Y43")
    assert not is_organisation_code("00001314-X")


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("6107280012", True),
        ("BM55000001", True),
        ("bm01000001", True),
        ("6109280001", True),
        ("6199010001", True),
        ("61072800１2", False),
        ("6107280000/2024-001005", False),
        ("61", False),
    ],
)
def test_site_codes(code: str, valid: bool) -> None:
    assert is_site_code(code) is valid


@given(st.text(max_size=60))
def test_anything_is_taken(text: str) -> None:
    number = parse_indexnumber(text)
    assert number.raw == text.strip()
    assert number.kind in {"org", "uscc", "site", "date", "opaque"}
    assert parse_indexnumber(number.normal).normal == number.normal
