"""One spelling for URLs that ask for the same thing, and ids that follow from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.ids import canonical_url, digest, document_id, import_url


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTP://WWW.Yunxiu.Example:80/a/../b/./c.html#top", "http://www.yunxiu.example/b/c.html"),
        ("https://www.yunxiu.example:443", "https://www.yunxiu.example/"),
        ("https://www.yunxiu.example:8443/x", "https://www.yunxiu.example:8443/x"),
        ("http://www.yunxiu.example/公报/1.html", "http://www.yunxiu.example/%E5%85%AC%E6%8A%A5/1.html"),
        ("http://www.yunxiu.example/%e5%85%ac/%41%7e", "http://www.yunxiu.example/%E5%85%AC/A~"),
        ("http://www.yunxiu.example\\gb\\1.htm", "http://www.yunxiu.example/gb/1.htm"),
        ("http://www.yunxiu.example/a b?q=1 2&p=%2F", "http://www.yunxiu.example/a%20b?q=1%202&p=%2F"),
        ("http://www.yunxiu.example/../../x", "http://www.yunxiu.example/x"),
        ("http://www.yunxiu.example/gb/..", "http://www.yunxiu.example/"),
        ("http://www.yunxiu.example/gb/a.jsp;jsessionid=8F0C2B.node1?id=7", "http://www.yunxiu.example/gb/a.jsp?id=7"),
        ("http://www.yunxiu.example/a.php?id=7&PHPSESSID=ab12&p=2", "http://www.yunxiu.example/a.php?id=7&p=2"),
        ("http://www.yunxiu.example/a.php?PHPSESSID=ab12", "http://www.yunxiu.example/a.php"),
        ("http://www.yunxiu.example/a.php?id=7&phpsessid=", "http://www.yunxiu.example/a.php?id=7"),
        ("http://www.yunxiu.example/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "http://www.yunxiu.example/a.aspx"),
        (
            "http://www.yunxiu.example/api/all/81?page=1&sid=7609",
            "http://www.yunxiu.example/api/all/81?page=1&sid=7609",
        ),
        ("http://www.yunxiu.example/%CD%A8%D6%AA.doc", "http://www.yunxiu.example/%CD%A8%D6%AA.doc"),
        ("http://www.yunxiu.example/a?q=1&", "http://www.yunxiu.example/a?q=1&"),
        ("urn:sha256:AB", "urn:sha256:AB"),
    ],
)
def test_canonical_url(given_url: str, canonical: str) -> None:
    assert canonical_url(given_url) == canonical


@given(
    st.from_regex(
        r"http://[a-z]{1,8}\.example(:\d{2,4})?(/[a-zA-Z0-9%. 公报~-]{0,12}){0,4}(\?[a-z0-9=&% ]{0,9})?", fullmatch=True
    )
)
def test_canonical_form_is_its_own_canonical_form(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.from_regex(r"https?://[a-zA-Z0-9.-]{0,9}(:80)?(/[a-zA-Z0-9%._~;=-]{0,9}){0,4}[?#]?", fullmatch=True))
def test_the_short_way_gives_what_the_long_way_gives(url: str) -> None:
    try:
        # A blank before it makes it unusual, and means nothing.
        long = canonical_url(f" {url}")
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            canonical_url(url)
        return
    assert canonical_url(url) == long


def test_query_order_is_kept() -> None:
    assert canonical_url("http://a.example/?b=1&a=2") != canonical_url("http://a.example/?a=2&b=1")


def test_a_port_that_is_none_does_not_break_it() -> None:
    assert canonical_url("http://a.example:99999999/x").startswith("http://a.example")


def test_document_id_goes_by_source_and_canonical_url() -> None:
    first = document_id("619901_yunxiu", "http://www.yunxiu.example/gb/1.html#a")
    assert first == document_id("619901_yunxiu", "HTTP://www.yunxiu.example:80/gb/1.html")
    assert first != document_id("619902_songquan", "http://www.yunxiu.example/gb/1.html")
    assert len(first) == 16
    int(first, 16)


def test_digests_are_sha256_in_base16() -> None:
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert import_url(b"") == "urn:" + digest(b"")
