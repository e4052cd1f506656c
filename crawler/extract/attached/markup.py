"""Pages and flat XML that go by a document's name: what offices export as .doc and .xls is often one of these."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree, html

from crawler.extract.attached.docx import blocks
from crawler.extract.attached.outcome import Limits, UnreadableError
from crawler.extract.attached.package import local, parse_xml
from crawler.extract.decoding import decode

_SILENT: Final = frozenset("script style head template noscript iframe object svg".split())
_LINES: Final = frozenset(
    "p div tr li h1 h2 h3 h4 h5 h6 br hr table ul ol dl dt dd blockquote pre section article caption title".split()
)
_OFFICE: Final = re.compile(
    rb"urn:schemas-microsoft-com:office|content=[\"']?(?:Excel|Word|Microsoft|WPS|Kingsoft|LibreOffice|OpenOffice)",
    re.I,
)
#: What a site's page has and a table made to be saved has not.
_SITE: Final = re.compile(rb"<(?:script|form|iframe|link|a)\b", re.I)
_SPACE: Final = re.compile(r"\s+")
#: Ends of cells and rows while a page is walked: the ends of blocks in a cell do not end its row.
_CELL, _ROW = "\x1f", "\x1e"
_CELL_END: Final = re.compile(f"[ \n]*{_CELL}[ \n]*")
_ENDS: Final = {"td": _CELL, "th": _CELL, "tr": _ROW}


def made_by_office(data: bytes) -> bool:
    """Whether a page is an office program's own export, or a bare table that a website exported as a workbook."""
    if _OFFICE.search(data[:20_000]):
        return True
    return b"<table" in data[:20_000].lower() and not _SITE.search(data)


def read_html(data: bytes, limits: Limits) -> str:
    """What the page says, a line for each block and row, a tab between cells."""
    text = decode(data).text[: 5 * limits.characters]
    if not text.strip():
        return ""
    # As bytes with a known encoding: a declaration inside the page, which may be wrong, is not followed.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, recover=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("damaged: the page holds nothing") from error
    return _CELL_END.sub("\t", "".join(_page_text(root))).replace(_ROW, "\n")


def _page_text(root: Any) -> Iterator[str]:
    """Depth first without recursion: pages nest as deep as they like."""
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local(element)
        if event == "start":
            silent += name in _SILENT
            if not silent and name:
                yield "\n" if name in _LINES else ""
                yield _SPACE.sub(" ", element.text or "")
            continue
        silent -= name in _SILENT
        if not silent:
            yield _ENDS.get(name, "\n" if name in _LINES else "")
            yield _SPACE.sub(" ", element.tail or "")


def read_mhtml(data: bytes, limits: Limits) -> str:
    """The page in a web archive of MIME parts (RFC 2557)."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = part.get_payload(decode=True)
            return read_html(page, limits) if isinstance(page, bytes) else ""
    raise UnreadableError("a web archive without a page")


def read_xml(data: bytes, limits: Limits) -> str:
    """A Word or Excel document saved as one XML file (the 2003 formats). UnreadableError for other XML."""
    root = parse_xml(data, "the file")
    if local(root) == "wordDocument":
        return "\n".join(line for body in root if local(body) == "body" for line in blocks(body))
    if local(root) == "Workbook":
        return "\n".join(_rows(root))
    raise UnreadableError("XML of no kind that is known here")


def _rows(root: Any) -> Iterator[str]:
    for row in root.iter("{*}Row"):
        yield "\t".join(" ".join("".join(cell.itertext()).split()) for cell in row if local(cell) == "Cell")
