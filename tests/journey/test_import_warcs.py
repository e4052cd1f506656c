"""`gongbao import` of WARC and WACZ that others made: original dates, read like our own; what is broken is told."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from commanding import Gongbao
from crawling import a_county, article
from otherwarcs import HOST, SEEN, Others

from bulletin.config import Settings
from crawler.catalogue import dump_source
from desk.demo.server import Serving
from desk.demo.sites import site
from desk.wiring import Home

FIRST = article(1).replace("</body>", '<p>附件：<a href="/gb/1.doc">台账样表.doc</a></p></body>')


def three() -> Others:
    made = Others()
    made.add(
        "/gb/1.html", article(1).replace("</body>", '<p>附件：<a href="/gb/1.doc">台账样表.doc</a></p></body>').encode()
    )
    made.add("/gb/1.doc", b"\xd0\xcf\x11\xe0 sheet", kind="application/msword")
    second = made.add("/gb/2.html", article(2).encode(), SEEN + timedelta(seconds=1))
    made.again("/gb/2.html", second, SEEN + timedelta(days=400))
    made.add("/robots.txt", b"User-agent: *\n", kind="text/plain")
    made.add("/gb/9.html", b"<html><title>x</title>no such page</html>", status="404 Not Found")
    return made


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    command = Gongbao(tmp_path / "home")
    file = tmp_path / "yunxiu.toml"
    file.write_text(dump_source(a_county("127.0.0.1:9")), encoding="utf-8")
    assert command("source", "add", str(file)).code == 0
    return command


def put(tmp_path: Path, data: bytes, name: str = "others.warc.gz") -> str:
    (tmp_path / name).write_bytes(data)
    return str(tmp_path / name)


def test_captures_keep_their_dates_and_are_read_like_our_own(gongbao: Gongbao, tmp_path: Path) -> None:
    told = gongbao("import", put(tmp_path, three().data), "--json")
    assert (told.code, told.json["errors"]) == (0, [])
    assert (told.json["new"], told.json["unchanged"], told.json["captures"]) == (2, 1, 6)
    first = gongbao("show", f"{HOST}/gb/1.html", "--json").json
    assert first["source"] == "619901_yunxiu"
    assert first["title"] == "云岫县人民政府第1号通知"
    assert (first["fetched_at"], first["first_seen"]) == ("2019-03-20T04:05:06Z",) * 2
    assert first["read_by"].startswith("trs/")
    assert [(a["name"], a["size"]) for a in first["attachments"]] == [("台账样表.doc", 10)]
    second = gongbao("show", f"{HOST}/gb/2.html", "--json").json
    assert second["last_seen"] == "2020-04-23T04:05:06Z"
    assert gongbao("search", "台账", "--json").json["total"] == 2
    assert gongbao("show", f"{HOST}/gb/1.html", "--raw").out == FIRST


def test_what_the_contents_of_an_issue_name_gets_that_issue(gongbao: Gongbao, tmp_path: Path) -> None:
    titles = "".join(f"<p><a href='/gb/{n}.html'>云岫县人民政府关于第{n}件事项的通知</a></p>" for n in (1, 2, 3))
    issue = f"<h1>云岫县人民政府公报2019年第3期</h1><div class=TRS_Editor>{titles}</div>"
    made = three()
    made.add("/gb/issue.html", f"<html><title>公报2019年第3期</title><body>{issue}</body></html>".encode())
    told = gongbao("import", put(tmp_path, made.data), "--json")
    assert (told.json["new"], told.json["errors"]) == (3, [])
    second = gongbao("show", f"{HOST}/gb/2.html", "--json").json
    assert (second["issue"], second["evidence"]["issue"]["from"]) == ("2019年第3期", "contents")
    assert len(gongbao("show", f"{HOST}/gb/issue.html", "--json").json["rows"]) == 3


def test_what_was_taken_in_verifies_and_says_whose_it_was(gongbao: Gongbao, tmp_path: Path) -> None:
    gongbao("import", put(tmp_path, three().data))
    assert gongbao("verify", "--json").json["faults"] == []
    kept = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / "home" / "vault").iterdir())
    assert kept.count(b"Gongbao-Bytes: as-found") == 6
    assert b"Gongbao-Bytes: exact" not in kept
    assert b"others.warc.gz@" in kept
    assert kept.count(b"WARC-Type: revisit") == 1


def test_the_same_file_again_brings_nothing_new(gongbao: Gongbao, tmp_path: Path) -> None:
    file = put(tmp_path, three().data)
    gongbao("import", file)
    size = sum(path.stat().st_size for path in (tmp_path / "home" / "vault").iterdir())
    again = gongbao("import", file, "--json").json
    assert (again["captures"], again["new"], again["changed"]) == (0, 0, 0)
    assert sum(path.stat().st_size for path in (tmp_path / "home" / "vault").iterdir()) == size


def test_a_broken_record_is_told_and_the_rest_taken_in(gongbao: Gongbao, tmp_path: Path) -> None:
    made = Others()
    made.add("/gb/1.html", article(1).encode())
    made.add("/gb/2.html", article(2).encode())
    made.add("/gb/3.html", article(3).encode())
    # The fourth response lies; the last record is cut off.
    lying = Others()
    lying.add("/gb/4.html", article(4).encode())
    lie = re.sub(rb"(Payload-Digest: sha1:)\w", rb"\g<1>7", gzip.decompress(lying.data))
    told = gongbao("import", put(tmp_path, made.data + gzip.compress(lie) + made.data[:200]), "--json").json
    assert told["new"] == 3
    reasons = " ".join(error["error"] for error in told["errors"])
    assert "digest" in reasons
    assert "breaks off" in reasons


def test_a_file_of_another_county_belongs_to_nobody_known(gongbao: Gongbao, tmp_path: Path) -> None:
    made = Others("http://www.songquan.example")
    # Whose site the page says it is, nobody known can deny.
    own = "<meta name=SiteDomain content=www.songquan.example><meta name=SiteIDCode content=6199020003>"
    made.add("/gb/1.html", article(1).replace("<head>", f"<head>{own}").encode())
    told = gongbao("import", put(tmp_path, gzip.decompress(made.data), "plain.warc"), "--json").json
    assert (told["new"], told["failed"], told["unread"]) == (1, 0, [])
    assert gongbao("show", "http://www.songquan.example/gb/1.html", "--json").json["doubts"] == []
    assert gongbao("show", "http://www.songquan.example/gb/1.html", "--json").json["source"] == "import"
    chosen = gongbao("import", put(tmp_path, made.data, "b.warc.gz"), "--source", "619901_yunxiu")
    assert "0 new" in chosen.err
    assert "belongs to www.songquan.example" in chosen.err


def a_wacz(path: Path, members: dict[str, bytes], stated: dict[str, bytes] | None = None) -> str:
    resources = [
        {"path": name, "hash": "sha256:" + hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in (stated or members).items()
    ]
    with zipfile.ZipFile(path, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
        out.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": resources}))
    return str(path)


def test_a_wacz_and_a_zip_of_them_come_in(gongbao: Gongbao, tmp_path: Path) -> None:
    inner = a_wacz(tmp_path / "a.wacz", {"archive/data.warc.gz": three().data, "pages/pages.jsonl": b"{}\n"})
    assert gongbao("import", inner, "--json").json["new"] == 2
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as out:
        out.write(inner, "deep/a.wacz")
        out.writestr("deep/page.html", article(77))
    other = Gongbao(tmp_path / "other")
    assert other("import", str(tmp_path / "b.zip"), "--json").json["new"] == 3


def test_tricks_of_packages_are_refused(gongbao: Gongbao, tmp_path: Path) -> None:
    good, bomb = three().data, gzip.compress(b"\0" * 50_000_000)
    wacz = a_wacz(
        tmp_path / "t.wacz", {"../../evil.warc.gz": good, "/evil.warc.gz": good, "archive/data.warc.gz": good + bomb}
    )
    with zipfile.ZipFile(wacz, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("archive/zeros.warc", b"\0" * 30_000_000)
    told = gongbao("import", wacz, "--json").json
    assert told["new"] == 2
    reasons = [error["error"] for error in told["errors"]]
    assert len([r for r in reasons if "leads out" in r]) == 2
    assert any("hundred times" in r for r in reasons)
    assert not list(tmp_path.rglob("evil*"))
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_record_that_unfolds_without_end_is_refused(
    gongbao: Gongbao, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.foreign.LARGEST", 2_000_000)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example/\r\nContent-Length: 90000000\r\n\r\n"
    bomb = gzip.compress(head + b"\0" * 90_000_000)
    told = gongbao("import", put(tmp_path, bomb + three().data), "--json").json
    assert told["new"] == 2
    assert "larger" in told["errors"][0]["error"]


def test_a_package_whose_digest_lies_is_told(gongbao: Gongbao, tmp_path: Path) -> None:
    wacz = a_wacz(tmp_path / "t.wacz", {"archive/data.warc.gz": three().data}, {"archive/data.warc.gz": b"other"})
    told = gongbao("import", wacz, "--json")
    assert told.code == 4
    assert told.json["new"] == 2
    assert "datapackage.json" in told.json["errors"][0]["error"]


def test_a_package_damaged_where_it_is_compressed_is_told(gongbao: Gongbao, tmp_path: Path) -> None:
    name = a_wacz(tmp_path / "whole.wacz", {"archive/data.warc.gz": three().data, "pages/pages.jsonl": b"{}\n" * 99})
    for part in ("archive/data.warc.gz", "pages/pages.jsonl", "datapackage.json"):
        path = tmp_path / "damaged" / "x.wacz"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(name) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for member in whole.namelist():
                out.writestr(member, whole.read(member))
            start = out.getinfo(part).header_offset + 30 + len(part)
        data = bytearray(path.read_bytes())
        data[start : start + 9] = b"\xff" * 9
        path.write_bytes(data)
        assert gongbao("import", str(path)).code in (0, 4)
        told = gongbao("verify", "--export", str(path.parent), "--json")
        assert told.code == 7
        assert any(part in fault["item"] or "read" in fault["reason"] for fault in told.json["faults"])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x1f\x8b", b"WARC/1.0\r\n\r\n", b"\0" * 99])
@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc", "x.wacz"])
def test_any_bytes_are_endured(gongbao: Gongbao, tmp_path: Path, name: str, data: bytes) -> None:
    told = gongbao("import", put(tmp_path, data, name), "--json")
    assert told.code in (0, 4)
    assert told.json["new"] == 0


def test_our_own_export_comes_back_as_it_was(tmp_path: Path) -> None:
    first, second = Gongbao(tmp_path / "first"), Gongbao(tmp_path / "second")
    with Serving([site("paged")]) as serving:
        file = tmp_path / "paged.toml"
        file.write_text(site("paged").source_toml(serving.address), encoding="utf-8")
        for command in (first, second):
            command("source", "add", str(file))
        assert first("crawl").code == 0
    out = str(tmp_path / "all.wacz")
    assert first("export", "--format", "wacz", "-o", out).code == 0
    told = second("import", out, "--json")
    assert told.json["errors"] == []
    texts = [
        {b["url"]: (b["text"], b["content_digest"]) for b in c("export", "--format", "jsonl").jsonl}
        for c in (first, second)
    ]
    assert texts[0] == texts[1]
    with Home(Settings(home=tmp_path / "second")) as home:
        assert home.archive.counts()["captures"] == told.json["captures"]
    assert second("verify").code == 0
