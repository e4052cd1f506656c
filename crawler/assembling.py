"""An article put together of all that belongs to it: its page, its further pages, its files, each asked for in turn."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from scrapy import Request
from scrapy.http import Response

from bulletin.capture import Capture
from bulletin.harvest import Attachment, Harvest
from bulletin.source import Seed
from crawler.answers import UnfitError, fit
from crawler.attaching import Reread, Taken, doubts_about, taken_from
from crawler.extract.pages import stitch
from crawler.manners import trouble_of_error
from crawler.reader import Reader
from crawler.troubles import LIMIT_REACHED, Trouble, trouble_of
from crawler.walking import Walk

#: Asks for one page or file, in the crawl's mannerly way.
Download = Callable[[Request], Awaitable[Response]]


class Assembly:
    """`reader` reads pages; `max_attachment_size` in bytes, 0: as much as any answer may have."""

    def __init__(self, reader: Reader, download: Download, max_attachment_size: int) -> None:
        self._reader: Final = reader
        self._download: Final = download
        self._max_attachment_size = max_attachment_size
        self._files: defaultdict[str, Reread] = defaultdict(Reread)

    async def pages(self, walk: Walk, seed: Seed, capture: Capture) -> tuple[Harvest, tuple[Capture, ...]]:
        """The bulletin on an article's page and its further pages, with the captures of them. Raises UnfitError."""
        harvest = await self._reader.harvest(walk.source, seed, capture)
        if not harvest.links:
            return fit(harvest), (capture,)
        parts, captures = [(1, harvest)], [capture]
        for number, url in enumerate(harvest.links, 2):
            further = await self._fetch(walk, url, "page", capture.url)
            if isinstance(further, Trouble):
                _not_beyond_limits(further)
                walk.trouble(further, url)
                continue
            try:
                parts.append((number, await self._reader.harvest(walk.source, seed, further)))
                captures.append(further)
            except UnfitError as unfit:
                walk.trouble(unfit.trouble, url)
        of = max(len(harvest.links) + 1, harvest.pages.of if harvest.pages else 0)
        return fit(stitch(parts, of)), tuple(captures)

    async def with_files(self, walk: Walk, harvest: Harvest, captures: Sequence[Capture]) -> Harvest:
        """The harvest with what became of its files; one that cannot be had stays named, with a doubt. A file is not
        asked for where the list led to it and no page. Raises UnfitError where a limit spares the rest."""
        if not harvest.attachments:
            return harvest
        here = {capture.url: capture for capture in captures}
        page = captures[0].url
        taken = [await self._taken(walk, file, page, here.get(file.url)) for file in harvest.attachments]
        doubts = (*harvest.doubts, *doubts_about(taken))
        return replace(harvest, attachments=tuple(one.attachment for one in taken), doubts=doubts)

    async def _taken(self, walk: Walk, file: Attachment, page: str, capture: Capture | None) -> Taken:
        if not file.url.startswith(("http://", "https://")):
            return Taken(file)
        files = self._files[walk.source.id]
        async with files.turn:
            if met := files.recall(file):
                return met
            found = capture or await self._fetch(walk, file.url, "attachment", page)
            if isinstance(found, Trouble):
                _not_beyond_limits(found)
                walk.trouble(found, file.url)
                return Taken(file, found.words)
            # In a thread: other sources go on meanwhile.
            return files.remember(await asyncio.to_thread(taken_from, file, found))

    async def _fetch(self, walk: Walk, url: str, role: str, via: str) -> Capture | Trouble:
        """A page or file that belongs to the article at `via`, asked for in the same mannerly way."""
        meta = meta_of(walk, role=role, via=via)
        if role == "attachment" and self._max_attachment_size:
            meta["download_maxsize"] = self._max_attachment_size
        try:
            response = await self._download(Request(url, meta=meta, dont_filter=True))
        except Exception as error:
            return trouble_of_error(error)
        capture: Capture = response.meta["capture"]
        walk.tell("fetched", url=url, status=capture.status, bytes=len(capture.payload))
        return trouble_of(capture) or capture


def meta_of(walk: Walk, **more: Any) -> dict[str, Any]:
    """What every request of a walk carries with it."""
    return {"walk": walk, "source": walk.source, "cookiejar": walk.source.id, **more}


def _not_beyond_limits(trouble: Trouble) -> None:
    """An article of which a limit spared the rest waits for another crawl, whole."""
    if trouble.code == LIMIT_REACHED:
        raise UnfitError(trouble)
