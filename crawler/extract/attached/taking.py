"""Text out of a file, whatever the file does to whoever reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any, Final

from crawler.extract.aside import Aside
from crawler.extract.attached.kinds import UNREAD, by_magic
from crawler.extract.attached.outcome import AttachedText, Limits, Member

_CHILD: Final = Aside("crawler.extract.attached.worker", service=500)


def text_of(data: bytes, *, name: str = "", media_type: str = "", limits: Limits | None = None) -> AttachedText:
    """The text of an attached file, and what the file is. Never raises, whatever the bytes.

    `name` (of the file, or the last part of its URL) and `media_type` (what the server called it) are asked only where
    the bytes do not say. The file is read in a child process, which is kept for the next one; a file that takes longer
    than `limits.seconds`, or brings the reader down, has no text and says so. May be called from any thread; calls take
    turns.
    """
    limits = limits or Limits()
    if len(data) > limits.size:
        return AttachedText(reason=f"too large to be read: {len(data):,} bytes, allowed are {limits.size:,}")
    kind = by_magic(data)
    if kind in UNREAD:
        stated, reason = UNREAD[kind]
        return AttachedText(media_type=stated, reason=reason)
    order = json.dumps({"name": name, "media_type": media_type, "limits": asdict(limits)}).encode()
    answer, late = _CHILD.ask(order + b"\n" + data, limits.seconds)
    if answer:
        return _outcome(json.loads(answer))
    if late:
        return AttachedText(reason=f"reading was stopped after {limits.seconds:g} seconds")
    return AttachedText(reason="damaged: its reader broke down over it")


def _outcome(record: dict[str, Any]) -> AttachedText:
    members = tuple(Member(**member) for member in record["members"])
    return replace(AttachedText(**{**record, "members": members}), pages=tuple(record["pages"]))
