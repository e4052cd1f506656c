"""Who publishes, under which columns, and how politely we ask."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Column:
    """One list of bulletins on a site (栏目): where it starts and what it holds."""

    id: str
    name: str
    url: str
    family: str = ""  # "" : the source's
    max_pages: int = 0  # 0 : as many as there are


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely a source is asked. Seconds, counts, bytes; 0 or "" means no limit of this source's own.

    `hours` are those of the day in which it may be asked, such as "22:00-06:00" (Asia/Shanghai).
    """

    delay: float = 3.0
    max_requests: int = 0
    obey_robots: bool = True
    hours: str = ""
    max_bytes_per_day: int = 0


@dataclass(frozen=True, slots=True)
class Revisits:
    """When an article is asked for again after it was read: recent ones often, old ones rarely.

    After `share` of the age it had at the last visit, but not before `shortest` days and not later than `longest`; at
    most `most` in one crawl, the longest overdue first. A `share` or `most` of 0 means never.
    """

    share: float = 0.25
    shortest: float = 1.0
    longest: float = 180.0
    most: int = 100


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher: one county site as one TOML file describes it.

    `hosts` are the names under which the site's own pages may stand; a link to any other host is followed nowhere.
    `region` is a six-digit GB/T 2260 division code. `resolve` maps a public host to the `address:port` it is really
    reached at (practice sites on loopback), so that URLs, and with them document ids, do not change with ports.
    Without `verify_tls` an expired or self-made certificate is put up with: anyone on the way could then answer.
    """

    id: str
    name: str
    region: str
    url: str
    columns: tuple[Column, ...]
    family: str = "generic"
    hosts: tuple[str, ...] = ()
    office: str = ""
    site_code: str = ""
    manners: Manners = field(default_factory=Manners)
    revisits: Revisits = field(default_factory=Revisits)
    verified: bool = True
    paused: bool = False
    verify_tls: bool = True
    note: str = ""
    resolve: tuple[tuple[str, str], ...] = ()

    def column(self, column_id: str) -> Column | None:
        return next((c for c in self.columns if c.id == column_id), None)


@dataclass(frozen=True, slots=True)
class Seed:
    """An article to ask for: its URL, the column that led to it, and what its row in the list said."""

    url: str
    column: str
    listed_title: str = ""
    listed_date: str = ""
    pinned: bool = False
