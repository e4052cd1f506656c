"""ZIP packages from strangers: members read within a bound, XML parsed without entities, DTDs or the network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from lxml import etree

from crawler.extract.attached.outcome import Limits, UnreadableError

#: A package that unfolds to more than this many times its size, and to more than FREELY bytes, is a bomb: office
#: documents stay below 100 (sheets of equal cells).
RATIO: Final = 400
FREELY: Final = 20_000_000
_PIECE: Final = 1 << 20
#: What `zipfile` raises for members it cannot read: wrong sums, cut data, unknown methods, passwords.
_FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Package:
    """The members of a ZIP file, which may unfold to `limits.unpacked` bytes all together."""

    def __init__(self, zipped: zipfile.ZipFile, size: int, limits: Limits) -> None:
        self._zipped = zipped
        self._left = limits.unpacked
        self._ceiling = max(FREELY, RATIO * size)
        self.members = {info.filename: info for info in zipped.infolist() if not info.is_dir()}

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str) -> bytes:
        """A member, unfolded. UnreadableError where it is missing, locked, damaged, or too large."""
        info = self.members.get(name)
        if info is None:
            raise UnreadableError(f"damaged: {name} is missing in the package")
        if info.flag_bits & 0x1:
            raise UnreadableError("protected by a password")
        bound = min(self._left, self._ceiling)
        pieces: list[bytes] = []
        try:
            with self._zipped.open(info) as stream:
                # What the directory says of sizes is not believed: it is counted while unfolding.
                while piece := stream.read(_PIECE):
                    pieces.append(piece)
                    bound -= len(piece)
                    if bound < 0:
                        raise UnreadableError("a package that unfolds far beyond its size (a ZIP bomb?); not opened")
        except _FAULTS as error:
            raise UnreadableError(f"damaged: {name} in the package cannot be unfolded") from error
        whole = b"".join(pieces)
        self._left -= len(whole)
        self._ceiling -= len(whole)
        return whole

    def xml(self, name: str) -> Any:
        """The root element of a member."""
        return parse_xml(self.read(name), name)


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[Package]:
    """The package in `data`. UnreadableError where it is none."""
    try:
        zipped = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        raise UnreadableError("damaged or cut off: the ZIP directory at its end is missing or wrong") from error
    with zipped:
        yield Package(zipped, len(data), limits)


def parse_xml(data: bytes, name: str) -> Any:
    """The root element. A DTD is not followed and entities are not put in; broken XML is read as far as it goes."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"damaged: {name} is no XML") from error
    if root is None:
        raise UnreadableError(f"damaged: {name} is no XML")
    return root


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for comments, instructions and entities."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
