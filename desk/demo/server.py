"""Serves practice sites on loopback, remembers what was asked, and misbehaves when told to."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, NamedTuple, Self

from desk.demo.certificate import untrusted
from desk.demo.site import Answer, PracticeSite

#: Close the connection without a word.
VANISH: Final = Answer(0)


class Asked(NamedTuple):
    """One request as it arrived."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class _Failing:
    pattern: re.Pattern[str]
    answer: Answer | Callable[[Answer], Answer]
    after: int
    times: int
    seen: int = 0

    def strikes(self, path: str) -> bool:
        if not self.pattern.search(path):
            return False
        self.seen += 1
        return self.seen > self.after and (not self.times or self.seen <= self.after + self.times)


class Serving:
    """Sites on 127.0.0.1 for the length of a `with` block.

    The Host header chooses the site; where there is only one, every Host gets it. `port` 0 takes a free one.
    With `expired` or `self-signed` for `tls` the server speaks HTTPS under a certificate nobody should accept.
    """

    def __init__(self, sites: Sequence[PracticeSite], port: int = 0, tls: str = "") -> None:
        self.sites = {site.host: site for site in sites}
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._failing: list[_Failing] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.serving = self
        if tls:
            context = untrusted(list(self.sites), expired=tls == "expired")
            # The handshake waits for the connection's own thread, or one silent client would hold up all others.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="practice-sites", daemon=True
        )

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def fail(
        self, path_pattern: str, answer: Answer | Callable[[Answer], Answer], *, after: int = 0, times: int = 0
    ) -> None:
        """From now on paths matching the regular expression get `answer`, or what it makes of the proper answer.

        The first `after` matching requests are still answered properly; after `times` failures all is well again
        (0: never). `VANISH` closes the connection; `Answer.drip` and `Answer.cut` make slow and truncated answers.
        """
        with self._lock:
            self._failing.append(_Failing(re.compile(path_pattern), answer, after, times))

    def heal(self) -> None:
        """Forget every failure asked for."""
        with self._lock:
            self._failing.clear()

    def paths(self, method: str = "") -> list[str]:
        """Every path asked for so far, in order."""
        return [asked.path for asked in self.requests if method in ("", asked.method)]

    def answer_to(self, method: str, host: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What a request gets, failures included."""
        self.requests.append(Asked(method, host, path, headers))
        site = self.sites.get(host.partition(":")[0].lower())
        if site is None and len(self.sites) == 1:
            site = next(iter(self.sites.values()))
        proper = site.answer(method, path, headers, body) if site else Answer(421, b"no such practice site")
        with self._lock:
            struck = [failing for failing in self._failing if failing.strikes(path)]
        if not struck:
            return proper
        answer = struck[-1].answer
        return answer if isinstance(answer, Answer) else answer(proper)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Waiting for keep-alive connections to end would hold up the end of every test.
    block_on_close = False
    request_queue_size = 64
    serving: Serving


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    # Head and body in one packet: two small writes wait 40 ms for each other's acknowledgement.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _respond(self) -> None:
        serving = self.server.serving
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        answer = serving.answer_to(
            self.command, self.headers.get("Host", ""), self.path, dict(self.headers.items()), body
        )
        if answer is VANISH or answer.status == 0:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in answer.headers) and answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.cut is not None:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self._write(answer)
        self.wfile.flush()

    def _write(self, answer: Answer) -> None:
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        if not answer.drip:
            self.wfile.write(body)
            return
        for position in range(len(body)):
            self.wfile.write(body[position : position + 1])
            self.wfile.flush()
            if self.server.serving.closing.wait(answer.drip):
                break
        self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # The client went away in the middle of an answer: its right.
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read `requests` instead."""
