"""From a link in a bulletin to a word found on a page of its attachment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from commanding import Gongbao
from crawling import HOST, Pages, a_county, listed, run, settings
from officefiles import doc, docx, gbk_zip, ofd, paragraph, xls

from archive import open_archive, open_vault
from bulletin.harvest import Attachment, Harvest
from desk.demo.files import jpeg, pdf
from desk.demo.ooxml import xlsx
from desk.demo.server import Serving
from desk.demo.site import Answer
from desk.demo.sites import site

ROSTER = pdf([["云岫县水库名册"], ["鹿鸣沟水库"], ["责任人另行公布"]])


@pytest.fixture(scope="module")
def f1(tmp_path_factory: pytest.TempPathFactory) -> Gongbao:
    """The practice site F1, crawled and indexed."""
    folder = tmp_path_factory.mktemp("attached")
    gongbao = Gongbao(folder / "home")
    with Serving([site("F1")]) as serving:
        file = folder / "F1.toml"
        file.write_text(site("F1").source_toml(serving.address), encoding="utf-8")
        assert gongbao("source", "add", str(file)).code == 0
        assert gongbao("crawl").code == 0
    return gongbao


def only_in_files(gongbao: Gongbao) -> Iterator[tuple[str, int, dict[str, Any], int, str]]:
    """(document, place of the file, file, page, line) of lines that stand in a bulletin's attachment and not in it."""
    for record in gongbao("export", "--format", "jsonl", "-o", "-").jsonl:
        own = record["text"] + record["title"] + "".join(file["name"] for file in record["attachments"])
        for place, file in enumerate(record["attachments"], start=1):
            for number, page in enumerate(file["text"].split("\f"), start=1):
                for line in page.split("\n"):
                    if len(line) > 2 and line not in own:
                        yield record["id"], place, file, number, line


def test_every_file_of_f1_has_its_text(f1: Gongbao) -> None:
    records = f1("export", "--format", "jsonl", "-o", "-").jsonl
    files = [file for record in records for file in record["attachments"]]
    assert len(files) >= 30
    assert all(file["text"] and file["media_type"] == "application/pdf" for file in files)


def test_a_word_only_in_an_attachment_is_found_and_said_where(f1: Gongbao) -> None:
    looked_for = list(only_in_files(f1))
    assert looked_for
    assert {number for _, _, _, number, _ in looked_for} >= {1, 2}
    document, place, file, number, line = next(found for found in looked_for if found[3] == 2)
    hits = {hit["id"]: hit for hit in f1("search", f'"{line}"', "--limit", "50", "--json").json["hits"]}
    assert hits[document]["found_in"] == {
        "field": "attachments",
        "attachment": place,
        "name": file["name"],
        "page": number,
    }
    assert line in hits[document]["snippet"]
    assert f"in attachment {place}, page {number}: {file['name']}" in f1("search", f'"{line}"', "--limit", "50").out


def a_bulletin(number: int, links: dict[str, str]) -> str:
    """An article with links to files."""
    title = f"云岫县水利局关于第{number}批山塘水库除险加固的通知"
    body = f"第{number}批除险加固工程须于汛前完工，各乡镇人民政府于每月末报送第{number}批工程进度。"
    shown = "".join(f'<p><a href="{href}">{text}</a></p>' for href, text in links.items())
    head = f"<title>{title}</title><meta name=ArticleTitle content='{title}'>"
    return (
        f"<html><head>{head}</head><body><h1>{title}</h1><div class=TRS_Editor><p>{body}</p>{shown}</div></body></html>"
    )


def sent(body: bytes, disposition: bytes = b"", kind: str = "application/octet-stream") -> Answer:
    headers = [("Content-Type", kind)]
    if disposition:
        headers.append(("Content-Disposition", disposition.decode("latin-1")))
    return Answer(200, body, tuple(headers))


