"""Archives of files (ZIP): every member as the file it is, archives inside an archive once."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from crawler.extract.attached.outcome import AttachedText, Limits, Member, UnreadableError
from crawler.extract.attached.package import Package, opened
from crawler.extract.rawnames import decoded_name

#: How deep archives may lie in archives: the second is opened, a third is named only.
DEEPEST: Final = 2
_UTF_8_NAME: Final = 0x800
_LITTER: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")

Reader = Callable[[bytes, str, Limits, int], AttachedText]


def read_zip(data: bytes, limits: Limits, read: Reader, depth: int) -> AttachedText:
    """The texts of the members under their names. `read` reads one of them: bytes, name, limits, depth."""
    if depth >= DEEPEST:
        return AttachedText(reason="an archive inside an archive inside an archive; not opened")
    with opened(data, limits) as package:
        files = [info for info in package.members.values() if not any(mark in info.filename for mark in _LITTER)]
        members = tuple(_members(package, files[: limits.members], limits, read, depth))
    reasons = []
    if len(files) > limits.members:
        reasons.append(f"{len(files):,} files in the archive; the first {limits.members:,} were read")
    unread = [member for member in members if member.reason]
    if unread:
        told = "; ".join(f"{member.name}: {member.reason}" for member in unread[:5])
        more = f"; and {len(unread) - 5} more" if len(unread) > 5 else ""
        reasons.append(f"{len(unread)} of {len(members)} files in the archive not read: {told}{more}")
    text = "\n".join(f"{m.name}\n{m.text}" if m.text else m.name for m in members)
    reason = "; ".join(reasons) or ("" if members else "an archive without files")
    return AttachedText(text, members=members, reason=reason)


def _members(
    package: Package, files: list[zipfile.ZipInfo], limits: Limits, read: Reader, depth: int
) -> Iterator[Member]:
    left = limits.characters
    for info in files:
        name = name_of(info)
        if left <= 0:
            yield Member(name, reason="not read: there is text enough before it")
            continue
        try:
            taken = read(package.read(info.filename), name, replace(limits, characters=left), depth + 1)
        except UnreadableError as error:
            yield Member(name, reason=str(error))
            continue
        left -= len(taken.text)
        # Pages are numbered in a file of its own only: a form feed in the archive's text would count across its files.
        yield Member(name, "\n".join(filter(None, taken.pages)) or taken.text, taken.media_type, taken.reason)


def name_of(info: zipfile.ZipInfo) -> str:
    """The path of a member. Chinese programs write GBK where the standard says code page 437 (APPNOTE, appendix D)."""
    if info.flag_bits & _UTF_8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    return decoded_name(raw)
