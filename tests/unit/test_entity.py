"""Transfer-coding and content-coding, and how far they may go."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.entity import dechunk, entity_of, parse_head, payload_of, split_exchange

BODY = "云岫县人民政府公报\n".encode() * 200


def raw_deflate(data: bytes) -> bytes:
    writer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return writer.compress(data) + writer.flush()


def chunked(data: bytes, size: int = 7, extension: bytes = b"") -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(p), extension, p) for p in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "payload"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("GZIP", gzip.compress(BODY, mtime=0)),
        ("x-gzip", gzip.compress(BODY[:50], mtime=0) + gzip.compress(BODY[50:], mtime=0)),
        ("gzip", gzip.compress(BODY, mtime=0) + b"\0" * 40),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("br", brotli.compress(BODY)),
        ("gzip, br", brotli.compress(gzip.compress(BODY, mtime=0))),
        ("gzip", BODY),
        ("deflate", BODY),
        ("br", BODY),
    ],
)
def test_what_was_coded_is_read(coding: str, payload: bytes) -> None:
    assert entity_of(payload, coding, 10**6) == (BODY, False)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_an_empty_payload_is_empty(coding: str) -> None:
    assert entity_of(b"", coding, 100)[0] == b""


@pytest.mark.parametrize(
    ("coding", "payload"), [("gzip", gzip.compress(BODY, mtime=0)), ("deflate", zlib.compress(BODY))]
)
def test_what_breaks_off_is_read_as_far_as_it_goes(coding: str, payload: bytes) -> None:
    body, cut = entity_of(payload[:-12], coding, 10**6)
    assert cut
    assert BODY.startswith(body)
    assert body


def test_an_unknown_coding_is_left_alone() -> None:
    assert entity_of(b"abc", "zstd", 100) == (b"abc", True)


def compress_twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data, 9, mtime=0), 9)


@pytest.mark.parametrize(
    ("coding", "make"),
    [
        ("gzip", gzip.compress),
        ("gzip, gzip", compress_twice),
        ("deflate", zlib.compress),
        ("br", lambda data: brotli.compress(data, quality=3)),
    ],
)
def test_a_bomb_goes_off_only_up_to_the_limit(coding: str, make: object) -> None:
    bomb = make(b"\0" * 60_000_000)  # type: ignore[operator]
    tracemalloc.start()
    body, cut = entity_of(bomb, coding, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert cut
    assert 0 < len(body) <= 1_000_000
    assert peak < 12_000_000


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "x, gzip"]))
def test_any_bytes_are_endured(payload: bytes, coding: str) -> None:
    body, _ = entity_of(payload, coding, 1000)
    assert len(body) <= 1000


@given(st.binary(max_size=2000), st.integers(1, 300))
def test_chunks_come_off(data: bytes, size: int) -> None:
    assert dechunk(chunked(data, size, b";name=value")) == (data, True)


def test_chunks_that_break_off_give_what_came() -> None:
    assert dechunk(b"5\r\nabcde\r\n5\r\nfg") == (b"abcdefg", False)
    assert dechunk(b"5\r\nabcde\r\n") == (b"abcde", False)
    assert dechunk(b"5\nabcde\n0\n\n") == (b"abcde", True)
    assert dechunk(b"") == (b"", False)


def test_what_is_not_chunked_though_it_says_so_is_left() -> None:
    assert dechunk(b"<html>") == (b"<html>", False)
    assert payload_of(b"<html>", (("Transfer-Encoding", "chunked"),)) == b"<html>"


@given(st.binary(max_size=300))
def test_any_chunking_is_endured(data: bytes) -> None:
    dechunk(data)
    split_exchange(data)
    parse_head(data)


def test_the_announced_length_bounds_the_payload() -> None:
    assert payload_of(b"abcdef", (("Content-Length", "4"),)) == b"abcd"
    assert payload_of(b"abc", (("Content-Length", "4"),)) == b"abc"
    assert payload_of(b"abc", (("Content-Length", "-1"),)) == b"abc"


def test_a_head_is_read_as_it_stands() -> None:
    wire = "HTTP/1.1 200 好的\r\nX-zZ:  a \r\nx-zz: b\r\nLong: 1\r\n 2\r\n\r\nbody".encode() + b"\xff"
    head, rest = split_exchange(wire)
    assert head + rest == wire
    assert rest == b"body\xff"
    assert parse_head(head) == (200, "好的", (("X-zZ", "a"), ("x-zz", "b"), ("Long", "1 2")))


def test_interim_answers_belong_to_the_head() -> None:
    wire = (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\nA: b\r\n\r\nbody"
    )
    head, rest = split_exchange(wire)
    assert rest == b"body"
    assert parse_head(head) == (404, "No", (("A", "b"),))


@pytest.mark.parametrize("head", [b"", b"garbage", b"HTTP/1.1 abc", b"HTTP/1.1 \xb2\xb3 x", b"\r\n\r\n"])
def test_a_head_that_is_none_has_no_status(head: bytes) -> None:
    assert parse_head(head)[0] == 0


@given(st.lists(st.sampled_from(["A: b", "a:c ", "", " d", "\te: f", "\r", "HTTP/1.1 100 Go on", "x"]), max_size=6))
def test_a_plain_head_is_read_as_one_that_is_not_plain(lines: list[str]) -> None:
    head = "\r\n".join(["HTTP/1.1 200 OK", *lines, ""])
    status, reason, headers = parse_head(f"{head}Z: \u516c\r\n\r\n".encode())
    assert parse_head(f"{head}Z: z\r\n\r\n".encode()) == (status, reason, (*headers[:-1], ("Z", "z")))


@given(st.lists(st.sampled_from([b"\r", b"\n", b"a", b"\r\n", b"HTTP/1.1 100 x"]), max_size=12))
def test_a_head_ends_at_the_first_blank_line(pieces: list[bytes]) -> None:
    wire = b"".join(pieces)
    head, rest = split_exchange(b"HTTP/1.1 200 OK\n" + wire)
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := (b"OK\n" + wire).find(mark)) >= 0]
    assert head + rest == b"HTTP/1.1 200 OK\n" + wire
    assert len(rest) == (len(wire) + 3 - min(ends) if ends else 0)
