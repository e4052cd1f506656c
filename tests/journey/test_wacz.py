"""Captures handed on: WACZ and WARC of a selection, complete, by the rules, and replayable.

py-wacz, cdxj-indexer and pywb (GPL) are no part of the environment: they bear witness where GONGBAO_TEST_PYWB names the
`bin` folder of an environment that has them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from commanding import Gongbao
from homes import HOST, a_home

from archive import open_vault
from archive.cdxj import entry_of, surt
from archive.warc_check import check
from archive.warc_format import Record
from archive.warc_walk import walk
from bulletin.query import Filters
from desk.demo.server import Serving
from desk.demo.sites import site

LATER = datetime(2030, 1, 1, tzinfo=UTC)
SITES = ("F1", "express", "news", "disclosure", "paged", "collection", "F2", "F3", "F4", "F5", "F6", "F7")
WITNESS = os.environ.get("GONGBAO_TEST_PYWB", "")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wacz") / "home"
    with a_home(folder, warc_size=2500):
        return folder


@pytest.fixture(scope="module")
def wacz(home: Path) -> Path:
    out = home.parent / "云岫.wacz"
    told = Gongbao(home)("export", "--format", "wacz", "-o", str(out))
    assert told.code == 0, told.err
    return out


def inside(wacz: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wacz) as opened:
        assert opened.testzip() is None
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
        return {info.filename: opened.read(info) for info in opened.infolist()}


def test_it_is_what_its_package_says(wacz: Path) -> None:
    files = inside(wacz)
    package = json.loads(files["datapackage.json"])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    named = {resource["path"]: resource for resource in package["resources"]}
    assert named.keys() == files.keys() - {"datapackage.json", "datapackage-digest.json"}
    for path, resource in named.items():
        digest = "sha256:" + hashlib.sha256(files[path]).hexdigest()
        assert (resource["hash"], resource["bytes"]) == (digest, len(files[path]))
    stated = json.loads(files["datapackage-digest.json"])
    assert stated["hash"] == "sha256:" + hashlib.sha256(files["datapackage.json"]).hexdigest()


def test_its_pages_are_the_bulletins(home: Path, wacz: Path) -> None:
    head, *pages = (json.loads(line) for line in inside(wacz)["pages/pages.jsonl"].splitlines())
    assert head["format"] == "json-pages-1.0"
    exported = Gongbao(home)("export", "--format", "jsonl").jsonl
    assert [(p["id"], p["url"], p["title"]) for p in pages] == [(b["id"], b["url"], b["title"]) for b in exported]
    assert all(p["ts"].endswith("Z") for p in pages)


def index(files: dict[str, bytes]) -> Iterator[tuple[str, str, dict[str, str]]]:
    heads = files["indexes/index.idx"].decode().splitlines()
    assert heads[0].startswith("!meta 0 ")
    for line in heads[1:]:
        place = json.loads(line.split(" ", 2)[2])
        block = files["indexes/" + place["filename"]][place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == "sha256:" + hashlib.sha256(block).hexdigest()
        for entry in gzip.decompress(block).decode().splitlines():
            key, stamp, fields = entry.split(" ", 2)
            yield key, stamp, json.loads(fields)


def test_its_index_leads_to_every_capture(wacz: Path) -> None:
    files = inside(wacz)
    lines = list(index(files))
    assert lines == sorted(lines, key=lambda line: (line[0], line[1]))
    for key, _, fields in lines:
        place = slice(int(fields["offset"]), int(fields["offset"]) + int(fields["length"]))
        head = gzip.decompress(files["archive/data.warc.gz"][place]).partition(b"\r\n\r\n")[0].decode()
        assert f"WARC-Target-URI: {fields['url']}\r\n" in head
        assert key == surt(fields["url"])
    urls = {fields["url"] for _, _, fields in lines}
    assert urls == {f"{HOST}/gb/{n}.html" for n in range(6)} | {f"{HOST}/gb/1.doc"}
    # Both states of the changed article, and the second look at the unchanged one.
    assert len(lines) == 9
    assert [fields["mime"] for _, _, fields in lines].count("warc/revisit") == 1


def test_an_index_of_the_vault_itself_says_the_same(home: Path, wacz: Path) -> None:
    out = home.parent / "vault.cdxj"
    assert Gongbao(home)("export", "--format", "cdxj", "-o", str(out)).code == 0
    lines = [line.split(" ", 2) for line in out.read_text(encoding="ascii").splitlines()]
    assert [line[:2] for line in lines] == [list(line[:2]) for line in index(inside(wacz))]
    assert len({json.loads(line[2])["filename"] for line in lines}) > 1
    for _, _, said in lines:
        fields = json.loads(said)
        start = int(fields["offset"])
        data = (home / "vault" / fields["filename"]).read_bytes()[start : start + int(fields["length"])]
        assert f"WARC-Target-URI: {fields['url']}\r\n".encode() in gzip.decompress(data)


@pytest.mark.parametrize("name", ["wacz", "warc"])
def test_its_captures_keep_the_rules_and_are_the_kept_bytes(home: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / f"out.{name}"
    assert Gongbao(home)("export", "--format", name, "-o", str(out)).code == 0
    data = inside(out)["archive/data.warc.gz"] if name == "wacz" else out.read_bytes()
    warc = tmp_path / "data.warc.gz"
    warc.write_bytes(data)
    assert [f for f in check([warc], now=LATER) if f.severity == "fault"] == []
    kept = b"".join(path.read_bytes() for path in sorted((home / "vault").iterdir()))
    with warc.open("rb") as stream:
        for step in walk(warc):
            stream.seek(step.offset)
            assert stream.read(step.length) in kept


def test_only_what_shows_the_chosen_bulletins_is_in_it(home: Path, tmp_path: Path) -> None:
    assert Gongbao(home)("export", "--query", "第3号", "--format", "warc", "-o", str(tmp_path / "x")).code == 0
    found = {step.record.field("WARC-Target-URI") for step in walk(tmp_path / "x") if step.record}
    assert found == {"", f"{HOST}/gb/3.html"}


@pytest.mark.parametrize("name", ["warc", "wacz", "cdxj"])
def test_what_is_damaged_is_left_out_and_named(tmp_path: Path, name: str) -> None:
    place = tmp_path / "home"
    with a_home(place, articles=4) as home:
        record = home.archive.revision(next(home.archive.select(Filters()))[0].id).record
    path = place / "vault" / record.warc
    data = bytearray(path.read_bytes())
    middle = record.offset + record.length // 2
    data[middle : middle + 20] = bytes(20)
    path.write_bytes(data)
    told = Gongbao(place)("export", "--format", name, "-o", str(tmp_path / "out"))
    assert told.code == 7
    assert "1 damaged records were left out" in told.err
    said = json.loads((tmp_path / "out.manifest.json").read_bytes())
    assert list(said["damaged"]) == [f"{record.warc}@{record.offset}"]
    assert said["counts"]["bulletins"] == 4
    assert (tmp_path / "out").stat().st_size > 100


def test_an_export_of_nothing_is_still_one(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.wacz"
    assert (
        Gongbao(home)(
            "export", "--from", "1999", "--to", "1999", "--undated", "exclude", "--format", "wacz", "-o", str(out)
        ).code
        == 0
    )
    assert set(inside(out)) == {"pages/pages.jsonl", "datapackage.json", "datapackage-digest.json"}


def test_a_form_is_part_of_the_key() -> None:
    url = f"{HOST}/list.jsp"
    given = (("WARC-Type", "response"), ("WARC-Date", "2026-04-01T02:00:00Z"), ("WARC-Target-URI", url))
    asked = b"POST /list.jsp HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\npage=2&unit=Gb"
    entry = entry_of(Record(given, b"HTTP/1.1 200 OK\r\n\r\n"), "a", 1, 2, Record((), asked))
    assert entry
    assert entry.key == "example,yunxiu)/list.jsp?__wb_method=post&page=2&unit=gb"
    assert dict(entry.fields)["method"] == "POST"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.yunxiu.example/", "example,yunxiu)/"),
        ("http://WWW2.yunxiu.example:8080/A/B.HTML?b=2&a=1", "example,yunxiu:8080)/a/b.html?a=1&b=2"),
        ("https://yunxiu.example:443/a//b/", "example,yunxiu)/a/b"),
        ("http://yunxiu.example/a?b&a=&c=1&a=0", "example,yunxiu)/a?a=&a=0&b&c=1"),
        ("http://192.168.0.1/x/?", "1,0,168,192)/x"),
        ("urn:sha256:ab", "urn:sha256:ab"),
        ("http://[", "http://["),
    ],
)
def test_keys_are_those_of_the_surt_library(url: str, key: str) -> None:
    assert surt(url) == key


def test_a_stranger_can_verify_it(home: Path, tmp_path: Path) -> None:
    out, stranger = tmp_path / "x.wacz", Gongbao(tmp_path / "nowhere")
    Gongbao(home)("export", "--format", "wacz", "-o", str(out))
    assert stranger("verify", "--export", str(tmp_path), "--json").json["faults"] == []
    whole = out.read_bytes()
    chance = random.Random(3)
    for at in (chance.randrange(len(whole)) for _ in range(12)):
        out.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        assert stranger("verify", "--export", str(tmp_path)).code == 7
    # What the manifest beside it does not see, its own package does.
    (tmp_path / "x.wacz.manifest.json").unlink()
    with zipfile.ZipFile(out, "w") as altered, zipfile.ZipFile(io.BytesIO(whole)) as before:
        for name in before.namelist():
            data = before.read(name)
            altered.writestr(name, data.replace("清淤".encode(), "加固".encode()) if "pages" in name else data)
    told = stranger("verify", "--export", str(tmp_path), "--json")
    assert told.code == 7
    assert any("pages.jsonl" in fault["item"] for fault in told.json["faults"])


# -- witnesses ---------------------------------------------------------------------------------------------------------

witnessed = pytest.mark.witness


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every practice site that behaves, crawled twice, so that revisits and 304s are among the captures, and
    exported."""
    folder = tmp_path_factory.mktemp("practice")
    gongbao = Gongbao(folder / "home")
    sites = [site(name) for name in SITES]
    with Serving(sites) as serving:
        for one in sites:
            (folder / f"{one.name}.toml").write_text(one.source_toml(serving.address), encoding="utf-8")
            gongbao("source", "add", str(folder / f"{one.name}.toml"))
        gongbao("crawl")  # some sites have pages that are not there, which the exit code tells
        gongbao("crawl", "--full")
    assert gongbao("export", "--format", "wacz", "-o", str(folder / "all.wacz")).code == 0
    return folder


