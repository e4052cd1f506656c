"""Web pages saved with their pictures in one file of MIME parts (RFC 2557: .mhtml, .mht)."""

from __future__ import annotations

import email

from bulletin.errors import ReadingError


def first_page(data: bytes, url: str) -> tuple[bytes, str, str]:
    """(page, content type, URL) of the first HTML part; `url` where it is given, else the one the file names."""
    message = email.message_from_bytes(data)
    for piece in message.walk():
        if piece.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = piece.get_payload(decode=True)
            charset = piece.get_content_charset() or ""
            place = url or str(message.get("Snapshot-Content-Location") or piece.get("Content-Location") or "")
            return body if isinstance(body, bytes) else b"", f"text/html; charset={charset}" if charset else "", place
    raise ReadingError("a saved web page without an HTML part", "Save the page again, as HTML only.")
