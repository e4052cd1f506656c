"""Whole numbers in digits and in Chinese, read back from what a writer makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.numerals import by_place, number_of

DIGITS = "〇一二三四五六七八九"


def by_unit(number: int) -> str:
    """三百四十九 for 349, as it is written out in full."""
    if number >= 10_000:
        rest = number % 10_000
        return by_unit(number // 10_000) + "万" + ("零" if 0 < rest < 1000 else "") + (by_unit(rest) if rest else "")
    out, pending = "", False
    for place, unit in enumerate(("千", "百", "十", "")):
        digit = number // 10 ** (3 - place) % 10
        if digit:
            out += ("零" if pending and out else "") + DIGITS[digit] + unit
        pending = not digit
    return out or "零"


@given(st.integers(0, 99_999_999))
def test_read_back_by_unit(number: int) -> None:
    assert number_of(by_unit(number)) == number


@given(st.integers(10, 10**9), st.sampled_from("〇○◯⚪ＯOo0０零"))
def test_read_back_by_place_with_any_zero(number: int, zero: str) -> None:
    text = "".join(DIGITS[int(digit)] for digit in str(number)).replace("〇", zero)
    if len(str(number).strip("0")) > 1:
        assert number_of(text) == number


@given(st.integers(0, 10**18 - 1))
def test_read_back_digits_of_either_width(number: int) -> None:
    assert number_of(str(number)) == number
    assert number_of("".join(chr(ord(digit) + 0xFEE0) for digit in str(number))) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百四十九", 349),
        ("三四九", 349),
        ("廿三", 23),
        ("卅", 30),
        ("一百廿三", 123),
        ("一〇五", 105),
        ("一百零五", 105),
        ("三百五", 350),
        ("二○一九", 2019),
        ("二O一九", 2019),
        ("十", 10),
        ("十二", 12),
        ("一千零一十", 1010),
        ("两万", 20000),
        ("叁佰肆拾玖", 349),
        ("一億", 100_000_000),
        ("一 〇 五", 105),
        ("０３", 3),
    ],
)
def test_examples(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "O", "oo", "百", "十十", "二十一二", "万", "一万亿万", "3.5", "-3", "1,000", "三年", "9" * 40, "一" * 99],
)
def test_no_numbers(text: str) -> None:
    assert number_of(text) is None


def test_by_place() -> None:
    assert by_place("2O19") == 2019
    assert by_place("二 〇 一 九") == 2019
    assert by_place("二十") is None
    assert by_place("") is None
