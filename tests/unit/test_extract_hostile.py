"""Broken, huge and hostile pages: read to the end, never a crash, never a hang, never text out of nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletin.errors import ReadingError
from crawler.extract.page import open_page
from crawler.extract.reading import read_file, read_page

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/*/page.html"))
SPLINTERS = (
    b"</html>", b"<table>", b"</td>", b"<tr><td>", b"</div></div>", b"<!--", b"-->", b"<script>", b"</script>",
    b"<style>", b"\x00", b"\xff\xfe", b"&#x110000;", b"&", b"<", b">", b'"', b"<font>" * 40, b"<p title=\"",
    b"<a href='javascript:", b"<![CDATA[", b"]]>", b"<base href='::'>", b"<meta charset=utf-7>", b"{{", b"<?xml",
    b"<td colspan=999999999>", b"<td rowspan='x'>", b"<frameset>", b"<textarea>", b"\xe4\xb8", b"\xa1",
    b"<a href='http://[::1'>x</a>", b"<svg><title>",
)  # fmt: skip


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Golden pages with pieces cut out, doubled, moved and hostile splinters put in."""
    pages = [path.read_bytes() for path in GOLDEN]
    chance = random.Random(seed)
    for _ in range(count):
        body = bytearray(chance.choice(pages))
        for _ in range(chance.randint(1, 8)):
            at, size = chance.randrange(len(body)), chance.randint(1, 400)
            deed = chance.randrange(4)
            if deed == 0:
                del body[at : at + size]
            elif deed == 1:
                body[at:at] = body[at : at + size] * chance.randint(1, 4)
            elif deed == 2:
                body[at:at] = chance.choice(SPLINTERS)
            else:
                body[at : at + 1] = bytes([chance.randrange(256)])
            if not body:
                body = bytearray(b"<")
        yield bytes(body)


def check(body: bytes) -> None:
    harvest = read_page(open_page(body, url="http://www.yunxiu.example/a/b.html"))
    assert harvest.kind in ("article", "issue", "collection", "list")
    assert len(harvest.text) <= 4 * len(body)
    assert "\x00" not in harvest.text


def test_mutated_pages_are_read() -> None:
    for body in mutations(300, 20260101):
        check(body)


@pytest.mark.more
def test_many_mutated_pages_are_read() -> None:
    for body in mutations(20_000, 20260102):
        check(body)


DEEP = "云岫县林业局发布春季造林公告，请各乡镇组织群众参加。"


@pytest.mark.parametrize("tag", ["div", "font", "table", "span", "ul", "b"])
@pytest.mark.parametrize("depth", [300, 2_500, 20_000])
def test_text_nested_deep_is_found(tag: str, depth: int) -> None:
    inner = "<tr><td>" if tag == "table" else "<li>" if tag == "ul" else ""
    html = (
        "<html><body><h1>造林公告</h1>"
        + f"<{tag}>{inner}" * depth
        + DEEP
        + f"</{tag}>" * depth
        + "<p>完</p></body></html>"
    )
    assert DEEP in read_page(open_page(html.encode())).text


def test_a_page_of_five_megabytes_keeps_every_paragraph() -> None:
    paragraphs = [f"第{number}条 灌区管理单位应当按照批准的用水计划供水，不得擅自改变。" for number in range(50_000)]
    html = (
        "<html><body><h1>云岫县灌区管理规定</h1><div>"
        + "".join(f"<p>{text}</p>" for text in paragraphs)
        + "</div></body></html>"
    )
    body = html.encode()
    assert len(body) > 4_500_000
    assert read_page(open_page(body)).text.split("\n") == paragraphs


def test_a_list_of_twenty_thousand_rows_keeps_every_row() -> None:
    rows = "".join(
        f"<li><a href='{n}.html'>云岫县第{n}号通告全文</a><span>2026-01-02</span></li>" for n in range(20_000)
    )
    harvest = read_page(open_page(f"<html><body><ul>{rows}</ul></body></html>".encode()))
    assert harvest.kind == "list"
    assert len(harvest.rows) == 20_000


MARKS = {
    "comments": "<!--",
    "server comments": "<%--",
    "records": "<datastore><record>",
    "titles": "<h1>甲</h1>",
    "less-than signs": "<",
    "one long tag": "<" + "a" * 200,
    "one long word in a script": "<script>" + "aZ9" * 60,
    "labels": "<p>索引号：</p>",
    "numbers": "1 2 3 ",
    "arrows": "&gt;",
    "lists": "<ul><li><a href='1.html'>云岫县通告</a><span>2026-01-01</span></li></ul>",
    "tables": "<table><tr><td>甲</td><td>乙</td></tr></table>",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_no_mark_repeated_makes_reading_slow(mark: str) -> None:
    """A quadratic rule would take minutes here and run into the limit of every test."""
    check(("<html><body>" + mark * 20_000).encode())


@pytest.mark.parametrize(
    "body", [b"", b" ", b"\x00" * 50, b"<", b"<!--", b"</html>", b"\xff\xfe", "无标记的一句话".encode()]
)
def test_next_to_nothing_is_read_and_doubted(body: bytes) -> None:
    harvest = read_page(open_page(body))
    assert harvest.doubts


@pytest.mark.parametrize("body", [b"%PDF-1.7 x", b"PK\x03\x04xxxx", b"\xd0\xcf\x11\xe0xxxx", b"\x89PNG...."])
def test_files_that_are_no_pages_are_refused_with_advice(body: bytes) -> None:
    with pytest.raises(ReadingError) as refused:
        read_file(body, name="公告.html")
    assert refused.value.advice


def test_a_tag_never_closed_does_not_swallow_the_page() -> None:
    text = "县水文站通报，三月份全县平均降雨量二十七毫米，较常年偏多一成。" * 4
    body = f"<html><head><title>三月雨情<style>p{{}}</head><body><h1>三月雨情</h1><p>{text}</p></body></html>"
    assert "平均降雨量" in read_page(open_page(body.encode())).text
