"""Read kept captures again with today's rules, and lay what they read beside what was read before.

Workers, one for each core, open the home themselves, read captures file by file in the order they lie in the vault,
compare, and tell only what differs; this process alone writes. A replay that was cut off goes on behind the last batch
it had finished.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import astuple, dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from bulletin.config import Settings
from bulletin.errors import ArchiveError, UsageError
from bulletin.side_by_side import side_by_side
from desk.tasks.indexing import update_index
from desk.tasks.rereading import Changed, Reading, Rereader
from desk.tasks.sealing import seal_home
from desk.tasks.sources import the_source
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.rereadable import Place

_BATCH: Final = 50
_WORTH_A_PROCESS: Final = 500
_JOURNAL: Final = "replay-running.json"

OnProgress = Callable[[int, str], None]


@dataclass(slots=True)
class Replayed:
    """What a replay came to."""

    dry_run: bool
    read: int = 0
    unchanged: int = 0
    changed: list[Changed] = field(default_factory=list)
    failed: list[tuple[str, int, str]] = field(default_factory=list)
    resumed: int = 0
    indexed: int = 0


@dataclass(frozen=True, slots=True)
class _Older:
    """`--older-than trs/3`: readings of that family before that version."""

    family: str
    version: int

    def takes(self, read_by: str) -> bool:
        family, _, version = read_by.partition("/")
        return family == self.family and version.isdigit() and int(version) < self.version


def replay(
    home: Home,
    *,
    source_id: str = "",
    older_than: str = "",
    dry_run: bool = False,
    sample: float | None = None,
    workers: int = 0,
    on_progress: OnProgress | None = None,
) -> Replayed:
    """Reads every revision's capture again (of one source, of readings older than FAMILY/N, or a sample in per cent)
    and keeps what differs as a further reading; a dry run only tells. `workers` 0: one for each core."""
    older = _older(older_than)
    chosen = _chosen(home, source_id, older, sample)
    made = Replayed(dry_run)
    journal = _Journal(home, {"source": source_id, "older_than": older_than}, active=not dry_run and sample is None)
    left = [place for place in chosen if journal.last is None or place > journal.last]
    made.resumed = len(chosen) - len(left)
    batches = [left[n : n + _BATCH] for n in range(0, len(left), _BATCH)]
    for batch, readings in zip(batches, _read(home.settings, batches, workers), strict=True):
        with home.archive.batch():
            for reading in readings:
                _take(home, made, reading)
        journal.note(batch[-1])
        if on_progress:
            on_progress(made.read, batch[-1].document_id)
    if not dry_run:
        made.indexed = update_index(home)
        seal_home(home)
    journal.end()
    return made


def _chosen(home: Home, source_id: str, older: _Older | None, sample: float | None) -> list[Place]:
    from archive.rereadable import places

    found = places(home.archive, the_source(home, source_id).id if source_id else "")
    chosen = [place for place, read_by in found if older is None or older.takes(read_by)]
    chance = Random(0)
    return chosen if sample is None else [place for place in chosen if chance.random() * 100 < sample]


def _take(home: Home, made: Replayed, reading: Reading) -> None:
    made.read += 1
    if reading.error:
        made.failed.append((reading.document_id, reading.number, reading.error))
    elif reading.change is None or reading.now is None:
        made.unchanged += 1
    else:
        made.changed.append(reading.change)
        if not made.dry_run:
            home.archive.reread(reading.document_id, reading.number, reading.now)


def _older(text: str) -> _Older | None:
    if not text:
        return None
    family, _, version = text.partition("/")
    if not family or not version.isdigit():
        raise UsageError(f"--older-than takes FAMILY/N, not {text!r}.", "For example --older-than trs/3")
    return _Older(family, int(version))


# -- reading side by side ----------------------------------------------------------------------------------------------


def _read(settings: Settings, batches: Sequence[Sequence[Place]], workers: int) -> Iterator[Iterable[Reading]]:
    """The readings of each batch, in order."""
    # To start a process costs as much as to read several hundred pages.
    few = 1 + len(batches) * _BATCH // _WORTH_A_PROCESS
    count = min(workers or min(os.cpu_count() or 1, few), len(batches))
    with Home(settings) as home:
        reader = Rereader(home)
        if count <= 1:
            yield from map(reader.read, batches)
            return
        try:
            yield from side_by_side(batches, reader.read, _read_there, count, (_open, (settings,)))
        except BrokenProcessPool as error:
            advice = "Run the same command again, with fewer --workers: it goes on where it stopped."
            raise ArchiveError("A process that was reading captures was ended from outside.", advice) from error


_worker: dict[str, Rereader] = {}


def _open(settings: Settings) -> None:
    _worker["reader"] = Rereader(Home(settings))


def _read_there(batch: Sequence[Place]) -> list[Reading]:
    return _worker["reader"].read(batch)


class _Journal:
    """How far a replay came, for one that goes on after an interruption."""

    def __init__(self, home: Home, asked: dict[str, str], *, active: bool) -> None:
        self._path: Path | None = home.settings.home / "logs" / _JOURNAL if active else None
        self._asked = asked
        self.last = self._left_off() if self._path and self._path.is_file() else None

    def _left_off(self) -> Place | None:
        from archive.rereadable import Place

        try:
            said = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
            warc, offset, document, number = said["last"]
            last = Place(str(warc), int(offset), str(document), int(number))
            return last if said["asked"] == self._asked else None
        except (ValueError, KeyError, TypeError):
            return None

    def note(self, last: Place) -> None:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"asked": self._asked, "last": astuple(last)}), encoding="utf-8")

    def end(self) -> None:
        if self._path:
            self._path.unlink(missing_ok=True)
