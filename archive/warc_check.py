"""Twelve rules a WARC collection has to keep so that its captures can be read, replayed and believed.

`warcio check` passes a body that is not what its headers say, and fails the right digest of a chunked one; these rules
do neither. A `fault` breaks a rule; a `note` is something to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.capture_records import AS_FOUND, NORMALISED, target_uri
from archive.entity import dechunk
from archive.warc_format import Record, digest_is_right, parse_date
from archive.warc_walk import Step, walk

RULES: Final = {
    1: "each record is one gzip member",
    2: "block and payload digests are right",
    3: "the content-coding is the one the header names",
    4: "the body is chunked exactly if the header says so",
    5: "the body is as long as the header says",
    6: "the HTTP head can be read",
    7: "each response has its request, of the same date",
    8: "each revisit leads to its original",
    9: "the target is an absolute URI without fragment, in ASCII",
    10: "Chinese text without a charset in its header decodes as GB 18030",
    11: "what a page needs to be shown is there",
    12: "no record comes from the future",
}

#: How far clocks may be apart.
SKEW: Final = timedelta(minutes=5)

_HTTP: Final = ("response", "revisit")
_HEAD_ENDS: Final = (b"\r\n\r\n", b"\n\n")
_BODILESS: Final = (204, 304)
_DECODE_LIMIT: Final = 100_000_000
_USUAL_URI: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?/[A-Za-z0-9/_.~%!$&'()*+,;=:@?-]*")
_FOLDER: Final = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?")
_META_GB: Final = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}(?:gb2312|gbk)", re.I)
# The look-ahead tells most other tags apart by three sets of letters: three times as fast as without.
_NEEDED: Final = re.compile(
    rb"<(?=[isleISLE][mcifMCIF][grnbGRNB])(?:img|script|link|embed|iframe)\b[^>]{0,500}?\b(?:src|href)\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,2000})[\"']",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a record. `severity` is fault or note."""

    rule: int
    severity: str
    warc: str
    offset: int
    record_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    warc: str
    offset: int
    record_id: str

    def fault(self, rule: int, reason: str) -> Finding:
        return Finding(rule, "fault", self.warc, self.offset, self.record_id, reason)

    def note(self, rule: int, reason: str) -> Finding:
        return Finding(rule, "note", self.warc, self.offset, self.record_id, reason)


@dataclass(slots=True)
class Collection:
    """What can only be judged when all records are known."""

    requests: set[tuple[str, str]] = field(default_factory=set)
    responses: list[tuple[_Place, str, str, bool]] = field(default_factory=list)
    originals: dict[tuple[str, str], str] = field(default_factory=dict)
    revisits: list[tuple[_Place, Record]] = field(default_factory=list)
    needed: list[tuple[_Place, frozenset[str]]] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)

    def join(self, other: Collection) -> None:
        """Take in the records of a further part."""
        self.requests |= other.requests
        self.responses += other.responses
        self.originals |= other.originals
        self.revisits += other.revisits
        self.needed += other.needed
        self.targets |= other.targets

    def findings(self, resolve: Callable[[Record], str] | None = None) -> Iterator[Finding]:
        """What is wrong between the records. `resolve` is asked about a revisit whose original is not among them; it
        gives what is wrong, or ""."""
        yield from _collection_findings(self, resolve)


