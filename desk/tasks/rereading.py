"""Read revisions again from their captures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from bulletin.capture import Capture
from bulletin.errors import GongbaoError
from bulletin.harvest import Harvest
from bulletin.source import Seed, Source
from crawler.answers import UnfitError
from crawler.extract.reading import read_file
from crawler.rereading import Find, reread
from desk.tasks.belonging import is_page_of
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.rereadable import Place, State

_HOPS: Final = 5
_NAMES: Final = {"text/plain": "page.txt", "multipart/related": "page.mhtml"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A revision that is read otherwise now: by which rules, and what differs. `text` counts changes of the text;
    `fields` also names what `diff` does not compare (chrome, evidence, doubts ...)."""

    document_id: str
    revision: int
    url: str
    was_read_by: str
    read_by: str
    fields: tuple[str, ...]
    text: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a revision again: `change` and the reading `now` where it differs, an `error` where it
    cannot be read any more, and nothing where all is as it was: processes tell one another no more than they must."""

    document_id: str
    number: int
    change: Changed | None = None
    now: Harvest | None = None
    error: str = ""


class Rereader:
    """Reads revisions of a home again, with the further pages and files captured around them. Writes nothing."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._sources: dict[str, Source | None] = {}

    def read(self, places: Sequence[Place]) -> list[Reading]:
        """What today's rules read off the captures of these revisions."""
        from archive.rereadable import states

        return [self._read_again(state) for state in states(self._home.archive, places)]

    def _read_again(self, state: State) -> Reading:
        document, revision = state.document, state.revision
        told = (document.id, revision.number)
        try:
            now = _kept(self._harvest(state), revision.harvest)
        except UnfitError as unfit:
            return Reading(*told, error=unfit.trouble.words)
        except GongbaoError as error:
            return Reading(*told, error=error.message)
        except (KeyError, ValueError, RecursionError, MemoryError) as error:
            # A page that today's rules choke on must not take the pages after it along.
            return Reading(*told, error=f"it could not be read ({type(error).__name__}: {error})")
        if now == revision.harvest:
            return Reading(*told)
        fields, text = _differences(revision.harvest, now)
        change = Changed(*told, document.url, revision.harvest.read_by, now.read_by, fields, text)
        return Reading(*told, change, now)

    def _harvest(self, state: State) -> Harvest:
        document, revision = state.document, state.revision
        source = self._source(document.source_id)
        if source is None or revision.record is None:
            raise GongbaoError("There is no source or no capture of it.")
        capture = self._home.vault.read(revision.record)
        if capture.resource and not is_page_of(source, capture):
            kind = capture.header("Content-Type").partition(";")[0].strip().lower()
            url = "" if document.url.startswith("urn:") else document.url
            return read_file(capture.body, name=_NAMES.get(kind, "page.html"), url=url)
        seed = Seed(document.url, document.column, state.listed_title, state.listed_date)
        return reread(source, seed, capture, finder(self._home, source, revision.fetched_at)).harvest

    def _source(self, source_id: str) -> Source | None:
        if source_id not in self._sources:
            self._sources[source_id] = self._home.archive.source(source_id)
        return self._sources[source_id]


def finder(home: Home, source: Source, moment: datetime) -> Find:
    """Finds what is kept of a source's URLs: the capture made nearest to a moment, redirects followed."""

    def find(url: str) -> Capture | None:
        for _ in range(_HOPS):
            record = home.archive.captures.near(source.id, url, moment)
            capture = home.vault.read(record) if record else None
            if capture is None or not 300 <= capture.status < 400:
                return capture
            url = urljoin(url, capture.header("Location"))
        return None

    return find


def _kept(now: Harvest, was: Harvest) -> Harvest:
    """As the archive would keep it beside what it has."""
    from archive.reading_rows import storable
    from archive.revising import completed

    return completed(was, storable(now))


def _differences(was: Harvest, now: Harvest) -> tuple[tuple[str, ...], int]:
    from archive.diffing import compare

    names = tuple(name for name in Harvest.__slots__ if getattr(was, name) != getattr(now, name))
    return names, len(compare(was, now).text)
