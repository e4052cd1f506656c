"""robots.txt as RFC 9309 has it, read on the careful side.

Per scheme, host and port, remembered for a day in this process. An answer of 401 or 403, of 5xx, or none at all does
not mean consent: we stay away and say so. Any other 4xx means that there are no rules.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from bulletin.capture import Capture
from crawler.troubles import UNREACHED, Trouble

REMEMBERED: Final = 24 * 3600.0  # seconds; RFC 9309 2.4
PARSED: Final = 512 * 1024  # bytes; RFC 9309 2.5 asks for at least 500 KiB
LONGEST_DELAY: Final = 60.0  # seconds; a larger Crawl-delay would mean never

#: Fetch a URL: the capture, or where no answer came, why not (None: nobody knows).
Fetch = Callable[[str], Awaitable[Capture | Trouble | None]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt allows. `unknown` says in words why we do not know, and then nothing is allowed; `code` is
    what that is reported as: the failure itself where the site cannot be reached at all."""

    parser: Protego | None = None
    unknown: str = ""
    code: str = "robots_unknown"

    def allows(self, url: str, agent: str) -> bool:
        if self.unknown:
            return False
        return self.parser is None or bool(self.parser.can_fetch(url, agent))

    def delay(self, agent: str) -> float:
        """Seconds between requests that the site asks for, 0 where it asks for none."""
        asked = self.parser.crawl_delay(agent) if self.parser else None
        return min(float(asked), LONGEST_DELAY) if asked else 0.0


def rules_of(capture: Capture | Trouble | None) -> Rules:
    """The rules that an answer for robots.txt stands for."""
    if capture is None:
        return Rules(unknown="no answer for robots.txt")
    if isinstance(capture, Trouble):
        words = f"no answer for robots.txt ({capture.words})"
        return Rules(unknown=words, code=capture.code) if capture.code in UNREACHED else Rules(unknown=words)
    status = capture.status
    if 200 <= status < 300:
        return Rules(Protego.parse(capture.body[:PARSED].decode("utf-8-sig", errors="replace")))
    if status in (401, 403) or not 400 <= status < 500:
        return Rules(unknown=f"robots.txt is answered with {status}")
    return Rules()


class RobotsPolicy:
    """The rules of every host met, each asked for once a day. `clock` gives seconds that never run backwards."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, asyncio.Future[Rules]]] = {}

    async def rules_for(self, url: str, fetch: Fetch) -> Rules:
        """The rules for the host of `url`; `fetch` is asked only where they are not remembered."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}/robots.txt"
        until, future = self._kept.get(place, (0.0, None))
        if future is not None and self._clock() < until:
            return await future
        future = asyncio.get_running_loop().create_future()
        self._kept[place] = (self._clock() + REMEMBERED, future)
        try:
            rules = rules_of(await fetch(place))
        except BaseException:
            del self._kept[place]
            future.set_result(Rules(unknown="asking for robots.txt was broken off"))
            raise
        future.set_result(rules)
        return rules
