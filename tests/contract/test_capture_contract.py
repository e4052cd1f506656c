"""What the wire says is what is captured: byte for byte, whatever Scrapy and Twisted make of it for themselves.

The tap uses names these libraries keep private. If a new version of them breaks this suite, the tap has to be looked at
before that version is taken.
"""

import base64
import gzip
import json
import subprocess
import sys
import zlib
from importlib.metadata import version
from pathlib import Path

import pytest
from rawserver import RawServer

from bulletin.ids import digest

HERE = Path(__file__).parents[1]
PAGE = "<html><body>云岫县政府公报</body></html>".encode()
ZIPPED = gzip.compress(PAGE, mtime=0)


def chunked(body, size=7):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return framed + b"0\r\nX-Trailer: yes\r\n\r\n"


def head(*lines):
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


PLAIN = head("HTTP/1.1 200 OK", f"Content-Length: {len(PAGE)}", "Content-Type: text/html") + PAGE
ODD = head(
    "HTTP/1.1 200 好的",
    "x-ZZ-header: one",
    "X-zz-Header: two",
    "SERVER: 云岫",
    "Set-Cookie: a=1",
    "Transfer-Encoding: chunked",
    "content-encoding: gzip",
) + chunked(ZIPPED)
EARLY = head("HTTP/1.1 103 Early Hints", "Link: </x.css>") + PLAIN
ERROR = head("HTTP/1.1 404 没有", "Content-Length: 4") + b"gone"
CUT = head("HTTP/1.1 200 OK", "Content-Length: 1000", "X-Cut: yes") + PAGE
CUT_CHUNKED = head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunked(PAGE)[:20]
CLOSED = head("HTTP/1.0 200 OK", "Content-Type: text/html") + PAGE
MOVED = head("HTTP/1.1 302 Found", "Location: /plain", "Content-Length: 0")
BAD_ZIP = head("HTTP/1.1 200 OK", f"Content-Length: {len(ZIPPED) - 9}", "Content-Encoding: gzip") + ZIPPED[:-9]
SILENT_ZIP = head("HTTP/1.1 200 OK", f"Content-Length: {len(ZIPPED)}", "Content-Type: text/html") + ZIPPED
BOMB_BODY = zlib.compress(b"0" * 5_000_000, 9)
BOMB = head("HTTP/1.1 200 OK", f"Content-Length: {len(BOMB_BODY)}", "Content-Encoding: deflate") + BOMB_BODY
LONG = head("HTTP/1.1 200 OK", "Content-Type: text/html") + b"x" * 3_000_000

ANSWERS = {
    "/plain": PLAIN,
    "/odd": [ODD[:30], ODD[30:90], ODD[90:]],
    "/early": EARLY,
    "/error": ERROR,
    "/cut": (CUT, "cut"),
    "/cut-chunked": (CUT_CHUNKED, "cut"),
    "/closed": (CLOSED, "cut"),
    "/moved": MOVED,
    "/bad-zip": BAD_ZIP,
    "/silent-zip": SILENT_ZIP,
    "/bomb": BOMB,
    "/long": (LONG, "cut"),
    "/hang": (PLAIN[:-9], "hang"),
}
WHOLE = ("/plain", "/odd", "/early", "/error", "/moved", "/bad-zip", "/silent-zip", "/bomb")


