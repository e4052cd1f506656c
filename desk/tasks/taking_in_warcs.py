"""Take WARC and WACZ files that others made into the archive: every capture kept with its own date, every article read
as one of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.capture import Capture, RecordRef
from bulletin.document import Contents
from bulletin.errors import GongbaoError
from bulletin.harvest import Harvest
from bulletin.ids import canonical_url
from bulletin.source import Seed, Source
from desk.tasks.belonging import seed_of
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.foreign import Found
    from crawler.rereading import Reread

#: (path or record, what became of it, document id or "", reason or "")
Told = Callable[[str, str, str, str], None]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A capture of this import as it lies in the vault."""

    item: str
    source: Source
    url: str
    fetched_at: datetime
    record: RecordRef
    readable: bool


@dataclass(slots=True)
class _Kin:
    """The captures of one import, by URL, and by URL and date as their records state them; `further` are URLs of
    further pages, which are read with their first; `issues` the contents of issues, by the URLs they name."""

    by_url: dict[str, list[_Kept]] = field(default_factory=dict)
    stated: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    further: set[str] = field(default_factory=set)
    issues: dict[str, Contents] = field(default_factory=dict)

    def nearest(self, url: str, moment: datetime) -> _Kept | None:
        of_url = self.by_url.get(_plain(url), ())
        return min(of_url, key=lambda kept: abs(kept.fetched_at - moment), default=None)

    def placed(self, kept: _Kept, harvest: Harvest) -> Harvest:
        """What was read of a page, with the issue whose contents named it before; contents are remembered."""
        from crawler.contents import in_issue

        named = Contents(harvest.issue, harvest.issue_number, harvest.rows)
        for row in harvest.rows:
            self.issues.setdefault(_plain(row.url), named)
        return in_issue(harvest, self.issues.get(_plain(kept.url)))


def web_archives(paths: Iterable[str]) -> tuple[list[str], list[Path]]:
    """The paths that are pages (or folders and zips with pages), and the web archives among and inside them."""
    from archive.foreign import is_web_archive

    pages: list[str] = []
    archives: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            archives += sorted(p for p in path.rglob("*") if p.is_file() and is_web_archive(p))
            archives += sorted(p for p in path.rglob("*") if p.suffix.lower() == ".zip" and p.is_file())
        elif path.suffix.lower() == ".zip":
            archives.append(path)
        if is_web_archive(path) and not path.is_dir():
            archives.append(path)
        else:
            pages.append(name)
    return pages, archives


def take_in_warcs(home: Home, paths: Iterable[Path], choose: Callable[[str], Source], now: datetime, told: Told) -> int:
    """Takes every file in; how many captures were kept. `choose` gives the source a URL belongs to. A capture that is
    kept already (same URL, same moment) is not kept twice."""
    count = 0
    for path in paths:
        if not path.is_file():
            told(str(path), "failed", "", "there is no such file")
            continue
        count += _take_one(home, path, choose, now, told)
    return count


def _take_one(home: Home, path: Path, choose: Callable[[str], Source], now: datetime, told: Told) -> int:
    from archive.foreign import Broken, captures_in, opened

    kin, count = _Kin(), 0

    def original(place: tuple[str, str]) -> Capture | None:
        kept = kin.stated.get(place)
        return home.vault.read(kept.record) if kept else None

    with opened(path) as collection, home.archive.batch():
        for found in captures_in(collection, now=now, original=original):
            if isinstance(found, Broken):
                told(found.item, "failed", "", found.reason)
            else:
                count += _keep(home, kin, found, choose)
    with home.archive.batch():
        taken = [_deposit(home, kin, kept, told) for kept in _articles(kin) if _plain(kept.url) not in kin.further]
        for document, source in dict(filter(None, taken)).items():
            _state_again(home, document, source)
    return count


