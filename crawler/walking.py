"""One source being crawled: what is counted, what went wrong, and when to leave it alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from bulletin.run import Tally
from bulletin.source import Source
from crawler.frontier import Frontier
from crawler.observing import Observer
from crawler.troubles import ABSENT, BLOCKED, ELSEWHERE, LIMIT_REACHED, Trouble

#: Refusals of one kind in a row after which a source is left alone for this crawl.
BLOCKS_BORNE: Final = 3
#: Requests in a row without a usable answer after which a source counts as out of reach.
SILENCE_BORNE: Final = 5

Report = Callable[[dict[str, Any]], None]


class Walk:
    """A source's frontier and its counts. `report` takes what happens, as it happens.

    `flying` counts steps handed out and not yet done with; the walk has ended when there are none and the frontier
    gives no more. At most `window` of them fly side by side.
    """

    def __init__(self, source: Source, frontier: Frontier, report: Report, window: int = 1) -> None:
        self.source = source
        self.frontier = frontier
        self.observer = Observer(source)
        self.window = window
        self.flying = 0
        self.ended = False
        self.stopped = ""  # why the walk was given up early
        self.interrupted = False
        self.broken = False
        self.counts: Counter[str] = Counter()
        self._report = report
        self._problems: Counter[str] = Counter()
        self._notes: list[str] = []
        self._blocks = 0
        self._last_block = ""
        self._silence = 0

    @property
    def has_room(self) -> bool:
        """Whether a further step may be handed out. A host that has just refused or kept silent is asked one thing at
        a time, so that it is left alone as soon as it is known to mean it."""
        strained = self._blocks or self._silence
        return self.flying < (1 if strained else self.window)

    def tell(self, event: str, **details: Any) -> None:
        """Report that something happened to this source."""
        self._report({"event": event, "source": self.source.id, **details})

    def answered(self) -> None:
        """A usable answer came: whatever was borne before is forgotten."""
        self._blocks = self._silence = 0

    def trouble(self, trouble: Trouble, url: str) -> None:
        """Count a page that is not what was asked for; give the source up where going on would be a nuisance."""
        code = trouble.code
        if code == LIMIT_REACHED:
            self.give_up(trouble.words)
            return
        self._problems[code] += 1
        if code in BLOCKED:
            self.counts["blocked"] += 1
            self._refused(code)
        elif code not in ABSENT | ELSEWHERE:
            self.counts["failed"] += 1
            self._silence += code in ("timeout", "dns_failed", "tls_failed", "down", "disconnected")
        self.tell("problem", url=url, code=code, words=trouble.words)
        if trouble.whole or self._blocks >= BLOCKS_BORNE or self._silence >= SILENCE_BORNE:
            self.give_up(f"{code}: {trouble.words}")

    def _refused(self, code: str) -> None:
        """A host that has shut us out answers alike every time; single guarded pages do not. A rule in robots.txt is
        not an answer of the host at all."""
        if code != "robots_forbidden":
            self._blocks = self._blocks + 1 if code == self._last_block else 1
            self._last_block = code

    def note(self, words: str) -> None:
        """Something an archivist should know that is nobody's failure."""
        self._notes.append(words)
        self.tell("note", words=words)

    def give_up(self, reason: str) -> None:
        """Ask for nothing more. What is pending stays pending."""
        if not self.stopped:
            self.stopped = reason
            self.frontier.stop()

    def fail(self, reason: str) -> None:
        """Nothing can be kept any more: whatever was reached, this crawl has failed."""
        self.broken = True
        self.give_up(reason)

    def interrupt(self) -> None:
        """The user wants an end: finish what is under way."""
        if not self.frontier.done:
            self.interrupted = True
        self.frontier.stop()

    def step(self) -> None:
        """A step was done with: say how far we are."""
        self.flying -= 1
        self.tell("progress", waiting=self.frontier.waiting, **self.numbers())

    def finish(self) -> None:
        """Say what came of it all."""
        tally = asdict(self.tally())
        observed = self.observer.record()
        self.tell("finished", outcome=self.outcome(), reason=self.stopped, tally=tally, observed=observed)

    def numbers(self) -> dict[str, int]:
        names = ("requests", "lists", "new", "changed", "unchanged", "withdrawn", "blocked", "failed", "bytes")
        return {name: self.counts[name] for name in names}

    def tally(self) -> Tally:
        counts = self.counts
        return Tally(
            requests=counts["requests"],
            new=counts["new"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            withdrawn=counts["withdrawn"],
            blocked=counts["blocked"],
            failed=counts["failed"],
            bytes=counts["bytes"],
            problems=tuple(sorted(self._problems.items())),
            notes=tuple(self._notes),
        )

    def outcome(self) -> str:
        """done, partly, blocked, failed or interrupted. A dead link on the site is reported, but is not our failure."""
        counts = self.counts
        if self.broken:
            return "failed"
        if self.interrupted:
            return "interrupted"
        reached = counts["lists"] or counts["new"] or counts["changed"] or counts["unchanged"]
        if not reached and counts["blocked"]:
            return "blocked"
        if not reached and counts["failed"]:
            return "failed"
        return "partly" if self.stopped or counts["failed"] or counts["blocked"] else "done"
