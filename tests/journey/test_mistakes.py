"""What people and sites get wrong: each ends in a clear word, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from commanding import Gongbao

from search import open_index

ROOT = Path(__file__).parents[2]

SOURCE = """\
id = "619901_yunxiu"
name = "云岫县人民政府"
region = "619901"
url = "http://www.yunxiu.example/"

[[columns]]
id = "gb"
name = "政府公报"
url = "http://www.yunxiu.example/gb/"
"""

NOTICE = """\
云岫县水利局关于开展河道清淤工作的通知

来源: 云岫县水利局    发布时间: 2026-03-20 09:15

各乡镇人民政府:

为保障今年汛期安全,县水利局决定在全县开展河道清淤,各乡镇要在四月底前完成辖区内河段的排查和清理,并把结果报县防汛办公室。

云岫县水利局
2026年3月18日
"""


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    return Gongbao(tmp_path / "home")


@pytest.fixture
def kept(gongbao: Gongbao, tmp_path: Path) -> Gongbao:
    (tmp_path / "通知.txt").write_text(NOTICE, encoding="utf-8")
    assert gongbao("import", str(tmp_path / "通知.txt")).code == 0
    return gongbao


def test_a_folder_that_is_no_home(gongbao: Gongbao) -> None:
    told = gongbao("search", "防汛")
    assert told.code == 2
    assert "gongbao init" in told.err
    assert not gongbao.home.exists()


def test_a_misspelt_key_in_a_source_file(gongbao: Gongbao, tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text(SOURCE.replace("region =", "regoin ="), encoding="utf-8")
    told = gongbao("source", "add", str(file))
    assert told.code == 2
    assert "regoin" in told.err
    assert "'region'" in told.err


def test_an_unknown_source_is_refused_with_the_nearest_name(gongbao: Gongbao, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(SOURCE, encoding="utf-8")
    assert gongbao("source", "add", str(tmp_path / "s.toml")).code == 0
    told = gongbao("crawl", "619901_yunxui")
    assert told.code == 2
    assert "619901_yunxiu" in told.err


@pytest.mark.parametrize(
    "words",
    [
        ("search", "防汛", "--from", "2019-02-30"),
        ("search", "防汛", "--from", "someday"),
        ("export", "--format", "jsonl", "--to", "2019-13", "-o", "-"),
        ("search", "防汛", "--from", "2020", "--to", "2019"),
        ("search", "防汛", "--sort", "newst"),
        ("search", "titel:防汛"),
        ("search", "，。！"),
        ("search", ""),
        ("export", "--format", "jsnl", "-o", "-"),
        ("show", "nothing-like-it"),
        ("show", "--script", "latin", "urn:x"),
        ("crawl", "--since", "2019-02-30"),
        ("nonsense",),
        ("search",),
    ],
)
def test_mistakes_end_with_exit_code_2_and_advice(kept: Gongbao, words: tuple[str, ...]) -> None:
    told = kept(*words)
    assert told.code == 2, told
    assert told.err.strip()
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    "query", ["汛", '"河道清淤', "(河道 OR", "河道 NOT", "字" * 1_900, "河\ud800道", "😀", "[.*", "-"]
)
def test_odd_queries_get_an_answer_or_a_word(kept: Gongbao, query: str) -> None:
    told = kept("search", query, "--json")
    assert told.code in (0, 2), told
    assert "Traceback" not in told.err
    if told.code == 0:
        assert told.json["total"] >= 0
    else:
        assert told.err.count("\n") >= 1


def test_ten_thousand_characters_of_query(kept: Gongbao) -> None:
    told = kept("search", "河道清淤" * 2_500)
    assert told.code in (0, 2)
    assert "unexpected" not in told.err


def test_nothing_matched_is_an_exit_code_only_when_asked(kept: Gongbao) -> None:
    assert kept("search", "航天飞机").code == 0
    assert kept("search", "航天飞机", "--fail-empty").code == 3
    assert kept("export", "--query", "航天飞机", "--fail-empty", "--format", "jsonl", "-o", "-").code == 3


def test_a_locked_index(kept: Gongbao) -> None:
    with open_index(f"whoosh://{kept.home / 'index'}"):
        told = kept("index", "update")
    assert told.code == 6
    assert "gongbao:" in told.err
    assert kept("search", "河道清淤", "--json").json["total"] == 1


def test_an_index_that_is_gone_or_broken_is_noticed(kept: Gongbao) -> None:
    for file in (kept.home / "index").rglob("g*/*"):
        if file.is_file():
            file.write_bytes(b"broken")
    told = kept("search", "河道清淤")
    assert told.code != 0
    assert "gongbao index rebuild" in told.err
    assert kept("index", "rebuild").code == 0
    assert kept("search", "河道清淤", "--json").json["total"] == 1
    (kept.home / "index").rename(kept.home / "away")
    told = kept("search", "河道清淤")
    assert told.code != 0
    assert "gongbao index" in told.err
    assert kept("index", "rebuild").code == 0
    assert kept("search", "河道清淤", "--json").json["total"] == 1


def test_a_home_from_a_newer_version(kept: Gongbao) -> None:
    with sqlite3.connect(kept.home / "gongbao.db") as database:
        database.execute("update alembic_version set version_num = '9999_from_tomorrow'")
    told = kept("status")
    assert told.code != 0
    assert "newer" in told.err
    assert "Traceback" not in told.err


def test_a_misspelt_setting(kept: Gongbao) -> None:
    (kept.home / "gongbao.toml").write_text("[crawl]\ndeley = 3\n", encoding="utf-8")
    told = kept("config", "check")
    assert told.code == 2
    assert "crawl.delay" in told.err


def test_reading_many_pages_never_stops_at_a_bad_one(gongbao: Gongbao, tmp_path: Path) -> None:
    good = tmp_path / "好.txt"
    good.write_text(NOTICE, encoding="utf-8")
    (tmp_path / "空.html").write_bytes(b"")
    (tmp_path / "坏.html").write_bytes(b"\xff\xfe\x00<html><<<" + b"<div>" * 5000)
    (tmp_path / "坏.zip").write_bytes(b"PK\x03\x04 not a zip")
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as pack:
        pack.writestr("内.txt", NOTICE)
    paths = [str(tmp_path / name) for name in ("空.html", "坏.html", "无.html", "坏.zip", "包.zip", "好.txt")]
    told = gongbao("read", "--jsonl", "-", stdin="\n".join(paths) + "\n")
    assert told.code == 4
    lines = {Path(line["path"]).name: line for line in map(json.loads, told.out.splitlines())}
    assert lines["好.txt"]["title"] == "云岫县水利局关于开展河道清淤工作的通知"
    assert lines["内.txt"]["title"] == lines["好.txt"]["title"]
    assert "error" in lines["无.html"]
    assert "error" in lines["坏.zip"]
    assert set(lines) >= {"空.html", "坏.html"}


def test_importing_twice_changes_nothing(kept: Gongbao, tmp_path: Path) -> None:
    again = kept("import", str(tmp_path / "通知.txt"), "--json").json
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_config_show_names_the_layer(kept: Gongbao, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGBAO_CRAWL_DELAY", "7")
    shown = kept("config", "show", "--json").json
    assert shown["crawl.delay"] == {"value": 7.0, "from": "environment"}
    assert shown["crawl.retries"]["from"] == "default"


def test_help_has_examples(gongbao: Gongbao) -> None:
    for command in ("search", "crawl", "export", "read", "import", "show", "init", "demo", "repair"):
        told = gongbao(command, "--help")
        assert told.code == 0
        assert "Example" in told.out


def test_words_need_no_quotes_and_a_minus_no_dashes(kept: Gongbao) -> None:
    assert kept("search", "河道", "清淤", "--json").json["total"] == 1
    assert kept("search", "河道", "-清淤", "--json").json["total"] == 0
    assert kept("search", "河道", "-航天", "--json").json["total"] == 1


def test_a_folder_that_is_not_there_is_not_made_for_an_export(kept: Gongbao, tmp_path: Path) -> None:
    told = kept("export", "--format", "csv", "-o", str(tmp_path / "nowhere" / "x.csv"))
    assert told.code == 2
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_page_is_not_taken_in(kept: Gongbao, tmp_path: Path) -> None:
    (tmp_path / "程序.html").write_bytes(b"\x7fELF" + bytes(range(256)) * 20 + b"\0" * 4000)
    (tmp_path / "空.html").write_bytes(b" \n")
    told = kept("import", str(tmp_path / "程序.html"), str(tmp_path / "空.html"), "--json")
    assert told.code == 4
    assert told.json["new"] == 0
    assert {error["path"] for error in told.json["errors"]} == {str(tmp_path / n) for n in ("程序.html", "空.html")}


def test_a_source_that_is_not_there_is_no_empty_answer(kept: Gongbao) -> None:
    told = kept("search", "河道", "--source", "imprt")
    assert told.code == 2
    assert "'import'" in told.err


def test_a_search_says_which_date_and_what_became_of_undated_papers(kept: Gongbao) -> None:
    assert "date of publication; papers without one are found too" in kept("search", "河道").err
    assert kept("search", "河道", "--undated", "only", "--json").json["undated"] == "only"


def test_text_in_gb18030_is_repaired_as_text(gongbao: Gongbao, tmp_path: Path) -> None:
    (tmp_path / "国标.txt").write_bytes("中国云岫县".encode("gb18030"))
    told = gongbao("repair", str(tmp_path / "国标.txt"))
    assert told.out == "中国云岫县"
    assert gongbao("repair", "--jsonl", "-", stdin="not json\n").code == 4


def test_the_home_cannot_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = Gongbao(tmp_path / "file")("init")
    assert told.code == 2
    assert "unexpected" not in told.err


def test_the_reader_of_a_pipe_may_go_away(kept: Gongbao) -> None:
    command = [
        sys.executable,
        "-c",
        "import desk.cli; desk.cli.main()",
        "--home",
        str(kept.home),
        "search",
        "云岫",
        "--json",
    ]
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=280, check=False, cwd=ROOT)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_whoever_interrupts_a_command_hears_what_became_of_it(kept: Gongbao, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("desk.cli.indexing.rebuild_index", interrupted)
    told = kept("index", "rebuild")
    assert told.code == 130
    assert told.err.startswith("Interrupted.")


def test_bytes_of_a_page_are_no_json(kept: Gongbao) -> None:
    [hit] = kept("search", "清淤", "--json").json["hits"]
    told = kept("show", hit["id"], "--raw", "--json")
    assert (told.code, told.out) == (2, "")
    assert kept("show", hit["id"], "--raw").out == NOTICE


def test_the_demo_takes_neither_a_file_for_a_folder_nor_a_port_that_is_taken(gongbao: Gongbao, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    no_folder = gongbao("demo", "--keep", str(tmp_path / "a file"))
    assert (no_folder.code, "is no folder" in no_folder.err) == (2, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = gongbao("demo", "--site", "F1", "--port", str(taken.getsockname()[1]))
    assert (told.code, "--port" in told.err) == (2, True)
