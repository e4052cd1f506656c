"""Source files: one TOML per county <-> Source.

A file says who publishes, under which columns, and how politely the site is asked. Every key is known; a misspelt one
is named together with the nearest right one, because a silently ignored `dealy = 30` would be impolite.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import tomlkit

from bulletin.errors import ConfigError, did_you_mean
from bulletin.source import Column, Manners, Revisits, Source
from bulletin.text.indexnumber import is_site_code
from crawler.pace import Hours

SHIPPED: Final = Path(__file__).parent / "sources"

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_REGION: Final = re.compile(r"\d{6}")
_ADDRESS: Final = re.compile(r"[0-9A-Za-z.\-]+:\d{1,5}|\[[0-9A-Fa-f:]+\]:\d{1,5}")

_KINDS: Final[dict[str, tuple[type, str]]] = {
    "str": (str, "a text in quotes"),
    "bool": (bool, "true or false"),
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "tuple[str, ...]": (list, "a list of texts"),
    "tuple[Column, ...]": (list, "[[columns]] tables"),
    "tuple[tuple[str, str], ...]": (dict, "a [resolve] table"),
    "Manners": (dict, "a [manners] table"),
    "Revisits": (dict, "a [revisits] table"),
}


def shipped_sources() -> dict[str, Path]:
    """The source files that come with the program, by source id. Nothing is read but their names."""
    return {path.stem: path for path in sorted(SHIPPED.rglob("*.toml"))}


def load_source(path: Path) -> Source:
    """The source a TOML file describes. Raises ConfigError for a file that is missing, no TOML, has a misspelt key
    (named, with the nearest known one), a value of the wrong kind, or something a crawl could not work with."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no source file {path}.", "Name an existing TOML file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", "Mend the line it names; texts in quotes.") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", "Name a readable TOML file.") from error
    return source_of(table, str(path))


def source_of(table: Mapping[str, Any], where: str = "source") -> Source:
    """The Source that a table (of TOML or JSON) describes; `where` names its origin in errors."""
    given = _checked(table, Source, where, required=("id", "name", "region", "url", "columns"))
    columns = []
    for number, column in enumerate(given["columns"], 1):
        place = f"{where}: columns, no. {number}"
        columns.append(Column(**_checked(_table(column, place), Column, place, required=("id", "name", "url"))))
    given["columns"] = tuple(columns)
    given["manners"] = Manners(**_checked(given.get("manners", {}), Manners, f"{where}: manners"))
    given["revisits"] = Revisits(**_checked(given.get("revisits", {}), Revisits, f"{where}: revisits"))
    given["resolve"] = tuple((str(host).lower(), str(to)) for host, to in given.get("resolve", {}).items())
    given["hosts"] = tuple(host.lower() for host in _texts(given.get("hosts", []), f"{where}: hosts"))
    source = Source(**given)
    _sensible(source, where)
    return source if source.hosts else _with_own_host(source)


def table_of(source: Source) -> dict[str, Any]:
    """The table a source file holds, ready for TOML or JSON; what equals the default is left out."""
    table: dict[str, Any] = _differing(source, skip=("columns", "manners", "revisits", "resolve"))
    for name in ("manners", "revisits"):
        if differing := _differing(getattr(source, name)):
            table[name] = differing
    if source.resolve:
        table["resolve"] = dict(source.resolve)
    table["columns"] = [_differing(column) for column in source.columns]
    return table


def dump_source(source: Source) -> str:
    """The text of a source file; `load_source` gives the same Source back."""
    document = tomlkit.document()
    for key, value in table_of(source).items():
        if key == "columns":
            tables = tomlkit.aot()
            for column in value:
                tables.append(tomlkit.item(column))
            document.append(key, tables)
        else:
            document.append(key, tomlkit.item(value))
    return tomlkit.dumps(document)


def _differing(item: Any, skip: Sequence[str] = ()) -> dict[str, Any]:
    kept = {}
    for field in fields(item):
        value = getattr(item, field.name)
        if field.name not in skip and value != field.default:
            kept[field.name] = list(value) if isinstance(value, tuple) else value
    return kept


