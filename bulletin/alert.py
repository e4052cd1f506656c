"""What somebody must be told: what is wrong, since when, and whether they have been told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: What a delivery tells: that something began, that it still is so, that it is over.
EVENTS: Final = ("opened", "repeated", "recovered")

#: Kinds that are news, and nothing wrong: told once, and over when some channel has taken them.
NEWS: Final = ("saved",)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is wrong now. `source_id` is "" for the machine; `kind` says what of it (source, runs, chore,
    worker, disk, fixity, backup, missed), `word` what a source is called or how bad it is. `name` is what people call
    the source. A `grave` one may wake somebody. News is told the same way: of kind `saved`, the `word` is the name of a
    saved search, and the lines of `reason` are what it found."""

    source_id: str
    kind: str
    word: str
    reason: str = ""
    name: str = ""
    grave: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """The same thing at another time has the same key; its reason may change."""
        return self.source_id, self.kind, self.word


@dataclass(frozen=True, slots=True)
class Alert:
    """A matter from when it was first noticed. `told_at` is when it was last handed to the channels (it may lie ahead),
    `calm_since` when it was first found to be gone (None: it is there), `closed_at` when that was believed."""

    id: int
    matter: Matter
    opened_at: datetime
    closed_at: datetime | None = None
    told_at: datetime | None = None
    calm_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event of an alert on its way through one channel. It is told where `sent_at` is not None; until then it is
    tried again from `next_try_at` on, and `trouble` says why it did not arrive."""

    id: int
    alert: Alert
    channel: str
    event: str
    wanted_at: datetime
    next_try_at: datetime
    attempts: int = 0
    sent_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written down after a look: matters that began, alerts to be told again, gone for the moment, there
    again after all, over, and over because something else has taken their place. `opened` says from when on each may be
    told, `fresh` holds today's words for what is still so."""

    opened: tuple[tuple[Matter, datetime], ...] = ()
    repeated: tuple[int, ...] = ()
    calmed: tuple[int, ...] = ()
    back: tuple[int, ...] = ()
    recovered: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()
    fresh: Mapping[int, Matter] | None = None
