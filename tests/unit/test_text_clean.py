"""What is harmless goes, what is text stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.text.clean import clean, squeeze

TEXTS = st.text(
    st.sampled_from("云岫县 a1,。\n\r\t\u00a0\u3000\u200b\ufeff\u200d\u2028\x0b\x00\ud800👨👩") | st.characters()
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("\u3000\u3000云岫县\u3000人民政府  \n\n\n 松泉县\t\n", "云岫县\u3000人民政府\n松泉县"),
        ("云\u200b岫\ufeff县\u00a0政府", "云岫县 政府"),
        ("\ufeff题名", "题名"),
        ("云\u200d岫", "云岫"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("格一\t格二", "格一\t格二"),
        ("a\x00b\x07c", "abc"),
        ("a\ud800b", "a\ufffdb"),
        ("\ue000", "\ue000"),
        (" \n\u3000\n", ""),
        ("", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(TEXTS)
def test_cleaning_is_done_once_and_for_all(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\n\n" not in cleaned
    assert all(line == line.strip(" \t\u3000") and line for line in cleaned.split("\n") if cleaned)


def letters(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] in "LNPSM" or char == "\ue000")


@given(TEXTS)
def test_cleaning_takes_no_letter_and_joins_no_lines(text: str) -> None:
    assert letters(clean(text)).replace("\ufffd", "") == letters(text).replace("\ufffd", "")
    for line in text.split("\n"):
        assert letters(clean(line)).replace("\ufffd", "") in letters(text).replace("\ufffd", "")
    assert clean("甲" + text + "\n乙").endswith("\n乙")


@given(TEXTS)
def test_squeezing_is_done_once_and_for_all(text: str) -> None:
    squeezed = squeeze(text)
    assert squeeze(squeezed) == squeezed
    assert not any(char.isspace() for char in squeezed)


def test_squeeze_makes_copies_equal() -> None:
    assert squeeze("云 岫　县\n（２０１９）\u200b年") == squeeze("云岫县(2019)年")


def test_long_texts_are_no_trouble() -> None:
    assert clean("\u200d" * 300_000) == "\u200d" * 300_000
    assert clean(" \n" * 300_000) == ""
    assert clean("x" + " " * 1_000_000 + "y") == "x" + " " * 1_000_000 + "y"
