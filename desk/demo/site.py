"""What a practice site is: an invented county site whose every answer, and every truth behind it, is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Protocol

#: Every site is generated from this seed, so that its bytes are the same on every run and on every machine.
SEED: Final = 20260101


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it goes onto the wire; `Content-Length` is the server's."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


class PracticeSite(Protocol):
    """A site served on loopback under a stable invented host name."""

    @property
    def name(self) -> str: ...

    @property
    def host(self) -> str: ...

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request. The same request in the same order gets the same bytes."""
        ...

    def expected(self) -> dict[str, Any]:
        """What a faultless crawl finds: `list_urls`, `article_urls`, `per_article`, `columns`, `skipped_links`..."""
        ...

    def source_toml(self, address: str) -> str:
        """The source file that crawls this site while it is served at `address` ("127.0.0.1:8101")."""
        ...


def chance(*names: object) -> Random:
    """A random generator for one named thing, independent of how many other things were made before it."""
    return Random("/".join(map(str, (SEED, *names))))
