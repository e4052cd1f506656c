"""File names that every system takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in "123456789¹²³"), *(f"lpt{n}" for n in "123456789¹²³")]
)


def file_name(title: str, suffix: str = "", *, limit: int = 200) -> str:
    """A name legal on Windows, Linux and macOS, from any title; at most `limit` bytes of UTF-8, suffix included, cut
    between characters. Composed (NFC), so that a copy to another system bears the same name."""
    plain = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode("utf-8"))
    plain = "".join(
        c for c in _FORBIDDEN.sub("_", plain) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    room = max(limit - len(suffix.encode()), 1)
    plain = plain.strip(" .").encode()[:room].decode("utf-8", "ignore").rstrip(" .") or "_"
    # Windows keeps these names for devices, whatever stands behind the first dot.
    return f"_{plain}"[:room] + suffix if plain.partition(".")[0].strip().lower() in _RESERVED else plain + suffix
