"""OFD, the Chinese standard for documents of fixed layout (GB/T 33190-2016): a ZIP package of XML, page by page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crawler.extract.attached.outcome import Limits, UnreadableError
from crawler.extract.attached.package import Package, local, opened

#: Pieces whose upper edges differ by less than this share of their height stand on one line.
_LEVEL: Final = 0.5
#: A gap wider than this many heights parts two pieces of a line as cells are parted.
_APART: Final = 1.5


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text object: its boundary in millimetres from the upper left, and its text."""

    left: float
    top: float
    width: float
    height: float
    text: str


def read_ofd(data: bytes, limits: Limits) -> tuple[list[str], int]:
    """The texts of the pages, in order, as far as the limit of pages; and how many there are."""
    with opened(data, limits) as package:
        document = package.xml("OFD.xml")
        pages: list[str] = []
        total = 0
        for root in [(e.text or "").strip() for e in document.iter() if local(e) == "DocRoot"]:
            places, templates = _layout(package, root)
            total += len(places)
            for place in places[: max(0, limits.pages - len(pages))]:
                pages.append(_page(package, place, templates))
    if not total:
        raise UnreadableError("an OFD package without pages")
    return pages, total


def _layout(package: Package, root: str) -> tuple[list[str], dict[str, str]]:
    """Where the pages of a document lie, in order, and its templates by their ids."""
    base = _place("", root)
    document = package.xml(base)
    pages, templates = [], {}
    for element in document.iter():
        if (name := local(element)) in ("Page", "TemplatePage") and (where := element.get("BaseLoc")):
            place = _place(base, where)
            if name == "Page":
                pages.append(place)
            else:
                templates[element.get("ID", "")] = place
    return pages, templates


def _place(base: str, where: str) -> str:
    """A location (ST_Loc): from the package's root where it begins with /, otherwise from the folder of `base`."""
    joined = where if where.startswith("/") else posixpath.join(posixpath.dirname(base), where)
    return posixpath.normpath(joined.replace("\\", "/")).lstrip("/")


def _page(package: Package, place: str, templates: dict[str, str]) -> str:
    """The text of a page, with what its templates print on it. A damaged page is empty, so that the others keep their
    numbers."""
    try:
        content = package.xml(place)
        behind = [templates.get(e.get("TemplateID", "")) for e in content.iter() if local(e) == "Template"]
        pieces = [piece for name in behind if name for piece in _pieces(package.xml(name))]
    except UnreadableError:
        return ""
    return "\n".join(_lines([*pieces, *_pieces(content)]))


def _pieces(content: Any) -> Iterator[_Piece]:
    for element in content.iter():
        if local(element) == "TextObject":
            text = "".join(code.text or "" for code in element if local(code) == "TextCode")
            if text.strip():
                left, top, width, height = _boundary(element.get("Boundary", ""))
                yield _Piece(left, top, width, height or _number(element.get("Size", "")), text)


def _boundary(value: str) -> list[float]:
    numbers = [_number(part) for part in value.split()[:4]]
    return numbers + [0.0] * (4 - len(numbers))


def _number(value: str) -> float:
    try:
        return float(value) if len(value) < 32 else 0.0
    except ValueError:
        return 0.0


def _lines(pieces: list[_Piece]) -> Iterator[str]:
    """Pieces in the order of the file, which is that of reading in what office programs write; those that follow one
    another on one level are one line."""
    line = ""
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and abs(piece.top - last.top) <= _LEVEL * max(piece.height, last.height):
            gap = piece.left - (last.left + last.width)
            line += ("\t" if gap > _APART * max(piece.height, last.height) else "") + piece.text
        else:
            if line:
                yield line
            line = piece.text
        last = piece
    if line:
        yield line
