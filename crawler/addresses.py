"""Where a host may be, and where it is really reached. Pure.

A source file is data from elsewhere, and so are the links on a page: neither may make this machine speak to its own
network. Only a source's own `resolve` table, or a setting made on purpose, opens a private address.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from bulletin.source import Source

#: Second labels of names under a country that belong to nobody: gov.cn, com.cn.
_SHARED: Final = frozenset("gov com org net edu ac mil".split())
#: Characters beyond which an address is a trap rather than a page.
LONGEST_URL: Final = 4_000


class PrivateAddressError(Exception):
    """A host turned out to lie at an address of a private network."""


def is_private(address: str) -> bool:
    """Whether an IP address belongs to this machine or a private network. A name that is no address is not judged."""
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return not (mapped or found).is_global


def is_loopback(address: str) -> bool:
    """Whether an address is this machine itself."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address.lower() == "localhost"


def reached_at(source: Source, url: str) -> tuple[str, int] | None:
    """The address and port the source says the URL's host is really reached at, or None."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    for name, to in source.resolve:
        if name in (host, parts.netloc.lower()):
            address, _, port = to.rpartition(":")
            return address.strip("[]"), int(port)
    return None


def on_loopback(source: Source, url: str) -> bool:
    """Whether asking for `url` reaches no other machine than this one."""
    reached = reached_at(source, url)
    return is_loopback(reached[0] if reached else urlsplit(url).hostname or "")


def own_host(source: Source, url: str) -> bool:
    """Whether the URL stands on one of the source's own hosts (`host`, `host:port`, or `*.host` for all under it)."""
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    under = any(host.startswith("*.") and name.endswith(host[1:]) for host in source.hosts)
    return under or name in source.hosts or f"{name}:{port}" in source.hosts


def is_followed(source: Source, url: str) -> bool:
    """Whether a link of the source's pages is asked for at all."""
    return len(url) <= LONGEST_URL and own_host(source, url)


def whole_site(host: str) -> str:
    """`*.` and the name that a site's other hosts share with this one (zwgk.a.gov.cn with www.a.gov.cn); "" for an
    address of numbers, and where that name would be no single site's (gov.cn)."""
    labels = host.removeprefix("www.").split(".")
    shared = len(labels) > 1 and labels[-2] in _SHARED and len(labels[-1]) == 2
    if labels[-1].isdigit() or ":" in host or len(labels) < (3 if shared else 2):
        return ""
    return f"*.{'.'.join(labels)}"