def _keep(home: Home, kin: _Kin, found: Found, choose: Callable[[str], Source]) -> bool:
    """Keep a capture and remember it for its kin; whether it was new."""
    capture = found.capture
    source = choose(capture.url)
    media_type = capture.header("Content-Type").partition(";")[0].strip().lower()
    record = home.archive.captures.at(source.id, capture.url, capture.fetched_at)
    new = record is None
    if record is None:
        before = kin.stated.get(found.refers) if found.refers else None
        earlier = (before.record, before.url, before.fetched_at) if before else None
        record = home.vault.keep(capture, earlier, found.item)
        home.archive.captures.kept(source.id, capture.url, capture.status, capture.fetched_at, record, media_type)
    readable = capture.status == 200 and not capture.resource and _is_page(capture)
    kept = _Kept(found.item, source, capture.url, capture.fetched_at, record, readable)
    if capture.status == 200:
        kin.by_url.setdefault(_plain(capture.url), []).append(kept)
        kin.stated[capture.url, found.stated] = kept
    return new


def _is_page(capture: Capture) -> bool:
    from crawler.troubles import capture_is_html

    return capture_is_html(capture)


def _articles(kin: _Kin) -> Iterator[_Kept]:
    pages = (kept for of_url in kin.by_url.values() for kept in of_url if kept.readable)
    return iter(sorted(pages, key=lambda kept: (kept.fetched_at, kept.url)))


def _deposit(home: Home, kin: _Kin, kept: _Kept, told: Told) -> tuple[str, Source] | None:
    """Read a page with its kin, and take in what it says: the document, if it says something new. Lists and further
    pages are kept as captures only."""
    capture = home.vault.read(kept.record)
    seed = seed_of(home, kept.source, kept.url)
    read = _read(home, kin, kept, seed, capture, told)
    if read is None or read.harvest.kind == "list" or (read.harvest.pages and read.harvest.pages.number > 1):
        return None
    harvest = kin.placed(kept, read.harvest)
    known = home.archive.past_states.meet(
        kept.source.id, kept.url, harvest, kept.fetched_at, read.payload_digest, kept.record
    )
    if known:
        told(kept.item, "unchanged", known[0], "")
        return None
    made = home.archive.deposit(
        kept.source,
        seed.column,
        kept.url,
        harvest,
        fetched_at=kept.fetched_at,
        payload_digest=read.payload_digest,
        record=kept.record,
        etag=capture.header("ETag"),
        last_modified=capture.header("Last-Modified"),
    )
    told(kept.item, made.outcome, made.document_id, "")
    return made.document_id, kept.source


def _read(home: Home, kin: _Kin, kept: _Kept, seed: Seed, capture: Capture, told: Told) -> Reread | None:
    """A page with its further pages and files, as far as the import brought them; None, and told, where it cannot be
    read."""
    from crawler.answers import UnfitError
    from crawler.rereading import reread

    def find(url: str) -> Capture | None:
        near = kin.nearest(url, kept.fetched_at)
        return home.vault.read(near.record) if near else None

    try:
        read = reread(kept.source, seed, capture, find)
    except UnfitError as unfit:
        told(kept.item, "unread", "", unfit.trouble.words)
        return None
    except GongbaoError as error:
        told(kept.item, "failed", "", error.message)
        return None
    kin.further.update(_plain(url) for url in read.further)
    return read


def _state_again(home: Home, document_id: str, source: Source) -> None:
    """Where an older state was taken in behind a newer one, state the newer one again, so that it counts."""
    overtaken = home.archive.past_states.overtaken(document_id)
    document = home.archive.document(document_id)
    if overtaken is None or document is None:
        return
    revision, seen_at = overtaken
    capture = home.vault.read(revision.record) if revision.record else None
    home.archive.deposit(
        source,
        document.column,
        document.url,
        revision.harvest,
        fetched_at=seen_at,
        payload_digest=revision.payload_digest,
        record=revision.record,
        etag=capture.header("ETag") if capture else "",
        last_modified=capture.header("Last-Modified") if capture else "",
    )


def _plain(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url