def _checked(table: Mapping[str, Any], shape: type[Any], where: str, required: Sequence[str] = ()) -> dict[str, Any]:
    kinds = {field.name: str(field.type) for field in fields(shape)}
    for key, value in table.items():
        if key not in kinds:
            raise ConfigError(f"{where}: there is no key {key!r}.", did_you_mean(key, list(kinds)))
        kind, words = _KINDS[kinds[key]]
        fits = isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise ConfigError(f"{where}: {key} should be {words}, not {value!r}.", "Correct the value.")
    for key in required:
        if not table.get(key):
            raise ConfigError(f"{where}: {key} is missing.", f"Add a line for {key!r}.")
    return {key: float(value) if kinds[key] == "float" else value for key, value in table.items()}


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} should be a table, not {value!r}.", "Begin each column with a line [[columns]].")
    return value


def _texts(values: Sequence[Any], where: str) -> list[str]:
    for value in values:
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{where} should be a list of texts; {value!r} is none.", "Put it in quotes.")
    return list(values)


def _sensible(source: Source, where: str) -> None:
    """Refuses what a crawl could not work with."""
    _names_itself(source, where)
    for url in (source.url, *(column.url for column in source.columns)):
        if not _is_web_address(url):
            raise ConfigError(f"{where}: {url!r} is no web address.", "It should begin with http:// or https://.")
    _parts_its_columns(source, where)
    _asks_politely(source, where)
    for host, to in source.resolve:
        if not _ADDRESS.fullmatch(to):
            raise ConfigError(f"{where}: resolve {host!r} = {to!r} is no address:port.", 'Such as "127.0.0.1:8101".')


def _names_itself(source: Source, where: str) -> None:
    """The id, the region and the site code have the form such codes have."""
    if not _ID.fullmatch(source.id):
        raise ConfigError(
            f"{where}: the id {source.id!r} cannot be used.",
            "Up to 64 small letters, digits, '_', '-' and '.', such as 619901_yunxiu.",
        )
    if not _REGION.fullmatch(source.region):
        raise ConfigError(
            f"{where}: region {source.region!r} is no division code.", "Six digits of GB/T 2260, such as 610728."
        )
    if source.site_code and not is_site_code(source.site_code):
        raise ConfigError(
            f"{where}: {source.site_code!r} is no site code (网站标识码).",
            "Ten digits, or bm and eight; or leave it out.",
        )


def _parts_its_columns(source: Source, where: str) -> None:
    """Every column has an id of its own and a family that exists."""
    ids = [column.id for column in source.columns]
    for column in source.columns:
        if ids.count(column.id) > 1 or not _ID.fullmatch(column.id):
            raise ConfigError(
                f"{where}: column id {column.id!r} is used twice or cannot be used.", "Give each its own short id."
            )
        _family_known(column.family or source.family, where)


def _asks_politely(source: Source, where: str) -> None:
    """Manners, revisits and hours are such as can be kept to."""
    if min(source.manners.delay, source.manners.max_requests, source.manners.max_bytes_per_day) < 0:
        raise ConfigError(f"{where}: manners cannot be negative.", "0 means no limit of this source's own.")
    revisits = source.revisits
    if min(revisits.share, revisits.shortest, revisits.most) < 0 or revisits.longest < revisits.shortest:
        raise ConfigError(
            f"{where}: revisits cannot be negative, nor longest shorter than shortest.", "0 for share means never."
        )
    try:
        Hours(source.manners.hours)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error.message}", error.advice) from error


def _family_known(name: str, where: str) -> None:
    from crawler.families import families

    if name not in families():
        raise ConfigError(f"{where}: there is no family {name!r}.", did_you_mean(name, list(families())))


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _with_own_host(source: Source) -> Source:
    """Where no hosts are listed, those of its own addresses are meant."""
    urls = (source.url, *(column.url for column in source.columns))
    hosts = tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))
    return replace(source, hosts=hosts)
