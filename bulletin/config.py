"""Settings in layers: defaults < gongbao.toml < GONGBAO_* environment < flags. Every value knows its layer.

The environment spells a setting `GONGBAO_SECTION_NAME` (`GONGBAO_CRAWL_DELAY=5`), a flag `section.name=value`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from bulletin.errors import ConfigError, did_you_mean

CONFIG_NAME: Final = "gongbao.toml"
DEFAULT_HOME: Final = "gongbao-home"


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """Where documents and captures are kept. "" stands for a place inside the home."""

    url: str = ""  # sqlite:///… ; "" : gongbao.db in the home
    vault: str = ""  # file:///… ; "" : vault/ in the home
    warc_version: str = "1.1"
    warc_size: int = 1_000_000_000  # bytes after which a WARC file is closed and the next begun


@dataclass(frozen=True, slots=True)
class WarcSettings:
    """How records are written."""

    # true: chunk framing comes off, for tools that cannot read framed bodies; the head as received stands in a record
    # of its own. Captures are then no longer the bytes of the line.
    dechunk: bool = False


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Where the index lies, and how it is written."""

    url: str = ""  # whoosh:///… ; "" : index/ in the home
    lexicon: str = ""  # a file of further words, one a line
    batch: int = 500  # bulletins in one commit


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """Manners that hold for every source. Seconds, bytes, counts."""

    user_agent: str = "Gongbao/0.1"
    contact: str = ""  # how a site's operator reaches us: an address, a web page, a telephone number
    delay: float = 3.0
    timeout: float = 60.0
    retries: int = 2
    max_page_size: int = 30_000_000
    max_attachment_size: int = 200_000_000
    max_redirects: int = 8
    max_list_pages: int = 2_000
    response_multiple: float = 10.0  # wait at least so many times as long as the last answer took
    max_bytes_per_day: int = 2_000_000_000  # of one host; 0: as many as there are
    hours: str = ""  # "22:00-06:00" (Asia/Shanghai): ask only then; a source's own hours go before
    private_hosts: bool = False  # whether loopback and private addresses may be crawled

    @property
    def signed_agent(self) -> str:
        """The user agent as sites see it: with the contact, unless that stands in it already."""
        if not self.contact or self.contact in self.user_agent:
            return self.user_agent
        named, bracket, _ = self.user_agent.rpartition(")")
        return f"{named}; {self.contact})" if bracket else f"{self.user_agent} ({self.contact})"


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told when something is wrong. A channel is in use where its address is set; passwords, tokens and
    addresses that are secrets belong into the environment (GONGBAO_ALERTS_SMTP_PASSWORD)."""

    language: str = "both"  # zh, en, both
    quiet: str = ""  # "22:00-07:00" (Asia/Shanghai): held back until they end
    grave_always: bool = True  # disk and integrity are told in quiet hours, too
    repeat_days: int = 7  # what is still wrong is told again after so many days; 0: never
    private: bool = False  # whether addresses in private networks may be written to
    timeout: float = 20.0  # seconds for one message
    email_to: str = ""  # one or several, with commas
    email_from: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"  # starttls, tls, none
    smtp_user: str = ""
    smtp_password: str = ""
    webhook_url: str = ""
    webhook_token: str = ""  # sent as Authorization: Bearer
    wecom_url: str = ""
    dingtalk_url: str = ""
    dingtalk_secret: str = ""
    feishu_url: str = ""
    feishu_secret: str = ""
    heartbeat_url: str = ""  # asked for every three minutes while a worker lives


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How logs are written."""

    json: bool = False  # true: one JSON object a line
    max_size: int = 20_000_000  # bytes after which a log is put aside
    kept: int = 5  # logs put aside that are kept
    days: int = 365  # logs of runs older than that are thrown away; 0: never


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a home is run with. `origins` maps `section.name` to the layer that gave the value."""

    home: Path
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    warc: WarcSettings = field(default_factory=WarcSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    logs: LogSettings = field(default_factory=LogSettings)
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def archive_url(self) -> str:
        return self.archive.url or f"sqlite:///{self.home / 'gongbao.db'}"

    @property
    def vault_path(self) -> Path:
        return Path(self.archive.vault.removeprefix("file://")) if self.archive.vault else self.home / "vault"

    @property
    def index_url(self) -> str:
        return self.index.url or f"whoosh://{self.home / 'index'}"

    def values(self) -> Iterator[tuple[str, Any, str]]:
        """Every setting as (`section.name`, value, layer)."""
        for section in _SECTIONS:
            group = getattr(self, section)
            for item in fields(group):
                name = f"{section}.{item.name}"
                yield name, getattr(group, item.name), self.origins.get(name, "default")


_SECTIONS: Final[dict[str, type[Any]]] = {
    "archive": ArchiveSettings,
    "warc": WarcSettings,
    "index": IndexSettings,
    "crawl": CrawlSettings,
    "alerts": AlertSettings,
    "logs": LogSettings,
}

#: Values that are shown to nobody; the addresses of robots hold their keys.
SECRETS: Final = frozenset(
    f"alerts.{name}"
    for name in (
        "smtp_password",
        "webhook_url",
        "webhook_token",
        "wecom_url",
        "dingtalk_url",
        "dingtalk_secret",
        "feishu_url",
        "feishu_secret",
        "heartbeat_url",
    )
)

_HOURS: Final = re.compile(r"([01]?\d|2[0-4]):[0-5]\d-([01]?\d|2[0-4]):[0-5]\d")

_CHOICES: Final = {
    "archive.warc_version": ("1.1", "1.0"),
    "alerts.language": ("both", "zh", "en"),
    "alerts.smtp_security": ("starttls", "tls", "none"),
}


def load(
    home: Path | None = None,
    config: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of a home. Raises ConfigError for an unknown key (with the nearest known one), a value of the wrong
    type, or a file that is no TOML."""
    env = os.environ if environ is None else environ
    place = (home or Path(env.get("GONGBAO_HOME") or DEFAULT_HOME)).expanduser().absolute()
    settings = Settings(home=place, origins={"home": _home_origin(home, env)})
    file = config or place / CONFIG_NAME
    if config is not None and not config.is_file():
        raise ConfigError(f"There is no configuration file {config}.", "Name an existing file with --config.")
    if file.is_file():
        settings = _layered(settings, _flat(_parsed(file)), str(file))
    settings = _layered(settings, dict(_from_environment(env)), "environment")
    return _layered(settings, dict(flags or {}), "flag")


