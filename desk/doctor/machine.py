"""The machine a home lies on: disk, clock, locks, and processes that died."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import median
from typing import Final

from archive.claiming import died
from archive.inventory import bytes_a_day, latest_captures
from archive.vault import vault_as_it_is
from bulletin.errors import GongbaoError, LockedError
from bulletin.run import Run
from crawler.locking import hold
from desk.doctor.complaint import Complaint
from desk.tasks.signs import LOW_DISK, last_verification, worker_of
from desk.wiring import Home

#: Seconds by which clocks may differ.
_SKEW: Final = 120.0
#: The latest captures whose Date headers are compared with our clock.
_COMPARED: Final = 60
#: A disk that is full within so many days is too small.
_SOON: Final = 60
_OLD_LOCK: Final = timedelta(days=2)


def look(home: Home, now: datetime) -> Iterator[Complaint]:
    """Everything about the machine."""
    yield from _disk(home, now)
    yield from _clock(home, now)
    yield from _locks(home, now)
    for run in dead_runs(home, now):
        words = f"it is called running, but its worker {run.worker or ''} is dead".replace("  ", " ")
        fix = "end it as interrupted; a worker takes it up again"
        yield Complaint("lease_expired", f"run {run.id} of {run.source_id or run.kind}", words, "warning", fix)
    checked = last_verification(home)
    if checked and checked.faults:
        words = f"the last verification, of {checked.at:%Y-%m-%d %H:%M}Z, left {checked.faults} faults"
        advice = "gongbao verify names them; restore those files from a backup"
        yield Complaint("verify_faults", "logs/verify-*.json", words, "fault", "", advice)
    worker = worker_of(home, home.archive.timetable.schedules(), now)
    if worker.state == "stopped":
        since = f" since {worker.seen_at:%Y-%m-%d %H:%M}Z" if worker.seen_at else ", though there are schedules"
        yield Complaint("worker_stopped", "worker.json", f"no sign of life{since}", "warning", "", "gongbao worker")


def dead_runs(home: Home, now: datetime) -> list[Run]:
    """Runs that are called running and are so no more."""
    return [run for run in home.archive.timetable.runs(outcomes=("running",)) if died(run, now, lambda worker: False)]


def _disk(home: Home, now: datetime) -> Iterator[Complaint]:
    free = shutil.disk_usage(home.settings.home).free
    rate = bytes_a_day(home.archive, now)
    words = f"{free / 1e9:.1f} GB are free"
    days = (free - LOW_DISK) / rate if rate else None
    if days is not None:
        words += (
            f"; captures grew by {rate / 1e6:.1f} MB a day lately, so it lasts for about {max(0, int(days)):,} days"
        )
    severity = "fault" if free < LOW_DISK else "warning" if days is not None and days < _SOON else "note"
    advice = "make room, or move the vault to a larger disk" if severity != "note" else ""
    yield Complaint("disk", str(home.settings.home), words, severity, "", advice)


def _clock(home: Home, now: datetime) -> Iterator[Complaint]:
    """What servers said the time was when they answered; many of them are hardly wrong together."""
    ahead = home.archive.timetable.clock_ahead(now)
    if abs(ahead) > _SKEW:
        yield Complaint("clock", "database", f"this clock differs from the database's by {ahead:+.0f} s", "warning")
    by_source = {source: median(seconds) for source, seconds in _skews(home).items()}
    if not by_source:
        return
    usual = median(by_source.values())
    if abs(usual) > _SKEW and (len(by_source) > 1 or abs(usual) > _SKEW * 5):
        words = f"it is {usual:+.0f} s off the clocks of the last {len(by_source)} sites"
        yield Complaint("clock", "this machine", words, "warning", "", "set the clock (timedatectl set-ntp true)")
        return
    for source, seconds in sorted(by_source.items()):
        if abs(seconds) > _SKEW:
            yield Complaint("clock", source, f"the site's clock is {-seconds:+.0f} s off this one", "note")


def _skews(home: Home) -> dict[str, list[float]]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    if not home.settings.vault_path.is_dir():
        return found
    vault = vault_as_it_is(home.settings.vault_path)
    for row in latest_captures(home.archive, _COMPARED):
        try:
            said = parsedate_to_datetime(vault.read(row.record, limit=1).header("Date"))
        except (GongbaoError, ValueError, TypeError):
            continue  # no date, or none that makes sense
        if said.tzinfo is not None:
            found[row.source_id].append((row.fetched_at - said).total_seconds())
    return found


def _locks(home: Home, now: datetime) -> Iterator[Complaint]:
    """Locks are the system's and end with their holder: a file without one is litter, one held for days is odd."""
    for path in sorted((home.settings.home / "locks").glob("*.lock")):
        try:
            age = now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            continue  # its worker has just ended
        if not _held(home, path):
            if path.stem.startswith("worker-"):
                yield Complaint(
                    "lock_left", f"locks/{path.name}", "the worker that made it is dead", "note", "remove it"
                )
        elif age > _OLD_LOCK and not path.stem.startswith("worker-"):
            words = f"held for {age.days} days by process {_holder(path) or 'unknown'}"
            yield Complaint("lock_old", f"locks/{path.name}", words, "warning", "", "look at that process")


def litter(home: Home) -> Iterator[Path]:
    """Lock files of dead workers."""
    for path in sorted((home.settings.home / "locks").glob("worker-*.lock")):
        if not _held(home, path):
            yield path


def _held(home: Home, path: Path) -> bool:
    try:
        said = path.read_bytes()
        with hold(home.settings.home, path.stem):
            path.write_bytes(said)  # whose it was stays readable
    except LockedError:
        return True
    except OSError:
        return False
    return False


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()[:20]
    except OSError:
        return ""
