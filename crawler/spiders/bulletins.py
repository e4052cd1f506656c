"""The one spider: list page -> outlinks -> article page(s) -> attachments; from the contents of an issue
to its documents.

What to fetch next is the frontier's business, how to ask the manners', keeping the bytes the capturing handler's. Here
an answer is read and what it says is passed on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.http import Response

from bulletin.capture import Capture, RecordRef
from bulletin.document import Known
from bulletin.errors import GongbaoError
from bulletin.harvest import Harvest
from bulletin.source import Seed
from crawler.answers import UnfitError, listing_in, page_of
from crawler.assembling import Assembly, meta_of
from crawler.carrying import Carried
from crawler.clock import Clock
from crawler.contents import in_issue
from crawler.depositing import Holdings, Reading
from crawler.disappearing import strayed
from crawler.families.family import Ask
from crawler.manners import trouble_of_error
from crawler.reader import Reader
from crawler.restyling import Restyling
from crawler.standing import Standings
from crawler.steps import ArticleStep, ListStep, Verdict
from crawler.troubles import PASSING, Trouble, identity_trouble, trouble_of
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
        self._assembly = Assembly(reader, self._download, max_attachment_size)
        self.keeper = holdings
        self.clock = clock or Clock()
        self.standings = Standings(holdings, self.clock)
        self.restyling = Restyling(holdings, self.clock)
        self.stopping = asyncio.Event()
        self.carried = Carried()
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
        meta = meta_of(walk, step=step)
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
        self._remember(walk, step.column.id, verdict, capture)
        if self.holdings.archive is None:
            self._foretell(walk, verdict.seeds)
        walk.tell("listed", url=capture.url, column=step.column.id, rows=len(listing.rows), wanted=len(verdict.seeds))
        if verdict.problem:
            walk.trouble(Trouble(*verdict.problem), capture.url)
            walk.observer.list_broke_off(step.column.id, Trouble(*verdict.problem))
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
            self.follow(walk, seed, capture)
            self.landed(walk)
            return None
        try:
            try:
                harvest, captures, read_from = *await self._assembly.pages(walk, seed, capture), record
            except UnfitError as unfit:
                harvest, captures, read_from = self.carried.instead(walk.source, step, unfit)
            self.standings.same_paper(walk, step.known, harvest, capture)
            harvest = await self._assembly.with_files(walk, harvest, captures)
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
        harvest = in_issue(harvest, walk.frontier.issue_of(seed.url))
        return Reading(walk, seed, harvest, captures, read_from, step.sighted, step.known)

    def follow(self, walk: Walk, seed: Seed, capture: Capture, harvest: Harvest | None = None) -> None:
        """Go on from an article that is the contents of an issue to what it names; without `harvest` as it was kept."""
        verdict = walk.frontier.opened(seed, harvest)
        self._remember(walk, seed.column, verdict, capture)
        if verdict.seeds or verdict.sighted:
            walk.tell("opened", url=seed.url, column=seed.column, named=len(verdict.seeds) + len(verdict.sighted))

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

    # -- accounts -----------------------------------------------------------------------------------------------------

    def _remember(self, walk: Walk, column: str, verdict: Verdict, capture: Capture) -> None:
        """What a list page or the contents of an issue led to, before anything of it is fetched."""
        self.holdings.write_down(walk.source, column, verdict, capture)
        self.standings.relisted(walk, verdict.relisted, capture.fetched_at)
        walk.counts["unchanged"] += len(verdict.sighted)
        for note in verdict.notes:
            walk.note(note)

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

    async def _download(self, request: Request) -> Response:
        return await self.crawler.engine.download_async(request)


def _context(response: Response) -> tuple[Walk, Any, Capture, RecordRef | None]:
    meta = response.meta
    return meta["walk"], meta["step"], meta["capture"], meta["record"]


def _validators(known: Known | None) -> dict[str, str]:
    """Headers that let the server answer 304 where nothing has changed (RFC 9110 13.1)."""
    if known is None:
        return {}
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value}
