"""Look a home over, and mend what can be mended without losing anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from archive.warc_file import finish_abandoned
from bulletin.errors import DiskFullError, IntegrityError
from crawler.locking import hold
from desk.doctor import files, machine, records
from desk.doctor.complaint import SEVERITIES, Complaint
from desk.tasks.adopting import adopt
from desk.tasks.indexing import rebuild_index, update_index
from desk.tasks.leasing import MOST_ATTEMPTS
from desk.wiring import Home


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, the gravest first; what `fix` mended is marked."""

    at: datetime
    complaints: tuple[Complaint, ...]

    @property
    def exit_code(self) -> int:
        """Of what is not mended: 8 the disk is nearly full, 7 something is lost or broken, 4 something is to be done,
        0 there are notes at most."""
        left = [complaint for complaint in self.complaints if not complaint.fixed]
        if any(complaint.code == "disk" and complaint.severity == "fault" for complaint in left):
            return DiskFullError.exit_code
        if any(complaint.severity == "fault" for complaint in left):
            return IntegrityError.exit_code
        return 4 if any(complaint.severity == "warning" for complaint in left) else 0


def examine(home: Home, now: datetime | None = None) -> Examined:
    """Everything that is wrong with a home. Looking changes nothing."""
    now = now or datetime.now(UTC)
    found = [*files.look(home), *records.look(home), *machine.look(home, now)]
    found.sort(key=lambda complaint: -SEVERITIES.index(complaint.severity))
    return Examined(now, tuple(found))


def mend(home: Home, examined: Examined) -> Examined:
    """Does what the complaints say can be done, in an order in which one does not undo the other; the same complaints,
    marked where nothing is left of them. Nothing that was captured is changed or removed."""
    wanted = {complaint.code for complaint in examined.complaints if complaint.fix}
    for code, cure in _CURES.items():
        if code in wanted:
            cure(home, examined.at)
    left = {(complaint.code, complaint.item) for complaint in examine(home, examined.at).complaints}
    return replace(examined, complaints=tuple(_marked(complaint, left) for complaint in examined.complaints))


def _marked(complaint: Complaint, left: set[tuple[str, str]]) -> Complaint:
    gone = bool(complaint.fix) and (complaint.code, complaint.item) not in left
    return replace(complaint, fixed=gone)


def _end_open_files(home: Home, now: datetime) -> None:
    finish_abandoned(home.settings.vault_path)


def _adopt(home: Home, now: datetime) -> None:
    adopt(home)


def _remove_parts(home: Home, now: datetime) -> None:
    for path in files.parts_left(home):
        with suppress(OSError):
            path.unlink()


def _bury(home: Home, now: datetime) -> None:
    home.archive.timetable.bury(now, MOST_ATTEMPTS)


def _remove_locks(home: Home, now: datetime) -> None:
    for path in machine.litter(home):
        with suppress(OSError), hold(home.settings.home, path.stem):
            path.unlink()


def _build(home: Home, now: datetime) -> None:
    rebuild_index(home)


def _catch_up(home: Home, now: datetime) -> None:
    update_index(home)


_CURES: Final[dict[str, Callable[[Home, datetime], None]]] = {
    "warc_open": _end_open_files,
    "captures_unnoted": _adopt,
    "part_left": _remove_parts,
    "lease_expired": _bury,
    "lock_left": _remove_locks,
    "index_unusable": _build,
    "index_outdated": _build,
    "index_differs": _build,
    "index_behind": _catch_up,
}


def preview(complaints: Sequence[Complaint]) -> list[str]:
    """What `mend` would do, a line each."""
    return [f"{complaint.item}: {complaint.fix}" for complaint in complaints if complaint.fix and not complaint.fixed]
