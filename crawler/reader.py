"""Articles read in a child process (`python -m crawler.reader`) while the crawl goes on fetching: a page that takes too
long to read, or brings its reader down, costs its own bulletin and nothing else.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Self

from bulletin.capture import Capture
from bulletin.harvest import Harvest
from bulletin.source import Seed, Source
from crawler.answers import UnfitError, harvest_in
from crawler.extract.aside import Aside, bound_memory, bound_time, serve
from crawler.extract.page import open_page
from crawler.extract.reading import read_page
from crawler.troubles import Trouble, capture_is_html

log: Final = logging.getLogger(__name__)

#: Seconds a page may take to be read; an ordinary one takes a hundredth of one.
PATIENCE: Final = 30.0
#: Pages after which the child is replaced, and bytes of address space it may take.
_SERVICE: Final = 20_000
_MEMORY: Final = 3_000_000_000


class Reader:
    """Reads the articles of these sources. To be closed, or used with `with`."""

    def __init__(self, sources: Iterable[Source]) -> None:
        greeting = pickle.dumps({source.id: source for source in sources})
        self._aside = Aside("crawler.reader", service=_SERVICE, greeting=greeting, main=main)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._aside.close()

    def begin(self) -> None:
        """Begin the child; the earlier, the less there is to wait for when it is needed."""
        self._aside.begin()

    def get_ready(self) -> None:
        """Return when the child has loaded what every page needs."""
        self._aside.ask(b"", PATIENCE)

    async def harvest(self, source: Source, seed: Seed, capture: Capture) -> Harvest:
        """What an article's answer says, as `harvest_in` tells it. Raises UnfitError."""
        if not capture_is_html(capture):
            return harvest_in(source, seed, capture)
        payload = capture.payload if capture.truncated else b""
        slim = replace(capture, payload=payload, wire=None, request=None)
        request = pickle.dumps((source.id, seed, slim), pickle.HIGHEST_PROTOCOL)
        answer, late = await asyncio.to_thread(self._aside.ask, request, PATIENCE)
        if answer is None:
            words = f"reading was stopped after {PATIENCE:g} seconds" if late else "its reader broke down over it"
            raise UnfitError(Trouble("unreadable", words))
        read, said = pickle.loads(answer)
        for words in said:
            log.error("%s", words)
        if isinstance(read, Trouble):
            raise UnfitError(read)
        found: Harvest = read
        return found


class _Said(logging.Handler):
    """What reading logged, for the asker's log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class _Child:
    """The child's side."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self._said = _Said()
        logging.basicConfig(level=logging.ERROR, handlers=[self._said], force=True)

    def greet(self, sources: bytes) -> None:
        """Learn whose pages will be read, and load what every page needs."""
        bound_memory(_MEMORY)
        self._sources = pickle.loads(sources)
        load()
        gc.freeze()

    def answer(self, request: bytes) -> bytes:
        if not request:
            return b""
        source_id, seed, capture = pickle.loads(request)
        self._said.lines.clear()
        bound_time(PATIENCE)
        read = _read(self._sources[source_id], seed, capture)
        return pickle.dumps((read, tuple(self._said.lines)), pickle.HIGHEST_PROTOCOL)


def _read(source: Source, seed: Seed, capture: Capture) -> Harvest | Trouble:
    try:
        return harvest_in(source, seed, capture)
    except UnfitError as unfit:
        return unfit.trouble
    except MemoryError:
        gc.collect()
        return Trouble("unreadable", "reading it would take more memory than is allowed")


_ANY_PAGE: Final = (
    "<html><head><title>云岫县人民政府公告</title></head><body><h1>云岫县人民政府公告</h1><p>发布时间：2019-03-18</p>"
    "<table><tr><td>索引号</td><td>甲-1</td><td>文号</td><td>云政发〔2019〕9号</td></tr></table>"
    "<div id='zoom'><p>一、各镇人民政府要按时完成这件工作，并于二〇一九年三月三十一日前报告。</p>"
    "<p>云岫县人民政府</p><p>2019年3月18日</p></div></body></html>"
)


def load() -> None:
    """Load what every page needs."""
    read_page(open_page(_ANY_PAGE.encode()))


def main() -> int:
    """Read until nobody asks any more."""
    child = _Child()
    return serve(child.answer, child.greet)


if __name__ == "__main__":
    sys.exit(main())
