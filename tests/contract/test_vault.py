"""What the vault promises: the bytes as they came, digests that are right, and nothing half-written.

warcio reads here what was written without it: it is the independent witness.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, a_capture
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio

from archive import WarcVault, open_vault
from archive.warc_check import check
from bulletin.capture import Capture, RecordRef
from bulletin.errors import ArchiveError, ConfigError, DiskFullError, IntegrityError

URL = "http://www.yunxiu.example/zwgk/1.html"
BODY = "<html><body>云岫县公告</body></html>".encode() * 60
GZIPPED = gzip.compress(BODY, mtime=0)
REQUEST = b"GET /zwgk/1.html HTTP/1.1\r\nHost: www.yunxiu.example\r\nUser-Agent: Gongbao\r\n\r\n"


def chunked(data: bytes, size: int = 31) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%X;x=y\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\nTrailer: t\r\n\r\n"


def on_the_wire(head: str, payload: bytes, rest: bytes, body: bytes = b"", **changes: Any) -> Capture:
    """A capture with its exact bytes; `head` without its blank line."""
    lines = head.split("\r\n")
    headers = tuple((n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in lines[1:]))
    wire = head.encode() + b"\r\n\r\n" + rest
    _, status, reason = lines[0].split(" ", 2)
    capture = Capture(URL, NOW, int(status), headers, payload, body or payload, reason, wire, REQUEST, "127.0.0.1")
    return replace(capture, **changes)


EXACT = {
    "plain": on_the_wire(f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}", BODY, BODY),
    "chunked gzip": on_the_wire(
        "HTTP/1.1 200 OK\r\ncontent-ENCODING: gzip\r\nTransfer-Encoding: chunked", GZIPPED, chunked(GZIPPED), BODY
    ),
    "odd case, twice, order": on_the_wire(
        "HTTP/1.1 200 OK\r\nsEt-cOOkie: b=1\r\nX-A: 1\r\nSet-Cookie: a=2", BODY, BODY
    ),
    "reason in Chinese": on_the_wire("HTTP/1.1 404 找不到", b"x", b"x"),
    "no reason, bare": on_the_wire("HTTP/1.0 200 ", BODY, BODY),
    "no body": on_the_wire("HTTP/1.1 204 No Content", b"", b""),
    "cut": on_the_wire("HTTP/1.1 200 OK\r\nContent-Length: 9999", BODY, BODY, truncated="disconnect"),
    "cut in a chunk": on_the_wire(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", b"abcdefg", b"5\r\nabcde\r\n5\r\nfg", truncated="disconnect"
    ),
    "binary": on_the_wire("HTTP/1.1 200 OK", bytes(range(256)) * 9, bytes(range(256)) * 9),
}


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[WarcVault]:
    with open_vault(tmp_path / "vault") as opened:
        yield opened


def records(folder: Path) -> list[Any]:
    """Every record of a folder as warcio reads it, with its block in `.block`."""
    found = []
    for path in sorted(folder.glob("*.warc.gz*")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, no_record_parse=True):
                record.block = record.raw_stream.read()
                found.append(record)
    return found


def field(record: Any, name: str) -> str:
    return str(record.rec_headers.get_header(name) or "")


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("capture", EXACT.values(), ids=EXACT.keys())
def test_the_bytes_of_the_wire_come_back(vault: WarcVault, tmp_path: Path, capture: Capture) -> None:
    ref = vault.keep(capture)
    assert vault.read(ref) == capture
    assert ref.payload_digest == sha256(capture.payload)
    info, response, request = records(tmp_path / "vault")
    assert (response.block, request.block) == (capture.wire, REQUEST)
    assert field(response, "WARC-Payload-Digest") == sha256(capture.payload)
    assert field(response, "WARC-Truncated") == capture.truncated
    assert field(response, "Gongbao-Bytes") == "exact"
    assert field(info, "WARC-Type") == "warcinfo"


def test_records_name_one_another(vault: WarcVault, tmp_path: Path) -> None:
    moment = datetime(2026, 4, 1, 2, 3, 4, 56789, tzinfo=UTC)
    vault.keep(replace(EXACT["plain"], fetched_at=moment))
    vault.keep(replace(EXACT["chunked gzip"], fetched_at=moment))
    vault.close()
    found = records(tmp_path / "vault")
    info, response, request = found[:3]
    assert field(info, "WARC-Filename") == next((tmp_path / "vault").iterdir()).name
    assert {field(r, "WARC-Warcinfo-ID") for r in found[1:]} == {field(info, "WARC-Record-ID")}
    assert field(request, "WARC-Concurrent-To") == field(response, "WARC-Record-ID")
    assert {field(r, "WARC-Date") for r in found[1:]} == {"2026-04-01T02:03:04.056789Z"}
    assert {field(r, "WARC-IP-Address") for r in found[1:]} == {"127.0.0.1"}
    assert {field(r, "WARC-Target-URI") for r in found[1:]} == {URL}
    assert {field(r, "WARC-Block-Digest") == sha256(r.block) for r in found} == {True}
    assert len({field(r, "WARC-Record-ID") for r in found}) == len(found)
    assert field(info, "WARC-Payload-Digest") == ""
    assert {r.rec_headers.protocol for r in found} == {"WARC/1.1"}


def test_what_is_left_of_an_exchange_becomes_a_message_that_says_so(vault: WarcVault, tmp_path: Path) -> None:
    headers = (
        ("X-Zz", "甲"),
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "1"),
        ("Bad Name", "x"),
        ("Split", "a\r\nInjected: b"),
    )
    capture = Capture(URL, NOW, 200, headers, GZIPPED, BODY)
    kept = vault.read(vault.keep(capture))
    assert (kept.payload, kept.body, kept.wire, kept.reason) == (GZIPPED, BODY, None, "OK")
    assert kept.headers == (
        ("X-Zz", "甲"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", str(len(GZIPPED))),
        ("Split", "a Injected: b"),
    )
    assert [field(r, "Gongbao-Bytes") for r in records(tmp_path / "vault")] == ["", "normalised"]


def test_warcio_agrees_where_nothing_is_chunked(vault: WarcVault, tmp_path: Path) -> None:
    first = vault.keep(EXACT["plain"])
    vault.keep(a_capture())
    vault.keep(replace(EXACT["plain"], fetched_at=NOW + timedelta(days=1)), (first, URL, NOW))
    vault.keep(Capture("urn:sha256:ab", NOW, 200, (("Content-Type", "text/plain"),), b"x", b"x", resource=True))
    vault.keep(Capture(URL, NOW, 304, (), b"", b""), (first, URL, NOW))
    vault.close()
    with pytest.raises(SystemExit) as ended:
        warcio(["check", *map(str, (tmp_path / "vault").iterdir())])
    assert ended.value.code == 0


def test_chunk_framing_is_taken_off_where_that_is_asked_for(tmp_path: Path) -> None:
    framed = EXACT["chunked gzip"]
    bare_ends = replace(framed, wire=(framed.wire or b"").replace(b"\r\n", b"\n", 4), url=URL + "?bare")
    with open_vault(tmp_path, dechunk=True) as vault:
        first = vault.keep(framed)
        again = vault.keep(replace(framed, fetched_at=NOW + timedelta(days=1)), (first, URL, NOW))
        plain = vault.keep(replace(EXACT["plain"], url=URL + "?plain"))
        vault.keep(bare_ends)
        for ref in (first, again):
            kept = vault.read(ref)
            assert (kept.payload, kept.body, kept.wire, kept.request) == (GZIPPED, BODY, None, REQUEST)
            assert kept.header("Content-Length") == str(len(GZIPPED))
            assert kept.header("Transfer-Encoding") == ""
            assert ref.payload_digest == sha256(GZIPPED)
        assert vault.read(plain).wire == EXACT["plain"].wire
        assert [capture.url for _, capture in vault.captures()] == [URL, URL, URL + "?plain", URL + "?bare"]
    response, request, metadata, *_ = records(tmp_path)[1:]
    assert field(response, "Gongbao-Bytes") == "dechunked"
    assert response.block.endswith(b"\r\n\r\n" + GZIPPED)
    assert metadata.block == (framed.wire or b"").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    for beside in (request, metadata):
        assert field(beside, "WARC-Concurrent-To") == field(response, "WARC-Record-ID")
    assert field(metadata, "WARC-Type") == "metadata"
    assert field(metadata, "WARC-Payload-Digest") == ""
    assert not [
        f for f in check(sorted(tmp_path.iterdir()), now=datetime(2027, 1, 1, tzinfo=UTC)) if f.severity == "fault"
    ]
    with pytest.raises(SystemExit) as ended:
        warcio(["check", *map(str, tmp_path.iterdir())])
    assert ended.value.code == 0


@pytest.mark.parametrize("name", ["plain", "chunked gzip"])
def test_a_payload_kept_before_becomes_a_revisit(vault: WarcVault, tmp_path: Path, name: str) -> None:
    first = vault.keep(EXACT[name])
    later = replace(EXACT[name], fetched_at=NOW + timedelta(days=1), url=URL + "?again")
    second = vault.keep(later, (first, URL, NOW))
    third = vault.keep(later, (second, URL, later.fetched_at))
    for ref in (second, third):
        kept = vault.read(ref)
        assert (kept.payload, kept.body, kept.headers) == (later.payload, BODY, later.headers)
        assert (kept.fetched_at, kept.url, kept.request) == (later.fetched_at, later.url, REQUEST)
        assert kept.wire == (later.wire if name == "plain" else None)
        assert ref.payload_digest == first.payload_digest
    response, *_, revisit, _ = records(tmp_path / "vault")[1:]
    assert field(revisit, "WARC-Type") == "revisit"
    assert field(revisit, "WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert field(revisit, "WARC-Refers-To") == field(response, "WARC-Record-ID")
    assert field(revisit, "WARC-Refers-To-Target-URI") == URL
    assert field(revisit, "WARC-Refers-To-Date") == field(response, "WARC-Date")
    assert field(revisit, "WARC-Truncated") == "length"
    assert revisit.block == (later.wire or b"")[: len(revisit.block)]
    assert revisit.block.endswith(b"\r\n\r\n")


def test_bytes_beyond_the_payload_are_not_dropped_for_a_revisit(vault: WarcVault) -> None:
    long = on_the_wire(f"HTTP/1.1 200 OK\r\nContent-Length: {len(BODY)}", BODY, BODY + b"more", BODY)
    first = vault.keep(long)
    assert vault.read(vault.keep(long, (first, URL, NOW))) == long


def test_another_payload_is_kept_whole(vault: WarcVault) -> None:
    first = vault.keep(EXACT["plain"])
    changed = replace(EXACT["binary"], fetched_at=NOW + timedelta(days=1))
    assert vault.read(vault.keep(changed, (first, URL, NOW))) == changed


def test_a_revisit_is_not_written_on_a_lost_original(vault: WarcVault) -> None:
    gone = RecordRef("gongbao-20200101000000-00000-x-1.warc.gz", 0, 10, sha256(BODY))
    assert vault.read(vault.keep(EXACT["plain"], (gone, URL, NOW))) == EXACT["plain"]


@pytest.mark.parametrize("known", [True, False])
def test_not_modified_refers_to_what_it_was(vault: WarcVault, tmp_path: Path, known: bool) -> None:
    first = vault.keep(EXACT["plain"])
    answer = on_the_wire('HTTP/1.1 304 Not Modified\r\nETag: "e"', b"", b"", fetched_at=NOW + timedelta(days=1))
    ref = vault.keep(answer, (first, URL, NOW) if known else None)
    kept = vault.read(ref)
    assert (kept.status, kept.payload, kept.headers, kept.fetched_at) == (304, b"", answer.headers, answer.fetched_at)
    revisit = records(tmp_path / "vault")[3]
    assert field(revisit, "WARC-Profile").endswith("/server-not-modified")
    assert field(revisit, "WARC-Refers-To-Target-URI") == URL
    assert bool(field(revisit, "WARC-Refers-To-Date")) is known
    assert revisit.block == kept.wire == answer.wire


def test_a_file_without_exchange_is_a_resource(vault: WarcVault) -> None:
    capture = Capture(
        "urn:sha256:ab", NOW, 200, (("Content-Type", "text/plain"),), b"a\r\n\r\nb", b"a\r\n\r\nb", resource=True
    )
    assert vault.read(vault.keep(capture)) == capture


def test_warc_1_0_on_request(tmp_path: Path) -> None:
    with open_vault(tmp_path, version="1.0") as vault:
        ref = vault.keep(replace(EXACT["plain"], fetched_at=datetime(2026, 4, 1, 2, 3, 4, 567, tzinfo=UTC)))
        assert vault.read(ref).fetched_at == datetime(2026, 4, 1, 2, 3, 4, tzinfo=UTC)
    found = records(tmp_path)
    assert {r.rec_headers.protocol for r in found} == {"WARC/1.0"}
    assert field(found[1], "WARC-Date") == "2026-04-01T02:03:04Z"
    with pytest.raises(ConfigError):
        open_vault(tmp_path, version="2.0")


def test_odd_urls_become_uris(vault: WarcVault) -> None:
    kept = vault.read(vault.keep(a_capture(url="http://www.yunxiu.example/云岫 %41?q=甲#frag\r\nX: y")))
    assert kept.url == "http://www.yunxiu.example/%E4%BA%91%E5%B2%AB%20%41?q=%E7%94%B2"


def test_files_are_rolled_named_and_ended(tmp_path: Path) -> None:
    clock = lambda: datetime(2026, 4, 1, 2, 3, 4, tzinfo=UTC)  # noqa: E731
    with open_vault(tmp_path, size=3000, clock=clock, operator="云岫县档案馆 <a@yunxiu.example>") as vault:
        kept = []
        for n in range(12):
            capture = a_capture(payload=random.Random(n).randbytes(700), url=f"{URL}?{n}")
            kept.append((vault.keep(capture), capture.payload))
        assert [vault.read(ref).payload for ref, _ in kept] == [payload for _, payload in kept]
        assert [ref for ref, _ in vault.captures()] == [ref for ref, _ in kept]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) > 2
    assert all(name.startswith(f"gongbao-20260401020304-{n:05}-") for n, name in enumerate(names))
    assert all(name.endswith(f"-{os.getpid()}.warc.gz") for name in names)
    assert "云岫县档案馆".encode() in records(tmp_path)[0].block


def test_an_unused_vault_leaves_no_file(tmp_path: Path) -> None:
    open_vault(tmp_path / "v").close()
    assert list((tmp_path / "v").iterdir()) == []


def test_a_cut_file_is_ended_at_its_last_whole_record(tmp_path: Path) -> None:
    with open_vault(tmp_path) as vault:
        kept = [vault.keep(replace(EXACT["plain"], request=None, url=f"{URL}?{n}")) for n in range(4)]
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    path.unlink()
    for cut in (len(whole) - 1, len(whole) - 9, kept[3].offset + 1, kept[3].offset, kept[3].offset - 1):
        path.with_name(path.name + ".open").write_bytes(whole[:cut])
        with open_vault(tmp_path) as vault:
            complete = [ref for ref in kept if ref.offset + ref.length <= cut]
            assert [ref for ref, _ in vault.captures()] == complete
            assert [vault.read(ref).url for ref in complete] == [f"{URL}?{n}" for n in range(len(complete))]
        assert [p.name for p in tmp_path.iterdir()] == [path.name]
        path.unlink()


def test_a_file_without_any_record_is_removed(tmp_path: Path) -> None:
    with open_vault(tmp_path) as vault:
        name = vault.keep(a_capture()).warc
    (tmp_path / name).unlink()
    (tmp_path / f"{name}.open").write_bytes(b"\x1f\x8b\x08 not much")
    open_vault(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_files_of_other_machines_are_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "gongbao-20260401020304-00000-elsewhere.far-1.warc.gz.open"
    theirs.write_bytes(b"x")
    open_vault(tmp_path).close()
    assert theirs.exists()


def test_a_living_writer_keeps_its_file(tmp_path: Path) -> None:
    with open_vault(tmp_path) as vault:
        first = vault.keep(a_capture())
        with open_vault(tmp_path) as other:
            assert other.read(first).body == a_capture().body
            second = other.keep(a_capture())
            assert first.warc != second.warc
        assert (tmp_path / f"{first.warc}.open").exists()
        third = vault.keep(a_capture())
        assert vault.read(third).body == a_capture().body
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.warc, second.warc])


def test_threads_take_turns(vault: WarcVault) -> None:
    kept: dict[str, RecordRef] = {}

    def work(name: str) -> None:
        for n in range(20):
            kept[f"{name}{n}"] = vault.keep(a_capture(payload=f"{name}{n}".encode()))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: vault.read(ref).payload.decode() for name, ref in kept.items()} == {name: name for name in kept}


def test_a_full_disk_costs_only_what_was_not_written(
    vault: WarcVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = vault.keep(EXACT["plain"])
    real = os.write

    def half(fd: int, data: Any) -> int:
        if len(data) > 100:
            return real(fd, bytes(data[:100]))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive.warc_file.os.write", half)
    with pytest.raises(DiskFullError) as told:
        vault.keep(EXACT["chunked gzip"])
    assert told.value.exit_code == 8
    assert told.value.advice
    monkeypatch.undo()
    assert len(records(tmp_path / "vault")) == 3
    second = vault.keep(EXACT["chunked gzip"])
    assert second.offset > first.offset
    assert [capture for _, capture in vault.captures()] == [EXACT["plain"], EXACT["chunked gzip"]]


def test_a_full_disk_at_the_first_capture_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive.warc_file.os.write", full)
    with open_vault(tmp_path) as vault, pytest.raises(DiskFullError):
        vault.keep(a_capture())
    assert list(tmp_path.iterdir()) == []


def test_another_disk_error_is_told_apart(vault: WarcVault, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(fd: int, data: Any) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("archive.warc_file.os.write", broken)
    with pytest.raises(ArchiveError) as told:
        vault.keep(a_capture())
    assert not isinstance(told.value, DiskFullError)


def test_one_flipped_bit_is_not_read_over(vault: WarcVault, tmp_path: Path) -> None:
    ref = vault.keep(EXACT["chunked gzip"])
    vault.close()
    path = tmp_path / "vault" / ref.warc
    whole = bytearray(path.read_bytes())
    chance = random.Random(7)
    for _ in range(60):
        at, bit = ref.offset + chance.randrange(ref.length), 1 << chance.randrange(8)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
        with suppress(IntegrityError):
            assert vault.read(ref) == EXACT["chunked gzip"]  # a bit in the gzip header that means nothing


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("offset", 3),
        ("offset", 10**9),
        ("offset", -1),
        ("length", 5),
        ("length", 10**6),
        ("warc", "no.warc.gz"),
        ("warc", "../x"),
        ("warc", ""),
    ],
)
def test_a_wrong_reference_is_an_integrity_error(vault: WarcVault, name: str, wrong: Any) -> None:
    ref = vault.keep(EXACT["plain"])
    with pytest.raises(IntegrityError) as told:
        vault.read(replace(ref, **{name: wrong}))
    assert told.value.exit_code == 7


def test_a_bomb_in_the_vault_is_cut(vault: WarcVault) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    ref = vault.keep(a_capture(payload=bomb, body=b"", headers=(("Content-Encoding", "gzip"),)))
    kept = vault.read(ref, limit=1_000_000)
    assert (len(kept.body), kept.truncated, kept.payload) == (1_000_000, "length", bomb)


WRITER = """
import sys
from pathlib import Path
from builders import a_capture
from archive import open_vault
vault = open_vault(Path(sys.argv[1]), size=20_000)
for n in range(int(sys.argv[2])):
    ref = vault.keep(a_capture(url=f"http://www.yunxiu.example/{n}", payload=b"%d-" % n * 300, request=b"GET"))
    print(ref.warc, ref.offset, ref.length, ref.payload_digest, flush=True)
