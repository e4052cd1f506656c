"""Bulletins whose pages show nothing, read from the answers of their lists where these carry the whole text."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from bulletin.capture import Capture, RecordRef
from bulletin.harvest import Harvest
from bulletin.source import Source
from crawler.answers import UnfitError, carried_in, fit
from crawler.steps import ArticleStep
from crawler.troubles import capture_is_html

#: What a page may be for its list to speak instead of it: there, but empty. A page that is gone or guarded stays so.
_HOLLOW: Final = frozenset({"shell_page", "empty", "unreadable"})
#: Answers of lists that are remembered of each source.
_ANSWERS: Final = 3
#: What belongs to the list and not to the bulletin.
_VALIDATORS: Final = ("etag", "last-modified")


class Carried:
    """The last answers of lists that were no pages, by source."""

    def __init__(self) -> None:
        newest: Callable[[], deque[tuple[Capture, RecordRef | None]]] = partial(deque, maxlen=_ANSWERS)
        self._answers: defaultdict[str, deque[tuple[Capture, RecordRef | None]]] = defaultdict(newest)

    def remember(self, source: Source, capture: Capture, record: RecordRef | None) -> None:
        """Take note of a list's answer and of where it is kept."""
        if not capture_is_html(capture):
            self._answers[source.id].append((capture, record))

    def instead(
        self, source: Source, step: ArticleStep, unfit: UnfitError
    ) -> tuple[Harvest, tuple[Capture, ...], RecordRef | None]:
        """The bulletin as a list's answer carries it, that answer as its capture, and where it is kept. Raises `unfit`
        where the page is not merely hollow, where it was read before, or where no list carries the text."""
        if unfit.trouble.code in _HOLLOW and step.known is None:
            for capture, record in reversed(self._answers[source.id]):
                if harvest := carried_in(source, step.seed, capture):
                    bare = tuple(pair for pair in capture.headers if pair[0].lower() not in _VALIDATORS)
                    return fit(harvest), (replace(capture, headers=bare),), record
        raise unfit
