"""When we crawl, what came of it, and why nothing did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

#: How a run stands or ended. Only the last two never began.
OUTCOMES: Final = ("queued", "running", "done", "partly", "blocked", "failed", "interrupted", "missed", "skipped")

#: What made a run begin; `follow` is a chore another run made necessary, `probe` a look for withdrawn bulletins.
TRIGGERS: Final = ("schedule", "hand", "retry", "api", "follow", "probe")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a crawl did, counted. `problems` counts by code (blocked, robots_unknown, timeout, soft_404 ...)."""

    requests: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    blocked: int = 0
    failed: int = 0
    bytes: int = 0
    problems: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is asked for: the options of a crawl, or the `argument` of a chore (a folder, a number). With `probe`
    a crawl asks only for bulletins that may have been withdrawn."""

    columns: tuple[str, ...] = ()
    since: date | None = None
    limit: int = 0
    full: bool = False
    probe: bool = False
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one source, or one chore (`kind`, with no source), or the record that a due one did not happen.

    `outcome` is one of OUTCOMES. `started_at` is when it began; until then, and for one that never begins, when its row
    was written. A scheduled run knows its schedule and the moment it was due; it may be claimed from `ready_at` on
    (jitter, permitted hours) and is missed if nobody has by `expires_at`. While it runs, `worker` renews `lease_until`;
    a run whose lease has run out has died. `retry_of` is the run it takes up again, `attempt` counts from 1.
    `config_digest` and `family_version` (`trs/3`) say with which description and rules it ran; `log` is the name of its
    log, within the home.
    """

    id: int
    source_id: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = "running"
    tally: Tally = field(default_factory=Tally)
    reason: str = ""
    kind: str = "crawl"
    scope: Scope = field(default_factory=Scope)
    schedule_id: int | None = None
    due_at: datetime | None = None
    ready_at: datetime | None = None
    expires_at: datetime | None = None
    attempt: int = 1
    retry_of: int | None = None
    worker: str = ""
    heartbeat_at: datetime | None = None
    lease_until: datetime | None = None
    config_digest: str = ""
    family_version: str = ""
    log: str = ""

    @property
    def begun(self) -> bool:
        return self.outcome not in ("queued", "missed", "skipped")

    @property
    def over(self) -> bool:
        return self.outcome not in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When which sources are crawled, or a chore is done. Seconds; `tz` is an IANA zone in which `cron` is meant.

    `sources` empty means every source that is verified and not paused. `overlap` says what happens when the run before
    is not over: skip, or queue one. `missed` says what happens to a time at which no worker was there: run once as long
    as it is no later than `window`, or skip; either way a row tells. `jitter` spreads starts over so many seconds.
    `hours` are the hours of a day in which it may begin (22:00-06:00), `maintenance` spans in which it may not
    (`2026-12-01T22:00/2026-12-02T06:00`, `Sun 02:00-04:00`), both in `tz`.
    """

    id: int
    cron: str
    created_at: datetime
    sources: tuple[str, ...] = ()
    kind: str = "crawl"
    scope: Scope = field(default_factory=Scope)
    group: str = ""
    tz: str = "Asia/Shanghai"
    overlap: str = "skip"
    missed: str = "once"
    window: int = 21_600
    jitter: int = 0
    hours: str = ""
    maintenance: tuple[str, ...] = ()
    paused_at: datetime | None = None
    removed_at: datetime | None = None
    next_due_at: datetime | None = None

    @property
    def paused(self) -> bool:
        return self.paused_at is not None


@dataclass(frozen=True, slots=True)
class Situation:
    """How a source (or chore, "") stands when a schedule of it is due: `bar` says why it cannot run at all, `running`
    and `queued` name earlier runs of the same schedule that are not over."""

    source_id: str
    bar: str = ""
    running: int | None = None
    queued: int | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of one due time for one source: `queued`, `missed` or `skipped`, and why."""

    source_id: str
    due_at: datetime
    outcome: str
    reason: str = ""
    ready_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """What becomes of everything a schedule had due, and when it is due next."""

    rulings: tuple[Ruling, ...]
    next_due_at: datetime | None
