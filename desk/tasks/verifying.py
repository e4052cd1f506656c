"""Verify a home: captures, database, index and seals, each by itself and against the others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bulletin.errors import GongbaoError, NotFoundError, UsageError
from bulletin.ids import digest
from bulletin.query import Filters, Query
from bulletin.record import moment_record
from desk.tasks.sealing import proof_folder, seal_home
from desk.tasks.verifying_files import file_reports
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.fixity import Fault, Pace
    from archive.warc_walk import Step

_EVERYTHING: Final = 1_000_000_000
_LINE: Final = re.compile("(?:sha256:)?[0-9a-f]{64}", re.I)

OnFile = Callable[[int, str], None]


@dataclass(slots=True)
class Verified:
    """What a verification came to. `resumed` counts the files an interrupted one had done before; `line` is the hash
    that stands for everything sealed, to be published or compared with one that was."""

    started_at: datetime
    sample: float | None = None
    share: tuple[int, int] | None = None
    files: int = 0
    resumed: int = 0
    records: int = 0
    bytes: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    sealed_until: str = ""
    line: str = ""
    report: str = ""

    def take(self, found: Iterable[Fault]) -> None:
        for fault in found:
            (self.faults if fault.severity == "fault" else self.notes).append(fault)

    def record(self) -> dict[str, Any]:
        """The report as one JSON object."""
        plain = {
            name: getattr(self, name) for name in ("sample", "share", "files", "resumed", "records", "bytes", "report")
        }
        return plain | {
            "started_at": moment_record(self.started_at),
            "ok": not self.faults,
            "faults": [asdict(fault) for fault in self.faults],
            "notes": [asdict(note) for note in self.notes],
            "proof": {"day": self.sealed_until, "line": self.line},
        }


def verify(
    home: Home,
    *,
    sample: float | None = None,
    share: tuple[int, int] | None = None,
    rate: float = 0.0,
    sm3: bool = False,
    published: str = "",
    now: datetime | None = None,
    on_file: OnFile | None = None,
) -> Verified:
    """Checks the whole home, or with `sample` (per cent) single captures of the vault and everything else in full. With
    a `share` (k, n) these are the captures whose number leaves k when divided by n: n shares make the whole.

    `rate` holds the reading of captures below so many bytes a second. `published` is a line of the past that the seals
    must still lead to. A full verification that was cut off goes on behind the last file it had finished. What was
    found sound and is not sealed yet is sealed at the end; the report is kept in the home's logs. UsageError for a
    `published` that can be no line.
    """
    from archive.fixity import Pace

    if published and not _LINE.fullmatch(published.strip()):
        raise UsageError(f"{published!r} is no proof line.", "A line is the 64 digits (0-9, a-f) that verify printed.")
    started = now or datetime.now(UTC)
    made = Verified(started, sample, (share[0] % share[1], share[1]) if share else None)
    pace = Pace(rate)
    if share:
        _part_of_vault(home, made, pace, lambda number: (number % share[1], share[1]) == made.share)
    elif sample is not None:
        chance = Random(started.isoformat())
        _part_of_vault(home, made, pace, lambda number: chance.random() * 100 < sample)
    else:
        _whole_vault(home, made, pace, started, on_file)
    _database(home, made)
    made.take(_index_faults(home))
    _seals(home, made, pace, sm3, published, full=sample is None and share is None)
    if not made.faults:
        head = seal_home(home, started)
        made.sealed_until, made.line = (head.day, head.line) if head else ("", "")
    made.report = str(_keep_report(home, made))
    return made


def verify_export(folder: Path, now: datetime | None = None) -> Verified:
    """Checks a folder of exports by itself: no home is needed. NotFoundError where there is nothing in it."""
    from archive.export_check import check_export

    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {folder}.", "Name the folder the export lies in.")
    made = Verified(now or datetime.now(UTC))
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    if not sizes:
        raise NotFoundError(f"There is no file in {folder}.", "Name the folder the export lies in.")
    made.files, made.bytes = len(sizes), sum(sizes)

    def count(step: Step) -> None:
        made.records += step.record is not None

    made.take(check_export(folder, now=made.started_at, seen=count))
    return made


def per_cent(text: str) -> float | None:
    """ "5", "5%" or "0.5%" as a number; None for nothing. UsageError for anything else."""
    if not text.strip():
        return None
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        value = 0.0
    if not 0 < value <= 100:
        raise UsageError(f"--sample takes per cent above 0 and up to 100, not {text!r}.", "For example --sample 5")
    return value


# -- the vault --------------------------------------------------------------------------------------------------------


def _whole_vault(home: Home, made: Verified, pace: Pace, now: datetime, on_file: OnFile | None) -> None:
    for count, (report, before) in enumerate(file_reports(home, now, pace), 1):
        made.resumed += before
        made.files += 1
        made.records += report.records
        made.bytes += report.bytes
        made.take(report.faults)
        if on_file:
            on_file(count, report.warc)


def _part_of_vault(home: Home, made: Verified, pace: Pace, chosen: Callable[[int], bool]) -> None:
    from archive.fixity import Fault, verify_sample

    files = {*home.vault.files()}
    for name in home.archive.captures.files():
        if name not in files:
            made.take([Fault("vault", name, "the file is not there")])
    rows = (row for row in home.archive.captures.everything() if row.record.warc in files and chosen(row.id))
    for row, faults in verify_sample(home.vault, rows, pace):
        made.records += 1
        made.bytes += row.record.length
        made.take(faults)
    made.files = len(files)


# -- database, index, seals -------------------------------------------------------------------------------------------


def _database(home: Home, made: Verified) -> None:
    from archive.row_check import check_rows, unbacked_attachments
    from archive.sealing import sealed_readings

    made.take(check_rows(home.archive, sealed=sealed_readings(proof_folder(home))))
    made.take(unbacked_attachments(home.archive, lambda source, url: _body_digests(home, source, url)))


def _body_digests(home: Home, source_id: str, url: str) -> Collection[str]:
    found = set()
    for record in home.archive.captures.records_of(source_id, url):
        try:
            found.add(digest(home.vault.read(record).body))
        except GongbaoError:
            continue  # told where the vault is looked at
    return found


def _index_faults(home: Home) -> Iterator[Fault]:
    from archive.fixity import NOTE, Fault
    from search.soundness import damaged_files

    documents = [document for document, _ in home.archive.select(Filters())]
    if not documents:
        return
    held = {document.id: document.revisions for document in documents}
    try:
        yield from (Fault("index", name, wrong) for name, wrong in damaged_files(home.settings.index_url))
        with home.searcher() as searcher:
            behind = home.archive.last_seq() - searcher.checkpoint()
            if behind > 0:
                yield Fault("index", "checkpoint", f"{behind} changes behind: gongbao index update", NOTE)
                return
            of_all = tuple(sorted({document.source_id for document in documents}))
            everything = Query(filters=Filters(source=of_all), limit=_EVERYTHING)
            found = {hit.document_id: hit.revision for hit in searcher.find(everything).hits}
    except GongbaoError as error:
        yield Fault("index", home.settings.index_url, error.message)
        return
    for name in sorted(held.keys() - found.keys()):
        yield Fault("index", f"document {name}", "the archive has it, the index does not")
    for name in sorted(found.keys() - held.keys()):
        yield Fault("index", f"document {name}", "the index has it, the archive does not")
    for name in sorted(held.keys() & found.keys()):
        if held[name] != found[name]:
            yield Fault("index", f"document {name}", f"the index holds revision {found[name]} of {held[name]}")


def _seals(home: Home, made: Verified, pace: Pace, sm3: bool, published: str, *, full: bool) -> None:
    from archive.fixity import Fault
    from archive.proof import broken_links, days_in, read_head
    from archive.sealing import check_seals

    folder = proof_folder(home)
    broken = list(broken_links(folder))
    made.take(Fault("proof", day, reason) for day, reason in broken)
    if full:
        made.take(check_seals(folder, home.vault, home.archive, pace, sm3))
    if published:
        damaged = {day for day, _ in broken}
        lines = {read_head(folder, day).line for day in days_in(folder) if day not in damaged}
        if published.strip().lower().removeprefix("sha256:") not in lines:
            made.take([Fault("proof", published, "no sealed day has this line")])


def _keep_report(home: Home, made: Verified) -> Path:
    path = home.settings.home / "logs" / f"verify-{made.started_at:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made.record(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
