"""Lengths of time as people write them."""

from __future__ import annotations

import re
from typing import Final

from bulletin.errors import UsageError

_UNITS: Final = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "秒": 1, "分钟": 60, "小时": 3_600, "天": 86_400}
_PART: Final = re.compile(r"(\d{1,9})\s*(s|min|m|h|d|秒|分钟|小时|天)")
_LONGEST: Final = 366 * 86_400


def seconds_of(text: str) -> int:
    """`90m`, `6h`, `1d 12h`, `30分钟`, `600` (seconds) as seconds. UsageError for anything else, and beyond a year."""
    said = text.strip().lower()
    total = int(said) if said.isdecimal() and len(said) < 10 else 0
    if not said.isdecimal():
        parts = _PART.findall(said)
        if not parts or _PART.sub("", said).strip():
            raise UsageError(f"{text[:40]!r} is no length of time.", "Write it like 30s, 90m, 6h or 1d.")
        total = sum(int(count) * _UNITS[unit] for count, unit in parts)
    if total > _LONGEST or (said.isdecimal() and len(said) >= 10):
        raise UsageError(f"{text[:40]!r} is longer than a year.", "Write it like 30s, 90m, 6h or 1d.")
    return total


def in_words(seconds: float) -> str:
    """A length of time in its two greatest units: `1 d 2 h`."""
    left, said = int(seconds), []
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            said.append(f"{count} {unit}")
    return " ".join(said[:2]) or "0 s"
