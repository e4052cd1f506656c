"""What a home itself shows of its worker, its last verification and its last backup."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bulletin.run import Schedule
from desk.tasks.copying import BACKUP_FILE
from desk.wiring import Home

#: Below this much free disk a crawl may not end well. Bytes.
LOW_DISK: Final = 1_000_000_000
#: A backup older than this is told.
OLD_BACKUP: Final = timedelta(8)
#: A worker that has given no sign of life for so long has stopped.
WORKER_SILENT: Final = timedelta(minutes=5)
#: The worker's sign of life, within the home.
WORKER_FILE: Final = "worker.json"
#: So many reports of verifications are looked at; faults that older ones found are known only where nothing was read
#: again since.
_REPORTS: Final = 200

#: A fault as a report names it: where, item, reason.
_Named = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WorkerState:
    """`state` is working, stopped, or none (there is none, and no schedule that needs one)."""

    state: str
    seen_at: datetime | None = None
    host: str = ""
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """The last verification: when, of how much (per cent, or share k of n; None and None: everything), and how many
    faults stand: those it found, and those earlier ones found in captures that have not been read again since."""

    at: datetime
    faults: int
    sample: float | None
    share: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Report:
    at: datetime
    faults: frozenset[_Named]
    sample: float | None
    share: tuple[int, int] | None

    @property
    def full(self) -> bool:
        return self.sample is None and self.share is None

    @property
    def of_captures(self) -> frozenset[_Named]:
        """Faults of the vault: only these need the same captures to be read again; the rest is looked at each time."""
        return frozenset(fault for fault in self.faults if fault[0] == "vault")


def worker_of(home: Home, schedules: Sequence[Schedule], now: datetime) -> WorkerState:
    """What the worker's sign of life says; a home with schedules is in need of one. A sign of the future was given by a
    clock that has been put back since: a living worker renews it at once."""
    told = _record(home.settings.home / WORKER_FILE)
    seen_at = _moment(told.get("at"))
    if seen_at is None:
        needed = any(not schedule.paused for schedule in schedules)
        return WorkerState("stopped" if needed else "none")
    pid = told.get("pid")
    state = "working" if abs(now - seen_at) <= WORKER_SILENT else "stopped"
    return WorkerState(state, seen_at, str(told.get("host", "")), pid if isinstance(pid, int) else 0)


def last_verification(home: Home) -> Checked | None:
    """The newest report of `gongbao verify` that is kept in the home, with all faults that stand."""
    reports = _reports(home)
    newest = next(reports, None)
    if newest is None:
        return None
    standing = set(newest.faults)
    if not newest.full:
        standing |= _not_read_again(newest, reports)
    return Checked(newest.at, len(standing), newest.sample, newest.share)


def _not_read_again(newest: _Report, older: Iterator[_Report]) -> set[_Named]:
    """What earlier reports found in captures that no later one has read: a share is read again by the same share, or by
    all of them, a sample by none in particular."""
    found: set[_Named] = set()
    read = {newest.share} if newest.share else set()
    for report in older:
        if report.share is None or report.share not in read:
            found |= report.of_captures
        if report.share:
            read.add(report.share)
        if report.full or _make_a_whole(read):
            break
    return found


def _make_a_whole(shares: Collection[tuple[int, int]]) -> bool:
    return any(count == of for of, count in Counter(of for _, of in shares).items())


def _reports(home: Home) -> Iterator[_Report]:
    """The newest first."""
    paths = sorted((home.settings.home / "logs").glob("verify-[0-9]*.json"), reverse=True)
    for path in paths[:_REPORTS]:
        told = _record(path)
        at, faults, share = _moment(told.get("started_at")), told.get("faults"), told.get("share")
        if at and isinstance(faults, list):
            named = frozenset(_named(fault, number) for number, fault in enumerate(faults))
            yield _Report(at, named, told.get("sample"), (share[0], share[1]) if share else None)


def _named(fault: Any, number: int) -> _Named:
    if not isinstance(fault, dict):
        return "", str(number), ""
    return str(fault.get("where", "")), str(fault.get("item", number)), str(fault.get("reason", ""))


def last_backup(home: Home) -> datetime | None:
    """When the home was last backed up from here."""
    return _moment(_record(home.settings.home / BACKUP_FILE).get("at"))


def _record(path: Path) -> dict[str, Any]:
    """A small JSON file; nothing where there is none, or no sense in it."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
