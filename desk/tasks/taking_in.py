"""Take saved pages into the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Final
from urllib.parse import urlsplit

from bulletin.capture import Capture
from bulletin.errors import GongbaoError, NotFoundError, ReadingError, UsageError
from bulletin.harvest import Harvest
from bulletin.ids import canonical_url, digest, import_url
from bulletin.source import Seed, Source
from desk.tasks.belonging import IMPORT_SOURCE, is_page_of, seed_of, source_chooser
from desk.tasks.reading import SavedPage, Unreadable, no_page, office_files, read_one, saved_pages
from desk.tasks.sealing import seal_home
from desk.tasks.taking_in_warcs import take_in_warcs, web_archives
from desk.wiring import Home

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
    placed: list[tuple[str, str, str]] = field(default_factory=list)  # page, the source its URL led it to, column or ""
    left_out: Counter[str] = field(default_factory=Counter)  # office files in folders and zips, by suffix

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
    still kept, and named in `failed`; it never stops the rest. Captures in WARC and WACZ files keep their own dates.
    Where no source is named, a capture, or a page with a `url`, belongs to the source on whose host it stands.
    UsageError for a `url` that is none, or is given for several pages: they would be revisions of one bulletin."""
    place = _place(url)
    source = _source(home, source_id)
    choose = source_chooser(home, source if source_id else None, source)
    at = now or datetime.now(UTC)
    taken = Taken()
    pages, archives = web_archives(paths)
    taken.left_out = office_files(pages)
    found = _the_only_one(saved_pages(pages)) if place else saved_pages(pages)
    with home.archive.batch():
        for page in found:
            if isinstance(page, Unreadable):
                taken.note(page.path, "failed", "", page.error)
                outcome = "failed"
            else:
                of = choose(place) if place else source
                outcome = _take_one(home, of, page, place, at, taken)
                if of is not source:
                    taken.placed.append((page.path, of.id, seed_of(home, of, place).column))
            if on_file:
                on_file(page.path, outcome)
    # A package that cannot be opened has been tried for pages already.
    named = {path for path, _ in taken.failed}

    def told(item: str, outcome: str, document: str, reason: str) -> None:
        if item in named:
            return
        taken.note(item, outcome, document, reason)
        if on_file:
            on_file(item, outcome)

    taken.captures = take_in_warcs(home, archives, choose, at, told)
    seal_home(home)
    return taken


def _take_one(home: Home, source: Source, page: SavedPage, place: str, at: datetime, taken: Taken) -> str:
    place = place or import_url(page.data)
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
    seed = seed_of(home, source, place)
    try:
        harvest, payload_digest = _read(home, source, seed, page, capture)
    except GongbaoError as error:
        taken.failed.append((page.path, error.message))
        return "failed"
    deposit = home.archive.deposit(
        source, seed.column, place, harvest, fetched_at=at, payload_digest=payload_digest, record=record
    )
    taken.note(page.path, deposit.outcome, deposit.document_id)
    return deposit.outcome


def _read(home: Home, source: Source, seed: Seed, page: SavedPage, capture: Capture) -> tuple[Harvest, str]:
    """What the page says, and the digest of all it was read from. A page of a source that is crawled is read as a crawl
    reads it, with the further pages and files kept of it, so that saving a bulletin changes nothing about it."""
    if not is_page_of(source, capture):
        harvest = read_one(page, "" if capture.url.startswith("urn:") else capture.url)
        if isinstance(harvest, GongbaoError):
            raise harvest
        return harvest, digest(capture.payload)
    if reason := no_page(page.data):
        raise ReadingError(reason)
    from crawler.answers import UnfitError
    from crawler.rereading import reread
    from desk.tasks.rereading import finder

    try:
        read = reread(source, seed, capture, finder(home, source, capture.fetched_at))
    except UnfitError as unfit:
        raise ReadingError(unfit.trouble.words) from unfit
    return read.harvest, read.payload_digest


def _place(url: str) -> str:
    """The address in its one form, "" for none. UsageError for what no page can stand under."""
    reason = "it does not begin with http:// or https://"
    try:
        place = canonical_url(url)
        if not url or (urlsplit(place).scheme in ("http", "https") and urlsplit(place).hostname):
            return place
    except ValueError as error:
        reason = str(error)
    raise UsageError(f"{url!r} is no address: {reason}.", "Give it as the browser shows it.")


def _the_only_one(pages: Iterator[SavedPage | Unreadable]) -> Iterator[SavedPage | Unreadable]:
    first = list(islice(pages, 2))
    if len(first) > 1:
        raise UsageError(
            "--url is the address of one page, and here are several.", "Name one page, or leave --url out."
        )
    return chain(first, pages)


def _source(home: Home, source_id: str) -> Source:
    if not source_id:
        home.archive.put_source(IMPORT_SOURCE)
        return IMPORT_SOURCE
    found = home.archive.source(source_id)
    if found is None:
        raise NotFoundError(f"There is no source {source_id!r} here.", "`gongbao source list` names those there are.")
    return found
