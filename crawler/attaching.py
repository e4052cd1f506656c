"""What is learnt of a file once it was fetched: its name, digest, kind and text. Pure but for the time it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from bulletin.capture import Capture
from bulletin.harvest import Attachment, Doubt
from bulletin.ids import digest
from crawler.extract.attached import text_of
from crawler.extract.filenames import file_name, names_a_file, url_name

#: Files that a doubt names one by one.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """An attachment as far as it could be had, and what is wrong with it ("" for nothing)."""

    attachment: Attachment
    reason: str = ""


def taken_from(attachment: Attachment, capture: Capture) -> Taken:
    """The attachment with what its capture says. Reading a document may take as long as `text_of` allows."""
    disposition = capture.header("Content-Disposition")
    stated = capture.header("Content-Type").partition(";")[0].strip().lower()
    name = file_name(text=attachment.name, url=attachment.url, disposition=disposition)
    # For the kind, a name with a suffix: the link's words often have none.
    called = file_name(url=attachment.url, disposition=disposition) or name
    read = text_of(capture.body, name=called, media_type=stated)
    whole = replace(
        attachment,
        name=name or url_name(attachment.url),
        media_type=read.media_type or stated or attachment.media_type,
        size=len(capture.body),
        digest=digest(capture.body),
        text=read.text,
    )
    return Taken(whole, read.reason)


class Reread:
    """What files said that were met before in this crawl, by their URLs: one that many bulletins link to is asked for
    and read once. The oldest are forgotten beyond MOST_FILES or MOST_CHARACTERS."""

    MOST_FILES: Final = 500
    MOST_CHARACTERS: Final = 20_000_000

    def __init__(self) -> None:
        self.turn = asyncio.Lock()  # whoever looks for a file waits until those being fetched are here
        self._taken: dict[str, Taken] = {}
        self._characters = 0

    def remember(self, taken: Taken) -> Taken:
        """Keep what was taken; gives it back."""
        url = taken.attachment.url
        if url not in self._taken:
            self._taken[url] = taken
            self._characters += len(taken.attachment.text)
        while len(self._taken) > self.MOST_FILES or self._characters > self.MOST_CHARACTERS:
            oldest = self._taken.pop(next(iter(self._taken)))
            self._characters -= len(oldest.attachment.text)
        return taken

    def recall(self, attachment: Attachment) -> Taken | None:
        """The same file under the name that this bulletin gives it; None if it was not met."""
        met = self._taken.get(attachment.url)
        if met is None:
            return None
        name = attachment.name if names_a_file(attachment.name) else met.attachment.name
        return replace(met, attachment=replace(met.attachment, name=name))


def doubts_about(taken: Iterable[Taken]) -> tuple[Doubt, ...]:
    """One doubt for each thing that is wrong, naming the files it is wrong with."""
    told: dict[str, list[str]] = {}
    for one in taken:
        if one.reason:
            told.setdefault(one.reason, []).append(one.attachment.name or one.attachment.url)
    return tuple(Doubt("attachments", f"{_listed(names)}: {reason}") for reason, names in told.items())


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
