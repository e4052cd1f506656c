"""The form of a look at a site on its way to the child process, and of what it showed on the way back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bulletin.config import CrawlSettings, Settings
from bulletin.probe import ColumnSeen, FamilySeen, Probe, Sample
from bulletin.record import harvest_of, record_of
from bulletin.source import Column, Manners, Source
from crawler.addresses import on_loopback, whole_site
from crawler.catalogue import source_of, table_of


@dataclass(frozen=True, slots=True)
class LookOrder:
    """A site to look at. `given`: the source's columns and families are known, and to be looked at again."""

    source: Source
    settings: Settings
    given: bool


def provisional(url: str, resolve: Sequence[tuple[str, str]] = ()) -> Source:
    """What is known of a site nobody has looked at: its address. Raises ConfigError for one that is none.

    A host with `www.` and one without are the same site; hosts under its name may be, which their pages must bear out.
    A site on this very machine is asked without delay.
    """
    url = url if "://" in url else f"http://{url}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    table = {
        "id": "unknown",
        "name": host or url,
        "region": "000000",
        "url": url,
        "hosts": [host] if host.replace(".", "").isdigit() else [host, other, *filter(None, [whole_site(host)])],
        "columns": [{"id": "home", "name": "home", "url": url}],
        "resolve": dict(resolve),
    }
    source = source_of(table, url)
    return replace(source, manners=Manners(delay=0.0 if on_loopback(source, url) else Manners().delay))


def look_record(source: Source, settings: Settings, given: bool) -> dict[str, Any]:
    """The order as one JSON object. A source that has no columns yet borrows its own address for one."""
    described = source if source.columns else replace(source, columns=(Column("home", "home", source.url),))
    return {
        "look": table_of(described),
        "given": given,
        "home": str(settings.home),
        "crawl": asdict(settings.crawl),
    }


def look_of(record: Mapping[str, Any]) -> LookOrder:
    """The order that `look_record` wrote."""
    source = source_of(record["look"], "probe")
    settings = Settings(home=Path(record["home"]), crawl=CrawlSettings(**record["crawl"]))
    return LookOrder(source if record["given"] else replace(source, columns=()), settings, bool(record["given"]))


def probe_record(probe: Probe) -> dict[str, Any]:
    """What a look showed, as one JSON object; the bulletins with the field names promised to users."""
    plain = {name: getattr(probe, name) for name in ("url", "requests", "site_codes", "notes", "code", "reason")}
    return plain | {
        "source": table_of(probe.source) if probe.source else None,
        "families": [asdict(seen) for seen in probe.families],
        "columns": [asdict(seen) for seen in probe.columns],
        "samples": [_sample_record(sample) for sample in probe.samples],
    }


def probe_of(record: Mapping[str, Any]) -> Probe:
    """The Probe that `probe_record` wrote."""
    plain = {name: record[name] for name in ("url", "requests", "code", "reason")}
    return Probe(
        **plain,
        source=source_of(record["source"], "probe") if record["source"] else None,
        families=tuple(_family(seen) for seen in record["families"]),
        columns=tuple(_column(seen) for seen in record["columns"]),
        samples=tuple(_sample(sample) for sample in record["samples"]),
        site_codes=tuple(record["site_codes"]),
        notes=tuple(record["notes"]),
    )


def _sample_record(sample: Sample) -> dict[str, Any]:
    plain = {item.name: getattr(sample, item.name) for item in fields(sample) if item.name != "harvest"}
    return plain | {"bulletin": record_of(sample.harvest, url=sample.url) if sample.harvest else None}


def _sample(record: Mapping[str, Any]) -> Sample:
    given = {name: value for name, value in record.items() if name != "bulletin"}
    return Sample(**given, harvest=harvest_of(record["bulletin"]) if record["bulletin"] else None)


def _family(record: Mapping[str, Any]) -> FamilySeen:
    return FamilySeen(record["name"], record["score"], tuple(record["reasons"]))


def _column(record: Mapping[str, Any]) -> ColumnSeen:
    given = dict(record)
    given["column"] = Column(**given["column"])
    given["families"] = tuple(_family(seen) for seen in given["families"])
    return ColumnSeen(**given)
