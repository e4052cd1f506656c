"""Read kept captures again with today's rules, and lay what they read beside what was read before.

Workers, one for each core, read; this process alone writes. A replay that was cut off goes on behind the last batch it
had finished.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from bulletin.config import Settings
from bulletin.errors import UsageError
from bulletin.harvest import Harvest
from bulletin.query import Filters
from desk.tasks.indexing import update_index
from desk.tasks.rereading import Reading, read_again
from desk.tasks.sealing import seal_home
from desk.tasks.sources import the_source
from desk.wiring import Home

_BATCH: Final = 20
_WORTH_A_PROCESS: Final = 500
_JOURNAL: Final = "replay-running.json"

OnProgress = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Changed:
    """A revision that is read otherwise now: by which rules, and what differs. `text` counts changes of the text;
    `fields` also names what `diff` does not compare (chrome, evidence, doubts ...)."""

    document_id: str
    revision: int
    url: str
    was_read_by: str
    read_by: str
    fields: tuple[str, ...]
    text: int


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
    filters = Filters(source=(the_source(home, source_id).id,) if source_id else ())
    ids = sorted(document.id for document, _ in home.archive.select(filters))
    if sample is not None:
        chance = Random(0)
        ids = [name for name in ids if chance.random() * 100 < sample]
    made = Replayed(dry_run)
    journal = _Journal(home, {"source": source_id, "older_than": older_than}, active=not dry_run and sample is None)
    made.resumed = sum(name <= journal.last for name in ids)
    left = [name for name in ids if name > journal.last]
    batches = [left[n : n + _BATCH] for n in range(0, len(left), _BATCH)]
    for batch, readings in zip(batches, _read(home.settings, batches, older, workers), strict=True):
        with home.archive.batch():
            for reading in readings:
                _take(home, made, reading)
        journal.note(batch[-1])
        if on_progress:
            on_progress(made.read, batch[-1])
    if not dry_run:
        made.indexed = update_index(home)
        seal_home(home)
    journal.end()
    return made


def _take(home: Home, made: Replayed, reading: Reading) -> None:
    made.read += 1
    if reading.error:
        made.failed.append((reading.document_id, reading.number, reading.error))
        return
    now = reading.now
    if now is None:
        made.unchanged += 1
        return
    fields, text = _differences(reading.was, now)
    made.changed.append(
        Changed(reading.document_id, reading.number, reading.url, reading.was.read_by, now.read_by, fields, text)
    )
    if not made.dry_run:
        home.archive.reread(reading.document_id, reading.number, now)


def _differences(was: Harvest, now: Harvest) -> tuple[tuple[str, ...], int]:
    from archive.diffing import compare

    names = tuple(name for name in Harvest.__slots__ if getattr(was, name) != getattr(now, name))
    return names, len(compare(was, now).text)


def _older(text: str) -> _Older | None:
    if not text:
        return None
    family, _, version = text.partition("/")
    if not family or not version.isdigit():
        raise UsageError(f"--older-than takes FAMILY/N, not {text!r}.", "For example --older-than trs/3")
    return _Older(family, int(version))


# -- reading side by side ----------------------------------------------------------------------------------------------


def _read(
    settings: Settings, batches: Sequence[Sequence[str]], older: _Older | None, workers: int
) -> Iterator[Iterable[Reading]]:
    """The readings of each batch, in order."""
    # To start a process costs as much as to read several hundred pages.
    few = 1 + len(batches) * _BATCH // _WORTH_A_PROCESS
    count = min(workers or min(os.cpu_count() or 1, few), len(batches))
    if count <= 1:
        with Home(settings) as home:
            for batch in batches:
                yield _read_batch(home, batch, older)
        return
    # Spawned, because an open database must not be inherited.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_open, initargs=(settings, older)) as pool:
        yield from pool.map(_read_here, batches)


_worker: dict[str, Any] = {}


def _open(settings: Settings, older: _Older | None) -> None:
    _worker.update(home=Home(settings), older=older)


def _read_here(batch: Sequence[str]) -> list[Reading]:
    return _read_batch(_worker["home"], batch, _worker["older"])


def _read_batch(home: Home, batch: Sequence[str], older: _Older | None) -> list[Reading]:
    return [
        read_again(home, document, revision)
        for name in batch
        if (document := home.archive.document(name))
        for revision in home.archive.revisions(name)
        if revision.record and (older is None or older.takes(revision.harvest.read_by))
    ]


class _Journal:
    """How far a replay came, for one that goes on after an interruption."""

    def __init__(self, home: Home, asked: dict[str, str], *, active: bool) -> None:
        self._path: Path | None = home.settings.home / "logs" / _JOURNAL if active else None
        self._asked = asked
        self.last = ""
        if self._path and self._path.is_file():
            try:
                said = json.loads(self._path.read_text(encoding="utf-8"))
                self.last = str(said["last"]) if said["asked"] == asked else ""
            except (ValueError, KeyError, TypeError):
                self.last = ""

    def note(self, last: str) -> None:
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"asked": self._asked, "last": last}), encoding="utf-8")

    def end(self) -> None:
        if self._path:
            self._path.unlink(missing_ok=True)
