"""A file's bytes to its text, in this process, by the reader of its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bulletin.text.clean import clean
from crawler.extract.attached.doc import read_doc
from crawler.extract.attached.docx import read_docx
from crawler.extract.attached.kinds import READ, UNREAD, kind_of, suffix_of
from crawler.extract.attached.markup import made_by_office, read_html, read_mhtml, read_xml
from crawler.extract.attached.ofd import read_ofd
from crawler.extract.attached.outcome import PAGE_BREAK, AttachedText, Limits, UnreadableError
from crawler.extract.attached.packed import read_zip
from crawler.extract.attached.pdf import read_pdf
from crawler.extract.attached.plain import read_csv, read_rtf, read_text
from crawler.extract.attached.sheets import read_xls, read_xlsx

_FLOWING: Final[dict[str, Callable[[bytes, Limits], str]]] = {
    "docx": read_docx,
    "doc": read_doc,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "rtf": read_rtf,
    "txt": read_text,
    "csv": read_csv,
    "html": read_html,
    "mhtml": read_mhtml,
    "xml": read_xml,
}
_PAGED: Final[dict[str, Callable[[bytes, Limits], tuple[list[str], int]]]] = {"pdf": read_pdf, "ofd": read_ofd}
_PAGES_BY_NAME: Final = ("", "html", "htm", "shtml", "mht", "mhtml", "xml")


def read(data: bytes, name: str, media_type: str, limits: Limits, depth: int = 0) -> AttachedText:
    """The text of a file. Raises nothing but what the machine itself raises (MemoryError)."""
    stated = ""
    try:
        kind = kind_of(data, name, media_type)
        if kind in UNREAD:
            stated, reason = UNREAD[kind]
            return AttachedText(media_type=stated, reason=reason)
        stated = READ[kind]
        return _tidied(_taken(kind, data, name, limits, depth), stated, limits)
    except UnreadableError as error:
        return AttachedText(media_type=stated, reason=str(error))
    except MemoryError:
        raise
    except Exception as error:
        reason = f"damaged: its parts do not fit together ({type(error).__name__})"
        return AttachedText(media_type=stated, reason=reason)


def _taken(kind: str, data: bytes, name: str, limits: Limits, depth: int) -> AttachedText:
    if kind == "zip":
        return read_zip(data, limits, lambda inner, path, less, deep: read(inner, path, "", less, deep), depth)
    if kind in _PAGED:
        return _paged(kind, data, limits)
    if kind == "html":
        return _page(data, name, limits)
    try:
        return AttachedText(_FLOWING[kind](data, limits))
    except UnreadableError as broken_off:
        return AttachedText(broken_off.so_far, reason=str(broken_off))


def _page(data: bytes, name: str, limits: Limits) -> AttachedText:
    """A page that goes by another name is said to be one. What an office program exported is the document all the
    same; any other page is a site's answer instead of the file, and none of its words are the file's."""
    suffix = suffix_of(name)
    if suffix in _PAGES_BY_NAME:
        return AttachedText(read_html(data, limits))
    disguised = f"an HTML page in truth, though its name ends in .{suffix}"
    if made_by_office(data):
        return AttachedText(read_html(data, limits), reason=f"{disguised}; read as one")
    return AttachedText(reason=f"{disguised}; not the file it was linked as")


def _paged(kind: str, data: bytes, limits: Limits) -> AttachedText:
    pages, total = _PAGED[kind](data, limits)
    reasons = []
    if len(pages) < total:
        reasons.append(f"{total:,} pages; the first {len(pages):,} were read")
    if pages and not any(map(str.strip, pages)):
        reasons.append(f"no text on its {len(pages):,} page(s): they are pictures, or their characters have no codes")
    return AttachedText(pages=tuple(pages), reason="; ".join(reasons))


def _tidied(taken: AttachedText, media_type: str, limits: Limits) -> AttachedText:
    """With texts cleaned and cut to the limit."""
    pages, cut = [], False
    left = limits.characters
    for page in taken.pages:
        tidy = clean(page)
        pages.append(tidy[: max(left, 0)])
        cut = cut or len(tidy) > left
        left -= len(tidy) + 1
    text = PAGE_BREAK.join(pages) if any(pages) else "" if pages else clean(taken.text)
    cut = cut or len(text) > limits.characters
    reason = taken.reason
    if cut:
        reason = "; ".join(filter(None, (reason, f"long: cut after {limits.characters:,} characters")))
    if not text and not reason:
        reason = "there is no text in it"
    return replace(taken, text=text[: limits.characters], pages=tuple(pages), media_type=media_type, reason=reason)
