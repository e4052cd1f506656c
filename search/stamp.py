"""What an index was made with, and whether that is still what we would make it with."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from bulletin.text.script import fold
from search.analyzer import VERSION, lexicon_digest

#: Changes whenever the files of an index mean something else.
SCHEMA: Final = 7


def current(lexicon: Path | None = None) -> str:
    """`schema/analyser version/fold digest/lexicon digest` of an index made now."""
    return f"{SCHEMA}/{VERSION}/{_fold_digest()}/{lexicon_digest(lexicon)}"


def needs_rebuild(stamp: str, lexicon: Path | None = None) -> str:
    """Why an index with this stamp has to be made anew, or "" if it has not."""
    names = ("its layout", "the analyser", "the folding of characters", "the lexicon")
    held, wanted = stamp.split("/"), current(lexicon).split("/")
    if len(held) != len(wanted):
        return "its stamp is not one of ours"
    changed = [name for name, old, new in zip(names, held, wanted, strict=True) if old != new]
    return f"{' and '.join(changed)} changed since it was made" if changed else ""


@cache
def _fold_digest() -> str:
    planes = (range(0x20, 0xD800), range(0xF900, 0x10000), range(0x20000, 0x32400))
    text = "".join(map(chr, (code for plane in planes for code in plane)))
    return hashlib.sha256(fold(text).encode("utf-8", "replace")).hexdigest()[:12]
