"""Files that want to break, stall or flood whoever reads them."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from officefiles import compound, doc, docx, ofd, paragraph, rtf, xls, zipped

from crawler.extract.attached import AttachedText, Limits, reading, taking, text_of
from desk.demo.files import pdf
from desk.demo.ooxml import xlsx

MAKERS: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: pdf([["云岫县防汛预案", "第一条"], ["附表"]]),
    "ofd": lambda: ofd([[(0, 0, "云岫县")], [(0, 0, "二")]]),
    "docx": lambda: docx(paragraph("云岫县防汛预案")),
    "doc": lambda: doc([("云岫县防汛预案\r", False), ("GB/T 9704", True)]),
    "xlsx": lambda: xlsx([["乡镇", "人数"], ["白石镇", "十二"]]),
    "xls": lambda: xls("表", [["乡镇", 12.0]]),
    "rtf": lambda: rtf("云岫县"),
    "zip": lambda: zipped({"一.txt": "云岫县", "二.pdf": pdf([["二"]])}),
    "html": lambda: b"<html><body><table><tr><td>a</table></body></html>",
    "eml": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>a</p>",
    "xml": lambda: b"<?xml version='1.0'?><Workbook><Row><Cell><Data>a</Data></Cell></Row></Workbook>",
    "csv": lambda: "乡镇,人数\n".encode("gbk"),
}


def well_formed(read: AttachedText) -> None:
    """What holds of every outcome."""
    assert read.text or read.reason
    if read.pages and read.text:
        assert "\f".join(read.pages) == read.text
    else:
        assert "\f" not in read.text
    read.text.encode()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", *(f"a.{kind}" for kind in MAKERS)]))
def test_any_bytes_are_read_or_said_why_not(data: bytes, name: str) -> None:
    well_formed(text_of(data, name=name))


@pytest.mark.parametrize("kind", MAKERS)
def test_files_cut_off_anywhere(kind: str) -> None:
    whole = MAKERS[kind]()
    step = max(1, len(whole) // 40)
    for end in range(0, len(whole), step):
        well_formed(text_of(whole[:end], name=f"a.{kind}"))


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_files_with_bytes_changed(kind: str, data: st.DataObject) -> None:
    broken = bytearray(MAKERS[kind]())
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    well_formed(text_of(bytes(broken), name=f"a.{kind}"))


def test_a_pdf_of_five_thousand_pages_is_read_as_far_as_the_limit_and_says_so() -> None:
    read = text_of(pdf([[f"第{number}页"] for number in range(5000)]), limits=Limits(pages=300))
    assert (len(read.pages), read.pages[299]) == (300, "第299页")
    assert read.reason == "5,000 pages; the first 300 were read"


def test_a_pdf_behind_a_password_says_so() -> None:
    locked = pdf([["秘密"]]).replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <"
        + b"42" * 32 + b"> >> /ID [<00><00>]"
    )  # fmt: skip
    read = text_of(locked)
    assert (read.text, read.reason) == ("", "protected by a password")


def test_a_package_that_unfolds_far_beyond_its_size_is_not_opened() -> None:
    flood = "<w:p/>" * 10_000_000
    read = text_of(docx(flood))
    assert (read.text, read.reason) == ("", "a package that unfolds far beyond its size (a ZIP bomb?); not opened")
    sheet = xlsx([["甲"]])
    bomb = zipped({**_members(sheet), "xl/sharedStrings.xml": b" " * 60_000_000})
    assert "ZIP bomb" in text_of(bomb).reason
    archive = text_of(zipped({"a.txt": b"0" * 50_000_000, "b.txt": "名册"}))
    assert [bool(member.reason) for member in archive.members] == [True, False]
    assert archive.text == "a.txt\nb.txt\n名册"


def test_members_that_lie_about_their_size_are_counted_while_unfolding() -> None:
    bomb = bytearray(zipped({"word/document.xml": b" " * 60_000_000}))
    at = bomb.index(b"PK\x01\x02")
    struct.pack_into("<I", bomb, at + 24, 100)  # the directory says 100 bytes
    well_formed(text_of(bytes(bomb)))


def test_entities_are_not_put_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert text_of(docx(paragraph("前&x;后"), before=outside)).text == "前"
    nested = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE d [<!ENTITY a0 "哈哈哈">{nested}]>'
    read = text_of(docx(paragraph("笑&a11;") + paragraph("完"), before=laughs))
    assert len(read.text) < 10
    assert text_of(zipped({**_members(ofd([[(0, 0, "一")]])), "OFD.xml": outside + "<a>&x;</a>"})).text == ""


def test_an_endless_row_of_members_is_read_as_far_as_the_limit() -> None:
    read = text_of(zipped({f"{number}.txt": "字" for number in range(5000)}))
    assert len(read.members) == 200
    assert "5,000 files in the archive; the first 200 were read" in read.reason


def test_a_member_behind_a_password_says_so() -> None:
    locked = bytearray(zipped({"名册.txt": "字"}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert text_of(bytes(locked)).members[0].reason == "protected by a password"


def test_a_long_text_is_cut_and_says_so() -> None:
    read = text_of("字\n".encode() * 90_000, name="a.txt", limits=Limits(characters=100_000))
    assert len(read.text) == 100_000
    assert read.reason == "long: cut after 100,000 characters"


def test_a_file_larger_than_allowed_is_not_looked_at() -> None:
    read = text_of(b"x" * 2000, limits=Limits(size=1000))
    assert (read.text, read.reason) == ("", "too large to be read: 2,000 bytes, allowed are 1,000")


def test_a_hundred_megabytes_of_nothing_known() -> None:
    well_formed(text_of(b"%PDF-1.4\n" + bytes(100_000_000)))
    well_formed(text_of(bytes(100_000_000)))


def test_reading_that_takes_too_long_is_stopped_and_the_next_file_is_read() -> None:
    deep = docx("".join(paragraph(str(number)) for number in range(200_000)))
    read = text_of(deep, limits=Limits(seconds=0.01))
    assert (read.text, read.reason) == ("", "reading was stopped after 0.01 seconds")
    assert text_of(docx(paragraph("下一份"))).text == "下一份"


def test_a_large_workbook_keeps_what_was_read_in_time() -> None:
    read = reading.read(xlsx([["甲"] * 20] * 5000), "a.xlsx", "", Limits(seconds=0.0))
    assert read.reason == "large: the rest was not read in time"
    assert read.text.startswith("表1")


def test_a_reader_that_breaks_down_is_replaced() -> None:
    assert text_of(docx(paragraph("一"))).text == "一"
    process = taking._CHILD._process
    assert process is not None
    process.kill()
    process.wait()
    assert text_of(docx(paragraph("二"))).text == "二"


@pytest.mark.skipif(sys.platform != "linux", reason="memory can be bounded only where the system does it")
def test_memory_is_bounded() -> None:
    rows = [["字" * 50] * 40] * 3000
    read = text_of(xlsx(rows), limits=Limits(memory=120_000_000, seconds=200))
    assert read.text == ""
    assert "memory" in read.reason or "broke down" in read.reason
    assert text_of(docx(paragraph("下一份"))).text == "下一份"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the process there")
def test_the_reading_process_does_not_outlive_its_asker() -> None:
    script = (
        "from crawler.extract.attached import taking, text_of; text_of(b'a,b', name='a.csv');"
        "print(taking._CHILD._process.pid, flush=True); import os; os.kill(os.getpid(), 9)"
    )
    asked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert asked.stdout.strip().isdigit(), asked.stderr
    status = Path("/proc") / asked.stdout.strip() / "status"
    with suppress(OSError):  # it is gone, if only since it was looked for
        for _ in range(1200):
            if "zombie" in status.read_text():
                return
            time.sleep(0.05)
        pytest.fail("the reading process is still there")


@pytest.mark.parametrize(
    "piece",
    [b"<!---->", b"<!-- ", b"<?xml", b"\\'b2", b"{", b"{\\*", b'"', b'"a"",', b"<div>", b"<table><td>", b"\x13"],
)
def test_repeated_beginnings_take_no_longer_than_their_length(piece: bytes) -> None:
    for head in (b"", b"{\\rtf1 ", b"<html>", b"MIME-Version: 1.0\n\n"):
        read = text_of(head + piece * 100_000, name="a.csv", limits=Limits(seconds=70))
        assert "stopped" not in read.reason
        well_formed(read)


def test_containers_whose_parts_are_missing() -> None:
    well_formed(text_of(compound({"WordDocument": b"\xec\xa5"})))
    well_formed(text_of(compound({"Workbook": b"\x09\x08"})))
    well_formed(text_of(compound({})))
    wild = bytearray(doc([("云岫县", False)]))
    at = wild.index(b"\x02\x10\x00\x00\x00")  # the mark of the piece table, and its length
    wild[at + 1 : at + 5] = b"\xff\xff\xff\x7f"
    well_formed(text_of(bytes(wild)))


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}
