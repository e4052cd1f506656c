"""A capture as WARC records, and back. Pure.

A field of our own, `Gongbao-Bytes`, says whether a block holds the bytes of the wire (`exact`) or an HTTP message put
together from what was left of them (`normalised`: headers as they were handed over, transfer-coding off). A
record taken from a file of somebody else's has the bytes found there (`as-found`). A `dechunked` one is the
message of the wire with its chunk framing off; the head as received stands in a metadata record behind it. Another
metadata record says `via` which page or redirect an answer was reached, where no list led to it.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from archive.entity import Headers, entity_of, parse_head, payload_of, split_exchange
from archive.warc_format import Fields, Record, member, parse_date, record_id, warc_date
from bulletin.capture import Capture
from bulletin.errors import IntegrityError
from bulletin.ids import digest

EXACT: Final = "exact"
NORMALISED: Final = "normalised"
AS_FOUND: Final = "as-found"
DECHUNKED: Final = "dechunked"

_RESPONSE: Final = "application/http; msgtype=response"
_REQUEST: Final = "application/http; msgtype=request"
_FIELDS: Final = "application/warc-fields"
_PROFILE: Final = "http://netpreserve.org/warc/{}/revisit/{}"
_SPECIFICATION: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-{}/"
_PLAIN_URI: Final = re.compile(r"[A-Za-z0-9%!$&'()*+,;=:@/?._~\[\]-]*")
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Original:
    """The full record a revisit refers to, and where it lies."""

    record: Record
    warc: str
    offset: int


@dataclass(frozen=True, slots=True)
class Written:
    """The gzip members of one capture: the one a RecordRef points to, and what follows it."""

    first: bytes
    others: bytes
    payload_digest: str


def warcinfo(name: str, info_id: str, now: datetime, warc_version: str, operator: str) -> bytes:
    """The record a file begins with."""
    described = {
        "software": f"Gongbao/{_software_version()}",
        "format": f"WARC File Format {warc_version}",
        "conformsTo": _SPECIFICATION.format(warc_version),
        "hostname": socket.gethostname(),
        "operator": operator,
    }
    block = "".join(f"{key}: {value}\r\n" for key, value in described.items() if value).encode()
    fields = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", info_id), ("WARC-Date", warc_date(now, warc_version))]
    return member(warc_version, [*fields, ("WARC-Filename", name), ("Content-Type", _FIELDS)], block)


def written(
    capture: Capture,
    original: Original | None,
    warc_version: str,
    info_id: str,
    found_in: str = "",
    dechunk: bool = False,
) -> Written:
    """A capture as gzip members: a resource, a revisit of the original, or a response; and the request if it is known.

    `found_in` says where somebody else's record stood; `dechunk` takes chunk framing off. The payload digest is that of
    the payload in the record, or of the original's for a 304 ("" if that is unknown).
    """
    response_id = record_id()
    about = [
        ("WARC-Date", warc_date(capture.fetched_at, warc_version)),
        ("WARC-Target-URI", target_uri(capture.url)),
        ("WARC-Warcinfo-ID", info_id),
        ("WARC-IP-Address", capture.ip),
    ]
    received, framed = _received(capture, dechunk)
    fields, block, payload_digest = _main_record(capture, original, warc_version, *received)
    if found_in:
        fields = [(name, AS_FOUND if name == "Gongbao-Bytes" else value) for name, value in fields]
        fields.append(("Gongbao-Found-In", found_in))
    truncated = [("WARC-Truncated", capture.truncated)] if fields[0][1] != "revisit" else []
    first = member(warc_version, [*fields, ("WARC-Record-ID", response_id), *about, *truncated], block)
    others = b""
    beside = [("WARC-Concurrent-To", response_id), *about]
    if capture.request is not None and not capture.resource:
        fields = [("WARC-Type", "request"), ("WARC-Record-ID", record_id()), *beside, ("Content-Type", _REQUEST)]
        others += member(warc_version, fields, capture.request)
    if capture.via:
        fields = [("WARC-Type", "metadata"), ("WARC-Record-ID", record_id()), *beside, ("Content-Type", _FIELDS)]
        others += member(warc_version, fields, f"via: {target_uri(capture.via)}\r\n".encode())
    if framed:
        fields = [("WARC-Type", "metadata"), ("WARC-Record-ID", record_id()), *beside, ("Content-Type", _RESPONSE)]
        others += member(warc_version, fields, framed)
    return Written(first, others, payload_digest)


def _received(capture: Capture, dechunk: bool) -> tuple[tuple[bytes, str], bytes]:
    """The message to keep with the word for it, and the head as received where chunk framing was taken off."""
    if capture.wire is None:
        return (b"" if capture.resource else _normalised(capture), NORMALISED), b""
    head, rest = split_exchange(capture.wire)
    headers = parse_head(head)[2]
    codings = [value.strip().lower() for name, value in headers if name.lower() == "transfer-encoding"]
    if not dechunk or codings != ["chunked"]:
        return (capture.wire, EXACT), b""
    payload = payload_of(rest, headers)
    lines = [line.rstrip(b"\r") for line in head.rstrip(b"\r\n").split(b"\n")]
    kept = [line for line in lines if not line.lower().startswith((b"transfer-encoding:", b"content-length:"))]
    kept.append(b"Content-Length: %d" % len(payload))
    return (b"\r\n".join(kept) + b"\r\n\r\n" + payload, DECHUNKED), head


def _main_record(
    capture: Capture, original: Original | None, warc_version: str, block: bytes, kept_as: str
) -> tuple[Fields, bytes, str]:
    """Fields, block and payload digest of the record that holds the answer."""
    if capture.resource:
        payload_digest = digest(capture.payload)
        media_type = capture.header("Content-Type") or "application/octet-stream"
        fields = [("WARC-Type", "resource"), ("Content-Type", media_type), ("WARC-Payload-Digest", payload_digest)]
        return fields, capture.payload, payload_digest
    head, rest = split_exchange(block)
    http = [("Content-Type", _RESPONSE), ("Gongbao-Bytes", kept_as)]
    if capture.status == 304:
        payload_digest = original.record.field("WARC-Payload-Digest") if original else ""
        return (
            [*_revisit("server-not-modified", capture, original, payload_digest, warc_version), *http],
            block,
            payload_digest,
        )
    headers = parse_head(head)[2]
    payload = payload_of(rest, headers)
    payload_digest = digest(payload)
    known = original is not None and original.record.field("WARC-Payload-Digest") == payload_digest
    # Bytes beyond the payload are kept, unless they are the framing of its chunks.
    if known and payload and not capture.truncated and (rest == payload or _is_framed(headers)):
        fields = _revisit("identical-payload-digest", capture, original, payload_digest, warc_version)
        # The standard asks for this where a payload is left out.
        return [*fields, ("WARC-Truncated", "length"), *http], head, payload_digest
    return [("WARC-Type", "response"), *http, ("WARC-Payload-Digest", payload_digest)], block, payload_digest


def _revisit(
    profile: str, capture: Capture, original: Original | None, payload_digest: str, warc_version: str
) -> Fields:
    """What makes a revisit replay: target URI and date of the original, and, for ourselves, file and offset."""
    fields = [("WARC-Type", "revisit"), ("WARC-Profile", _PROFILE.format(warc_version, profile))]
    fields.append(("WARC-Payload-Digest", payload_digest))
    if original is None:
        return [*fields, ("WARC-Refers-To-Target-URI", target_uri(capture.url))]
    return [
        *fields,
        ("WARC-Refers-To", original.record.field("WARC-Record-ID")),
        ("WARC-Refers-To-Target-URI", original.record.field("WARC-Target-URI")),
        ("WARC-Refers-To-Date", original.record.field("WARC-Date")),
        ("WARC-Refers-To-Filename", original.warc),
        ("WARC-Refers-To-File-Offset", str(original.offset)),
    ]


def capture_of(kept: Record, request: Record | None, payload: bytes | None, limit: int) -> Capture:
    """The capture in a record; `payload` for a revisit, which has none of its own."""
    if kept.type == "resource":
        return _resource(kept)
    head, rest = split_exchange(kept.block)
    status, reason, headers = parse_head(head)
    found = payload if payload is not None else payload_of(rest, headers)
    coding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    body, cut = entity_of(found, coding, limit)
    truncated = kept.field("WARC-Truncated") if kept.type == "response" else ""
    return Capture(
        url=kept.field("WARC-Target-URI"),
        fetched_at=parse_date(kept.field("WARC-Date")),
        status=status,
        headers=headers,
        payload=found,
        body=body,
        reason=reason,
        wire=_wire(kept, payload, headers),
        request=request.block if request else None,
        ip=kept.field("WARC-IP-Address"),
        truncated=truncated or ("length" if cut and len(body) >= limit else ""),
    )


def _wire(kept: Record, payload: bytes | None, headers: Headers) -> bytes | None:
    """The bytes of the line, if the record says that it has them. A revisit has the head; its body is the payload,
    unless there was a framing around it, which is lost."""
    if kept.field("Gongbao-Bytes") in (NORMALISED, DECHUNKED):
        return None
    if not payload:
        return kept.block
    return None if _is_framed(headers) else kept.block + payload


def _is_framed(headers: Headers) -> bool:
    return any(name.lower() == "transfer-encoding" for name, _ in headers)


def payload_in(kept: Record) -> bytes:
    """The entity a full record holds."""
    if kept.type == "resource":
        return kept.block
    head, rest = split_exchange(kept.block)
    return payload_of(rest, parse_head(head)[2])


def refers_to(revisit: Record) -> tuple[str, int] | None:
    """File and offset of the record whose payload a revisit stands for; None for a 304, which stands for none.

    Raises IntegrityError for a revisit of another program's, which says only URL and date.
    """
    if revisit.field("WARC-Profile").endswith("server-not-modified"):
        return None
    offset = revisit.field("WARC-Refers-To-File-Offset")
    if not (offset.isascii() and offset.isdigit()):
        raise IntegrityError("A revisit does not say where its payload lies.", "It was written by another program.")
    return revisit.field("WARC-Refers-To-Filename"), int(offset)


def _resource(kept: Record) -> Capture:
    return Capture(
        url=kept.field("WARC-Target-URI"),
        fetched_at=parse_date(kept.field("WARC-Date")),
        status=200,
        headers=(("Content-Type", kept.field("Content-Type")),),
        payload=kept.block,
        body=kept.block,
        truncated=kept.field("WARC-Truncated"),
        resource=True,
    )


def _normalised(capture: Capture) -> bytes:
    reason = capture.reason or _usual_reason(capture.status)
    lines = [f"HTTP/1.1 {capture.status} {reason}", *_sound_headers(capture.headers, len(capture.payload))]
    return b"".join(_encoded(line) + b"\r\n" for line in lines) + b"\r\n" + capture.payload


def _sound_headers(headers: Headers, length: int) -> list[str]:
    """Headers that fit the payload behind them: its true length, and no transfer-coding."""
    announced = f"Content-Length: {length}"
    lines: list[str] = []
    for name, value in headers:
        if name.lower() == "content-length":
            lines += [announced] if announced not in lines else []
        elif name.lower() != "transfer-encoding" and name and _TOKEN.issuperset(name):
            lines.append(f"{name}: {value}")
    return lines if announced in lines else [*lines, announced]


def _encoded(line: str) -> bytes:
    line = " ".join(line.splitlines())
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def _usual_reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


@lru_cache(maxsize=64)
def target_uri(url: str) -> str:
    """The URL as asked for, as a URI: no fragment, nothing but ASCII."""
    if _PLAIN_URI.fullmatch(url):
        return url
    plain = url.partition("#")[0].encode("utf-8", "replace")
    return quote(plain, safe="%!$&'()*+,;=:@/?-._~[]")


def _software_version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and for who writes only

    try:
        return version("gongbao")
    except PackageNotFoundError:
        return "0"
