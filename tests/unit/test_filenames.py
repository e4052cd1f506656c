"""What an attached file is called, however a server spells it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.filenames import LONGEST, disposition_name, file_name, url_name

NAME = "云岫县水库名册.xlsx"


def raw(name: str, encoding: str) -> str:
    """A name as raw bytes of a header, which are kept as Latin-1 characters."""
    return name.encode(encoding).decode("latin-1")


@pytest.mark.parametrize(
    "header",
    [
        f"attachment; filename*=UTF-8''{quote(NAME)}",
        f"attachment; filename=x.xlsx; filename*=utf-8''{quote(NAME)}",
        f"attachment; filename*=GBK'zh-CN'{quote(NAME, encoding='gbk')}",
        f"attachment; filename*=gb2312''{quote(NAME)}",
        f'attachment; filename="{quote(NAME)}"',
        f"attachment;filename={quote(NAME, encoding='gbk')}",
        f'attachment; filename="{quote(quote(NAME))}"',
        f'attachment; filename="{raw(NAME, "gbk")}"',
        f"attachment; filename={raw(NAME, 'gb18030')}; size=12",
        f"inline; filename='{raw(NAME, 'utf-8')}'",
        f'attachment; filename="{NAME}"',
        'attachment; filename="=?UTF-8?B?5LqR5bKr5Y6/5rC05bqT5ZCN5YaMLnhsc3g=?="',
        f'attachment; filename="C:\\\\upload\\\\{NAME}"',
        f'ATTACHMENT; FILENAME = "../../{NAME}"',
        f'attachment; filename="{NAME}',
        f'attachment; filename="\u202e{NAME}\x07"',
    ],
)
def test_every_spelling_of_a_disposition(header: str) -> None:
    assert disposition_name(header) == NAME


@pytest.mark.parametrize("word", ["图", "图表.jpg", "通知.doc", "统计表·一.xls", "緊急通知.pdf", "Ⅱ级预案.doc"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_raw_names_in_either_encoding(word: str, encoding: str) -> None:
    assert disposition_name(f'attachment; filename="{raw(word, encoding)}"') == word


@pytest.mark.parametrize("header", ["", "attachment", "inline; name=x", "attachment; filename=", 'filename=""'])
def test_no_name_is_no_name(header: str) -> None:
    assert disposition_name(header) == ""


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://a.example/x/downfile.jsp?classid=0&filename=2603ab.pdf", "2603ab.pdf"),
        (f"http://a.example/downfile.jsp?filename=2603ab.xlsx&showname={quote(NAME)}", NAME),
        (f"http://a.example/d?filename={quote(NAME, encoding='gbk')}", NAME),
        (f"http://a.example/files/{quote(NAME)}", NAME),
        (f"http://a.example/files/{quote(NAME)}?v=1.pdf", NAME),
        ("http://a.example/files/a%20b.doc#x", "a b.doc"),
        ("http://a.example/files/a+b.doc", "a+b.doc"),
        ("http://a.example/", ""),
        ("http://[", ""),
    ],
)
def test_names_in_urls(url: str, name: str) -> None:
    assert url_name(url) == name


@pytest.mark.parametrize("text", ["点击下载", "附件", "附件1：", "【下载】", "点击查看附件（PDF版）", "Download", " "])
def test_a_link_that_only_says_download_is_no_name(text: str) -> None:
    header = f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert file_name(text=text, url="http://a.example/d?id=7", disposition=header) == NAME
    assert file_name(text=text, url=f"http://a.example/{quote(NAME)}") == NAME


def test_what_the_bulletin_calls_a_file_comes_first() -> None:
    assert file_name(text="附件1：任务\n分解表", url="http://a.example/1.doc", disposition="a; filename=2.doc") == (
        "附件1：任务 分解表"
    )
    assert file_name(text="下载", url="http://a.example/") == "下载"


def test_a_number_says_more_than_a_key_and_less_than_a_name() -> None:
    assert file_name(text="附件2.doc", url=f"http://a.example/{quote(NAME)}") == "附件2.doc"
    assert file_name(text="附件2", url="http://a.example/d?filename=26ab.doc") == "附件2"
    assert file_name(text="附件2", url=f"http://a.example/{quote(NAME)}") == NAME


def test_a_long_name_keeps_its_suffix() -> None:
    assert len(disposition_name(f"a; filename={'a' * 5000}.pdf")) == LONGEST
    assert disposition_name(f"a; filename={'a' * 5000}.pdf").endswith(".pdf")


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_that_is_sent_breaks_the_reading_of_names(header: str, url: str) -> None:
    for name in (disposition_name("filename=" + header), disposition_name("filename*=" + header), url_name(url)):
        assert "/" not in name
        assert len(name) <= LONGEST
        assert not any(ord(character) < 32 for character in name)
