"""CDXJ: by which URL and moment a capture is found in a WARC file (webrecorder/specs cdxj 0.1.0). Pure.

Keys are SURTs as the `surt` library and, with it, cdxj-indexer, py-wacz and pywb make them: host reversed, `www.` gone,
lower case, query sorted, no slash at the end. A form sent by POST is part of the key (CDX non-GET requests).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from archive.entity import parse_head, split_exchange
from archive.warc_format import Record, parse_date

#: The record types that can be asked for.
INDEXED: Final = ("response", "revisit", "resource")

_WWW: Final = re.compile(r"^www\d*\.")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FORM: Final = "application/x-www-form-urlencoded"
_LONGEST_FORM: Final = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index."""

    key: str
    timestamp: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.key} {self.timestamp} {json.dumps(dict(self.fields), ensure_ascii=True)}"


def entry_of(record: Record, filename: str, offset: int, length: int, request: Record | None = None) -> Entry | None:
    """The line of a record; None for one that is not indexed, or has no date.

    A 304 is not: pywb replays it as the empty answer it was, and a reader who asks for its moment wants the page that
    had not changed, which the nearest line leads to."""
    if record.type not in INDEXED:
        return None
    try:
        timestamp = f"{parse_date(record.field('WARC-Date')):%Y%m%d%H%M%S}"
    except ValueError:
        return None
    url = record.field("WARC-Target-URI")
    status, mime = _answer(record)
    if status == "304":
        return None
    fields = {"url": url, "mime": mime, "status": status, "digest": record.field("WARC-Payload-Digest")}
    fields |= {"length": str(length), "offset": str(offset), "filename": filename}
    asked = _asked(request) if request else ""
    if asked:
        fields |= {"method": "POST", "requestBody": asked}
        url = f"{url}{'&' if '?' in url else '?'}__wb_method=POST&{asked}"
    return Entry(surt(url), timestamp, tuple((name, value) for name, value in fields.items() if value))


def entries_of(records: Iterable[tuple[Record, str, int, int]]) -> Iterator[Entry]:
    """The lines of records that lie one behind the other, given with file, offset and length. A request stands behind
    its response, and may be part of the key."""
    waiting: tuple[Record, str, int, int] | None = None
    for place in chain(records, (None,)):
        record = place[0] if place else None
        if waiting and (entry := entry_of(*waiting, record if record and record.type == "request" else None)):
            yield entry
        waiting = place if record and record.type in INDEXED else None


def sorted_lines(entries: Iterable[Entry]) -> list[bytes]:
    """The lines of an index in byte order, each ended."""
    return sorted(f"{entry}\n".encode() for entry in entries)


def surt(url: str) -> str:
    """The key a URL is looked up by. What is not HTTP is its own key."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _DEFAULT_PORTS:
        return url
    host = _WWW.sub("", (parts.hostname or "").rstrip("."))
    key = ",".join(reversed(host.split(".")))
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        key += f":{port}"
    path = re.sub("/{2,}", "/", parts.path.lower())
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{key}){path or '/'}" + (f"?{query}" if query else "")


def _answer(record: Record) -> tuple[str, str]:
    if record.type == "resource":
        return "200", record.field("Content-Type").partition(";")[0].strip()
    status, _, headers = parse_head(split_exchange(record.block)[0])
    if record.type == "revisit":
        return str(status), "warc/revisit"
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return str(status), kind.partition(";")[0].strip() or "unk"


def _asked(request: Record) -> str:
    """The form a request sends, if it is a POST of one."""
    head, body = split_exchange(request.block)
    headers = {name.lower(): value for name, value in parse_head(head)[2]}
    if not head.startswith(b"POST ") or not headers.get("content-type", "").lower().startswith(_FORM):
        return ""
    return body[:_LONGEST_FORM].decode("ascii", "replace")
