"""Keep the bytes as they came, before anyone reads them.

Scrapy hands on a tidied response: reason phrase lost, header case and order changed, repeated headers grouped, a cut
body dropped. So the tap sits on the connection itself, under Twisted's parser. It uses names Scrapy 2.19 and Twisted
26.10 keep private; the capture contract says whether they still mean the same. It relies on what Twisted guarantees:
one request at a time on a connection (no pipelining), HTTP/1 only.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _BindAddressAgent,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import fail
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.web._newclient import HTTP11ClientProtocol

from archive.entity import entity_of, parse_head, payload_of, split_exchange
from bulletin.capture import Capture, RecordRef
from bulletin.source import Source
from crawler.addresses import PrivateAddressError, is_private, reached_at
from crawler.clock import Clock

#: What a browser of the same age would take and `entity_of` can open.
ACCEPT_ENCODING = "gzip, deflate, br"


class Keeper(Protocol):
    """Whoever keeps a capture and says where it lies; None in a dry run. `known`: the URL may have been kept before."""

    def keep(self, source: Source, capture: Capture, known: bool) -> RecordRef | None: ...


class Tap:
    """What crosses the line in one exchange."""

    def __init__(self, private: bool) -> None:
        self.sent = bytearray()
        self.received = bytearray()
        self.ip = ""
        self.private = private  # whether a private address may be spoken to

    @contextmanager
    def recording(self, transport: Any) -> Iterator[None]:
        """Everything written to `transport` meanwhile is kept too; a request is written in one go."""
        write, write_sequence = transport.write, transport.writeSequence

        def tapped_write(data: bytes) -> None:
            self.sent += data
            write(data)

        transport.write = tapped_write
        transport.writeSequence = lambda pieces: tapped_write(b"".join(pieces))
        try:
            yield
        finally:
            transport.write, transport.writeSequence = write, write_sequence


class _TappedProtocol(_LenientHTTP11ClientProtocol):
    tap: Tap | None = None

    def request(self, request: Any) -> Any:
        tap = self.tap
        if tap is None:
            return super().request(request)
        transport: Any = self.transport
        tap.ip = transport.getPeer().host
        if not tap.private and is_private(tap.ip):
            transport.abortConnection()
            return fail(PrivateAddressError(tap.ip))
        with tap.recording(transport):
            return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self.tap is not None:
            self.tap.received += data
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _TappedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> HTTP11ClientProtocol:  # noqa: N802 (Twisted's name)
        return _TappedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _TappedPool:
    """The shared pool as one exchange sees it: the connection it gets carries this exchange's tap."""

    def __init__(self, pool: Any, tap: Tap) -> None:
        self._pool = pool
        self._tap = tap
        self.persistent = pool.persistent

    def getConnection(self, key: Any, endpoint: Any) -> Any:  # noqa: N802 (Twisted's name)
        def tapped(protocol: _TappedProtocol) -> _TappedProtocol:
            protocol.tap = self._tap
            return protocol

        return self._pool.getConnection(key, endpoint).addCallback(tapped)


class _Agent(_BindAddressAgent):
    """Connects to where a source says its host is reached; URL, Host header and TLS name stay the public ones."""

    where: Callable[[str, int], tuple[str, int]]

    def _getEndpoint(self, uri: Any) -> Any:  # noqa: N802 (Twisted's name)
        host, port = self.where(uri.host.decode("ascii"), uri.port)
        endpoint: Any = HostnameEndpoint(self._reactor, host, port, timeout=self._endpointFactory._connectTimeout)
        if uri.scheme == b"https":
            creator = self._endpointFactory._policyForHTTPS.creatorForNetloc(uri.host, uri.port)
            return wrapClientTLS(creator, endpoint)
        return endpoint


class _TappingAgent(_ScrapyAgent):
    def __init__(self, *, tap: Tap, where: Callable[[str, int], tuple[str, int]], **options: Any) -> None:
        super().__init__(**options)
        self._tap = tap
        self._where = where

    def _get_agent(self, request: Request, timeout: float) -> Any:
        from twisted.internet import reactor

        pool: Any = _TappedPool(self._pool, self._tap)
        agent = _Agent(reactor=reactor, contextFactory=self._contextFactory, connectTimeout=timeout, pool=pool)
        agent.where = self._where
        return agent


class CapturingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with a tap; every exchange, whatever its status, is kept before it is handed on.

    Wants `request.meta["source"]`; leaves `meta["capture"]` and `meta["record"]`. A response cut short is kept with
    its WARC reason and then raised as Scrapy raises it.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _TappedFactory
        self._disconnect_timeout: float = 0.2  # type: ignore[assignment]  # seconds; a connection we are done with is not worth a wait
        self._pool.retryAutomatically = False  # a second try is a second exchange: ours to make, and to keep
        self._any_certificate = _ScrapyClientContextFactory(verify_certificates=False)
        self._private = crawler.settings.getbool("GONGBAO_PRIVATE_HOSTS")
        self._clock: Clock = crawler.settings["GONGBAO_CLOCK"]
        # Scrapy 2.19 lets two requests of a slot without delay go out together: it counts them a moment too late.
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def download_request(self, request: Request) -> Response:
        source: Source = request.meta["source"]
        limit = request.meta.get("download_maxsize", self._default_maxsize)
        tap = Tap(self._private or reached_at(source, request.url) is not None)
        agent = _TappingAgent(
            tap=tap,
            where=lambda host, port: reached_at(source, request.url) or (host, port),
            contextFactory=self._contextFactory if source.verify_tls else self._any_certificate,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=0,
            fail_on_dataloss=True,
            crawler=self._crawler,
        )
        async with self._turns[request.meta.get("download_slot", "")]:
            began = time.monotonic()
            try:
                with wrap_twisted_exceptions():
                    response = await maybe_deferred_to_future(agent.download_request(request))
            except Exception as error:
                if capture := cut_capture(request, tap, _truncation(error), limit):
                    self._keep(request, capture, capture.truncated)
                raise
            finally:
                request.meta["took"] = time.monotonic() - began
            self._keep(request, whole_capture(request, response, tap, limit), "")
            return response

    def _keep(self, request: Request, capture: Capture, truncated: str) -> None:
        """`truncated` is about the payload, which is what is kept; the capture's may be about its unfolded body."""
        capture = replace(capture, fetched_at=self._clock(), via=request.meta.get("via", ""))
        spider: Any = self._crawler.spider
        keeper: Keeper = spider.keeper
        known = not request.meta.get("new", False)
        request.meta["record"] = keeper.keep(request.meta["source"], replace(capture, truncated=truncated), known)
        request.meta["capture"] = capture


def whole_capture(request: Request, response: Response, tap: Tap | None, limit: int) -> Capture:
    """A complete exchange, its body decoded up to `limit` bytes. Without a tap, or with one whose head makes no sense,
    what Scrapy gives is kept: then `wire` and `request` are None, and the record is a normalised one."""
    head, _ = split_exchange(bytes(tap.received)) if tap else (b"", b"")
    status, reason, headers = parse_head(head)
    if tap is None or not status:
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        whole = Capture(request.url, datetime.now(UTC), response.status, headers, response.body, b"")
        return _decoded(replace(whole, ip=str(response.ip_address or "")), limit)
    return _decoded(_tapped(request, tap, status, reason, headers, response.body), limit)


def cut_capture(request: Request, tap: Tap, truncated: str, limit: int) -> Capture | None:
    """An exchange that ended too soon, as far as it came; None where not even a head came."""
    head, rest = split_exchange(bytes(tap.received))
    status, reason, headers = parse_head(head)
    if not status or not head.endswith(b"\n"):
        return None
    cut = _tapped(request, tap, status, reason, headers, payload_of(rest, headers))
    return replace(_decoded(cut, limit), truncated=truncated)


def _tapped(
    request: Request, tap: Tap, status: int, reason: str, headers: tuple[tuple[str, str], ...], payload: bytes
) -> Capture:
    return Capture(
        url=request.url,
        fetched_at=datetime.now(UTC),
        status=status,
        headers=headers,
        payload=payload,
        body=b"",
        reason=reason,
        wire=bytes(tap.received),
        request=bytes(tap.sent),
        ip=tap.ip,
    )


def _decoded(capture: Capture, limit: int) -> Capture:
    """With its body. A body that unfolds beyond the limit is cut there; so is one whose compressed data break off.
    Some servers compress a page without saying so, which its first two bytes show."""
    coding = capture.header("Content-Encoding")
    if not coding and capture.payload[:2] == b"\x1f\x8b" and "text/" in capture.header("Content-Type").lower():
        coding = "gzip"
    body, cut = entity_of(capture.payload, coding, limit)
    return replace(capture, body=body, truncated=("length" if len(body) >= limit else "unspecified") if cut else "")


def _truncation(error: Exception) -> str:
    """The word of the WARC standard for why a record is not whole."""
    if isinstance(error, DownloadCancelledError):
        return "length"
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "disconnect"