def _home_origin(home: Path | None, env: Mapping[str, str]) -> str:
    """The layer that names the home."""
    from_environment = env.get("GONGBAO_HOME", "")
    if home is None:
        return "environment" if from_environment else "default"
    # A command line hands over as a flag what its library took out of the environment.
    return "environment" if from_environment and Path(from_environment) == home else "flag"


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}", "Mend the line it names; values in quotes.") from error


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{name}": inner for name, inner in value.items()})
        else:
            flat[key] = value
    return flat


def _from_environment(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in env.items():
        section, _, name = key.removeprefix("GONGBAO_").lower().partition("_")
        if key.startswith("GONGBAO_") and section not in ("home", "test"):
            yield f"{section}.{name}", value


def _layered(settings: Settings, values: Mapping[str, Any], layer: str) -> Settings:
    origins = dict(settings.origins)
    known = [name for name, _, _ in settings.values()]
    for name, value in values.items():
        if name not in known:
            raise ConfigError(f"{layer}: there is no setting {name!r}.", did_you_mean(name, known))
        section, _, key = name.partition(".")
        group = getattr(settings, section)
        converted = _converted(value, type(getattr(group, key)), f"{layer}: {name}")
        _refuse_senseless(name, converted, layer)
        settings = replace(settings, **{section: replace(group, **{key: converted})})
        origins[name] = layer
    return replace(settings, origins=origins)


def _refuse_senseless(name: str, value: Any, layer: str) -> None:
    """Raises ConfigError for a value of the right type that nothing can work with."""
    if isinstance(value, int | float) and value < 0:
        raise ConfigError(f"{layer}: {name} cannot be negative.", "0 stands for none.")
    if name in ("crawl.contact", "crawl.user_agent") and not (value.isascii() and value.isprintable()):
        raise ConfigError(f"{layer}: {name} {value!r} goes into no header.", "Letters, digits and signs of ASCII only.")
    if name == "alerts.quiet" and value and (not _HOURS.fullmatch(value) or len({*value.split("-")}) < 2):
        raise ConfigError(f"{layer}: {name} {value!r} is no span of a day.", 'Write it like "22:00-07:00".')
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ConfigError(f"{layer}: {name} cannot be {value!r}.", f"Choose one of {', '.join(_CHOICES[name])}.")
    if name.startswith("alerts.") and name.endswith("_url") and value and not value.startswith(("http://", "https://")):
        raise ConfigError(f"{layer}: {name} is no web address.", "It begins with https:// or http://.")
    if name == "archive.vault" and "://" in value and not value.startswith("file://"):
        raise ConfigError(f"{layer}: captures cannot be kept at {value!r}.", "Name a folder, or file:///folder.")


_TRUTH: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
_FROM_TEXT: Final[dict[type, Callable[[str], Any]]] = {
    bool: lambda s: _TRUTH[s.strip().lower()],
    int: int,
    float: float,
    str: str,
}


def _converted(value: Any, wanted: type, where: str) -> Any:
    try:
        if isinstance(value, str):
            return _FROM_TEXT[wanted](value)
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if type(value) is wanted:
            return value
    except (ValueError, KeyError):
        pass
    raise ConfigError(f"{where} should be {_NAMES[wanted]}, not {value!r}.", "Correct the value, or take the line out.")


_NAMES: Final = {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}