vault.close()
"""


def writer(folder: Path, count: int) -> subprocess.Popen[str]:
    tests = Path(__file__).resolve().parents[1]
    env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tests), str(tests.parent)]))
    command = [sys.executable, "-c", WRITER, str(folder), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def refs(lines: str) -> list[RecordRef]:
    """What was told in whole lines: a killed process may have begun another."""
    found = [line.split() for line in lines.splitlines(keepends=True) if line.endswith("\n")]
    return [RecordRef(warc, int(offset), int(length), digest) for warc, offset, length, digest in found]


def test_what_led_to_a_capture_stands_beside_it(tmp_path: Path) -> None:
    led = replace(EXACT["plain"], via="http://www.yunxiu.example/gb/通知.html")
    with open_vault(tmp_path) as vault:
        ref = vault.keep(led)
        assert vault.read(ref) == EXACT["plain"]
    response, request, metadata = records(tmp_path)[1:]
    assert [field(record, "WARC-Type") for record in (response, request, metadata)] == [
        "response",
        "request",
        "metadata",
    ]
    assert field(metadata, "WARC-Concurrent-To") == field(response, "WARC-Record-ID")
    assert field(metadata, "Content-Type") == "application/warc-fields"
    assert field(metadata, "WARC-Payload-Digest") == ""
    assert metadata.block == b"via: http://www.yunxiu.example/gb/%E9%80%9A%E7%9F%A5.html\r\n"
    assert not [
        f for f in check(sorted(tmp_path.iterdir()), now=datetime(2027, 1, 1, tzinfo=UTC)) if f.severity == "fault"
    ]


def test_two_processes_write_side_by_side(tmp_path: Path) -> None:
    writers = [writer(tmp_path, 150) for _ in range(2)]
    kept = [ref for process in writers for ref in refs(process.communicate()[0])]
    assert len(kept) == 300
    with open_vault(tmp_path) as vault:
        assert {ref for ref, _ in vault.captures()} == set(kept)
    assert list(tmp_path.glob("*.open")) == []


def killed_and_checked(folder: Path, after: float) -> None:
    """A writer killed after a while: all it had told of is there, and nothing else but whole records."""
    process = writer(folder, 100_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    told = refs(first + process.stdout.read())
    process.wait()
    with open_vault(folder) as vault:
        found = {ref for ref, _ in vault.captures()}
        assert set(told) <= found
        assert len(found) <= len(told) + 1
        for ref in told[-5:]:
            assert vault.read(ref).payload.split(b"-")[0].decode() == vault.read(ref).url.rsplit("/", 1)[1]
    assert list(folder.glob("*.open")) == []


@pytest.mark.parametrize("after", [0.0, 0.05])
def test_a_killed_writer_loses_nothing(tmp_path: Path, after: float) -> None:
    killed_and_checked(tmp_path, after)


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_many_killed_writers_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20260401)
    for n in range(30):
        killed_and_checked(tmp_path / str(n), chance.uniform(0, 0.4))
