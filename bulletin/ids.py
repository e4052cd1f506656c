"""Identity: digests, canonical URLs, and the id of a document."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
#: URLs that are their canonical form already; most are.
_CANONICAL: Final = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?|/)", re.ASCII
)
# RFC 3986: what may stand unescaped in a path or query, beside letters and digits.
_PATH_SAFE: Final = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE: Final = _PATH_SAFE + "?"


#: What a server writes into addresses instead of a cookie (Java, PHP, ASP.NET): another one for every visitor.
_SESSION_IN_PATH: Final = re.compile(r";jsessionid=[^/;?#]*|/\(S\([0-9a-z]{24}\)\)(?=/)", re.I)
_SESSION_IN_QUERY: Final = re.compile(
    r"(?:(?<=&)|^)(?:jsessionid|phpsessid|aspsessionid\w{0,10}|cfid|cftoken)=[^&]*(?:&|$)", re.I
)


def digest(data: bytes) -> str:
    """SHA-256 as `sha256:<64 hex>`, the Base16 form the WARC community asks for."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def joint_digest(payloads: Sequence[bytes]) -> str:
    """The digest of all a bulletin was read from: of its one payload, or over those of its pages in order."""
    digests = [digest(payload) for payload in payloads]
    return digests[0] if len(digests) == 1 else digest("\n".join(digests).encode())


def document_id(source_id: str, url: str) -> str:
    """The document's id: 16 hex digits over its source and the canonical form of the URL it was first seen under."""
    return hashlib.sha256(f"{source_id}\n{canonical_url(url)}".encode()).hexdigest()[:16]


def import_url(data: bytes) -> str:
    """The URL of a file that came without one."""
    return "urn:sha256:" + hashlib.sha256(data).hexdigest()


def canonical_url(url: str) -> str:
    """One spelling for URLs that ask the same server for the same thing.

    Scheme and host in lower case, default port, fragment and session ids gone, dot segments resolved, an empty path
    `/`, percent-escapes in upper case and only where needed. The rest of the query is kept as it is, order included,
    because county systems read it by position.
    Other schemes (`urn:`) are returned unchanged.
    """
    if _CANONICAL.fullmatch(url):
        return url
    parts = urlsplit(url.strip().replace("\\", "/"))
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        return url.strip()
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    path = _escaped(_without_dots(_SESSION_IN_PATH.sub("", parts.path)), _PATH_SAFE) or "/"
    return urlunsplit((scheme, host, path, _escaped(_without_session(parts.query), _QUERY_SAFE), ""))


def _without_session(query: str) -> str:
    bare = _SESSION_IN_QUERY.sub("", query)
    return bare if bare == query else bare.removesuffix("&")


def _escaped(text: str, safe: str) -> str:
    upper = _ESCAPE.sub(_normal_escape, text)
    return quote(upper, safe=safe)


def _normal_escape(match: re.Match[str]) -> str:
    plain = unquote(match[0], errors="strict") if int(match[0][1:], 16) < 0x80 else ""
    return plain if plain and (plain.isalnum() or plain in "-._~") else match[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986 5.2.4, and never above the root."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
