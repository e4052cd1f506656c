"""Read an article again from captures that are kept: its page, its further pages, its files. Fetches nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bulletin.capture import Capture
from bulletin.harvest import Attachment, Harvest
from bulletin.ids import joint_digest
from bulletin.source import Seed, Source
from crawler.answers import UnfitError, fit, harvest_in
from crawler.attaching import Taken, doubts_about, taken_from
from crawler.extract.pages import stitch

#: The capture of a URL that belongs to this reading, if one is kept.
Find = Callable[[str], Capture | None]


@dataclass(frozen=True, slots=True)
class Reread:
    """The bulletin as today's rules read it, the captures it was read from, in order, and the URLs of its further
    pages."""

    harvest: Harvest
    captures: tuple[Capture, ...]
    further: tuple[str, ...] = ()

    @property
    def payload_digest(self) -> str:
        """The digest of everything it was read from, as a crawl makes it."""
        return joint_digest([capture.payload for capture in self.captures])


def reread(source: Source, seed: Seed, capture: Capture, find: Find) -> Reread:
    """Read an article from its first page's capture. Raises UnfitError."""
    found = _pages(source, seed, capture, find)
    harvest, captures = found.harvest, found.captures
    if not harvest.attachments:
        return found
    here = {capture.url: capture for capture in captures}
    taken = [_taken(file, here.get(file.url), find) for file in harvest.attachments]
    doubts = (*harvest.doubts, *doubts_about(taken))
    whole = replace(harvest, attachments=tuple(one.attachment for one in taken), doubts=doubts)
    return replace(found, harvest=whole)


def _pages(source: Source, seed: Seed, capture: Capture, find: Find) -> Reread:
    harvest = harvest_in(source, seed, capture)
    if not harvest.links:
        return Reread(fit(harvest), (capture,))
    parts, captures = [(1, harvest)], [capture]
    for number, url in enumerate(harvest.links, 2):
        further = find(url)
        if further is None:
            continue
        try:
            parts.append((number, harvest_in(source, seed, further)))
            captures.append(further)
        except UnfitError:
            continue  # the stitched harvest says which pages are missing
    of = max(len(harvest.links) + 1, harvest.pages.of if harvest.pages else 0)
    return Reread(fit(stitch(parts, of)), tuple(captures), tuple(harvest.links))


def _taken(file: Attachment, capture: Capture | None, find: Find) -> Taken:
    if not file.url.startswith(("http://", "https://")):
        return Taken(file)
    found = capture or find(file.url)
    return taken_from(file, found) if found else Taken(file, "no capture of it is kept")
