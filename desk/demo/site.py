"""What a practice site is: an invented county site whose every answer, and every truth behind it, is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Protocol

#: Every site is generated from this seed, so that its bytes are the same on every run and on every machine.
SEED: Final = 20260101


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer as it goes onto the wire; `Content-Length` is the server's where `headers` do not give it.

    `drip` seconds pass between two bytes; `cut` closes the connection after so many bytes of the body.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    drip: float = 0.0
    cut: int | None = None


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


def source_file(
    site: PracticeSite,
    address: str,
    *,
    id: str,
    name: str,
    region: str,
    family: str,
    columns: Sequence[tuple[str, str, str]],
    **more: str,
) -> str:
    """The TOML of a source that asks `address` for the site's host, without delay. `columns` are (id, name, path)."""
    top = {"id": id, "name": name, "region": region, "url": f"http://{site.host}/", "family": family, **more}
    lines = [f"{key} = {_quoted(value)}" for key, value in top.items()]
    lines += [f"hosts = [{_quoted(site.host)}]", ""]
    for column_id, column_name, path in columns:
        lines += ["[[columns]]", f"id = {_quoted(column_id)}", f"name = {_quoted(column_name)}"]
        lines += [f"url = {_quoted(f'http://{site.host}{path}')}", ""]
    lines += ["[manners]", "delay = 0.0", "", "[resolve]", f"{_quoted(site.host)} = {_quoted(address)}", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)
