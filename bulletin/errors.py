"""What can go wrong, by floor. Every error says what to do next and carries the exit code a script can rely on.

Exit codes follow the promise of the command line: 1 unexpected, 2 usage or configuration, 3 nothing matched,
4 partly done, 5 blocked by the site, 6 locked by another process, 7 integrity failure, 8 out of disk, 130 interrupted.
"""

from __future__ import annotations

import errno
from difflib import get_close_matches
from typing import ClassVar


class GongbaoError(Exception):
    """`message` says what happened, `advice` what the reader can do about it."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}\n  {self.advice}" if self.advice else self.message


class UsageError(GongbaoError):
    """A wrong argument, a date that does not exist, a query that asks for nothing."""

    exit_code = 2
    http_status = 400


class ConfigError(UsageError):
    """A setting or a source file that cannot be used."""


class NotFoundError(UsageError):
    """Something was named that is not there."""

    http_status = 404


class NothingMatchedError(GongbaoError):
    """Raised only where the user asked to be told by exit code."""

    exit_code = 3
    http_status = 404


class ReadingError(GongbaoError):
    """A page of which nothing can be read."""

    http_status = 422


class CrawlError(GongbaoError):
    """A crawl that could not be run, or ran only in part."""

    exit_code = 4
    http_status = 502


class ArchiveError(GongbaoError):
    """The database or the vault does not do what it should."""


class UnreachableError(ArchiveError):
    """The database does not answer, now; it may do so in a minute."""


class LockedError(GongbaoError):
    """Another process holds what we need."""

    exit_code = 6
    http_status = 423


class IntegrityError(ArchiveError):
    """A kept byte is not what it was."""

    exit_code = 7


class DiskFullError(ArchiveError):
    """No room left. What was complete is kept; what was not is not visible."""

    exit_code = 8
    http_status = 507


class SearchError(GongbaoError):
    """The index cannot answer."""


def is_disk_full(error: BaseException) -> bool:
    """Whether `error`, or what caused it, means that the disk is full (ENOSPC, EDQUOT, or SQLite's wording)."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "database or disk is full" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def is_read_only(error: BaseException) -> bool:
    """Whether `error` means that its file lies on media nobody can write to (EROFS)."""
    return isinstance(error, OSError) and error.errno == errno.EROFS


def did_you_mean(word: str, known: list[str]) -> str:
    """Advice for a misspelt name: the nearest known one, or all of them."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else "Known here: " + ", ".join(sorted(known))
