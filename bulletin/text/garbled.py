"""Text that was decoded with the wrong table, or lost characters on the way. Pure.

Told by what wrong tables leave behind: U+FFFD; 锟斤拷 (U+FFFD in UTF-8 read as GBK), 烫烫 and 屯屯 (uninitialised
memory read as GBK); the rare characters that UTF-8 Chinese becomes when read as GBK; and the accented letters and signs
that Chinese becomes when read as Latin-1 or Windows-1252.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_LOST: Final = re.compile("\ufffd|锟斤拷|烫烫烫|屯屯屯")
_AS_LATIN: Final = re.compile(
    "[\u0080-\u00b6\u00b8-\u00ff\u2021\u02c6\u2030\u0152\u0153\u0160\u0161\u0178\u017d\u017e]"
)
_SPARSE: Final = 0.01  # a page may hold a lost character without being spoilt
_AS_GBK_SHARE: Final = 0.15
_AS_LATIN_SHARE: Final = 0.3
_LONGEST: Final = 20_000


def garbled(text: str) -> bool:
    """Whether so much of `text` is lost or garbled that its decoding, and not a single character, went wrong.

    The first 20,000 characters decide; white space does not count.
    """
    text = "".join(text[:_LONGEST].split())
    if sum(len(found[0]) for found in _LOST.finditer(text)) >= max(1, _SPARSE * len(text)):
        return True
    return any(
        (seen := len(pattern.findall(text))) >= 3 and seen >= share * len(text)
        for pattern, share in ((_as_gbk(), _AS_GBK_SHARE), (_AS_LATIN, _AS_LATIN_SHARE))
    )


@cache
def _as_gbk() -> re.Pattern[str]:
    """The characters that the first two of three bytes of a Chinese character in UTF-8 (E4-E9, 80-BF) are in GBK. Half
    of garbled text is made of them; they are rare ones, so that sound text holds hardly any."""
    pairs = bytes(part for first in range(0xE4, 0xEA) for second in range(0x80, 0xC0) for part in (first, second))
    return re.compile(f"[{re.escape(pairs.decode('gbk', 'ignore'))}]")
