"""What a crawl is asked to do, and its form on the way to the child process. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bulletin.config import ArchiveSettings, CrawlSettings, LogSettings, Settings, WarcSettings
from bulletin.source import Source
from crawler.catalogue import source_of, table_of


@dataclass(frozen=True, slots=True)
class Errand:
    """The options of one crawl, the same for all of its sources.

    `columns`: only these (empty: all). `since`: entries listed with an earlier date are left alone. `limit`: at most so
    many articles a source (0: no limit). `full`: read every list page and visit known articles again. `dry_run`: read
    lists only, keep nothing. `probe`: only ask for bulletins that may have been withdrawn; of each list its first page
    is read, to see that the site is there. `now`: the moment at which the crawl is to begin; None: it is now.
    """

    columns: tuple[str, ...] = ()
    since: date | None = None
    limit: int = 0
    full: bool = False
    dry_run: bool = False
    probe: bool = False
    now: datetime | None = None

    def is_too_old(self, listed: str) -> bool:
        """Whether an entry listed with that date (ISO, or the beginning of one; "" for none) is left alone."""
        return self.since is not None and bool(listed) and listed[:10] < self.since.isoformat()[: len(listed)]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything the child process needs. `log`: the name of its log, within the home; "": it chooses one."""

    sources: tuple[Source, ...]
    settings: Settings
    errand: Errand
    log: str = ""


def order_record(sources: Sequence[Source], settings: Settings, errand: Errand, log: str = "") -> dict[str, Any]:
    """The order as one JSON object."""
    return {
        "log": log,
        "sources": [table_of(source) for source in sources],
        "home": str(settings.home),
        "archive": asdict(settings.archive),
        "warc": asdict(settings.warc),
        "crawl": asdict(settings.crawl),
        "logs": asdict(settings.logs),
        "errand": asdict(errand) | {name: _spelt(getattr(errand, name)) for name in ("since", "now")},
    }


def order_of(record: Mapping[str, Any]) -> Order:
    """The order that `order_record` wrote."""
    given = {field.name: record["errand"][field.name] for field in fields(Errand)}
    given["columns"] = tuple(given["columns"])
    given["since"] = date.fromisoformat(given["since"]) if given["since"] else None
    given["now"] = datetime.fromisoformat(given["now"]) if given["now"] else None
    settings = Settings(
        home=Path(record["home"]),
        archive=ArchiveSettings(**record["archive"]),
        warc=WarcSettings(**record["warc"]),
        crawl=CrawlSettings(**record["crawl"]),
        logs=LogSettings(**record["logs"]),
    )
    sources = tuple(source_of(table, str(table.get("id"))) for table in record["sources"])
    return Order(sources, settings, Errand(**given), record["log"])


def _spelt(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
