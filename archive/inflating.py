"""Inflating (RFC 1950 to 1952), by zlib-ng where it is installed and by zlib where it is not.

zlib-ng takes half the time on pages, and says the same of damaged, cut and endless streams, in the same words. ISA-L is
as fast; it takes gzip headers with unknown flags for sound, and gives less of what stands before a fault.
"""

from __future__ import annotations

import zlib
from typing import Any, Final, Protocol

try:
    from zlib_ng import zlib_ng  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # there is no wheel for this machine
    _library: Any = zlib
else:
    _library = zlib_ng

#: What is raised where a stream is damaged.
Damaged: Final[type[Exception]] = _library.error

GZIP: Final = zlib.MAX_WBITS + 16
ZLIB: Final = zlib.MAX_WBITS
RAW: Final = -zlib.MAX_WBITS


class Inflater(Protocol):
    """A stream being inflated: what `zlib.decompressobj` gives. `decompress` raises Damaged."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def unconsumed_tail(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


def inflater(form: int = GZIP) -> Inflater:
    """For one stream of a form: GZIP (one member), ZLIB or RAW."""
    made: Inflater = _library.decompressobj(form)
    return made
