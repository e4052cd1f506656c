"""Ordinary answers: a page with validators, a page that is not there, a robots.txt that allows everything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final
from urllib.parse import parse_qsl, quote

from desk.demo.article import File
from desk.demo.site import Answer

HTML: Final = "text/html; charset=utf-8"
ROBOTS: Final = "User-agent: *\nDisallow:\n"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What lies at a path: its bytes and the day they last changed."""

    body: bytes
    media_type: str = HTML
    modified_on: date | None = None
    headers: tuple[tuple[str, str], ...] = ()


def sheet(text: str, modified_on: date | None = None, media_type: str = HTML) -> Sheet:
    return Sheet(text.encode(), media_type, modified_on)


def answer_with(found: Sheet, headers: Mapping[str, str]) -> Answer:
    """200 with ETag and Last-Modified, or 304 where the client holds the same bytes (RFC 9110, 13.1)."""
    tag = f'"{hashlib.sha256(found.body).hexdigest()[:20]}"'
    validators: list[tuple[str, str]] = [("ETag", tag)]
    changed = ""
    if found.modified_on:
        changed = format_datetime(datetime.combine(found.modified_on, time(2, 0), UTC), usegmt=True)
        validators.append(("Last-Modified", changed))
    asked = {name.lower(): value for name, value in headers.items()}
    none_match = asked.get("if-none-match")
    if none_match is not None:
        fresh = tag in [mark.strip().removeprefix("W/") for mark in none_match.split(",")]
    else:
        fresh = bool(changed) and asked.get("if-modified-since") == changed
    if fresh:
        return Answer(304, b"", tuple(validators))
    return Answer(200, found.body, (("Content-Type", found.media_type), *found.headers, *validators))


def not_found(text: str = "您访问的页面暂时找不到了") -> Answer:
    page = f"<html><head><title>404 Not Found</title></head><body><h1>404</h1><p>{text}</p></body></html>"
    return Answer(404, page.encode())


def moved(location: str, status: int = 302, *more: tuple[str, str]) -> Answer:
    return Answer(status, b"", (("Location", location), ("Content-Type", HTML), *more))


def fields_of(query: str, body: bytes = b"") -> dict[str, str]:
    """The fields of a query and of a posted form together; of a repeated one the last."""
    return dict(parse_qsl(query, keep_blank_values=True) + parse_qsl(body.decode("utf-8", "replace"), True))


def number_in(text: str, otherwise: int) -> int:
    """A small whole number, or `otherwise` for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise


def download(file: File, disposition: str = "") -> Sheet:
    """A file as a download under its own name; `disposition` is the name as the header spells it."""
    spelt = disposition or f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Sheet(file.data, file.media_type, headers=(("Content-Disposition", spelt),))
