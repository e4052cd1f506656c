"""One HTTP exchange as received, and where its record lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """What a server answered, kept before anyone tries to understand it.

    `payload` is the entity as sent: transfer-coding removed, content-coding (gzip ...) still on it; its digest is
    evidence. `body` is what is read: content-coding removed too. `wire` and `request` are the bytes exactly as they
    crossed the line, or None where the transport could not give them; then the record is a normalised one and says so.
    `truncated` is the WARC reason (length, time, disconnect, unspecified) or "". `resource` marks a file that was taken
    in without an HTTP exchange. `via` is the address that led here where no list did: the page a file or a further page
    belongs to, or what was redirected. Moments are aware UTC.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    body: bytes
    reason: str = ""
    wire: bytes | None = None
    request: bytes | None = None
    ip: str = ""
    truncated: str = ""
    resource: bool = False
    via: str = ""

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case, or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where a capture lies: WARC file name, byte offset and length of its gzip member, digest of its payload."""

    warc: str
    offset: int
    length: int
    payload_digest: str
