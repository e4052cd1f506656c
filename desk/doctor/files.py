"""Files that are missing, that nobody knows of, or that were never finished."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from archive.inventory import known_files, unnoted_from
from archive.vault import WarcVault, vault_as_it_is
from archive.warc_file import OPEN, abandoned
from bulletin.errors import GongbaoError
from bulletin.ids import digest
from desk.doctor.complaint import Complaint
from desk.wiring import Home

#: A part of a file that nobody has written to for so many seconds was left behind.
_LEFT_BEHIND: Final = 3_600


def look(home: Home) -> Iterator[Complaint]:
    """Everything about the files of a home."""
    yield from _warcs(home)
    yield from _attachments(home)
    yield from _parts(home)
    if (home.settings.home / "logs" / "verify-running.jsonl").is_file():
        advice = "gongbao verify goes on where it was"
        yield Complaint(
            "verify_unfinished", "logs/verify-running.jsonl", "a verification was cut off", "note", "", advice
        )


def _warcs(home: Home) -> Iterator[Complaint]:
    folder, known = home.settings.vault_path, known_files(home.archive)
    there = {path.name.removesuffix(OPEN): path for path in folder.glob("*.warc.gz*") if path.is_file()}
    dead = set(abandoned(folder)) if folder.is_dir() else set()
    for name in sorted(known.keys() - there.keys()):
        words = f"the file is not there; {known[name].captures} captures lie in it"
        yield Complaint("warc_missing", name, words, "fault", "", "copy it from a backup, then gongbao verify")
    for name, path in sorted(there.items()):
        if path in dead:
            words = "the process that wrote it died"
            yield Complaint("warc_open", path.name, words, "warning", "cut it back to its last whole record and end it")
        elif path.name.endswith(OPEN):
            continue  # somebody is writing to it
        end = known[name].end if name in known else 0
        if count := unnoted_from(path, end):
            words = f"{count} captures in it have no row in the database"
            yield Complaint("captures_unnoted", name, words, "warning", "give each its row (as verify --adopt does)")
        elif name not in known:
            yield Complaint("warc_unknown", name, "no capture lies in it, and the database does not know it", "note")


def _attachments(home: Home) -> Iterator[Complaint]:
    """Attached files of whose bytes no capture is kept."""
    from archive.row_check import unbacked_attachments

    if not home.settings.vault_path.is_dir():
        return
    # Opening a vault ends what dead writers left; looking must change nothing.
    vault = vault_as_it_is(home.settings.vault_path)
    for fault in unbacked_attachments(home.archive, lambda source, url: _digests(home, vault, source, url)):
        yield Complaint("attachment_unbacked", fault.item, fault.reason, "fault", "", "gongbao verify names the cause")


def _digests(home: Home, vault: WarcVault, source_id: str, url: str) -> Collection[str]:
    found = set()
    for record in home.archive.captures.records_of(source_id, url):
        try:
            found.add(digest(vault.read(record).body))
        except GongbaoError:
            continue  # a missing file is a complaint of its own
    return found


def _parts(home: Home) -> Iterator[Complaint]:
    for path in parts_left(home):
        words = f"{path.stat().st_size:,} bytes of a file that was never finished"
        yield Complaint("part_left", str(path.relative_to(home.settings.home)), words, "warning", "remove it")


def parts_left(home: Home) -> list[Path]:
    """Hidden `.part` files of exports and notes in a home, which only a kill leaves behind."""
    old = time.time() - _LEFT_BEHIND
    found = []
    for path in sorted(home.settings.home.rglob(".*.part")):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < old:
                found.append(path)
        except OSError:
            continue
    return found
