"""What every export format promises, asked of each that is found; and what exporting promises with any of them."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, a_harvest

from archive.export import Format, asked, export, file_name, formats, row_of
from archive.export.dictionary import FIELDS as MEANINGS
from bulletin.capture import RecordRef
from bulletin.document import Document, Revision
from bulletin.errors import ArchiveError, DiskFullError, UsageError
from bulletin.harvest import Attachment, Doubt, Harvest, Section
from bulletin.query import DateRange, Filters
from bulletin.record import FIELDS, harvest_of

FORMATS = sorted(formats().values(), key=lambda found: found.name)


def pair(n: int = 0, **changes: Any) -> tuple[Document, Revision]:
    identity = f"{n:016x}"
    url = f"http://www.yunxiu.example/{n}.html"
    document = Document(identity, "619901_yunxiu", "619901", url, "tzgg", NOW, NOW + timedelta(days=n), revisions=2)
    record = RecordRef("a.warc.gz", n, 30, "sha256:aa")
    return document, Revision(identity, 2, a_harvest(**changes), "sha256:cc", "sha256:aa", NOW, record)


def rows() -> list[tuple[Document, Revision]]:
    """Ordinary and awkward bulletins."""
    nasty = "=cmd|' /C calc'!A0\n+1\n-1\n@x\n| a | b |\n# not a heading\n* star\n1. one\n<b>&amp;\u2028\"quoted\", 逗号"
    return [
        pair(1),
        pair(2, title="=SUM(A1)", text=nasty, office="'=already", index_number="000123", published_on=None),
        pair(3, title=None, text="", number=None, number_raw=None, topic=("水利", "a;b,c\n"), issue_number=349),
        pair(
            4,
            text="一、总则\n正文甲\n(一)细则\n正文乙",
            sections=(Section("一、总则", "正文甲", (Section("(一)细则", "正文乙"),)),),
            attachments=(Attachment("附件<1>", "http://www.yunxiu.example/a b>.doc", digest="sha256:bb"),),
            doubts=(Doubt("published_on", "两个日期"), Doubt("", "无署名")),
        ),
        pair(5, title="\t制表", author="\r回车", editor="＝全角", reviewer="''+x", source_name="\ud800"),
    ]


def written(kind: Format, given: list[tuple[Document, Revision]], **options: str) -> bytes:
    sink = io.BytesIO()
    writer = kind.open(sink, options)
    for document, revision in given:
        writer.feed(row_of(document, revision))
    writer.finish()
    return sink.getvalue()


@pytest.fixture(params=FORMATS, ids=lambda found: found.name)
def kind(request: pytest.FixtureRequest) -> Format:
    found: Format = request.param
    return found


def test_the_formats_of_the_main_job_are_there() -> None:
    assert {"jsonl", "csv", "md"} <= set(formats())


def test_a_format_introduces_itself(kind: Format) -> None:
    assert formats()[kind.name] is kind
    assert kind.about
    assert kind.suffix.startswith(".")
    assert "/" in kind.media_type
    assert kind.loses <= set(FIELDS)
    assert set(kind.columns({})) <= set(MEANINGS)


def test_a_format_gives_back_what_it_does_not_declare_lost(kind: Format) -> None:
    kept = [name for name in FIELDS if name not in kind.loses]
    found = kind.read(io.BytesIO(written(kind, rows())))
    if not kept:
        return
    for row, (document, revision) in zip(found, rows(), strict=True):
        expected = {name: row_of(document, revision)[name] for name in kept}
        assert {name: row[name] for name in kept} == json.loads(re.sub(r"\\ud800", "?", json.dumps(expected)))


def test_a_format_writes_the_same_bytes_again(kind: Format) -> None:
    assert written(kind, rows()) == written(kind, rows())


def test_a_format_streams(kind: Format) -> None:
    """What was fed is on its way before the end: a large export does not grow in memory."""
    sink = io.BytesIO()
    writer = kind.open(sink, {})
    for n in range(50):
        writer.feed(row_of(*pair(n, text="公" * 5000)))
    assert not kind.to_stdout or len(sink.getvalue()) > 49 * 15000
    writer.finish()


def test_a_format_takes_nothing_too(kind: Format) -> None:
    assert list(kind.read(io.BytesIO(written(kind, [])))) == []


def test_a_format_shows_title_and_text(kind: Format) -> None:
    if not kind.columns({}):
        return  # captures only
    plain = written(kind, [pair(1)]).decode("utf-8", "ignore")
    for part in (a_harvest().title, *a_harvest().text.split("\n")):
        assert str(part) in plain


def test_a_format_refuses_options_it_does_not_have(kind: Format) -> None:
    with pytest.raises(UsageError) as told:
        kind.columns({"bomb": "yes"})
    assert told.value.advice


def test_jsonl_is_the_promised_object() -> None:
    lines = written(formats()["jsonl"], [pair(1)]).decode().splitlines()
    row = json.loads(lines[0])
    assert list(row) == FIELDS
    assert harvest_of(row) == a_harvest()


def cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    data = written(formats()["csv"], rows())
    for row in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell]
    second = cells(data)[1]
    assert second["title"] == "'=SUM(A1)"
    assert second["text"].startswith("'=cmd|")
    assert second["index_number"] == "000123"


def test_csv_options() -> None:
    kind = formats()["csv"]
    assert written(kind, rows(), bom="yes")[:3] == b"\xef\xbb\xbf"
    assert written(kind, rows())[:3] != b"\xef\xbb\xbf"
    chosen = written(kind, [pair(1)], columns="number, title").decode()
    assert chosen == f"number,title\r\n云水发〔2026〕7号,{a_harvest().title}\r\n"
    assert written(kind, [], columns="number,title", labels="yes").decode() == "文号,标题\r\n"
    for wrong in ({"columns": "titel"}, {"bom": "perhaps"}):
        with pytest.raises(UsageError) as told:
            kind.columns(wrong)
        assert told.value.advice


def test_csv_counts_files_and_revisions() -> None:
    fourth = cells(written(formats()["csv"], rows()))[3]
    assert (fourth["attachment_count"], fourth["revision"], fourth["revisions"]) == ("1", "2", "2")
    assert json.loads(fourth["doubts"])[0] == {"field": "published_on", "reason": "两个日期"}


def test_markdown_means_text_as_text() -> None:
    plain = written(formats()["md"], rows()).decode()
    assert r"\# not a heading" in plain
    assert r"\* star" in plain
    assert r"1\. one" in plain
    assert r"\| a \| b \|" in plain
    assert r"\<b\>\&amp;" in plain
    assert "\n## 一、总则\n" in plain
    assert "\n### (一)细则\n" in plain
    assert "[附件\\<1\\>](<http://www.yunxiu.example/a%20b%3E.doc>)" in plain
    assert len(re.findall(r"^# ", plain, re.MULTILINE)) == len(rows())


def test_every_field_has_a_meaning() -> None:
    assert set(FIELDS) <= set(MEANINGS)
    assert all(label and meaning for label, meaning in MEANINGS.values())


# -- exporting --------------------------------------------------------------------------------------------------------

ASKED = asked(Filters(range=DateRange(date(2026, 1, 1), date(2026, 12, 31))), query="河道", snapshot=17)


def test_an_export_lies_beside_its_manifest(tmp_path: Path, kind: Format) -> None:
    out = tmp_path / "new" / f"云岫{kind.suffix}"
    out.parent.mkdir()
    made = export(rows(), format=kind.name, out=out, manifest=ASKED)
    note = json.loads((tmp_path / "new" / f"云岫{kind.suffix}.manifest.json").read_text("utf-8"))
    assert sorted(p.name for p in out.parent.iterdir()) == sorted([out.name, f"{out.name}.manifest.json"])
    data = out.read_bytes()
    assert note["files"] == [{"name": out.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    assert made.files[0].sha256 == note["files"][0]["sha256"]
    assert note["counts"] == {
        "bulletins": 5,
        "dated": 4,
        "undated": 1,
        "with_doubts": 1,
        "by_source": {"619901_yunxiu": 5},
    }
    assert note["asked"]["query"] == "河道"
    assert (note["asked"]["from"], note["asked"]["to"]) == ("2026-01-01", "2026-12-31")
    assert note["asked"]["last_change"] == 17
    assert "without this date" in note["means"]["undated"]
    assert set(note["columns"]) == set(kind.columns({}))
    assert note["software"].startswith("gongbao")
    assert note["schema"] == 1


def test_the_same_selection_gives_the_same_bytes(tmp_path: Path, kind: Format) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        export(rows(), format=kind.name, out=tmp_path / folder / "x", manifest=ASKED)
    for name in ("x", "x.manifest.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_export_replaces_the_one_before(tmp_path: Path) -> None:
    export(rows(), format="jsonl", out=tmp_path / "x")
    export(rows()[:1], format="jsonl", out=tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == written(formats()["jsonl"], rows()[:1])


@pytest.mark.parametrize("nameless", [True, False])
def test_an_export_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    export(rows(), format="jsonl", out=tmp_path / "x")
    before = (tmp_path / "x").read_bytes()

    def broken() -> Iterator[tuple[Document, Revision]]:
        yield from rows()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export(broken(), format="csv", out=tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
    export(rows()[:2], format="jsonl", out=tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == written(formats()["jsonl"], rows()[:2])


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive.export.atomic.os.fsync", full)
    with pytest.raises(DiskFullError) as told:
        export(rows(), format="csv", out=tmp_path / "x")
    assert told.value.exit_code == 8
    assert list(tmp_path.iterdir()) == []


def test_to_a_stream(kind: Format) -> None:
    sink = io.BytesIO()
    if not kind.to_stdout:
        with pytest.raises(UsageError):
            export(rows(), format=kind.name, stream=sink)
        return
    made = export(rows(), format=kind.name, stream=sink, manifest=ASKED)
    assert sink.getvalue() == written(kind, rows())
    assert made.files == ()
    assert made.counts["bulletins"] == 5


def test_mistakes_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for wrong in (
        {"format": "cvs", "out": tmp_path / "x"},
        {"format": "csv", "out": tmp_path},
        {"format": "csv", "out": tmp_path / "file" / "x"},
        {"format": "csv", "out": tmp_path / "x", "options": {"bom": "perhaps"}},
    ):
        with pytest.raises((UsageError, ArchiveError)) as told:
            export(rows(), **wrong)  # type: ignore[arg-type]
        assert told.value.advice
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_options_may_be_switches(tmp_path: Path) -> None:
    export(rows(), format="csv", out=tmp_path / "x", options={"bom": True, "columns": None, "labels": False})
    assert (tmp_path / "x").read_bytes()[:3] == b"\xef\xbb\xbf"


EXPORTER = """
import sys
from pathlib import Path
from test_export_formats import pair
from archive.export import export
def endless():
    for n in range(10**9):
        yield pair(n, text="公" * 3000)
        if n == 2000:
            print("going", flush=True)
