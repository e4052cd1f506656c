"""The WARC files of a home, verified one after the other or, in stretches, side by side. A verification that was cut
off goes on behind the last file it had finished."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bulletin.config import Settings
from bulletin.errors import ArchiveError
from bulletin.side_by_side import side_by_side
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.fixity import FileReport, Pace, Stretch
    from archive.noted import KeptCapture

_JOURNAL: Final = "verify-running.jsonl"
#: Bytes below which a further process takes longer to start than to help.
_WORTH_A_PROCESS: Final = 40_000_000
#: Bytes a process takes at a time.
_STRETCH: Final = 4_000_000

#: File, and where in it to begin and to end.
_Place = tuple[str, int, int | None]
#: The same, and what the database knows of it: who reads in a further process need not load what asks databases.
_Part = tuple[_Place, "Mapping[int, KeptCapture]"]


def file_reports(home: Home, now: datetime, pace: Pace, workers: int = 0) -> Iterator[tuple[FileReport, bool]]:
    """What each file of the home came to, in order, those that are missing included, and whether an interrupted
    verification had looked at it before.

    `workers` 0: one for each core, where there is enough to read and no pace to keep.
    """
    journal = home.settings.home / "logs" / _JOURNAL
    done = dict(_finished(journal))
    names = sorted({*home.vault.files(), *home.archive.captures.files()})
    marks = {name: _mark(home, name) for name in names}
    before = {name: done[name][1] for name in names if name in done and done[name][0] == marks[name]}
    fresh = _verified(home, [name for name in names if name not in before], now, pace, workers)
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("a", encoding="utf-8") as log:
        for name in names:
            if name in before:
                yield before[name], True
                continue
            report = next(fresh)
            log.write(json.dumps({"mark": marks[name], **_told(report)}, ensure_ascii=False) + "\n")
            log.flush()
            yield report, False
    journal.unlink()


def _verified(home: Home, names: Sequence[str], now: datetime, pace: Pace, workers: int) -> Iterator[FileReport]:
    from archive.fixity import joined, stretches, verify_file

    places = [place for name in names if (place := home.vault.place(name))]
    much = sum(told.st_size for place in places if (told := _stat(place))) // _WORTH_A_PROCESS
    count = workers or min(os.cpu_count() or 1, 1 + much)
    parts: list[_Place] = []
    if count > 1 and not pace.is_kept:
        parts = [(name, *part) for name in names for part in stretches(home.vault, home.archive, name, _STRETCH)]
    if len(parts) < 2:
        for name in names:
            yield verify_file(home.vault, home.archive, name, now, pace)
        return
    found = zip(parts, _looked_at(home, parts, now, min(count, len(parts))), strict=True)
    for name, of_file in groupby(found, key=lambda pair: pair[0][0]):
        report = joined(home.vault, name, [stretch for _, stretch in of_file])
        yield report or verify_file(home.vault, home.archive, name, now, pace)


def _looked_at(home: Home, places: Iterable[_Place], now: datetime, workers: int) -> Iterator[Stretch | None]:
    begin = (_open, (home.settings, now))
    parts = ((place, home.archive.captures.in_file(*place)) for place in places)
    try:
        yield from side_by_side(parts, lambda part: _look(home, part, now), _look_there, workers, begin)
    except BrokenProcessPool as error:
        advice = "Run the same command again: it goes on behind the last file it had finished."
        raise ArchiveError("A process that was reading WARC files was ended from outside.", advice) from error


_worker: dict[str, tuple[Home, datetime]] = {}


def _open(settings: Settings, now: datetime) -> None:
    _worker["here"] = Home(settings), now


def _look_there(part: _Part) -> Stretch | None:
    home, now = _worker["here"]
    return _look(home, part, now)


def _look(home: Home, part: _Part, now: datetime) -> Stretch | None:
    from archive.fixity import Pace, is_noted, look_at

    (name, begin, end), rows = part
    return look_at(
        home.vault, name, rows, lambda offset: is_noted(home.archive, name, offset), now, Pace(0.0), begin, end
    )


def _told(report: FileReport) -> dict[str, Any]:
    # Field by field: `asdict` copies everything, and a file may have a note for each page.
    faults = [
        {"where": fault.where, "item": fault.item, "reason": fault.reason, "severity": fault.severity}
        for fault in report.faults
    ]
    return {"warc": report.warc, "bytes": report.bytes, "records": report.records, "faults": faults}


def _mark(home: Home, name: str) -> list[int]:
    """By which a file is known to be the one that was verified before the interruption."""
    place = home.vault.place(name)
    told = place and _stat(place)
    return [told.st_size, told.st_mtime_ns] if told else []


def _stat(place: Path) -> os.stat_result | None:
    """None where the file has been ended, and renamed, since it was looked up."""
    try:
        return place.stat()
    except FileNotFoundError:
        return None


def _finished(journal: Path) -> Iterator[tuple[str, tuple[list[int], FileReport]]]:
    from archive.fixity import Fault, FileReport

    if not journal.is_file():
        return
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
            faults = tuple(Fault(**fault) for fault in said["faults"])
            yield said["warc"], (said["mark"], FileReport(said["warc"], said["bytes"], said["records"], faults))
        except (ValueError, KeyError, TypeError):
            continue  # the line it was killed at
