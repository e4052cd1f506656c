"""Edges of the evidence: the second digest under the seals, the order in which a file is ended, and what is kept where
the bytes of the line cannot be had."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW, a_capture
from commanding import Gongbao
from homes import a_home
from scrapy import Request
from scrapy.http import HtmlResponse

from archive import open_vault
from archive.proof import days_in, make_day, read_day, write_day
from archive.warc_check import check
from crawler.capturing import whole_capture
from desk.tasks.sealing import proof_folder, seal_home

sm3_known = pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")


@sm3_known
def test_the_second_digest_is_sm3_over_the_bytes_of_the_record(tmp_path: Path) -> None:
    # GB/T 32905, annex A.1.
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    with a_home(tmp_path / "home") as home:
        seal_home(home, NOW + timedelta(days=1))
        folder = proof_folder(home)
        leaves = [leaf for name in days_in(folder) for leaf in read_day(folder, name).records]
        assert len(leaves) > 5
        for leaf in leaves:
            data = (home.settings.vault_path / leaf.warc).read_bytes()[leaf.offset : leaf.offset + leaf.length]
            assert (leaf.sha256, leaf.sm3) == (hashlib.sha256(data).hexdigest(), hashlib.new("sm3", data).hexdigest())


@sm3_known
def test_a_record_whose_sm3_is_another_is_found_where_that_is_asked_for(tmp_path: Path) -> None:
    with a_home(tmp_path / "home") as home:
        seal_home(home, NOW + timedelta(days=1))
        folder = proof_folder(home)
        (name,) = days_in(folder)
        day = read_day(folder, name)
        # As if somebody had found other bytes with the same SHA-256: all else agrees.
        records = (*day.records[:-1], replace(day.records[-1], sm3="0" * 64))
        write_day(folder, make_day(name, day.head.before, records, day.rows, day.head.upto, day.head.columns))
    gongbao = Gongbao(tmp_path / "home")
    assert gongbao("verify").code == 0
    told = gongbao("verify", "--sm3", "--json")
    assert told.code == 7
    assert [fault["item"] for fault in told.json["faults"]] == [f"{records[-1].warc}@{records[-1].offset}"]


def test_a_file_is_on_the_disk_before_it_bears_its_final_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    sync = os.fsync

    def watched(fd: int) -> None:
        done.append(",".join(sorted(path.suffix for path in tmp_path.iterdir())))
        sync(fd)

    monkeypatch.setattr(os, "fsync", watched)
    with open_vault(tmp_path) as vault:
        vault.keep(a_capture())
        done.clear()
    # Once the file, while it is open; once the folder, when it has its name.
    assert done[0] == ".open"
    assert done[-1] == ".gz"


def test_what_another_handler_hands_over_is_normalised_and_says_so(tmp_path: Path) -> None:
    asked = Request("http://www.yunxiu.example/gb/1.html")
    body = "<html>云岫县公报</html>".encode()
    answer = HtmlResponse(asked.url, 200, {"X-a": ["1", "2"], "Transfer-Encoding": "chunked"}, body)
    capture = whole_capture(asked, answer, None, 1000)
    assert (capture.wire, capture.request, capture.body) == (None, None, body)
    with open_vault(tmp_path) as vault:
        kept = vault.read(vault.keep(capture))
        assert (kept.wire, kept.body) == (None, body)
        assert kept.headers == (("X-A", "1"), ("X-A", "2"), ("Content-Length", str(len(body))))
    findings = list(check(tmp_path.iterdir(), now=datetime.now(UTC)))
    assert [(finding.rule, finding.severity) for finding in findings] == [(7, "note")]
