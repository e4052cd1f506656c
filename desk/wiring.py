"""Settings -> Archive, WarcVault, Index, Searcher: the only place that chooses.

What a command does not need is not loaded: `gongbao read` never imports SQLAlchemy or Whoosh.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from bulletin.config import CONFIG_NAME, Settings
from bulletin.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from archive import Archive, WarcVault
    from search import Index, Searcher

_CONFIG = """\
# The settings of this home. Every value may also stand in the environment (GONGBAO_CRAWL_DELAY=5).
# `gongbao config show` prints all of them, and where each came from.

[crawl]
# How a site's operator reaches you; it goes into the user agent and the From header.
# contact = "archive@example.org"
# delay = 3.0            # seconds between two requests to one host
"""


class Home:
    """A home and its parts, opened when first asked for and closed together."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()
        self._archive: Archive | None = None
        self._vault: WarcVault | None = None

    def __enter__(self) -> Home:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()
        self._archive = self._vault = None

    @property
    def exists(self) -> bool:
        return (self.settings.home / CONFIG_NAME).is_file()

    def make(self) -> bool:
        """Makes the home where there is none; True if it did."""
        if self.exists:
            return False
        home = self.settings.home
        try:
            for folder in (home, home / "logs"):
                folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError, PermissionError) as error:
            raise UsageError(f"No home can be made at {home}: {error.strerror}.", "Name another folder.") from error
        (home / CONFIG_NAME).write_text(_CONFIG, encoding="utf-8")
        return True

    def require(self) -> Home:
        """This home, or NotFoundError where there is none."""
        if not self.exists:
            raise NotFoundError(
                f"There is no home at {self.settings.home}.",
                "`gongbao init` makes one; --home or GONGBAO_HOME names another.",
            )
        return self

    @property
    def archive(self) -> Archive:
        if self._archive is None:
            from archive import open_archive

            self._archive = self._open.enter_context(open_archive(self.settings.archive_url))
        return self._archive

    @property
    def vault(self) -> WarcVault:
        if self._vault is None:
            from archive import open_vault

            warc = self.settings.archive
            dechunk = self.settings.warc.dechunk
            opened = open_vault(
                self.settings.vault_path, version=warc.warc_version, size=warc.warc_size, dechunk=dechunk
            )
            self._vault = self._open.enter_context(opened)
        return self._vault

    @property
    def lexicon(self) -> Path | None:
        """The user's own words for the index, if there are any: the file that is named, or lexicon.txt in the home."""
        own = self.settings.home / "lexicon.txt"
        return Path(self.settings.index.lexicon) if self.settings.index.lexicon else own if own.is_file() else None

    def index(self) -> Index:
        """The index, for writing. One writer at a time: LockedError where there is another."""
        from search import open_index

        index = open_index(self.settings.index_url, lexicon=self.lexicon)
        self._open.callback(index.close)
        return index

    def searcher(self) -> Searcher:
        from search import open_searcher

        searcher = open_searcher(self.settings.index_url, lexicon=self.lexicon)
        self._open.callback(searcher.close)
        return searcher
