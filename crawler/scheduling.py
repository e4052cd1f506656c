"""The frontier as Scrapy's scheduler: the engine asks for the next request, each source's walk is asked in turn.

Requests are made when they can be sent and not before, so that a list of a hundred thousand entries never lies in
memory as a hundred thousand requests.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

if TYPE_CHECKING:
    from crawler.spiders.bulletins import BulletinsSpider


class FrontierScheduler(BaseScheduler):
    """Gives redirected and repeated requests first, then each source's next step, round-robin."""

    def __init__(self) -> None:
        self._again: deque[Request] = deque()
        self._turn = 0
        self._spider: BulletinsSpider

    def open(self, spider: Spider) -> None:
        self._spider = cast("BulletinsSpider", spider)

    def has_pending_requests(self) -> bool:
        return bool(self._again) or any(not walk.frontier.done for walk in self._spider.walks)

    def enqueue_request(self, request: Request) -> bool:
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._again:
            return self._again.popleft()
        walks = self._spider.walks
        for offset in range(len(walks)):
            at = (self._turn + offset) % len(walks)
            walk = walks[at]
            step = walk.frontier.next() if walk.has_room else None
            if step is not None:
                walk.flying += 1
                self._turn = at + 1
                return self._spider.request_for(walk, step)
        return None
