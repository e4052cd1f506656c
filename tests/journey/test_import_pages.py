"""`gongbao import` of saved pages: a page of a county the home knows becomes that county's bulletin."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from commanding import Gongbao
from crawling import a_county, article
from otherwarcs import HOST, SEEN, Others

from bulletin.config import Settings
from bulletin.query import Filters
from bulletin.source import Column
from crawler.catalogue import dump_source
from desk.tasks.belonging import seed_of, source_chooser
from desk.wiring import Home

URL = f"{HOST}/gb/202603/t20260301_1001.html"
PAGE = article(1).replace("</body>", '<p>附件：<a href="/gb/1.doc">台账样表.doc</a></p></body>')


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    command = Gongbao(tmp_path / "home")
    file = tmp_path / "yunxiu.toml"
    file.write_text(dump_source(a_county("127.0.0.1:9", columns=("gb", "tz"))), encoding="utf-8")
    assert command("source", "add", str(file)).code == 0
    return command


def saved(folder: Path, text: str, name: str = "saved.html") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def crawled(gongbao: Gongbao, folder: Path) -> None:
    """As if a crawl had met the page and its file."""
    made = Others()
    made.add(URL.removeprefix(HOST), PAGE.encode(), SEEN)
    made.add("/gb/1.doc", b"\xd0\xcf\x11\xe0 sheet", SEEN, kind="application/msword")
    (folder / "crawl.warc.gz").write_bytes(made.data)
    assert gongbao("import", str(folder / "crawl.warc.gz"), "--json").json["new"] == 1


def test_a_page_goes_to_the_source_and_column_of_its_url(gongbao: Gongbao, tmp_path: Path) -> None:
    told = gongbao("import", saved(tmp_path, PAGE), "--url", URL, "--json").json
    assert (told["new"], told["errors"]) == (1, [])
    assert [(p["source"], p["column"]) for p in told["placed"]] == [("619901_yunxiu", "gb")]
    shown = gongbao("show", URL, "--json").json
    assert shown["source"] == "619901_yunxiu"
    assert shown["read_by"].startswith("trs/")
    with Home(Settings(home=gongbao.home)) as home:
        assert [document.column for document, _ in home.archive.select(Filters())] == ["gb"]
    assert gongbao("verify").code == 0


def test_it_is_said_in_words(gongbao: Gongbao, tmp_path: Path) -> None:
    told = gongbao("import", saved(tmp_path, PAGE), "--url", URL)
    assert "belongs to 619901_yunxiu, column gb" in told.err


def test_a_saved_copy_of_what_is_kept_brings_nothing_new(gongbao: Gongbao, tmp_path: Path) -> None:
    crawled(gongbao, tmp_path)
    told = gongbao("import", saved(tmp_path, PAGE), "--url", URL, "--json").json
    assert (told["new"], told["changed"], told["unchanged"]) == (0, 0, 1)
    with Home(Settings(home=gongbao.home)) as home:
        assert home.archive.counts()["documents"] == 1


def test_a_saved_copy_that_says_something_else_is_a_revision_and_is_replayed_alike(
    gongbao: Gongbao, tmp_path: Path
) -> None:
    crawled(gongbao, tmp_path)
    told = gongbao("import", saved(tmp_path, PAGE.replace("云岫县", "松泉县")), "--url", URL, "--json").json
    assert (told["new"], told["changed"]) == (0, 1)
    again = gongbao("replay", "--dry-run", "--json").json
    assert (again["unchanged"], again["changed"], again["failed"]) == (2, [], [])
    assert gongbao("verify", "--json").json["faults"] == []


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (("--url", "http://www.songquan.example/gb/1.html"), "import"),
        (("--url", URL, "--source", "import"), "import"),
        ((), "import"),
    ],
)
def test_what_is_nobodys_or_given_to_somebody_is_left_there(
    gongbao: Gongbao, tmp_path: Path, words: tuple[str, ...], source: str
) -> None:
    gongbao("import", saved(tmp_path, "<p>x", "0.html"))  # the source `import` is there from the first import on
    told = gongbao("import", saved(tmp_path, PAGE), *words, "--json").json
    assert (told["new"], told["placed"]) == (1, [])
    shown = gongbao("show", told["documents"][0]["id"], "--json").json
    assert shown["source"] == source


@pytest.mark.parametrize("data", [b"", b"  ", b"MZ" + bytes(400), b"<html><body></body></html>"])
def test_what_is_no_page_is_told(gongbao: Gongbao, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.html").write_bytes(data)
    told = gongbao("import", str(tmp_path / "x.html"), "--url", URL, "--json")
    assert (told.code, len(told.json["errors"]), told.json["new"]) == (4, 1, 0)


@pytest.mark.parametrize(
    "address", ["http://[x", "nonsense", "www.yunxiu.example/gb/1.html", "file:///a.html", "http://"]
)
def test_an_address_that_is_none_is_a_mistake_of_the_caller(gongbao: Gongbao, tmp_path: Path, address: str) -> None:
    told = gongbao("import", saved(tmp_path, PAGE), "--url", address)
    assert told.code == 2
    assert "is no address" in told.err


def test_several_pages_under_one_address_are_refused_before_any_is_taken_in(gongbao: Gongbao, tmp_path: Path) -> None:
    (tmp_path / "页 面").mkdir()
    for number in (1, 2):
        saved(tmp_path / "页 面", article(number), f"{number}.html")
    told = gongbao("import", str(tmp_path / "页 面"), "--url", URL)
    assert (told.code, told.out) == (2, "")
    assert "one page" in told.err
    assert gongbao("status", "--json").json["counts"]["documents"] == 0
    (tmp_path / "页 面" / "2.html").unlink()
    assert gongbao("import", str(tmp_path / "页 面"), "--url", URL, "--json").json["new"] == 1


def test_a_package_that_cannot_be_opened_is_named_once_and_office_files_are_counted(
    gongbao: Gongbao, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    saved(folder, PAGE)
    for name in ("坏.zip", "公报 一.PDF", "公报二.pdf", "表.xlsx", "style.css"):
        (folder / name).write_bytes(b"%PDF-1.4 no package")
    with zipfile.ZipFile(folder / "好.zip", "w") as package:
        package.writestr("一/通知.docx", b"x")
    told = gongbao("import", str(folder), "--json").json
    assert [Path(error["path"]).name for error in told["errors"]] == ["坏.zip"]
    assert told["left_out"] == {".docx": 1, ".pdf": 2, ".xlsx": 1}
    assert "Left out, being no pages: 1 .docx, 2 .pdf, 1 .xlsx" in gongbao("import", str(folder)).err


def test_of_two_sources_on_one_host_the_column_decides(tmp_path: Path) -> None:
    one = a_county("127.0.0.1:9", columns=("gb", "gb/zf"))
    other = a_county("127.0.0.1:9", columns=("tz",))
    root = Column("all", "all", f"{HOST}/index.html")
    with Home(Settings(home=tmp_path / "home")) as home:
        home.make()
        home.archive.put_source(one)
        home.archive.put_source(
            type(other)("619901_other", "云岫县", "619901", HOST, (*other.columns, root), hosts=other.hosts)
        )
        choose = source_chooser(home, None, one)
        found = {path: choose(f"{HOST}{path}") for path in ("/gb/1.html", "/gb/zf/1.html", "/tz/1.html", "/1.html")}
        assert {path: (source.id, seed_of(home, source, HOST + path).column) for path, source in found.items()} == {
            "/gb/1.html": ("619901_yunxiu", "gb"),
            "/gb/zf/1.html": ("619901_yunxiu", "gb/zf"),
            "/tz/1.html": ("619901_other", "tz"),
            "/1.html": (choose(HOST).id, ""),
        }
