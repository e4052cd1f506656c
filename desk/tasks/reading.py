"""Read pages and say what was read; nothing is archived."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from bulletin.errors import GongbaoError, ReadingError
from bulletin.harvest import Harvest
from bulletin.record import record_of
from crawler.extract.reading import read_file

#: What `read` and `import` take out of folders and zip files.
PAGE_SUFFIXES = (".html", ".htm", ".shtml", ".mhtml", ".mht", ".txt")
#: Files that may be a bulletin, or a file of one, and are no pages; what else lies beside saved pages is their dress.
OFFICE_SUFFIXES = (".pdf", ".doc", ".docx", ".wps", ".ofd", ".xls", ".xlsx", ".et", ".rtf", ".rar", ".7z")
#: One saved page; what is larger is no page.
MAX_PAGE = 100_000_000


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page saved as a file, or as a member of a zip file (`path` then ends in `.zip/member`)."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of which nothing can be taken, and why."""

    path: str
    error: str


def saved_pages(paths: Iterable[str]) -> Iterator[SavedPage | Unreadable]:
    """The pages in files, folders and zip files, in a stable order. One that cannot be opened never stops the rest."""
    for name in paths:
        path = Path(name)
        try:
            if path.is_dir():
                inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in (*PAGE_SUFFIXES, ".zip"))
                yield from saved_pages(str(p) for p in inside)
            elif path.suffix.lower() == ".zip":
                yield from _zip_members(path)
            elif path.stat().st_size > MAX_PAGE:
                yield Unreadable(name, f"larger than {MAX_PAGE:,} bytes: no page")
            else:
                yield SavedPage(name, path.read_bytes())
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            yield Unreadable(name, _reason(error))


def office_files(paths: Iterable[str]) -> Counter[str]:
    """How many files of each office suffix lie in the folders and zip files given: `saved_pages` passes them over."""
    found: Counter[str] = Counter()
    for path in map(Path, paths):
        beside = [path] if path.suffix.lower() == ".zip" else path.rglob("*") if path.is_dir() else ()
        for file in beside:
            names = _member_names(file) if file.suffix.lower() == ".zip" else [file.name]
            found.update(suffix for name in names if (suffix := PurePath(name).suffix.lower()) in OFFICE_SUFFIXES)
    return found


def _member_names(package: Path) -> list[str]:
    """What a zip file holds; nothing where it cannot be opened, which is told elsewhere."""
    try:
        with zipfile.ZipFile(package) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError):
        return []


def read_pages(paths: Iterable[str], url: str = "") -> Iterator[tuple[str, Harvest | GongbaoError]]:
    """(path, what was read or why nothing was) for every page. `url` is taken for all of them."""
    for page in saved_pages(paths):
        if isinstance(page, Unreadable):
            yield page.path, ReadingError(page.error)
        else:
            yield page.path, read_one(page, url)


def read_one(page: SavedPage, url: str = "") -> Harvest | GongbaoError:
    """What was read, or why nothing was: an empty file, a program, a picture are no pages."""
    if reason := no_page(page.data):
        return ReadingError(reason)
    try:
        return read_file(page.data, name=page.path, url=url)
    except GongbaoError as error:
        return error
    except (RecursionError, MemoryError, ValueError, LookupError) as error:
        # A hostile page must not take the pages after it along.
        return ReadingError(f"could not be read ({type(error).__name__}: {error})")


def no_page(data: bytes) -> str:
    """Why a file cannot be a page at all, or ""."""
    if not data.strip():
        return "the file is empty"
    return "not a page: neither HTML nor text" if _is_binary(data) else ""


def printed(path: str, read: Harvest | GongbaoError, url: str = "") -> dict[str, Any]:
    """The line `read --jsonl` prints for a page."""
    if isinstance(read, GongbaoError):
        return {"path": path, "error": read.message}
    return {"path": path, **record_of(read, url=url or None)}


def _is_binary(data: bytes) -> bool:
    """Whether these are the bytes of no text in any encoding pages come in: zeros beside what is not UTF-16."""
    head = data[:65_536]
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and head.count(0) * 20 > len(head)


def _zip_members(path: Path) -> Iterator[SavedPage | Unreadable]:
    with zipfile.ZipFile(path) as archive:
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if info.is_dir() or not info.filename.lower().endswith(PAGE_SUFFIXES):
                continue
            name = f"{path}/{info.filename}"
            try:
                with archive.open(info) as member:
                    data = member.read(MAX_PAGE + 1)
            except (RuntimeError, zipfile.BadZipFile, NotImplementedError, OSError) as error:
                yield Unreadable(name, _reason(error))
                continue
            yield SavedPage(name, data) if len(data) <= MAX_PAGE else Unreadable(name, "too large for a page")


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
