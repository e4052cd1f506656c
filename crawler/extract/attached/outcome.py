"""What became of reading a file, and how far reading may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

#: Stands between the pages of a text whose file has numbered pages, and nowhere else (U+000C FORM FEED).
PAGE_BREAK: Final = "\f"
#: Of the time for a file, the share after which no further page or row is begun: what is read by then must be told.
SOON: Final = 0.6


@dataclass(frozen=True, slots=True)
class Limits:
    """How far reading may go. What lies beyond is left out, and the reason says so.

    `size`: bytes of a file; `unpacked`: bytes that a package may unfold to, all its members together; `pages`,
    `characters`, `members`: of one file; `seconds`, `memory` (bytes): of the child process for one file.
    """

    size: int = 200_000_000
    unpacked: int = 200_000_000
    pages: int = 2_000
    characters: int = 2_000_000
    members: int = 200
    seconds: float = 30.0
    memory: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a package: its path there, its text, and why there is none or not all of it."""

    name: str
    text: str = ""
    media_type: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AttachedText:
    """The text of a file.

    `pages` holds one text for each page where the format numbers them (pdf, ofd); then `text` is these pages parted by
    one PAGE_BREAK each, so that the page of an offset is the number of breaks before it plus one. A file without any
    text has the empty text, however many pages. Lines are parted by `\\n`, cells of a table by a tab. `media_type` is
    what the bytes are, whatever the name says. `members` are the files of a package, and `text` theirs, one after
    another under their names. `reason` says in words why the text is missing or not whole; "" if all is well.
    """

    text: str = ""
    pages: tuple[str, ...] = ()
    media_type: str = ""
    members: tuple[Member, ...] = field(default=())
    reason: str = ""


class UnreadableError(Exception):
    """A file, or the rest of it, cannot be read; the message is the reason, in words for a person. `so_far` is the text
    that was read before."""

    def __init__(self, reason: str, so_far: str = "") -> None:
        super().__init__(reason)
        self.so_far = so_far