@pytest.mark.more
@witnessed
@pytest.mark.timeout(1800)
def test_py_wacz_finds_it_valid_and_indexes_it_alike(practice: Path) -> None:
    done = subprocess.run([f"{WITNESS}/wacz", "validate", "-f", str(practice / "all.wacz")], capture_output=True)
    assert done.returncode == 0, done.stdout
    files = inside(practice / "all.wacz")
    warc = practice / "data.warc.gz"
    warc.write_bytes(files["archive/data.warc.gz"])
    theirs = subprocess.run([f"{WITNESS}/cdxj-indexer", "-s", str(warc)], capture_output=True, text=True).stdout
    told = [line.split(" ", 2) for line in theirs.splitlines()]
    compared = ("url", "mime", "offset", "length", "digest")
    fields = [(key, stamp, json.loads(rest)) for key, stamp, rest in told]
    assert "304" in {given["status"] for _, _, given in fields}
    expected = [(k, s, *(given.get(n) for n in compared)) for k, s, given in fields if given["status"] != "304"]
    assert sorted((k, s, *(f.get(n) for n in compared)) for k, s, f in index(files)) == sorted(expected)


@pytest.mark.more
@witnessed
@pytest.mark.timeout(1800)
def test_pywb_replays_every_capture_byte_for_byte(practice: Path) -> None:
    """By our own index; revisits and 304s give the payload they stand for."""
    base = practice / "pywb"
    base.mkdir()
    subprocess.run([f"{WITNESS}/wb-manager", "init", "c"], cwd=base, capture_output=True, check=True)
    files = inside(practice / "all.wacz")
    (base / "collections/c/archive/data.warc.gz").write_bytes(files["archive/data.warc.gz"])
    (base / "collections/c/indexes/index.cdxj").write_bytes(gzip.decompress(files["indexes/index.cdx.gz"]))
    expected = _replayable(practice / "home" / "vault")
    assert len(expected) > 600
    assert len({urlsplit(url).hostname for url, _ in expected}) == len({site(name).host for name in SITES})
    with _pywb(base) as place:
        for (url, stamp), body in expected.items():
            with urlopen(f"{place}/c/{stamp}id_/{url}") as answer:
                assert answer.read() in body, (url, stamp)