def files() -> dict[str, Answer]:
    """What is linked, by path."""
    utf_8 = f"attachment; filename*=UTF-8''{quote('名册.ofd')}".encode()
    return {
        "/downfile.jsp?classid=0&filename=26ab.pdf": sent(ROSTER, 'attachment; filename="水库名册.pdf"'.encode("gbk")),
        "/copy/roster.pdf": sent(ROSTER, kind="application/pdf"),
        "/download.jsp?id=1": sent(ofd([[(0, 0, "一")], [(0, 0, "苍耳岭")]]), utf_8),
        "/gb/1.xlsx": sent(xlsx([["乡镇", "石斛村"]])),
        "/gb/2.doc": sent(doc([("竹溪湾", False)])),
        "/gb/3.wps": sent(docx(paragraph("枫香坳"))),
        "/gb/4.et": sent(xls("表", [["柳叶滩", 3.0]])),
        "/gb/5.zip": sent(gbk_zip({"图表/名单.txt": "桐子坪".encode("gbk")})),
        "/gb/6.pdf": sent("<!DOCTYPE html><html><body><a href=/>首页</a>请先登录再下载本文件</body></html>".encode()),
        "/gb/7.jpg": sent(jpeg("7"), kind="image/jpeg"),
        "/gb/8.rar": sent(b"Rar!\x1a\x07\x01\x00" + bytes(99)),
        "/gb/9.pdf": sent(pdf([["太长"]]) + b"\n" * 70_000),
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The home after a crawl of two bulletins with files of every kind, and the paths asked for."""
    home = tmp_path_factory.mktemp("files")
    first = {
        "/downfile.jsp?classid=0&amp;filename=26ab.pdf": "附件下载",
        "/download.jsp?id=1": "点击下载",
        "/gb/1.xlsx": "附件3：统计表",
        **{f"/gb/{n}.{kind}": f"附件{n}.{kind}" for n, kind in enumerate("doc wps et zip pdf jpg rar pdf".split(), 2)},
    }
    second = {"/downfile.jsp?classid=0&amp;filename=26ab.pdf": "附件：水库名单", "/copy/roster.pdf": "附件二.pdf"}
    pages = {
        "/gb/": listed("./t20260301_1001.html", "./t20260301_1002.html"),
        "/gb/t20260301_1001.html": a_bulletin(1, first),
        "/gb/t20260301_1002.html": a_bulletin(2, second),
    }
    with Serving([Pages(pages | files())]) as serving:
        run(home, a_county(serving.address), crawling={"max_attachment_size": 50_000})
        return home, serving.paths()


def bulletin(home: Path, number: int) -> Harvest:
    with open_archive(settings(home).archive_url) as kept:
        found = kept.find_id(f"http://{HOST}/gb/t20260301_100{number}.html")[0]
        revision = kept.revision(found)
        assert revision is not None
        return revision.harvest


def by_name(harvest: Harvest) -> dict[str, Attachment]:
    return {file.name: file for file in harvest.attachments}


def test_files_of_every_kind_give_their_text(crawled: tuple[Path, list[str]]) -> None:
    texts = {name: file.text for name, file in by_name(bulletin(crawled[0], 1)).items()}
    assert texts == {
        "水库名册.pdf": "云岫县水库名册\f鹿鸣沟水库\f责任人另行公布",
        "名册.ofd": "一\f苍耳岭",
        "附件3：统计表": "表1\n乡镇\t石斛村",
        "附件2.doc": "竹溪湾",
        "附件3.wps": "枫香坳",
        "附件4.et": "表\n柳叶滩\t3",
        "附件5.zip": "图表/名单.txt\n桐子坪",
        "附件6.pdf": "",
        "附件7.jpg": "",
        "附件8.rar": "",
        "附件9.pdf": "",
    }


def test_what_is_not_read_is_kept_and_doubted(crawled: tuple[Path, list[str]]) -> None:
    harvest = bulletin(crawled[0], 1)
    told = {doubt.reason.partition(": ")[0]: doubt.reason for doubt in harvest.doubts if doubt.field == "attachments"}
    assert "an HTML page in truth" in told["附件6.pdf"]
    assert "a picture" in told["附件7.jpg"]
    assert "RAR" in told["附件8.rar"]
    assert "longer than allowed" in told["附件9.pdf"]
    assert len(told) == 4
    assert all(by_name(harvest)[name].digest for name in ("附件6.pdf", "附件7.jpg", "附件8.rar"))


def test_one_file_is_asked_for_once_and_kept_once_however_often_linked(crawled: tuple[Path, list[str]]) -> None:
    home, asked = crawled
    assert sum("downfile.jsp" in path for path in asked) == 1
    first, second = by_name(bulletin(home, 1)), by_name(bulletin(home, 2))
    assert set(second) == {"附件：水库名单", "附件二.pdf"}
    assert {file.digest for file in second.values()} == {first["水库名册.pdf"].digest}
    with open_vault(settings(home).vault_path) as vault:
        kept = [record for record, capture in vault.captures() if capture.body == ROSTER]
        assert len(kept) == 2
        whole, again = sorted(kept, key=lambda record: record.length, reverse=True)
        assert again.length < whole.length - 200  # the second is a mark that it was met again, and refers to the first
        assert vault.read(again).url != vault.read(whole).url
