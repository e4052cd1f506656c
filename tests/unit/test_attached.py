"""Text out of every kind of file that bulletins carry."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from officefiles import WORD, compound, doc, docx, gbk_zip, ofd, old_doc, paragraph, rtf, xls, zipped

from crawler.extract.attached import text_of
from desk.demo.files import jpeg, pdf
from desk.demo.ooxml import xlsx


def test_a_pdf_keeps_its_pages_apart() -> None:
    read = text_of(pdf([["云岫县防汛预案", "第一条"], [], ["附表"]]), name="x.doc")
    assert read.pages == ("云岫县防汛预案\n第一条", "", "附表")
    assert read.text == "云岫县防汛预案\n第一条\f\f附表"
    assert (read.media_type, read.reason) == ("application/pdf", "")


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    read = text_of(pdf([[], []]))
    assert (read.text, read.pages) == ("", ("", ""))
    assert "no text on its 2 page(s)" in read.reason


def test_an_ofd_keeps_its_pages_apart_and_pieces_of_a_line_together() -> None:
    first = [(20.0, 20.0, "云岫县"), (35.0, 20.2, "水利局"), (20.0, 40.0, "序号"), (80.0, 40.0, "水库")]
    read = text_of(ofd([first, [(20.0, 20.0, "第二页")]]))
    assert read.pages == ("云岫县水利局\n序号\t水库", "第二页")
    assert (read.media_type, read.reason) == ("application/ofd", "")


def test_an_ofd_page_that_is_missing_leaves_the_numbers_of_the_others() -> None:
    whole = ofd([[(0, 0, "一")], [(0, 0, "二")], [(0, 0, "三")]])
    broken = whole.replace(b"Doc_0/Pages/Page_1/Content.xml", b"Doc_0/Pages/Page_9/Content.xml")
    assert text_of(broken).pages == ("一", "", "三")


def test_a_docx_is_read_with_tables_notes_and_boxes_and_without_what_was_deleted() -> None:
    table = (
        "<w:tbl><w:tr>" + "".join(f"<w:tc>{paragraph(t)}{paragraph('人')}</w:tc>" for t in "甲乙") + "</w:tr></w:tbl>"
    )
    box = f"<w:p><w:r><w:t>框外</w:t><w:pict><w:txbxContent>{paragraph('框内')}</w:txbxContent></w:pict></w:r></w:p>"
    gone = "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:r><w:t>留下</w:t></w:r></w:p>"
    field = "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>第</w:t><w:tab/><w:t>页</w:t></w:r></w:p>"
    notes = f'<w:footnotes xmlns:w="{WORD}">{paragraph("脚注")}</w:footnotes>'
    read = text_of(docx(paragraph("总则") + table + box + gone + field, footnotes=notes))
    assert read.text == "总则\n甲 人\t乙 人\n框外\n框内\n留下\n第\t页\n脚注"
    assert (read.pages, read.reason) == ((), "")
    assert read.media_type.endswith("wordprocessingml.document")


def test_a_doc_is_read_through_its_pieces() -> None:
    table = "乡镇\x07人数\x07\x07白石\x0712\x07\x07"
    link = "见\x13 HYPERLINK \x14通知\x15。\r"
    read = text_of(doc([("云岫县防汛预案\r", False), ("GB/T 9704\r", True), (table, False), (link, False)]))
    assert read.text == "云岫县防汛预案\nGB/T 9704\n乡镇\t人数\n白石\t12\n见通知。"
    assert (read.media_type, read.reason) == ("application/msword", "")


def test_a_word_95_doc_is_read_in_the_code_page_of_its_language() -> None:
    assert text_of(old_doc("云岫县人民政府\r第一条\r")).text == "云岫县人民政府\n第一条"


def test_wps_and_et_are_read_as_the_formats_they_are() -> None:
    assert text_of(doc([("通知", False)]), name="通知.wps").text == "通知"
    assert text_of(xls("表", [["水库"]]), name="名册.et").text == "表\n水库"
    assert text_of(docx(paragraph("通知")), name="通知.wps").text == "通知"


def test_an_old_wps_file_is_kept_and_said() -> None:
    read = text_of(b"\x01\x02\x03WPS" + bytes(range(256)), name="通知.wps")
    assert (read.text, read.reason) == ("", "a file of an old word processor (WPS or Works), which is not read")


def test_an_xlsx_shows_values_as_a_reader_would_look_for_them() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "统计表"
    sheet.append(["乡镇", "人数", "日期", "比例", None])
    sheet.append(["白石\n镇", 12.0, date(2026, 3, 1), 0.125, True])
    book.create_sheet("空表")
    book.save(out)
    read = text_of(out.getvalue())
    assert read.text == "统计表\n乡镇\t人数\t日期\t比例\n白石 镇\t12\t2026-03-01\t0.125\tTrue\n空表"
    assert text_of(xlsx([["甲", "乙"]])).text == "表1\n甲\t乙"


def test_an_xls_is_read() -> None:
    read = text_of(xls("统计表", [["乡镇", "人数"], ["白石镇", 12.0, 0.5]]))
    assert read.text == "统计表\n乡镇\t人数\n白石镇\t12\t0.5"
    assert (read.media_type, read.reason) == ("application/vnd.ms-excel", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_are_decoded_by_their_own_bytes(encoding: str) -> None:
    assert (
        text_of("云岫县水库名册\r\n各镇人民政府".encode(encoding), name="a.txt").text == "云岫县水库名册\n各镇人民政府"
    )


def test_a_short_text_in_gbk_is_read() -> None:
    assert text_of("桐子坪".encode("gbk"), name="a.txt").text == "桐子坪"


def test_cells_of_a_csv_are_parted_by_tabs() -> None:
    data = '乡镇,说明\r\n白石镇,"一, 二 ""三"""\r\n'.encode("gbk")
    read = text_of(data, name="a.csv")
    assert read.text == '乡镇\t说明\n白石镇\t一, 二 "三"'
    assert read.media_type == "text/csv"