def _replayable(vault: Path) -> dict[tuple[str, str], set[bytes]]:
    """What should come back for each article or file and second: the payload, a 304's that of the one before."""
    with zipfile.ZipFile(vault.parent.parent / "all.wacz") as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    exported = {fields["url"] for _, _, fields in index(files)}
    found: dict[tuple[str, str], set[bytes]] = {}
    newest: dict[str, bytes] = {}
    with open_vault(vault) as opened:
        for _, capture in opened.captures():
            if capture.status == 200:
                newest[capture.url] = capture.payload
            if capture.status in (200, 304) and capture.url in exported:
                payload = newest[capture.url]
                found.setdefault((capture.url, f"{capture.fetched_at:%Y%m%d%H%M%S}"), set()).add(payload)
    return found


@contextmanager
def _pywb(base: Path) -> Iterator[str]:
    """The address of a pywb of these collections. It must be told a port; one that is free may be taken by the time it
    comes to it, and then it ends."""
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [f"{WITNESS}/pywb", "-p", str(port), "-b", "127.0.0.1"]
        server = subprocess.Popen(command, cwd=base, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if _answers(f"http://127.0.0.1:{port}/c/", server):
                yield f"http://127.0.0.1:{port}"
                return
        finally:
            server.kill()
            server.wait()
    raise AssertionError("pywb does not answer")


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Once it does; False when the server has ended."""
    while server.poll() is None:
        try:
            urlopen(url).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False
