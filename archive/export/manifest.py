"""The note beside an export: what was asked, what it means, what came out. Repeatable: it bears no clock time; the
state of the archive is named by the number of its last change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from archive.export.dictionary import meaning
from archive.export.format import Row
from bulletin.query import Filters

#: Counted up when the shape of manifests or of exported rows changes.
SCHEMA: Final = 1

_DATES: Final = {"published": "published_on", "dated": "dated_on", "seen": "first_seen"}
_MEANINGS: Final = {
    "published": "date of publication (发布日期)",
    "dated": "date of writing (成文日期)",
    "seen": "day on which the archive first saw the paper",
}
_UNDATED: Final = {
    "include": "papers without this date are exported, after all dated ones",
    "exclude": "papers without this date are left out",
    "only": "only papers without this date are exported",
}


def asked(filters: Filters, *, query: str = "", snapshot: int = 0) -> dict[str, Any]:
    """What was asked, as a manifest says it. `snapshot` is `Archive.last_seq()` when the selection was made."""
    return {
        "query": query,
        "date": filters.range.date,
        "from": _day(filters.range.start),
        "to": _day(filters.range.end),
        "undated": filters.range.undated,
        "source": list(filters.source),
        "region": filters.region,
        "office": filters.office,
        "number": filters.number,
        "status": list(filters.status),
        "last_change": snapshot,
    }


def meaning_of(given: Mapping[str, Any]) -> dict[str, str]:
    """The words of what was asked, explained."""
    return {
        "date": _MEANINGS.get(given.get("date", "published"), ""),
        "range": "both ends included, days of Asia/Shanghai",
        "undated": _UNDATED.get(given.get("undated", "include"), ""),
        "last_change": "number of the archive's last change when the selection was made",
    }


@dataclass(frozen=True, slots=True)
class ExportedFile:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`counts`: bulletins, dated and undated (by the date asked for), with_doubts, by_source. `damaged`: the places of
    records that are left out because they cannot be read, each with what is wrong."""

    format: str
    media_type: str
    asked: Mapping[str, Any]
    means: Mapping[str, str]
    counts: Mapping[str, Any]
    files: tuple[ExportedFile, ...]
    options: Mapping[str, str]
    columns: Mapping[str, str]
    loses: tuple[str, ...]
    software: str
    schema: int = SCHEMA
    damaged: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"


@dataclass(slots=True)
class Count:
    """What is counted while rows pass."""

    date: str
    bulletins: int = 0
    undated: int = 0
    with_doubts: int = 0
    by_source: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Count:
        return cls(_DATES.get(given.get("date", "published"), "published_on"))

    def add(self, row: Row) -> None:
        self.bulletins += 1
        self.undated += row[self.date] is None
        self.with_doubts += bool(row["doubts"])
        self.by_source[row["source"]] += 1

    def total(self) -> dict[str, Any]:
        return {
            "bulletins": self.bulletins,
            "dated": self.bulletins - self.undated,
            "undated": self.undated,
            "with_doubts": self.with_doubts,
            "by_source": dict(sorted(self.by_source.items())),
        }


def dictionary(columns: tuple[str, ...]) -> dict[str, str]:
    return {column: meaning(column) for column in columns}


def software() -> str:
    try:
        return f"gongbao {version('gongbao')}"
    except PackageNotFoundError:
        return "gongbao"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
