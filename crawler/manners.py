"""How we behave on other people's servers: who may be asked, when, how often, and what a refusal means.

A downloader middleware, so that list pages, articles, redirects and second tries are all treated alike.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from twisted.internet.error import SSLError
from twisted.web.client import ResponseFailed

from bulletin.capture import Capture
from bulletin.config import CrawlSettings
from bulletin.source import Source
from crawler.addresses import PrivateAddressError, is_private, own_host, reached_at
from crawler.capturing import ACCEPT_ENCODING
from crawler.clock import Clock
from crawler.pace import DailyBytes, Hours, polite_delay
from crawler.robots import RobotsPolicy, Rules
from crawler.troubles import LIMIT_REACHED, Trouble
from crawler.walking import Walk

STRAINED: Final = frozenset({403, 412, 429, 503, 521})
LONGEST_WAIT: Final = 120.0  # seconds of Retry-After that are waited for; after that, another day is better
LONGEST_BACK_OFF: Final = 60.0


class Refused(IgnoreRequest):
    """A request that is not made, or not followed further; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.words)
        self.trouble = trouble


class MannersMiddleware:
    """Hosts, robots.txt, delay, back-off, redirects and second tries.

    Wants `meta["walk"]` and `meta["source"]`. `stopping` of the spider ends every wait.
    """

    def __init__(self, crawler: Crawler, settings: CrawlSettings) -> None:
        self._crawler: Any = crawler
        self._settings = settings
        self._robots = RobotsPolicy()
        self._strain: Counter[str] = Counter()
        self._took: dict[str, float] = {}
        self._clock: Clock = crawler.settings["GONGBAO_CLOCK"]
        self._bytes = DailyBytes(crawler.settings.get("GONGBAO_BYTES_TODAY") or {}, self._clock)
        self._agent = settings.user_agent.partition("/")[0].strip() or "Gongbao"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings["GONGBAO_CRAWL"])

    async def process_request(self, request: Request) -> None:
        source: Source = request.meta["source"]
        walk: Walk = request.meta["walk"]
        self._host_allowed(source, request.url)
        if request.meta.get("role") != "robots":
            self._within_limits(source, walk, request.url)
        robots_delay = 0.0
        if request.meta.get("role") != "robots" and source.manners.obey_robots:
            rules = await self._robots.rules_for(request.url, lambda url: self._fetch_robots(request, url))
            self._robots_allow(rules, request.url)
            robots_delay = rules.delay(self._agent)
        self._set_pace(request, source, robots_delay)
        self._introduce(request)
        walk.counts["requests"] += 1

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        capture: Capture = request.meta["capture"]
        place = urlsplit(request.url).netloc
        status = capture.status
        request.meta["walk"].counts["bytes"] += len(capture.payload)
        self._bytes.add(urlsplit(request.url).hostname or "", len(capture.payload))
        self._took[place] = request.meta.get("took", 0.0)
        if status in (301, 302, 303, 307, 308) and capture.header("Location"):
            return self._redirected(request, capture)
        if status in STRAINED:
            self._strain[place] += 1
        elif status < 400:
            self._strain.pop(place, None)
        if status in (429, 503) and capture.header("Retry-After"):
            return await self._patience(request, capture) or response
        if status in (500, 502, 503, 504):
            return await self._again(request, self._settings.retries) or response
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, Refused):
            return None
        self._took[urlsplit(request.url).netloc] = request.meta.get("took", 0.0)
        trouble = trouble_of_error(exception)
        tries = {"timeout": 1, "dns_failed": 1, "down": self._settings.retries, "disconnected": self._settings.retries}
        return await self._again(request, min(tries.get(trouble.code, 0), self._settings.retries))

    def _host_allowed(self, source: Source, url: str) -> None:
        if not own_host(source, url):
            raise Refused(Trouble("off_host", f"{urlsplit(url).hostname} is none of the source's hosts"))
        host = urlsplit(url).hostname or ""
        private = is_private(host) or host == "localhost"
        if private and not self._settings.private_hosts and reached_at(source, url) is None:
            raise Refused(Trouble("private_address", f"{host} is an address of a private network"))

    def _within_limits(self, source: Source, walk: Walk, url: str) -> None:
        """The source's limits of requests, hours and bytes: what lies beyond them waits for another crawl."""
        manners, settings = source.manners, self._settings
        if manners.max_requests and walk.counts["requests"] >= manners.max_requests:
            raise Refused(Trouble(LIMIT_REACHED, f"the source's limit of {manners.max_requests} requests"))
        hours = Hours(manners.hours or settings.hours)
        if not hours.permit(self._clock()):
            raise Refused(Trouble(LIMIT_REACHED, f"outside the hours {hours.text} (Asia/Shanghai)"))
        most = manners.max_bytes_per_day or settings.max_bytes_per_day
        host = urlsplit(url).hostname or ""
        if most and self._bytes.of(host) >= most:
            raise Refused(Trouble(LIMIT_REACHED, f"{host} has sent the {most:,} bytes that a day allows"))

    async def _fetch_robots(self, request: Request, url: str) -> Capture | Trouble:
        meta = {name: request.meta[name] for name in ("source", "walk", "cookiejar")}
        ask = Request(url, meta={**meta, "role": "robots"}, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(ask)
        except Refused as refused:
            return refused.trouble if refused.trouble.code != "off_host" else _elsewhere(url)
        except Exception as error:
            return trouble_of_error(error)
        capture: Capture = response.meta["capture"]
        return capture

    def _robots_allow(self, rules: Rules, url: str) -> None:
        if rules.unknown:
            raise Refused(Trouble(rules.code, f"{rules.unknown}; we stay away", whole=True))
        if not rules.allows(url, self._agent):
            raise Refused(Trouble("robots_forbidden", "robots.txt asks not to fetch this page"))

    def _set_pace(self, request: Request, source: Source, robots_delay: float) -> None:
        """One connection a host, and the longest of the delays anyone asks for; never shorter, up to half longer."""
        place = urlsplit(request.url).netloc
        slow = (self._took.get(place, 0.0), self._settings.response_multiple)
        delay = polite_delay(source, request.url, self._settings.delay, robots_delay, *slow)
        if strain := self._strain[place]:
            delay = max(delay, min(2.0**strain, LONGEST_BACK_OFF))
        downloader = self._crawler.engine.downloader
        pace = {"concurrency": 1, "delay": delay * 1.25, "jitter": 0.2}
        request.meta["download_slot"] = place
        downloader.per_slot_settings[place] = pace
        if slot := downloader.slots.get(place):
            slot.delay = pace["delay"]

    def _introduce(self, request: Request) -> None:
        request.headers["User-Agent"] = self._settings.signed_agent
        if "@" in self._settings.contact:
            request.headers["From"] = self._settings.contact
        request.headers["Accept-Encoding"] = ACCEPT_ENCODING
        request.headers.setdefault("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        request.headers.setdefault("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.3")

    def _redirected(self, request: Request, capture: Capture) -> Request:
        hops: tuple[str, ...] = (*request.meta.get("hops", ()), request.url)
        target = urljoin(request.url, capture.header("Location").strip()).partition("#")[0]
        to_itself_with_cookie = target == request.url and capture.header("Set-Cookie")
        if len(hops) > self._settings.max_redirects or (target in hops and not to_itself_with_cookie):
            raise Refused(Trouble("redirect_loop", f"redirected {len(hops)} times, last to {target}"))
        same_method = capture.status in (307, 308) or request.method in ("GET", "HEAD")
        method, body = (request.method, request.body) if same_method else ("GET", b"")
        try:
            onward = request.replace(url=target, method=method, body=body, dont_filter=True)
        except ValueError as error:
            raise Refused(Trouble("off_host", f"redirected to {target[:200]!r}, which is no web address")) from error
        onward.meta["hops"], onward.meta["via"] = hops, request.url
        self._host_allowed(request.meta["source"], onward.url)
        return onward

    async def _patience(self, request: Request, capture: Capture) -> Request | None:
        """Retry-After is honoured once; a wait of many minutes is left for another crawl."""
        text = capture.header("Retry-After").strip()
        seconds = float(text) if text.isdigit() and len(text) < 7 else 30.0
        if request.meta.get("waited") or seconds > LONGEST_WAIT:
            return None
        await self._wait(seconds)
        onward: Request = request.replace(dont_filter=True)
        onward.meta["waited"] = True
        return onward

    async def _again(self, request: Request, most: int) -> Request | None:
        tries = request.meta.get("tries", 0)
        if tries >= most or self._crawler.spider.stopping.is_set():
            return None
        calm = polite_delay(request.meta["source"], request.url, self._settings.delay, 0.0)
        await self._wait(min(max(calm, 0.2) * 2**tries, LONGEST_BACK_OFF))
        onward: Request = request.replace(dont_filter=True)
        onward.meta["tries"] = tries + 1
        return onward

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._crawler.spider.stopping.wait(), seconds)
        except TimeoutError:
            return


def trouble_of_error(error: BaseException) -> Trouble:
    """What a request that brought no whole answer is reported as."""
    if isinstance(error, Refused):
        return error.trouble
    if isinstance(error, PrivateAddressError):
        return Trouble("private_address", f"the host lies at {error}, an address of a private network")
    if isinstance(error, DownloadTimeoutError):
        return Trouble("timeout", "no answer in time")
    if isinstance(error, CannotResolveHostError):
        return Trouble("dns_failed", "the host has no address")
    if isinstance(error, DownloadCancelledError):
        return Trouble("too_large", "longer than allowed; what came of it is kept")
    if isinstance(error, DownloadConnectionRefusedError):
        return Trouble("down", "the connection is refused")
    reasons = _reasons(error)
    if any(isinstance(reason, SSLError) or "SSL" in type(reason).__module__ for reason in reasons):
        return Trouble("tls_failed", "no secure connection: " + "; ".join(str(r) for r in reasons)[:200])
    return Trouble("disconnected", f"the answer broke off ({type(error).__name__})")


def _reasons(error: BaseException | None) -> list[BaseException]:
    """The errors under an error, as Twisted and Python nest them."""
    found: list[BaseException] = []
    while error is not None and len(found) < 20:
        found.append(error)
        if isinstance(error, ResponseFailed):
            for failure in error.reasons:
                found.extend(_reasons(failure.value))
        error = error.__cause__
    return found


def _elsewhere(url: str) -> Capture:
    """A robots.txt that is redirected to a foreign host is a file this host does not have."""
    return Capture(url, datetime.now(UTC), 404, (), b"", b"")
