"""Back a home up, and restore it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tomlkit

from bulletin.config import CONFIG_NAME, Settings, load
from bulletin.errors import IntegrityError, UsageError
from crawler.locking import hold
from desk.tasks.indexing import rebuild_index
from desk.tasks.sealing import proof_folder
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.backup import Backup

#: What a backup leaves behind in the home: when it was made, and where.
BACKUP_FILE: Final = "logs/backup.json"

OnFile = Callable[[int, str], None]

#: Settings that say where parts of a home lie. A restored home has all of them inside.
_PLACES: Final = (("archive", "url"), ("archive", "vault"), ("index", "url"))


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and the settings that were left out because they led to places outside of the home."""

    backup: Backup
    indexed: int
    left_out: tuple[str, ...]


def back_up(home: Home, folder: Path, *, now: datetime | None = None, on_file: OnFile | None = None) -> Backup:
    """Brings the backup in `folder` up to date; crawls and searches go on meanwhile. The index is not in it: it is made
    again from the archive. IntegrityError, when all else is done, where captures at home are not what they were."""
    from archive.backup import back_up as copy_out
    from archive.backup import files_before

    out, base = folder.expanduser().absolute(), home.settings.home
    for place in (base, home.settings.vault_path):
        if out == place or out.is_relative_to(place):
            raise UsageError(f"{out} lies in what is to be backed up.", "Name a folder elsewhere, on another disk.")
    home.archive.counts()  # a database of another version is refused before anything is copied
    files_before(out)  # what is not ours is not touched
    out.mkdir(parents=True, exist_ok=True)
    others = {CONFIG_NAME: base / CONFIG_NAME, "sources": base / "sources", "proof": proof_folder(home)}
    others |= {"saved": base / "saved", "lexicon.txt": base / "lexicon.txt"}
    with hold(out, "backup"):
        made = copy_out(
            out,
            database_url=home.settings.archive_url,
            vault=home.settings.vault_path,
            others=others,
            now=now or datetime.now(UTC),
            on_file=on_file,
        )
    note = {"at": (now or datetime.now(UTC)).isoformat(), "to": str(out), "bytes": made.bytes}
    (base / "logs").mkdir(exist_ok=True)
    (base / BACKUP_FILE).write_text(json.dumps(note, ensure_ascii=False) + "\n", encoding="utf-8")
    if made.lost:
        advice = "`gongbao verify` names what is lost; `restore` brings back into a new home what the backup has of it."
        raise IntegrityError(f"The backup was made, but not all is well at home: {'; '.join(made.lost[:5])}.", advice)
    return made


def restore(settings: Settings, folder: Path, on_file: OnFile | None = None) -> Restored:
    """Puts a backup into the empty folder of `settings.home` and builds its index. Raises UsageError where there is
    something already, IntegrityError where the backup is not what it was."""
    from archive.restoring import bring_back

    backup = bring_back(folder.expanduser().absolute(), settings.home, on_file)
    left_out = _drop_places(settings.home / CONFIG_NAME)
    with Home(_settings_of(settings)) as home:
        home.make()
        counts = home.archive.counts()
        wrong = [name for name, count in backup.counts.items() if counts[name] != count]
        if wrong:
            raise IntegrityError(f"The restored archive differs in {', '.join(wrong)}.", "Use an older backup.")
        return Restored(backup, rebuild_index(home), left_out)


def _settings_of(given: Settings) -> Settings:
    """The restored home's own settings, its parts inside."""
    own = load(home=given.home)
    return replace(own, archive=replace(own.archive, url="", vault=""), index=replace(own.index, url=""))


def _drop_places(file: Path) -> tuple[str, ...]:
    if not file.is_file():
        return ()
    document: Any = tomlkit.parse(file.read_text(encoding="utf-8-sig"))
    dropped = []
    for section, name in _PLACES:
        if name in document.get(section, {}):
            del document[section][name]
            dropped.append(f"{section}.{name}")
    if dropped:
        file.write_text(tomlkit.dumps(document), encoding="utf-8")
    return tuple(dropped)
