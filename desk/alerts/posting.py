"""One HTTP request to an address somebody set, under a time limit, and to no address of a private network.

The name is resolved first, the addresses are looked at, and the connection goes to one that was found good, so that a
name whose answer changes meanwhile (DNS rebinding) gains nothing. Redirects are looked at in the same way. Proxies of
the environment are not used: they would resolve the name themselves.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from desk.alerts.channel import UndeliveredError

MOST_REDIRECTS: Final = 3
_LONGEST_ANSWER: Final = 65_536
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Limits:
    """`private`: whether addresses of private networks may be written to. `timeout`: seconds for everything."""

    private: bool = False
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Asked:
    method: str = "POST"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def post_json(url: str, body: Any, limits: Limits, headers: Mapping[str, str] | None = None) -> bytes:
    """The answer (its first 64 KB) of a server that took the body with a status of 2xx. UndeliveredError otherwise."""
    encoded = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    given = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return ask(url, Asked("POST", encoded, given), limits)


def ask(url: str, asked: Asked, limits: Limits) -> bytes:
    """The same for any request. Redirects are followed three times: with the body, because the message is to arrive;
    303 says that it did. Headers of ours go to no other server, and nothing goes from https to http."""
    until = time.monotonic() + limits.timeout
    for _ in range(MOST_REDIRECTS + 1):
        parts = _parts(url)
        status, location, answer = _once(parts, asked, limits, until)
        if status == 303 or 200 <= status < 300:
            return answer
        if status not in (301, 302, 307, 308) or not location:
            raise UndeliveredError(f"{parts.hostname} answered {status}.", "See what that server says about it.")
        onwards = _parts(location, url)
        if parts.scheme == "https" and onwards.scheme == "http":
            raise UndeliveredError(
                f"{parts.hostname} leads from https to http.", "Set an address that needs no redirect."
            )
        if (parts.scheme, parts.netloc) != (onwards.scheme, onwards.netloc):
            kept = {name: value for name, value in asked.headers.items() if name.lower() == "content-type"}
            asked = Asked(asked.method, asked.body, kept)
        url = onwards.geturl()
    raise UndeliveredError(f"{parts.hostname} redirects more than {MOST_REDIRECTS} times.", "Set the final address.")


def _parts(url: str, base: str = "") -> SplitResult:
    try:
        parts = urlsplit(urljoin(base, url))
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise UndeliveredError("That is no web address.", "It begins with https:// or http:// and names a host.")


def _once(parts: SplitResult, asked: Asked, limits: Limits, until: float) -> tuple[int, str, bytes]:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(host, port, private=limits.private)
    left = until - time.monotonic()
    if left <= 0:
        raise UndeliveredError(f"{host} did not answer within {limits.timeout:g} seconds.")
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            address, port, timeout=left, server_hostname=host, assert_hostname=host, cert_reqs="CERT_REQUIRED"
        )
    else:
        connection = HTTPConnection(address, port, timeout=left)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "Gongbao", "Accept": "*/*", **asked.headers}
    try:
        with cut_off(lambda: connection.sock, left):
            connection.request(asked.method, target, body=asked.body, headers=headers, preload_content=False)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read(_LONGEST_ANSWER)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if time.monotonic() >= until - 0.05:
            raise UndeliveredError(f"{host} did not answer within {limits.timeout:g} seconds.") from error
        raise UndeliveredError(
            f"{host} could not be asked ({type(error).__name__}).", "Try `gongbao alerts test`."
        ) from error
    finally:
        connection.close()


def checked_address(host: str, port: int, *, private: bool) -> str:
    """An address of the host that may be written to. UndeliveredError where it has none."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise UndeliveredError(f"{host} has no address.", "See whether its name is right.") from error
    good = [address for address in dict.fromkeys(found) if private or is_public(address)]
    if not good:
        raise UndeliveredError(
            f"{host} lies in a private network; nothing is sent there.",
            "alerts.private = true allows it, if that server is yours.",
        )
    return good[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to nobody's private network; those that wrap another one are looked into."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


@contextmanager
def cut_off(sock: Callable[[], Any], seconds: float) -> Iterator[None]:
    """A peer that sends a byte now and then never meets a socket's own timeout; this ends it, with TimeoutError even
    where what came until then would make sense."""
    done, late = threading.Event(), threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            wait = 0.5
            late.set()
            with suppress(OSError, AttributeError):
                sock().shutdown(socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, name="alert-timeout", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
    if late.is_set():
        raise TimeoutError
