"""When we crawl and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


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
class Run:
    """One crawl of one source. `outcome` is running, done, partly, blocked, failed or interrupted."""

    id: int
    source_id: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = "running"
    tally: Tally = field(default_factory=Tally)
    reason: str = ""
