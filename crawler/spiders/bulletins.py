"""The one spider: list page -> outlinks -> article page(s) -> attachments.

What to fetch next is the frontier's business, how to ask the manners', keeping the bytes the capturing handler's. Here
an answer is read and what it says is passed on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.http import Response

from bulletin.capture import Capture, RecordRef
from bulletin.document import Known
from bulletin.errors import GongbaoError
from bulletin.harvest import Attachment, Harvest
from bulletin.source import Seed
from crawler.answers import UnfitError, fit, listing_in, page_of
from crawler.attaching import Reread, Taken, doubts_about, taken_from
from crawler.carrying import Carried
from crawler.clock import Clock
from crawler.depositing import Holdings, Reading
from crawler.disappearing import strayed
from crawler.extract.pages import stitch
from crawler.families.family import Ask
from crawler.frontier import ArticleStep, ListStep
from crawler.manners import trouble_of_error
from crawler.reader import Reader
from crawler.restyling import Restyling
from crawler.standing import Standings
from crawler.troubles import LIMIT_REACHED, PASSING, Trouble, identity_trouble, trouble_of
from crawler.walking import Walk

log: Final = logging.getLogger(__name__)


class BulletinsSpider(Spider):
    """Serves every county. `walks` are the sources of this crawl, `holdings` what is kept of it, `reader` reads it."""

    name = "bulletins"

    def __init__(
        self,
        walks: Sequence[Walk],
        holdings: Holdings,
        reader: Reader,
        opened: Callable[[BulletinsSpider], None],
        max_attachment_size: int = 0,
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self.walks = walks
        self.holdings = holdings
        self._reader = reader
        self.keeper = holdings
        self.clock = clock or Clock()
        self.standings = Standings(holdings, self.clock)
        self.restyling = Restyling(holdings, self.clock)
        self.stopping = asyncio.Event()
        self.carried = Carried()
        self._max_attachment_size = max_attachment_size
        self._files: defaultdict[str, Reread] = defaultdict(Reread)
        opened(self)

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler asks the frontiers."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def stop(self) -> None:
        """Finish what is under way and end."""
        self.stopping.set()
        for walk in self.walks:
            walk.interrupt()

    def request_for(self, walk: Walk, step: ListStep | ArticleStep) -> Request:
        """The request a step of the frontier stands for."""
        meta = self._meta(walk, step=step)
        if isinstance(step, ListStep):
            ask: Ask = step.ask
            return Request(
                ask.url,
                method=ask.method,
                body=ask.body,
                headers=dict(ask.headers),
                callback=self.read_list,
                errback=self.list_failed,
                meta={**meta, "role": "list"},
                dont_filter=True,
            )
        return Request(
            step.seed.url,
            headers=_validators(step.known),
            callback=self.read_article,
            errback=self.article_failed,
            meta={**meta, "role": "article", "new": step.known is None},
            dont_filter=True,
        )

    # -- lists --------------------------------------------------------------------------------------------------------

    def read_list(self, response: Response) -> None:
        walk, step, capture, record = _context(response)
        try:
            page = page_of(capture)
            trouble = trouble_of(capture) or strayed(walk.source, step.ask.url, capture, to_list=False)
            trouble = trouble or identity_trouble(page.meta, walk.source)
            if trouble:
                self._list_trouble(walk, step, trouble)
                return
            walk.answered()
            listing = listing_in(walk.source, step.column, page, step.ask)
        except Exception:
            log.exception("list %s cannot be read", capture.url)
            self._list_trouble(walk, step, Trouble("unreadable", "the list could not be read; see the log"))
            return
        self.carried.remember(walk.source, capture, record)
        walk.counts["lists"] += 1
        walk.observer.listed(step.column, page, listing)
        verdict = walk.frontier.listed(step.column.id, listing)
        self.holdings.write_down(walk.source, step.column.id, verdict, capture)
        self.standings.relisted(walk, verdict.relisted, capture.fetched_at)
        walk.counts["unchanged"] += len(verdict.sighted)
        if self.holdings.archive is None:
            self._foretell(walk, verdict.seeds)
        walk.tell("listed", url=capture.url, column=step.column.id, rows=len(listing.rows), wanted=len(verdict.seeds))
        if verdict.problem:
            walk.trouble(Trouble(*verdict.problem), capture.url)
            walk.observer.list_broke_off(step.column.id, Trouble(*verdict.problem))
        for note in verdict.notes:
            walk.note(note)
        self.landed(walk)

    def _foretell(self, walk: Walk, seeds: Sequence[Seed]) -> None:
        """A dry run says what it would fetch."""
        for seed in seeds:
            walk.counts["new"] += 1
            walk.tell("would_fetch", url=seed.url, column=seed.column, title=seed.listed_title, date=seed.listed_date)

    def list_failed(self, failure: Any) -> None:
        walk, step = failure.request.meta["walk"], failure.request.meta["step"]
        self._list_trouble(walk, step, trouble_of_error(failure.value))

    def _list_trouble(self, walk: Walk, step: ListStep, trouble: Trouble) -> None:
        if not self.stopping.is_set() or trouble.code != "disconnected":
            walk.trouble(trouble, step.ask.url)
            walk.observer.list_broke_off(step.column.id, trouble)
        walk.frontier.failed(step.column.id)
        self.landed(walk)

    # -- articles -----------------------------------------------------------------------------------------------------

    async def read_article(self, response: Response) -> Reading | None:
        walk, step, capture, record = _context(response)
        seed: Seed = step.seed
        walk.tell("fetched", url=seed.url, status=capture.status, bytes=len(capture.payload))
        if capture.status == 304 and step.known:
            walk.answered()
            self.holdings.unchanged(walk.source, seed, capture, record)
            walk.counts["unchanged"] += not step.sighted
            self.restyling.same(walk)
            self.standings.reached(walk, step.known, seed, capture, record)
            self.landed(walk)
            return None
        try:
            try:
                harvest, captures, read_from = *await self._read(walk, seed, capture), record
            except UnfitError as unfit:
                harvest, captures, read_from = self.carried.instead(walk.source, step, unfit)
            self.standings.same_paper(walk, step.known, harvest, capture)
            harvest = await self._with_attachments(walk, harvest, captures)
        except UnfitError as unfit:
            self._article_trouble(walk, step, unfit.trouble, response.meta)
            return None
        except GongbaoError:
            raise  # the holdings have ended the crawl
        except Exception:
            log.exception("page %s cannot be read", capture.url)
            trouble = Trouble("unreadable", "the page could not be read; see the log")
            self._article_trouble(walk, step, trouble, response.meta)
            return None
        walk.answered()
        walk.observer.read(seed.column, harvest, captures[0])
        self.standings.reached(walk, step.known, seed, capture, record)
        return Reading(walk, seed, harvest, captures, read_from, step.sighted, step.known)

    def article_failed(self, failure: Any) -> None:
        meta = failure.request.meta
        self._article_trouble(meta["walk"], meta["step"], trouble_of_error(failure.value), meta)

    def _article_trouble(self, walk: Walk, step: ArticleStep, trouble: Trouble, meta: dict[str, Any]) -> None:
        walk.trouble(trouble, step.seed.url)
        self.standings.troubled(walk, step.known, step.seed, trouble, meta)
        walk.observer.failed(step.seed.column, trouble.code)
        if trouble.code not in PASSING:
            self.holdings.done_with(walk.source, step.seed)
        self.landed(walk)

    async def _read(self, walk: Walk, seed: Seed, capture: Capture) -> tuple[Harvest, tuple[Capture, ...]]:
        """The bulletin on an article's page, its further pages included."""
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

    async def _with_attachments(self, walk: Walk, harvest: Harvest, captures: Sequence[Capture]) -> Harvest:
        """The harvest with what became of its files; one that cannot be had stays named, with a doubt. A file is not
        asked for where the list led to it and no page."""
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
        meta = self._meta(walk, role=role, via=via)
        if role == "attachment" and self._max_attachment_size:
            meta["download_maxsize"] = self._max_attachment_size
        try:
            response = await self.crawler.engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:
            return trouble_of_error(error)
        capture: Capture = response.meta["capture"]
        walk.tell("fetched", url=url, status=capture.status, bytes=len(capture.payload))
        return trouble_of(capture) or capture

    # -- accounts -----------------------------------------------------------------------------------------------------

    def landed(self, walk: Walk) -> None:
        """A step is done with. The last one ends the walk."""
        walk.step()
        if walk.flying == 0 and walk.frontier.done:
            self.standings.compare(walk)
        if walk.flying == 0 and walk.frontier.done:
            self.end(walk)

    def end(self, walk: Walk) -> None:
        if not walk.ended:
            walk.ended = True
            self.restyling.conclude(walk)
            walk.finish()

    def _meta(self, walk: Walk, **more: Any) -> dict[str, Any]:
        return {"walk": walk, "source": walk.source, "cookiejar": walk.source.id, **more}


def _context(response: Response) -> tuple[Walk, Any, Capture, RecordRef | None]:
    meta = response.meta
    return meta["walk"], meta["step"], meta["capture"], meta["record"]


def _not_beyond_limits(trouble: Trouble) -> None:
    """An article of which a limit spared the rest waits for another crawl, whole."""
    if trouble.code == LIMIT_REACHED:
        raise UnfitError(trouble)


def _validators(known: Known | None) -> dict[str, str]:
    """Headers that let the server answer 304 where nothing has changed (RFC 9110 13.1)."""
    if known is None:
        return {}
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value}
