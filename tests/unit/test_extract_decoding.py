"""Bytes into text: who is believed, who is corrected, and what is doubted."""

from __future__ import annotations

import gzip

import pytest

from crawler.extract.decoding import decode

TEXT = "云岫县人民政府关于加强防汛工作的通知，请各乡镇认真组织落实，镕、喆、〇三字不可丢。"
BIG = "松泉縣文化館舉辦剪紙講習，歡迎鄉親踴躍報名參加，名額有限額滿為止。"


def page(declared: str, text: str = TEXT) -> str:
    return f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={declared}'></head><body>{text}"


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "x-gbk"])
def test_every_name_of_the_family_is_read_as_gb18030(declared: str) -> None:
    found = decode((page(declared) + "𠮷").encode("gb18030"))
    assert (found.encoding, found.origin, found.doubts) == ("gb18030", "meta", ())
    assert TEXT in found.text
    assert "𠮷" in found.text


@pytest.mark.parametrize(
    ("declared", "actual", "text"),
    [
        ("gb2312", "utf-8", TEXT),
        ("utf-8", "gb18030", TEXT),
        ("big5", "utf-8", BIG),
        ("utf-8", "big5hkscs", BIG),
        ("gb2312", "big5hkscs", BIG),
        ("big5", "gb18030", TEXT),
    ],
)
def test_a_declaration_the_bytes_contradict_is_corrected_and_doubted(declared: str, actual: str, text: str) -> None:
    found = decode(page(declared, text).encode(actual))
    assert text in found.text
    assert found.encoding == actual
    assert found.doubts


@pytest.mark.parametrize(("actual", "text"), [("utf-8", TEXT), ("gb18030", TEXT), ("big5hkscs", BIG)])
def test_without_a_declaration_the_bytes_tell(actual: str, text: str) -> None:
    found = decode(f"<p>{text}".encode(actual))
    assert (found.encoding, found.origin) == (actual, "trial")
    assert text in found.text


def test_the_mark_at_the_start_comes_before_all() -> None:
    found = decode(b"\xef\xbb\xbf" + page("gb2312").encode(), "text/html; charset=gbk")
    assert (found.encoding, found.origin) == ("utf-8", "bom")
    assert "\ufeff" not in found.text


def test_the_header_comes_before_the_tag_and_their_disagreement_is_doubted() -> None:
    found = decode(page("utf-8").encode("gb18030"), "text/html; charset=GB2312")
    assert (found.encoding, found.origin) == ("gb18030", "header")
    assert found.doubts


def test_latin_is_never_believed() -> None:
    assert TEXT in decode(page("iso-8859-1").encode(), "text/html; charset=ISO-8859-1").text


def test_a_font_name_is_no_declaration() -> None:
    body = "<style>p{font-family:仿宋_gb2312}</style><p style='font-family:仿宋_GB2312'>" + TEXT
    assert decode(body.encode()).encoding == "utf-8"


def test_a_tag_in_a_comment_is_no_declaration() -> None:
    assert decode(("<!-- <meta charset=gb2312> --><p>" + TEXT).encode()).doubts == ()


def test_lost_characters_are_doubted() -> None:
    body = page("utf-8").encode()
    found = decode(body[:-200] + b"\xff" + body[-200:])
    assert found.encoding == "utf-8"
    assert any("could not be decoded" in doubt.reason for doubt in found.doubts)


def test_gzip_nobody_asked_for_is_unpacked() -> None:
    assert TEXT in decode(gzip.compress(page("utf-8").encode())).text


def test_the_ideographic_space_of_old_editors_is_a_space() -> None:
    assert decode(page("gb2312", "通 知").encode("gb18030").replace(b" ", b"\xa3\xa0")).text.endswith("通\u3000知")
