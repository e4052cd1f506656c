"""Database and index: rows that do not fit together, an index that lags, readings by older rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.inventory import read_by
from archive.row_check import check_rows
from archive.tables import SCHEMA
from bulletin.errors import GongbaoError
from crawler.families import families
from desk.doctor.complaint import Complaint
from desk.tasks.indexing import index_status
from desk.wiring import Home

#: So many broken links are named.
_NAMED: Final = 50


def look(home: Home) -> Iterator[Complaint]:
    """Everything about database and index. A database of an older schema was brought up to date when it was opened,
    one of a newer schema cannot be."""
    yield from _rows(home)
    yield from _index(home)
    yield from _readings(home)
    yield Complaint("schema", "gongbao.db", f"the tables are those of schema {SCHEMA}", "note")


def _rows(home: Home) -> Iterator[Complaint]:
    faults = list(check_rows(home.archive, digests=False))
    for fault in faults[:_NAMED]:
        yield Complaint("link_broken", fault.item, fault.reason, "fault", "", "gongbao verify; restore a backup")
    if len(faults) > _NAMED:
        words = f"{len(faults) - _NAMED} more rows do not fit together"
        yield Complaint("link_broken", "gongbao.db", words, "fault", "", "gongbao verify names them all")


def _index(home: Home) -> Iterator[Complaint]:
    documents = home.archive.counts()["documents"]
    try:
        index = index_status(home)
    except GongbaoError as error:
        severity = "warning" if documents else "note"
        yield Complaint("index_unusable", home.settings.index_url, error.message, severity, "build the index")
        return
    if index.needs_rebuild:  # its schema, the lexicon's digest or the analyser's version is another
        yield Complaint("index_outdated", index.url, index.needs_rebuild, "warning", "build the index")
    elif index.lag:
        words = f"{index.lag} changes behind the archive"
        yield Complaint("index_behind", index.url, words, "warning", "let the index catch up")
    elif index.entries != documents:
        words = f"it holds {index.entries} bulletins, the archive {documents}"
        yield Complaint("index_differs", index.url, words, "warning", "build the index")


def _readings(home: Home) -> Iterator[Complaint]:
    for rule, count in sorted(read_by(home.archive).items()):
        name, _, version = rule.partition("/")
        family = families().get(name)
        if family and version.isdigit() and int(version) < family.version:
            words = f"{count} bulletins were read by {rule}; today's rule is {name}/{family.version}"
            advice = f"gongbao replay --older-than {name}/{family.version} --dry-run"
            yield Complaint("readings_old", rule, words, "note", "", advice)