def test_rich_text_that_goes_by_the_name_of_a_doc_is_read() -> None:
    read = text_of(rtf("云岫县{\\*\\generator x;}通知\\par \\u27700?\\u24211 ?名册"), name="a.doc")
    assert read.text == "云岫县通知\n水库名册"
    assert read.media_type == "application/rtf"


def test_members_of_a_zip_are_read_under_their_names() -> None:
    inner = zipped({"内.txt": "里面的字".encode()})
    read = text_of(gbk_zip({"附件1.pdf": pdf([["甲"], ["乙"]]), "图.jpg": jpeg("x"), "再.zip": inner}))
    assert [m.name for m in read.members] == ["附件1.pdf", "图.jpg", "再.zip"]
    assert read.members[0].text == "甲\n乙"
    assert read.members[1].reason.startswith("a picture")
    assert read.text == "附件1.pdf\n甲\n乙\n图.jpg\n再.zip\n内.txt\n里面的字"
    assert read.reason.startswith("1 of 3 files in the archive not read: 图.jpg: a picture")


def test_a_third_archive_inside_another_is_named_only() -> None:
    data = b"deep"
    for depth in range(4):
        data = zipped({f"{depth}.zip" if depth else "a.txt": data})
    read = text_of(data)
    assert "not opened" in read.reason
    assert "deep" not in read.text


@pytest.mark.parametrize(
    ("data", "name", "media_type", "said"),
    [
        (b"Rar!\x1a\x07\x01\x00rest", "a.pdf", "application/vnd.rar", "RAR"),
        (b"7z\xbc\xaf\x27\x1crest", "a", "application/x-7z-compressed", "7z"),
        (jpeg("a"), "a.pdf", "image/jpeg", "picture"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png", "picture"),
        (b"", "a.pdf", "application/x-empty", "empty"),
        (b"\x00\x01\x02\x03" * 99, "a.bin", "application/octet-stream", "no kind"),
        (compound({"EncryptedPackage": b"x"}), "a.docx", "application/x-ole-storage", "password"),
        (zipped({"ppt/presentation.xml": "<p/>"}), "a", "application/vnd.openxml", "slides"),
        (doc([("x", False)], flags=0x0300), "a.doc", "application/msword", "password"),
    ],
)
def test_what_is_not_read_is_named_and_says_why(data: bytes, name: str, media_type: str, said: str) -> None:
    read = text_of(data, name=name)
    assert (read.text, read.pages) == ("", ())
    assert read.media_type.startswith(media_type)
    assert said in read.reason


def test_a_page_served_instead_of_the_file_is_said_and_gives_no_text() -> None:
    page = "<!DOCTYPE html><html><head><script>x</script></head><body>请登录后下载</body></html>".encode()
    read = text_of(page, name="附件.pdf")
    assert (read.text, read.media_type) == ("", "text/html")
    assert read.reason == "an HTML page in truth, though its name ends in .pdf; not the file it was linked as"


def test_a_table_exported_as_a_workbook_is_said_and_read() -> None:
    page = "<table><tr><th>乡镇<td><p>人数</p></tr><tr><td>白石镇<td>12</table>".encode("gbk")
    read = text_of(page, name="统计.xls")
    assert read.text == "乡镇\t人数\n白石镇\t12"
    assert read.reason.endswith("read as one")


def test_word_documents_saved_as_one_xml_file_or_as_web_archive_are_read() -> None:
    flat = (
        f'<?xml version="1.0"?><w:wordDocument xmlns:w="{WORD}"><w:body>{paragraph("通知")}</w:body></w:wordDocument>'
    )
    assert text_of(flat.encode(), name="通知.doc").text == "通知"
    parts = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    parts += (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>"
        + "名册".encode()
        + b"</p></body></html>\r\n--b--"
    )
    assert text_of(parts, name="名册.doc").text == "名册"
