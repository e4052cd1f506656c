"""Names of files as bytes, where nothing says reliably which encoding they are in: UTF-8 or GBK."""

from __future__ import annotations

import codecs
import re
from typing import Final

#: What names on Chinese sites are made of; a wrong encoding shows in what is left over.
_USUAL: Final = re.compile(
    "[\x20-\x7e\u00b7\u00d7\u2010-\u2027\u2030-\u203b\u2160-\u217f\u2460-\u24ff\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
    "\U00020000-\U000323af]+"
)


def decoded_name(raw: bytes, stated: str = "") -> str:
    """The name by the encoding stated if the bytes are in it, otherwise by UTF-8 or GB18030, whichever leaves fewer odd
    characters: some Chinese words in GBK are well-formed UTF-8 (图 is ͼ). Bytes in neither are read as Latin-1."""
    if stated and (text := _decoded(raw, stated)) is not None:
        return text
    readings = [text for text in (_decoded(raw, "utf-8"), _decoded(raw, "gb18030")) if text is not None]
    return min(readings, key=lambda text: len(_USUAL.sub("", text)), default=raw.decode("latin-1"))


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        codecs.lookup(encoding)
        return raw.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
