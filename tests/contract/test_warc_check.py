"""The twelve rules: kept by all we write, and each seen where it is broken, also where `warcio check` sees nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from builders import NOW, a_capture
from hypothesis import given
from hypothesis import strategies as st
from warcio.cli import main as warcio

from archive import open_vault
from archive.warc_check import RULES, Finding, check
from archive.warc_format import _general_record, _usual_record, member, record_in
from bulletin.capture import Capture

LATER = datetime(2027, 1, 1, tzinfo=UTC)
URL = "http://www.yunxiu.example/1.html"
REQUEST = b"GET /1.html HTTP/1.1\r\nHost: www.yunxiu.example\r\n\r\n"
BODY = "云岫县公告".encode() * 40


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data)


def record(kind: str, block: bytes, **fields: str) -> bytes:
    named = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{kind}>", "WARC-Date": "2026-04-01T02:00:00Z"}
    named |= {"WARC-Target-URI": URL} if kind != "warcinfo" else {}
    named |= {name.replace("_", "-"): value for name, value in fields.items()}
    return member("1.1", list(named.items()), block)


def response(head: str, body: bytes, payload: bytes | None = None, **fields: str) -> bytes:
    digest = sha256(body if payload is None else payload)
    kept = {"WARC_Payload_Digest": digest, "Content_Type": "application/http; msgtype=response"} | fields
    return record("response", head.encode() + b"\r\n\r\n" + body, **kept)


def faults(folder: Path, data: bytes, severity: str = "fault") -> list[int]:
    (folder / "x.warc.gz").write_bytes(data)
    found = check([folder / "x.warc.gz"], now=LATER)
    return sorted({finding.rule for finding in found if finding.severity == severity})


ASKED = record("request", REQUEST)
FINE = response(f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}", BODY) + ASKED


def test_everything_we_write_keeps_all_rules(tmp_path: Path) -> None:
    packed = gzip.compress(BODY)
    wires = [
        (b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY, BODY, ""),
        (b"HTTP/1.1 200 \xe5\xa5\xbd\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BODY), BODY, ""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked(packed),
            packed,
            "",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + BODY, BODY, "disconnect"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", b"", ""),
    ]
    with open_vault(tmp_path, size=3000) as vault:
        for n, (wire, payload, truncated) in enumerate(wires):
            capture = Capture(f"{URL}?{n}", NOW, 200, (), payload, payload, "", wire, REQUEST, truncated=truncated)
            first = vault.keep(capture)
            again = replace(capture, fetched_at=NOW + timedelta(days=1))
            vault.keep(again, (first, capture.url, NOW))
            vault.keep(replace(again, status=304, wire=b"HTTP/1.1 304 Not Modified\r\n\r\n"), (first, URL, NOW))
        vault.keep(a_capture(url="http://www.yunxiu.example/云岫?甲#x", request=REQUEST))
        vault.keep(Capture("urn:sha256:ab", NOW, 200, (("Content-Type", "text/plain"),), b"x", b"x", resource=True))
    assert len(list(tmp_path.iterdir())) > 1
    assert [f for f in check(sorted(tmp_path.iterdir()), now=LATER) if f.severity == "fault"] == []


BROKEN: dict[str, tuple[int, bytes]] = {
    "two records in one member": (1, gzip.compress(gzip.decompress(FINE))),
    "cut in the middle": (1, FINE[:-20]),
    "damaged": (1, FINE[:60] + bytes([FINE[60] ^ 255]) + FINE[61:]),
    "block digest lies": (2, record("response", b"HTTP/1.1 200 OK\r\n\r\nx", WARC_Block_Digest=sha256(b"y")) + ASKED),
    "payload digest lies": (2, response("HTTP/1.1 200 OK", b"x", b"y") + ASKED),
    "unknown digest": (2, response("HTTP/1.1 200 OK", b"x", WARC_Payload_Digest="crc:1") + ASKED),
    "decoded body called gzip": (3, response("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", BODY) + ASKED),
    "half a gzip body": (
        3,
        response("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", gzip.compress(BODY)[:-9]) + ASKED,
    ),
    "unchunked body called chunked": (4, response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", BODY) + ASKED),
    "chunked body not called so": (4, response("HTTP/1.1 200 OK", chunked(BODY)) + ASKED),
    "chunks that break off": (
        4,
        response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", chunked(BODY)[:-40], BODY[: -40 + 7]) + ASKED,
    ),
    "compressed length over a decoded body": (5, response("HTTP/1.1 200 OK\r\nContent-Length: 99", BODY) + ASKED),
    "no status line": (6, record("response", b"<html>\r\n\r\n") + ASKED),
    "no blank line": (6, record("response", b"HTTP/1.1 200 OK\r\nA: b\r\n") + ASKED),
    "no request": (7, response("HTTP/1.1 200 OK", BODY)),
    "a request of another date": (
        7,
        response("HTTP/1.1 200 OK", BODY) + record("request", REQUEST, WARC_Date="2026-04-01T02:00:01Z"),
    ),
    "a revisit of nothing": (
        8,
        record(
            "revisit",
            b"HTTP/1.1 200 OK\r\n\r\n",
            WARC_Refers_To_Target_URI=URL,
            WARC_Refers_To_Date="2025-01-01T00:00:00Z",
        )
        + ASKED,
    ),
    "a revisit of another payload": (
        8,
        FINE
        + record(
            "revisit",
            b"HTTP/1.1 200 OK\r\n\r\n",
            WARC_Refers_To_Target_URI=URL,
            WARC_Refers_To_Date="2026-04-01T02:00:00Z",
            WARC_Payload_Digest=sha256(b"other"),
        ),
    ),
    "304 that says nothing": (
        8,
        record("revisit", b"HTTP/1.1 304 x\r\n\r\n", WARC_Profile="http://x/revisit/server-not-modified") + ASKED,
    ),
    "fragment": (9, response("HTTP/1.1 200 OK", BODY, WARC_Target_URI=URL + "#x") + ASKED),
    "relative": (9, record("resource", b"x", WARC_Target_URI="/1.html")),
    "not ASCII": (9, record("resource", b"x", WARC_Target_URI="http://www.yunxiu.example/云岫")),
    "no URI": (9, record("resource", b"x", WARC_Target_URI="http://[")),
    "from the future": (12, record("metadata", b"x", WARC_Date="2027-01-01T00:06:00Z")),
    "no date": (12, record("metadata", b"x", WARC_Date="yesterday")),
}


@pytest.mark.parametrize(("rule", "data"), BROKEN.values(), ids=BROKEN.keys())
def test_what_breaks_a_rule_is_found(tmp_path: Path, rule: int, data: bytes) -> None:
    assert rule in faults(tmp_path, data)


def test_every_rule_that_can_be_broken_has_an_example() -> None:
    assert {rule for rule, _ in BROKEN.values()} | {10, 11} == set(RULES)


@pytest.mark.parametrize("name", ["decoded body called gzip", "unchunked body called chunked"])
def test_some_of_it_warcio_lets_pass(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.warc.gz").write_bytes(BROKEN[name][1])
    with pytest.raises(SystemExit) as ended:
        warcio(["check", str(tmp_path / "x.warc.gz")])
    assert ended.value.code == 0


def test_a_sound_file_has_no_findings(tmp_path: Path) -> None:
    assert faults(tmp_path, FINE) == faults(tmp_path, FINE, "note") == []
    assert faults(tmp_path, gzip.decompress(FINE)) == []


def test_digests_of_others_are_understood(tmp_path: Path) -> None:
    body = chunked(BODY)
    sha1 = "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()
    data = response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", body, WARC_Payload_Digest=sha1) + ASKED
    assert faults(tmp_path, data) == []
    assert faults(tmp_path, data, "note") == [2]


def test_what_follows_a_broken_record_is_still_looked_at(tmp_path: Path) -> None:
    lying = response("HTTP/1.1 200 OK", b"x", b"y")
    damaged = FINE[:40] + bytes([FINE[40] ^ 255]) + FINE[41 : len(FINE) // 2]
    assert faults(tmp_path, damaged + lying) == [1, 2, 7]


def test_charsets_and_missing_files_are_notes(tmp_path: Path) -> None:
    page = b'<meta charset="gb2312"><img src="a.png">' + "公告".encode("gb18030") + b"\xff\xff"
    data = response("HTTP/1.1 200 OK\r\nContent-Type: text/html", page) + ASKED
    assert faults(tmp_path, data) == []
    assert faults(tmp_path, data, "note") == [10, 11]


@pytest.mark.parametrize("page", ["http://h.example", "http://h.example/a/b.html", "http://h.example/a/?x=/y/z"])
def test_what_a_page_needs_is_found_where_browsers_look(tmp_path: Path, page: str) -> None:
    links = ("c.css", "../d.js", "/e.png", "//o.example/f.gif", "?v=1", "./g/", "http://p.example/h", "i:j", "#k")
    tags = zip(links, ("LINK href", "script src", "iMg src", "img SRC", "embed src", "iframe src") * 2, strict=False)
    body = "".join(f"<{tag}='{link}'><li class='a'><lin>" for link, tag in tags)
    needed = {urldefrag(urljoin(page, link)).url for link in links} - {"i:j"}
    data = response("HTTP/1.1 200 OK\r\nContent-Type: text/html", body.encode(), WARC_Target_URI=page)
    there = [response("HTTP/1.1 200 OK", b"", WARC_Target_URI=url) for url in sorted(needed - {page})]
    (tmp_path / "x.warc.gz").write_bytes(b"".join([data, *there]))
    assert [f.reason for f in check([tmp_path / "x.warc.gz"], now=LATER) if f.rule == 11] == []
    (tmp_path / "x.warc.gz").write_bytes(b"".join([data, *there[1:]]))
    assert [f.reason for f in check([tmp_path / "x.warc.gz"], now=LATER) if f.rule == 11] == [
        f"1 of {len(needed)} files it shows are not here, {sorted(needed - {page})[0]} first"
    ]


def test_a_normalised_capture_may_lack_its_request(tmp_path: Path) -> None:
    with open_vault(tmp_path) as vault:
        vault.keep(a_capture())
    findings = list(check(tmp_path.iterdir(), now=LATER))
    assert [(f.rule, f.severity) for f in findings] == [(7, "note")]
    assert isinstance(findings[0], Finding)
    assert findings[0].record_id.startswith("<urn:uuid:")


def test_any_bytes_are_endured(tmp_path: Path) -> None:
    for data in (
        b"",
        b"\x1f\x8b",
        b"\x1f\x8b\x08" * 50,
        b"WARC/1.1\r\n",
        b"WARC/1.1\r\nContent-Length: -5\r\n\r\n",
        b"\0" * 99,
    ):
        faults(tmp_path, data)


_NAMES = st.sampled_from(["WARC-Type", "Content-Length", "content-length", "WARC-Date", "X", "", " X", "Ü"])
_VALUES = st.sampled_from(["response", "3", "3 ", " 3", "03", "0x3", "", "a: b", "a  b", "\tb", "云", "4\r\n more"])


@given(
    st.sampled_from(["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/2.0", "warc/1.1"]),
    st.lists(st.tuples(_NAMES, st.sampled_from([": ", ":", ":  "]), _VALUES), max_size=5),
    st.sampled_from(["\r\n", "\n"]),
)
def test_the_short_way_through_a_head_reads_what_the_long_way_reads(
    version: str, fields: list[tuple[str, str, str]], end: str
) -> None:
    head = end.join([version, *("".join(field) for field in fields), "", ""]).encode()
    plain = b"???" + head + b"abc\r\n\r\n"
    short = _usual_record(plain, 3)
    if short is not None:
        assert short == _general_record(plain, 3)
    assert record_in(plain, 3) == _general_record(plain, 3)


def test_our_own_heads_go_the_short_way() -> None:
    plain = zlib.decompress(member("1.1", [("WARC-Type", "metadata"), ("WARC-Date", "x")], b"abc"), 31)
    assert _usual_record(plain, 0) is not None