export(endless(), format=sys.argv[2], out=Path(sys.argv[1]))
"""


def test_a_killed_export_leaves_no_half_file(tmp_path: Path, kind: Format) -> None:
    tests = Path(__file__).resolve().parents[1]
    env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tests / "contract"), str(tests), str(tests.parent)]))
    command = [sys.executable, "-c", EXPORTER, str(tmp_path / "x"), kind.name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    assert process.stdout is not None
    assert process.stdout.readline() == b"going\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".part")] == []
    if nameless_files(tmp_path):
        assert list(tmp_path.iterdir()) == []


def nameless_files(folder: Path) -> bool:
    """Whether a file of this folder need have no name before it is whole: of some file systems it must."""
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY))
    except (AttributeError, OSError):
        return False
    return True


# -- file names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("云岫县公告", "云岫县公告.md"),
        ('a<b>:c"/d\\|e?*\n\tf', "a_b_c_d_e_f.md"),
        ("  ..点 . ", "点.md"),
        ("", "_.md"),
        ("...", "_.md"),
        ("CON", "_CON.md"),
        ("lpt1.附件", "_lpt1.附件.md"),
        ("a\u200b\u202eb", "ab.md"),
        ("e\u0301", "é.md"),
        ("\ud800x", "_x.md"),
    ],
)
def test_file_names_are_legal_everywhere(title: str, expected: str) -> None:
    assert file_name(title, ".md") == expected


def test_long_titles_are_cut_by_bytes_between_characters() -> None:
    name = file_name("云岫县人民政府办公室" * 30, ".md", limit=100)
    assert len(name.encode()) <= 100
    assert len(name.encode()) > 95
    assert name.endswith(".md")
    assert "\ufffd" not in name


def test_the_order_of_a_selection_is_the_order_of_the_file(tmp_path: Path) -> None:
    given = [replace_id(pair(n), f"{9 - n:016x}") for n in range(5)]
    export(given, format="jsonl", out=tmp_path / "x")
    ids = [json.loads(line)["id"] for line in (tmp_path / "x").read_text("utf-8").splitlines()]
    assert ids == [document.id for document, _ in given]


def replace_id(given: tuple[Document, Revision], identity: str) -> tuple[Document, Revision]:
    return replace(given[0], id=identity), replace(given[1], document_id=identity)


def test_a_harvest_survives_jsonl_whole() -> None:
    harvest: Harvest = rows()[3][1].harvest
    row = formats()["jsonl"].read(io.BytesIO(written(formats()["jsonl"], [rows()[3]])))[0]
    assert harvest_of(dict(row)) == harvest
