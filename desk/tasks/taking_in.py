"""Take saved pages into the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bulletin.capture import Capture
from bulletin.errors import GongbaoError, NotFoundError
from bulletin.ids import canonical_url, import_url
from bulletin.source import Source
from desk.tasks.reading import SavedPage, Unreadable, read_one, saved_pages
from desk.tasks.sealing import seal_home
from desk.tasks.taking_in_warcs import source_chooser, take_in_warcs, web_archives
from desk.wiring import Home

#: Where a file without a publisher of its own belongs.
IMPORT_SOURCE: Final = Source(id="import", name="取入的文件", region="", url="", columns=())
_MEDIA_TYPES: Final = {".txt": "text/plain", ".mht": "multipart/related", ".mhtml": "multipart/related"}


@dataclass(slots=True)
class Taken:
    """What became of each file: its id where it was taken in, or why it was not."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    documents: list[tuple[str, str, str]] = field(default_factory=list)  # path, outcome, document id
    failed: list[tuple[str, str]] = field(default_factory=list)  # path, reason
    unread: list[tuple[str, str]] = field(default_factory=list)  # captures that hold no bulletin, reason
    captures: int = 0  # kept out of web archives

    def note(self, item: str, outcome: str, document: str, reason: str = "") -> None:
        """One file or record, and what became of it."""
        if outcome in ("failed", "unread"):
            getattr(self, outcome).append((item, reason))
        else:
            setattr(self, outcome, getattr(self, outcome) + 1)
            self.documents.append((item, outcome, document))


def take_in(
    home: Home,
    paths: Iterable[str],
    *,
    source_id: str = "",
    url: str = "",
    now: datetime | None = None,
    on_file: Callable[[str, str], None] | None = None,
) -> Taken:
    """Keeps each page as a WARC `resource` record, reads it, and deposits what was read. A file that cannot be read is
    still kept, and named in `failed`; it never stops the rest. Captures in WARC and WACZ files keep their own dates,
    and belong to the source whose host they show."""
    source = _source(home, source_id)
    at = now or datetime.now(UTC)
    taken = Taken()
    pages, archives = web_archives(paths)
    with home.archive.batch():
        for page in saved_pages(pages):
            if isinstance(page, Unreadable):
                taken.failed.append((page.path, page.error))
                outcome = "failed"
            else:
                outcome = _take_one(home, source, page, url, at, taken)
            if on_file:
                on_file(page.path, outcome)
    choose = source_chooser(home, source if source_id else None, source)

    def told(item: str, outcome: str, document: str, reason: str) -> None:
        taken.note(item, outcome, document, reason)
        if on_file:
            on_file(item, outcome)

    taken.captures = take_in_warcs(home, archives, choose, at, told)
    seal_home(home)
    return taken


def _take_one(home: Home, source: Source, page: SavedPage, url: str, at: datetime, taken: Taken) -> str:
    place = canonical_url(url) if url else import_url(page.data)
    suffix = page.path[page.path.rfind(".") :].lower()
    media_type = _MEDIA_TYPES.get(suffix, "text/html")
    capture = Capture(
        url=place,
        fetched_at=at,
        status=200,
        headers=(("Content-Type", media_type),),
        payload=page.data,
        body=page.data,
        resource=True,
    )
    record = home.vault.keep(capture)
    home.archive.captures.kept(source.id, place, 200, at, record, media_type)
    harvest = read_one(page, url)
    if isinstance(harvest, GongbaoError):
        taken.failed.append((page.path, harvest.message))
        return "failed"
    deposit = home.archive.deposit(
        source, "", place, harvest, fetched_at=at, payload_digest=record.payload_digest, record=record
    )
    taken.note(page.path, deposit.outcome, deposit.document_id)
    return deposit.outcome


def _source(home: Home, source_id: str) -> Source:
    if not source_id:
        home.archive.put_source(IMPORT_SOURCE)
        return IMPORT_SOURCE
    found = home.archive.source(source_id)
    if found is None:
        raise NotFoundError(f"There is no source {source_id!r} here.", "`gongbao source list` names those there are.")
    return found
