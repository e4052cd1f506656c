"""Homes with something in them, made through the parts the crawler uses, for tests of what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from builders import NOW, a_harvest, a_source

from bulletin.capture import Capture
from bulletin.config import ArchiveSettings, Settings
from bulletin.harvest import Attachment
from bulletin.ids import digest
from desk.tasks.indexing import update_index
from desk.tasks.sealing import seal_home
from desk.wiring import Home

HOST = "http://www.yunxiu.example"
SOURCE = a_source()


def page(n: int, word: str = "清淤") -> bytes:
    title = f"云岫县水利局关于第{n}号河道{word}的通知"
    text = f"各乡镇要在汛前完成第{n}处河道{word}，并将台账报县水利局。"
    meta = f"<meta charset=utf-8><meta name=ArticleTitle content='{title}'><title>{title}</title>"
    return (
        f"<html><head>{meta}</head><body><h1>{title}</h1><div><p>{text}</p><p>{text}</p></div></body></html>".encode()
    )


def exchange(url: str, body: bytes, at: datetime, media_type: str = "text/html; charset=utf-8") -> Capture:
    """A capture with the bytes of the line."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    headers = (("Content-Type", media_type), ("Content-Length", str(len(body))))
    path = url.removeprefix(HOST)
    asked = f"GET {path} HTTP/1.1\r\nHost: www.yunxiu.example\r\n\r\n".encode()
    return Capture(url, at, 200, headers, body, body, "OK", head + body, asked, "127.0.0.1")


def keep(home: Home, capture: Capture) -> object:
    record = home.vault.keep(capture, home.archive.captures.last(SOURCE.id, capture.url))
    media_type = capture.header("Content-Type").partition(";")[0]
    home.archive.captures.kept(SOURCE.id, capture.url, capture.status, capture.fetched_at, record, media_type)
    return record


def add_article(home: Home, n: int, *, word: str = "清淤", at: datetime = NOW, attached: bytes = b"") -> str:
    """An article, kept, and deposited as it would be read; the id of its document."""
    url, moment = f"{HOST}/gb/{n}.html", at + timedelta(minutes=n)
    record = keep(home, exchange(url, page(n, word), moment))
    text = f"各乡镇要在汛前完成第{n}处河道{word}，并将台账报县水利局。"
    harvest = a_harvest(title=f"云岫县水利局关于第{n}号河道{word}的通知", text=text, sections=())
    if attached:
        place = f"{HOST}/gb/{n}.doc"
        keep(home, exchange(place, attached, moment, "application/msword"))
        file = Attachment("附件.doc", place, "application/msword", len(attached), digest(attached))
        harvest = replace(harvest, attachments=(file,))
    made = home.archive.deposit(
        SOURCE,
        "tzgg",
        url,
        harvest,
        fetched_at=moment,
        payload_digest=record.payload_digest,  # type: ignore[attr-defined]
        record=record,  # type: ignore[arg-type]
    )
    return made.document_id


def a_home(folder: Path, articles: int = 6, *, warc_size: int = 1_000_000_000, sealed: bool = True) -> Home:
    """A home with articles, one of them changed and met again later, one with an attached file; closed and reopened
    homes are as good."""
    home = Home(Settings(home=folder, archive=ArchiveSettings(warc_size=warc_size)))
    home.make()
    home.archive.put_source(SOURCE)
    for n in range(articles):
        add_article(home, n, attached=b"\xd0\xcf\x11\xe0 attached" if n == 1 else b"")
    add_article(home, 0, word="加固", at=NOW + timedelta(days=1))
    add_article(home, 2, at=NOW + timedelta(days=1))
    home.vault.close()
    update_index(home)
    if sealed:
        seal_home(home, NOW + timedelta(days=1))
    return home