class Checker:
    """The rules, asked of one record after the other. `known` is what it has seen of them."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.known = Collection()

    def look(self, warc: str, step: Step) -> Iterator[Finding]:
        """What is wrong with this record by itself."""
        place = _Place(warc, step.offset, step.record.field("WARC-Record-ID") if step.record else "")
        if step.problem:
            yield place.fault(1, step.problem)
        if step.record:
            yield from _record_findings(place, step.record, self._now)
            _remember(self.known, place, step.record)


def check(
    paths: Iterable[Path], *, now: datetime, seen: Callable[[Step], None] = lambda step: None
) -> Iterator[Finding]:
    """Everything found in the files of a collection: first record by record, then what concerns several of them. `seen`
    is shown each record."""
    checker = Checker(now)
    for path in paths:
        for step in walk(path):
            seen(step)
            yield from checker.look(path.name, step)
    yield from checker.known.findings()


def _record_findings(place: _Place, record: Record, now: datetime) -> Iterator[Finding]:
    yield from _dated(place, record, now)
    if not digest_is_right(record.field("WARC-Block-Digest"), record.block):
        yield place.fault(2, "the block digest is wrong")
    target = record.field("WARC-Target-URI")
    if (target or record.type in (*_HTTP, "request", "resource")) and not _is_uri(target):
        yield place.fault(9, f"{target!r} is no absolute URI in ASCII without fragment")
    if record.type == "resource" and not digest_is_right(record.field("WARC-Payload-Digest"), record.block):
        yield place.fault(2, "the payload digest is wrong")
    if record.type in _HTTP and target.startswith(("http:", "https:")) and record.block:
        yield from _http_findings(place, record)


@lru_cache(maxsize=64)
def _is_uri(target: str) -> bool:
    if _USUAL_URI.fullmatch(target):
        return True
    try:
        return bool(urlsplit(target).scheme) and target == target_uri(target)
    except ValueError:
        return False


def _dated(place: _Place, record: Record, now: datetime) -> Iterator[Finding]:
    try:
        if parse_date(record.field("WARC-Date")) > now + SKEW:
            yield place.fault(12, f"it is dated {record.field('WARC-Date')}")
    except ValueError:
        yield place.fault(12, f"{record.field('WARC-Date')!r} is no date")


def _http_findings(place: _Place, record: Record) -> Iterator[Finding]:
    message = record.message
    if not message.status or not message.head.startswith(b"HTTP/") or not message.head.endswith(_HEAD_ENDS):
        yield place.fault(6, "the status line cannot be read, or no blank line ends the head")
        return
    if record.type == "revisit":
        return
    named, payload = message.named, message.payload
    yield from _payload_digest(place, record, payload, message.rest)
    whole = not record.field("WARC-Truncated") and record.field("Gongbao-Bytes") != AS_FOUND
    framing = _framing(named, message.rest) if message.status not in _BODILESS else ()
    for rule, reason in (*framing, *_coding(named, record)):
        yield place.fault(rule, reason) if whole else place.note(rule, f"cut off, or as found: {reason}")
    if "html" in named.get("content-type", "").lower():
        yield from _charset(place, named, record)


def _payload_digest(place: _Place, record: Record, payload: bytes, rest: bytes) -> Iterator[Finding]:
    stated = record.field("WARC-Payload-Digest")
    if digest_is_right(stated, payload):
        return
    if digest_is_right(stated, rest):
        yield place.note(2, "the payload digest goes over the chunk framing too, as warcio makes it")
    else:
        yield place.fault(2, "the payload digest is wrong")


def _framing(named: dict[str, str], rest: bytes) -> Iterator[tuple[int, str]]:
    data, is_chunked = dechunk(rest)
    if "chunked" in named.get("transfer-encoding", "").lower():
        if not is_chunked:
            yield 4, "the header says chunked, the body is not, or breaks off"
        return
    if is_chunked and data:
        yield 4, "the body is chunked, the header does not say so"
    length = named.get("content-length", "")
    if length and (not length.isdigit() or int(length) != len(rest)):
        yield 5, f"the header says {length} bytes, the body has {len(rest)}"


def _coding(named: dict[str, str], record: Record) -> Iterator[tuple[int, str]]:
    coding, payload = named.get("content-encoding", "").strip().lower(), record.message.payload
    if coding in ("", "identity") or not payload:
        return
    body, cut = record.body(_DECODE_LIMIT)
    if len(body) < _DECODE_LIMIT and (cut or body == payload):
        yield 3, f"the body is not, or not wholly, in the coding {coding!r}"


def _charset(place: _Place, named: dict[str, str], record: Record) -> Iterator[Finding]:
    if "charset" in named.get("content-type", "").lower():
        return
    body, cut = record.body(_DECODE_LIMIT)
    if cut or not _META_GB.search(body[:4096]):
        return
    try:
        body.decode("gb18030")
    except UnicodeDecodeError as error:
        yield place.note(10, f"the page says GB, its byte {error.start} is not")


def _remember(known: Collection, place: _Place, record: Record) -> None:
    target, date = record.field("WARC-Target-URI"), record.field("WARC-Date")
    if record.type == "request":
        known.requests.add((target, date))
    if record.type in ("response", "resource"):
        known.originals[target, date] = record.field("WARC-Payload-Digest")
        known.targets.add(target)
    if record.type in _HTTP and target.startswith(("http:", "https:")):
        known.responses.append((place, target, date, record.field("Gongbao-Bytes") in (NORMALISED, AS_FOUND)))
    if record.type == "revisit":
        known.revisits.append((place, record))
        known.targets.add(target)
    if record.type == "response":
        needed = _needs(record)
        if needed:
            known.needed.append((place, needed))


def _needs(record: Record) -> frozenset[str]:
    named = record.message.named
    if "html" not in named.get("content-type", "").lower():
        return frozenset()
    body, _ = record.body(_DECODE_LIMIT)
    page = record.field("WARC-Target-URI")
    folder = found[0] if (found := _FOLDER.match(page)) else page
    # Where a link with a path leads does not depend on the page's own name, and pages of a folder share such links.
    links = (
        _joined(folder if link[:1].isalnum() or link[:1] in b"/." else page, link) for link in _NEEDED.findall(body)
    )
    return frozenset(filter(None, links))


@lru_cache(maxsize=4096)
def _joined(page: str, link: bytes) -> str:
    try:
        joined = urldefrag(urljoin(page, link.decode("utf-8", "replace").strip())).url
    except ValueError:
        return ""
    return target_uri(joined) if joined.startswith(("http:", "https:")) else ""


def _collection_findings(known: Collection, resolve: Callable[[Record], str] | None) -> Iterator[Finding]:
    for place, target, date, normalised in known.responses:
        if (target, date) not in known.requests:
            say: Callable[[int, str], Finding] = place.note if normalised else place.fault
            yield say(7, "there is no request of this URL and date")
    for place, revisit in known.revisits:
        reason = _unresolved(known, revisit, resolve)
        if reason:
            yield place.fault(8, reason)
    for place, needed in known.needed:
        missing = sorted(needed - known.targets)
        if missing:
            yield place.note(11, f"{len(missing)} of {len(needed)} files it shows are not here, {missing[0]} first")


def _unresolved(known: Collection, revisit: Record, resolve: Callable[[Record], str] | None) -> str:
    target, date = revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date")
    if not target:
        return "it does not say which URL it refers to"
    if revisit.field("WARC-Profile").endswith("server-not-modified") and not date:
        return ""
    original = known.originals.get((target, date))
    if original is None and resolve:
        return resolve(revisit)
    if original is None:
        return f"there is no record of {target} of {date}"
    stated = revisit.field("WARC-Payload-Digest")
    return "" if not stated or stated == original else "its original has another payload digest"