def fetch(base, paths, resolve=None, verify=False, asks=None, **crawl):
    """Path -> captures and errors, and all lines in order, as a process of its own saw them."""
    urls = asks or [{"url": base + path} for path in paths]
    limits = {"private_hosts": True, "timeout": 60.0, "max_page_size": 1_000_000} | crawl
    order = {"urls": urls, "resolve": resolve or {}, "crawl": limits, "verify": verify}
    done = subprocess.run(
        [sys.executable, str(HERE / "captureprobe.py")],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=280,
        cwd=HERE.parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        for name in ("payload", "body", "wire", "request"):
            if line.get(name):
                line[name] = base64.b64decode(line[name])
    return lines


def of(lines, path):
    return next(line for line in lines if line["url"].endswith(path) and "error" not in line)


@pytest.fixture(scope="module")
def plain():
    with RawServer(ANSWERS) as server:
        base = f"http://127.0.0.1:{server.port}"
        lines = fetch(base, [*WHOLE, "/cut", "/cut-chunked", "/closed", "/long"])
        lines += fetch(base, ["/hang"], timeout=8.0)
        yield lines, server


def test_versions_this_suite_was_passed_with():
    assert version("scrapy").startswith("2.19.")
    assert version("twisted").startswith("26.10.")


@pytest.mark.parametrize("path", WHOLE)
def test_wire_bytes_are_kept_exactly(plain, path):
    lines, _ = plain
    said = ANSWERS[path]
    assert of(lines, path)["wire"] == (b"".join(said) if isinstance(said, list) else said)


def test_request_bytes_are_kept_exactly(plain):
    lines, server = plain
    sent = [line["request"] for line in lines if line.get("request")]
    assert sent == server.received


def test_one_connection_serves_many_exchanges(plain):
    _, server = plain
    # One for all that keep it open, and a new one after each answer that ends it.
    assert server.connections <= 6


def test_head_is_read_in_its_own_spelling(plain):
    odd = of(plain[0], "/odd")
    assert odd["reason"] == "好的"
    assert odd["headers"][:3] == [["x-ZZ-header", "one"], ["X-zz-Header", "two"], ["SERVER", "云岫"]]


def test_payload_has_transfer_coding_off_and_content_coding_on(plain):
    odd = of(plain[0], "/odd")
    assert odd["payload"] == ZIPPED
    assert odd["body"] == PAGE
    assert digest(odd["payload"]) == digest(ZIPPED)


def test_interim_answers_are_wire_but_not_head(plain):
    early = of(plain[0], "/early")
    assert (early["status"], early["body"]) == (200, PAGE)


def test_redirects_and_errors_are_exchanges_of_their_own(plain):
    assert of(plain[0], "/moved")["status"] == 302
    assert (of(plain[0], "/error")["status"], of(plain[0], "/error")["reason"]) == (404, "没有")


def test_a_body_ended_by_the_connection_is_whole(plain):
    closed = of(plain[0], "/closed")
    assert (closed["body"], closed["truncated"], closed["wire"]) == (PAGE, "", CLOSED)


@pytest.mark.parametrize(
    ("path", "said", "payload", "reason"),
    [
        ("/cut", CUT, PAGE, "disconnect"),
        ("/cut-chunked", CUT_CHUNKED, PAGE[:12], "disconnect"),
        ("/hang", PLAIN[:-9], PAGE[:-9], "time"),
    ],
)
def test_what_came_of_a_cut_answer_is_kept_and_says_so(plain, path, said, payload, reason):
    lines, _ = plain
    kept = of(lines, path)
    assert kept["truncated"] == reason
    assert kept["wire"] == said
    assert payload.startswith(kept["payload"]) or kept["payload"].startswith(payload)
    assert [line["url"] for line in lines if "error" in line and line["url"].endswith(path)]


def test_a_page_beyond_the_limit_is_kept_as_far_as_it_came(plain):
    kept = of(plain[0], "/long")
    assert kept["truncated"] == "length"
    assert 1_000_000 <= len(kept["payload"]) < 3_000_000
    assert LONG.startswith(kept["wire"])


def test_a_bomb_is_kept_whole_and_unfolded_only_to_the_limit(plain):
    kept = of(plain[0], "/bomb")
    assert kept["payload"] == BOMB_BODY
    assert kept["truncated"] == ""  # of the payload nothing is missing


def test_broken_and_unannounced_compression(plain):
    assert PAGE.startswith(of(plain[0], "/bad-zip")["body"])
    assert of(plain[0], "/silent-zip")["body"] == PAGE


def test_tls_with_keep_alive(tmp_path):
    with RawServer(ANSWERS, tls_folder=tmp_path) as server:
        lines = fetch(f"https://127.0.0.1:{server.port}", ["/plain", "/odd", "/error", "/plain"])
        assert [line["wire"] for line in lines] == [PLAIN, ODD, ERROR, PLAIN]
        assert [line["request"] for line in lines] == server.received
        assert server.connections == 1


@pytest.mark.parametrize(("path", "said"), [("/cut", CUT), ("/cut-chunked", CUT_CHUNKED)])
def test_what_came_of_a_cut_answer_over_tls(tmp_path, path, said):
    with RawServer(ANSWERS, tls_folder=tmp_path) as server:
        lines = fetch(f"https://127.0.0.1:{server.port}", [path])
        kept = of(lines, path)
        assert (kept["wire"], kept["truncated"]) == (said, "disconnect")


def test_a_certificate_nobody_vouches_for_is_an_error(tmp_path):
    with RawServer(ANSWERS, tls_folder=tmp_path) as server:
        lines = fetch(f"https://127.0.0.1:{server.port}", ["/plain"], verify=True)
        assert "error" in lines[0]
        assert server.received == []


def test_posted_bodies_belong_to_the_request():
    with RawServer(ANSWERS) as server:
        ask = {"url": f"http://127.0.0.1:{server.port}/plain", "method": "POST", "body": "page=2&name=公报"}
        lines = fetch("", [], asks=[ask])
        assert lines[0]["request"] == server.received[0]
        assert lines[0]["request"].endswith("page=2&name=公报".encode())


def test_a_host_is_reached_where_the_source_says_under_its_own_name():
    with RawServer(ANSWERS) as server:
        resolve = {"www.yunxiu.example": f"127.0.0.1:{server.port}"}
        lines = fetch("http://www.yunxiu.example", ["/plain"], resolve=resolve, private_hosts=False)
        assert lines[0]["url"] == "http://www.yunxiu.example/plain"
        assert lines[0]["ip"] == "127.0.0.1"
        assert b"Host: www.yunxiu.example\r\n" in server.received[0]


def test_nothing_is_said_to_a_private_address():
    with RawServer(ANSWERS) as server:
        lines = fetch(f"http://127.0.0.1:{server.port}", ["/plain"], private_hosts=False)
        assert lines[0]["error"] == "PrivateAddressError"
        assert server.received == []
