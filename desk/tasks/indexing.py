"""Bring the index up to date, build it anew, change its engine, say how far it lags."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from bulletin.config import CONFIG_NAME
from bulletin.errors import SearchError, UsageError
from desk.tasks.sizes import bytes_in
from desk.wiring import Home

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """`lag` counts the changes of the archive that the index has not learnt yet; `needs_rebuild` says why it must be
    made anew, or is empty. `size` is in bytes on disk, 0 for an index that lies on none."""

    url: str
    entries: int
    checkpoint: int
    last_change: int
    stamp: str
    needs_rebuild: str
    size: int

    @property
    def engine(self) -> str:
        return self.url.partition(":")[0]

    @property
    def lag(self) -> int:
        return max(0, self.last_change - self.checkpoint)


def update_index(home: Home, on_progress: OnProgress | None = None, workers: int = 1) -> int:
    """Lets the index learn what changed since its checkpoint; the number of bulletins written. An index made by other
    rules (schema, lexicon, analyser) is built anew, and so is one that is damaged. Where much is to be learnt, an
    engine for large archives analyses in `workers` processes, 0 for one on each core."""
    from search import catch_up, needs_rebuild

    try:
        index = home.index()
    except SearchError:
        # What is no index of ours is refused by a rebuild as well.
        return rebuild_index(home, on_progress, workers)
    try:
        stale = index.count() and needs_rebuild(index.stamp(), home.lexicon)
        if stale:
            index.close()
            return rebuild_index(home, on_progress, workers)
        changes = home.archive.changes
        return catch_up(
            index,
            lambda after: changes(after=after),
            batch=home.settings.index.batch,
            workers=_at_work(workers),
            on_progress=on_progress,
        )
    finally:
        index.close()


def rebuild_index(home: Home, on_progress: OnProgress | None = None, workers: int = 1) -> int:
    """Builds a new index beside the old one and switches to it; searches go on meanwhile. `workers` as in
    `update_index`."""
    from search import rebuild

    changes = home.archive.changes
    return rebuild(
        home.settings.index_url,
        lambda after: changes(after=after),
        batch=home.settings.index.batch,
        workers=_at_work(workers),
        lexicon=home.lexicon,
        on_progress=on_progress,
    )


def _at_work(workers: int) -> int:
    return workers or os.cpu_count() or 1


def use_index(
    home: Home, url: str, file: Path | None = None, on_progress: OnProgress | None = None, workers: int = 1
) -> int:
    """Builds an index at `url` beside the one in use, tries it, and writes `url` into the settings' file (the home's
    own where not said); the number of bulletins in it. The old index is left where it lies. `workers` as in
    `update_index`.

    UsageError for a URL that names no folder, or where the setting is not the file's to give; ConfigError for an engine
    that is unknown or not installed; SearchError, and nothing changed, when the new index does not hold what it should.
    """
    place = _place(home, url)
    if home.settings.origins.get("index.url") in ("environment", "flag"):
        message = "The environment or a flag says where the index is, so that the settings' file is not asked."
        raise UsageError(message, "Take GONGBAO_INDEX_URL out of the environment first.")
    settings = replace(home.settings, index=replace(home.settings.index, url=place))
    with Home(settings) as changed:
        written = rebuild_index(changed, on_progress, workers)
    _write_setting(file or home.settings.home / CONFIG_NAME, place)
    return written


def _place(home: Home, url: str) -> str:
    """`scheme:///folder` with an absolute folder; a relative one lies in the home."""
    scheme, separator, path = url.partition("://")
    if not separator or not path.strip("/") or scheme == "memory":
        message = f"{url!r} does not say where an index is kept."
        raise UsageError(message, "Name an engine and a folder, e.g. tantivy:///srv/gongbao/index or tantivy://index2.")
    return f"{scheme.lower()}://{os.path.normpath((home.settings.home / path).absolute())}"


def lies_apart(home: Home, before: str, url: str) -> bool:
    """Whether the index at `before` has a folder that holds nothing of the one at `url`, so that it may be removed."""
    old, new = _folder(before).resolve(), _folder(_place(home, url)).resolve()
    return _folder(before).is_absolute() and old.is_dir() and not new.is_relative_to(old)


def _write_setting(file: Path, url: str) -> None:
    """Sets index.url in a file of settings; its remarks and other settings stay."""
    document: Any = tomlkit.parse(file.read_text(encoding="utf-8-sig") if file.is_file() else "")
    if "index" not in document:
        document["index"] = tomlkit.table()
    document["index"]["url"] = url
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
    fresh.replace(file)


def index_status(home: Home) -> IndexStatus:
    """What a search would be answered from now; it does not wait for a writer at work."""
    from search import needs_rebuild

    with home.searcher() as index:
        return IndexStatus(
            url=home.settings.index_url,
            entries=index.count(),
            checkpoint=index.checkpoint(),
            last_change=home.archive.last_seq(),
            stamp=index.stamp(),
            needs_rebuild=needs_rebuild(index.stamp(), home.lexicon),
            size=_size(_folder(home.settings.index_url)),
        )


def _folder(url: str) -> Path:
    return Path(url.partition("://")[2])


def _size(folder: Path) -> int:
    return bytes_in(folder) if folder.is_absolute() else 0
