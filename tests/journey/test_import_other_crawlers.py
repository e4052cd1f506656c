"""`gongbao import` of WARC files in the manners of the crawlers most people have: wget, Heritrix, Browsertrix."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path

import pytest
from commanding import Gongbao
from crawling import a_county, article
from otherwarcs import HOST

from crawler.catalogue import dump_source

PAGES = {f"{HOST}/gb/{n}.html": article(n).encode() for n in (1, 2)}
FIRST, SECOND = PAGES
DAYS = ("2019-03-20T04:05:06Z", "2020-04-23T04:05:06Z")


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def record(version: str, kind: str, block: bytes, **fields: str) -> bytes:
    named = {"WARC-Type": kind, "WARC-Date": DAYS[0]} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    lines = [f"WARC/{version}", *(f"{n}: {v}" for n, v in named.items()), f"Content-Length: {len(block)}", "", ""]
    return gzip.compress("\r\n".join(lines).encode() + block + b"\r\n\r\n", mtime=0)


def answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def asked(url: str) -> bytes:
    return f"GET {url.removeprefix(HOST)} HTTP/1.1\r\nHost: www.yunxiu.example\r\n\r\n".encode()


def wget() -> bytes:
    """URIs in angle brackets; the request in front, named by the response; its own log behind."""
    made = record("1.0", "warcinfo", b"software: Wget/1.20.3 (linux-gnu)\r\n", WARC_Record_ID="<urn:uuid:i>")
    for url, body in PAGES.items():
        uri = {"WARC_Target_URI": f"<{url}>", "WARC_Date": DAYS[0], "WARC_Warcinfo_ID": "<urn:uuid:i>"}
        made += record("1.0", "request", asked(url), WARC_Record_ID=f"<urn:uuid:q{url}>", **uri)
        uri |= {"WARC_Concurrent_To": f"<urn:uuid:q{url}>", "WARC_Payload_Digest": sha1(body)}
        block = answer(body)
        uri["WARC_Block_Digest"] = sha1(block)
        made += record("1.0", "response", block, WARC_Record_ID=f"<urn:uuid:r{url}>", **uri)
    log = "<metadata://gnu.org/software/wget/warc/wget.log>"
    return made + record("1.0", "resource", b"100%", WARC_Target_URI=log, WARC_Date=DAYS[0], WARC_Record_ID="<urn:l>")


def heritrix() -> bytes:
    """Names that were looked up are records too; the request behind; a revisit that says only what its payload was."""
    made = record("1.0", "warcinfo", b"software: Heritrix/3.4.0\r\n", WARC_Record_ID="<urn:uuid:i>")
    looked_up = {"WARC_Target_URI": "dns:www.yunxiu.example", "WARC_Date": DAYS[0], "Content_Type": "text/dns"}
    made += record("1.0", "response", b"20190320040506\nwww.yunxiu.example.\t600\tIN\tA\t192.0.2.1\n", **looked_up)
    for url, body in PAGES.items():
        uri = {"WARC_Target_URI": url, "WARC_Date": DAYS[0]}
        told = {"WARC_Payload_Digest": sha1(body), "WARC_IP_Address": "192.0.2.1"}
        made += record("1.0", "response", answer(body), WARC_Record_ID=f"<urn:uuid:r{url}>", **uri, **told)
        beside = {"WARC_Concurrent_To": f"<urn:uuid:r{url}>"}
        made += record("1.0", "request", asked(url), WARC_Record_ID=f"<urn:uuid:q{url}>", **uri, **beside)
        made += record("1.0", "metadata", b"via: http://www.yunxiu.example/gb/\r\n", **uri, **beside)
    again = {"WARC_Target_URI": SECOND, "WARC_Date": DAYS[1], "WARC_Payload_Digest": sha1(PAGES[SECOND])}
    again["WARC_Profile"] = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    return made + record(
        "1.0", "revisit", answer(PAGES[SECOND]).removesuffix(PAGES[SECOND]), WARC_Record_ID="<urn:uuid:v>", **again
    )


def browsertrix() -> bytes:
    """WARC 1.1 with fractions, fields of its own, and what the browser saw as records of their own."""
    made = record("1.1", "warcinfo", b"software: Browsertrix-Crawler 1.5.0\r\n", WARC_Record_ID="<urn:uuid:i>")
    for url, body in PAGES.items():
        uri = {"WARC_Target_URI": url, "WARC_Date": DAYS[0].replace("Z", ".123Z")}
        own = {"WARC_Page_ID": "7f1e", "WARC_Resource_Type": "document", "WARC_Protocol": "h2", "Host": "x"}
        told = {"WARC_Payload_Digest": "sha256:" + hashlib.sha256(body).hexdigest()}
        made += record("1.1", "response", answer(body), WARC_Record_ID=f"<urn:uuid:r{url}>", **uri, **own, **told)
        beside = {"WARC_Concurrent_To": f"<urn:uuid:r{url}>"}
        made += record("1.1", "request", asked(url), WARC_Record_ID=f"<urn:uuid:q{url}>", **uri, **beside)
        seen = json.dumps({"pageid": "7f1e", "urls": {url: {"status": 200}}}).encode()
        info = {"WARC_Target_URI": f"urn:pageinfo:{url}", "Content_Type": "application/json"}
        made += record("1.1", "resource", seen, WARC_Record_ID=f"<urn:uuid:p{url}>", **(uri | info))
    return made


@pytest.mark.parametrize(("crawler", "unchanged"), [(wget, 0), (heritrix, 1), (browsertrix, 0)])
def test_its_captures_are_read_like_our_own(tmp_path: Path, crawler: object, unchanged: int) -> None:
    gongbao = Gongbao(tmp_path / "home")
    (tmp_path / "yunxiu.toml").write_text(dump_source(a_county("127.0.0.1:9")), encoding="utf-8")
    assert gongbao("source", "add", str(tmp_path / "yunxiu.toml")).code == 0
    file = tmp_path / "others.warc.gz"
    file.write_bytes(crawler())  # type: ignore[operator]
    told = gongbao("import", str(file), "--json").json
    assert (told["new"], told["unchanged"], told["errors"]) == (2, unchanged, [])
    for n, url in enumerate(PAGES, 1):
        shown = gongbao("show", url, "--json").json
        assert (shown["title"], shown["source"]) == (f"云岫县人民政府第{n}号通知", "619901_yunxiu")
        assert shown["first_seen"].startswith(DAYS[0][:-1])
        assert gongbao("show", url, "--raw").out == PAGES[url].decode()
    assert gongbao("show", SECOND, "--json").json["last_seen"].startswith(DAYS[bool(unchanged)][:-1])
    assert gongbao("verify", "--json").json["faults"] == []
