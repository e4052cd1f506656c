"""Word processor and spreadsheet files (OOXML) that invented bulletins carry; the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Final

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE: Final = "http://schemas.openxmlformats.org"


def docx(paragraphs: Sequence[str]) -> bytes:
    """A document of plain paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    return _zip(
        {
            "[Content_Types].xml": _types(("word/document.xml", "wordprocessingml.document.main")),
            "_rels/.rels": _relation("officeDocument", "word/document.xml"),
            "word/document.xml": f'{_XML}<w:document xmlns:w="{_SPACE}/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>",
        }
    )


def xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet, every cell a text."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    main = f'xmlns="{_SPACE}/spreadsheetml/2006/main"'
    sheet = "xl/worksheets/sheet1.xml"
    return _zip(
        {
            "[Content_Types].xml": _types(
                ("xl/workbook.xml", "spreadsheetml.sheet.main"), (sheet, "spreadsheetml.worksheet")
            ),
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'{_XML}<workbook {main} xmlns:r="{_SPACE}/officeDocument/2006/relationships">'
            '<sheets><sheet name="表1" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            sheet: f"{_XML}<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
        }
    )


def _types(*parts: tuple[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
        for path, kind in parts
    )
    return (
        f'{_XML}<Types xmlns="{_SPACE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_SPACE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_SPACE}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def _zip(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            # A ZipInfo without a date says 1980: the same bytes on every run.
            archive.writestr(zipfile.ZipInfo(name), text.encode())
    return out.getvalue()
