"""The spider of a look at a site: asks for what the survey wants, one page after the other, and keeps nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request, Spider

from bulletin.capture import Capture, RecordRef
from bulletin.probe import Probe
from bulletin.source import Source
from crawler.manners import trouble_of_error
from crawler.survey import MOST_REQUESTS, Step, Survey
from crawler.troubles import LIMIT_REACHED, Trouble, trouble_of
from crawler.walking import Walk

log: Final = logging.getLogger(__name__)


class SurveySpider(Spider):
    """`walk` counts and knows when a site wants to be left alone; `done` takes what the look showed."""

    name = "survey"

    def __init__(
        self, survey: Survey, walk: Walk, done: Callable[[Probe], None], opened: Callable[[Any], None]
    ) -> None:
        super().__init__()
        self.walks: tuple[Walk, ...] = ()  # nothing for the scheduler: the survey asks for itself
        self.stopping = asyncio.Event()
        self.keeper = self
        self._survey = survey
        self._walk = walk
        self._done = done
        opened(self)

    def keep(self, source: Source, capture: Capture, known: bool) -> RecordRef | None:
        """A look keeps nothing."""
        return None

    def stop(self) -> None:
        self.stopping.set()

    async def start(self) -> AsyncIterator[Any]:
        """The whole look. Yields nothing."""
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request
        try:
            while not self._over() and (step := self._survey.next()):
                await self._ask(step)
        finally:
            self._done(self._survey.result(self._walk.counts["requests"]))

    def _over(self) -> bool:
        return bool(self._walk.stopped) or self.stopping.is_set() or self._walk.counts["requests"] >= MOST_REQUESTS

    async def _ask(self, step: Step) -> None:
        ask = step.ask
        request = Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            headers=dict(ask.headers),
            meta={"walk": self._walk, "source": self._walk.source, "cookiejar": "survey", "role": step.kind},
            dont_filter=True,
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            self._failed(step, trouble_of_error(error))
            return
        capture: Capture = response.meta["capture"]
        self._walk.tell("fetched", url=ask.url, status=capture.status, bytes=len(capture.payload))
        trouble = trouble_of(capture)
        if trouble:
            self._trouble(step, trouble)
        else:
            self._walk.answered()
        self._survey.took(step, capture)

    def _failed(self, step: Step, trouble: Trouble) -> None:
        self._trouble(step, trouble)
        if trouble.code != LIMIT_REACHED:
            self._survey.failed(step, trouble)

    def _trouble(self, step: Step, trouble: Trouble) -> None:
        """Count it. What is wrong with a whole host ends the look only where it is the host that was asked about."""
        asked_about = urlsplit(self._walk.source.url).hostname
        elsewhere = step.kind != "home" and urlsplit(step.ask.url).hostname != asked_about
        self._walk.trouble(replace(trouble, whole=False) if elsewhere else trouble, step.ask.url)
