"""Read one revision's capture again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from bulletin.capture import Capture
from bulletin.document import Document, Revision
from bulletin.errors import GongbaoError
from bulletin.harvest import Harvest
from bulletin.source import Seed, Source
from crawler.answers import UnfitError
from crawler.extract.reading import read_file
from crawler.rereading import reread
from desk.wiring import Home

_HOPS: Final = 5
_NAMES: Final = {"text/plain": "page.txt", "multipart/related": "page.mhtml"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A revision as it was read and as it is read `now`; None where nothing differs, or `error` says why it cannot be
    read any more."""

    document_id: str
    number: int
    url: str
    was: Harvest
    now: Harvest | None = None
    error: str = ""


def read_again(home: Home, document: Document, revision: Revision) -> Reading:
    """What today's rules read off the revision's capture, with the further pages and files captured around it."""
    told = (document.id, revision.number, document.url, revision.harvest)
    source = home.archive.source(document.source_id)
    if source is None or revision.record is None:
        return Reading(*told, error="there is no source or no capture of it")
    try:
        now = _harvest(home, source, document, revision, home.vault.read(revision.record))
    except UnfitError as unfit:
        return Reading(*told, error=unfit.trouble.words)
    except GongbaoError as error:
        return Reading(*told, error=error.message)
    except (KeyError, ValueError, RecursionError, MemoryError) as error:
        # A page that today's rules choke on must not take the pages after it along.
        return Reading(*told, error=f"it could not be read ({type(error).__name__}: {error})")
    return Reading(*told, now=now if _kept(now, revision) != revision.harvest else None)


def _harvest(home: Home, source: Source, document: Document, revision: Revision, capture: Capture) -> Harvest:
    if capture.resource:
        kind = capture.header("Content-Type").partition(";")[0].strip().lower()
        url = "" if document.url.startswith("urn:") else document.url
        return read_file(capture.body, name=_NAMES.get(kind, "page.html"), url=url)
    title, day = home.archive.list_row(document.id)
    seed = Seed(document.url, document.column, title, day)
    return reread(source, seed, capture, lambda url: _find(home, source.id, url, revision.fetched_at)).harvest


def _find(home: Home, source_id: str, url: str, moment: datetime) -> Capture | None:
    """The capture of a URL made nearest to a moment, redirects followed."""
    for _ in range(_HOPS):
        record = home.archive.capture_near(source_id, url, moment)
        capture = home.vault.read(record) if record else None
        if capture is None or not 300 <= capture.status < 400:
            return capture
        url = urljoin(url, capture.header("Location"))
    return None


def _kept(now: Harvest, revision: Revision) -> Harvest:
    """As the archive would keep it beside what it has."""
    from archive.reading_rows import storable
    from archive.revising import completed

    return completed(revision.harvest, storable(now))
