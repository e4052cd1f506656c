"""Word documents in XML (ECMA-376, WordprocessingML): paragraphs, tables, notes, heads and feet, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from crawler.extract.attached.outcome import Limits, UnreadableError
from crawler.extract.attached.package import Package, local, opened

_BESIDE: Final = re.compile(r"word/(?:header|footnotes|endnotes|footer)\d*\.xml")
#: Left out: what was deleted, field codes, and the older copy of a text box for programs that cannot draw the newer.
_SILENT: Final = frozenset("delText instrText delInstrText Fallback moveFrom pPr rPr tblPr sectPr".split())
_MARKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def read_docx(data: bytes, limits: Limits) -> str:
    """The text of a document: its body first, then what stands beside it on the pages, each text once."""
    with opened(data, limits) as package:
        parts = ["\n".join(blocks(package.xml("word/document.xml")))]
        for name in sorted(filter(_BESIDE.fullmatch, package.members)):
            beside = _beside(package, name)
            if beside and beside not in parts:
                parts.append(beside)
    return "\n".join(parts)


def _beside(package: Package, name: str) -> str:
    """A part that the document can do without; a damaged one does not cost the body."""
    try:
        return "\n".join(filter(None, map(str.strip, blocks(package.xml(name)))))
    except UnreadableError:
        return ""


def blocks(element: Any) -> Iterator[str]:
    """A line for each paragraph, and for each row of a table."""
    for child in element:
        name = local(child)
        if name in _SILENT:
            continue
        if name == "p":
            yield from _paragraph(child)
        elif name == "tr":
            cells = (" ".join(filter(None, map(str.strip, blocks(cell)))) for cell in _cells(child))
            yield "\t".join(cells)
        elif name:
            yield from blocks(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(child)


def _paragraph(paragraph: Any) -> Iterator[str]:
    """The line of a paragraph, then those of the text boxes anchored in it."""
    boxes: list[Any] = []
    yield "".join(_runs(paragraph, boxes))
    for box in boxes:
        yield from blocks(box)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    for child in element:
        name = local(child)
        if name in _SILENT:
            continue
        if name == "t":
            yield child.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name == "txbxContent":
            boxes.append(child)
        elif name:
            yield from _runs(child, boxes)
