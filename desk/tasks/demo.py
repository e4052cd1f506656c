"""The main job on the invented county 云岫县: serve it on loopback, crawl, keep, find, export."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulletin.config import Settings
from bulletin.errors import UsageError
from desk.demo.server import Serving
from desk.demo.sites import names, site
from desk.tasks.sources import add_source
from desk.wiring import Home

#: What the demo crawls: the county's own site, and one small site for each layout bulletins are met in.
SITES: Final = ("F1", "express", "news", "disclosure", "paged", "collection")
#: A word written differently in the two scripts.
WORDS: Final = ("脱贫攻坚", "脫貧攻堅")
_MARK: Final = ".demo"


def demo_home(settings: Settings, folder: Path) -> Home:
    """An empty home for the demo. A folder that is not an earlier demo's is left alone, with UsageError."""
    place = folder.expanduser().absolute()
    if place.exists() and not place.is_dir():
        raise UsageError(f"{place} is no folder.", "Name a new folder with --keep DIR.")
    if place.exists() and any(place.iterdir()):
        if not (place / _MARK).is_file():
            raise UsageError(f"{place} is not empty and not an earlier demo's.", "Name a new folder with --keep DIR.")
        shutil.rmtree(place)
    crawl = replace(settings.crawl, contact=settings.crawl.contact or "demo@yunxiu.example")
    home = Home(replace(settings, home=place, crawl=crawl))
    home.make()
    (place / _MARK).write_text("Made by `gongbao demo`; the next demo may replace it.\n", encoding="utf-8")
    return home


def serve_practice(port: int = 0, sites: tuple[str, ...] = SITES) -> Serving:
    """The practice sites on 127.0.0.1, ready to enter."""
    for name in sites:
        if name not in names():
            raise UsageError(f"There is no practice site {name!r}.", "There are " + ", ".join(names()) + ".")
    try:
        return Serving([site(name) for name in sites], port=port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"Port {port} cannot be served on: {reason}.", "Leave --port out: any free one will do."
        ) from error


def probe_words(name: str, serving: Serving) -> str:
    """The command that looks at a practice site under the name it has in the archive, whatever its port."""
    host = site(name).host
    return f"gongbao source probe http://{host}/ --resolve {host}={serving.address}"


def add_practice_sources(home: Home, serving: Serving, sites: tuple[str, ...] = SITES) -> list[str]:
    """Writes a source file for each practice site into the home and keeps it; the ids."""
    ids = []
    (home.settings.home / "sources").mkdir(exist_ok=True)
    for name in sites:
        file = home.settings.home / "sources" / f"{name.lower()}.toml"
        file.write_text(site(name).source_toml(serving.address), encoding="utf-8")
        ids.append(add_source(home, str(file)).id)
    return ids
