"""What the list says of an article, where the article itself is silent. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urlsplit

from bulletin.capture import Capture
from bulletin.harvest import Attachment, Doubt, Evidence, Harvest
from bulletin.ids import digest
from bulletin.source import Seed

#: How far a title or date of a list row is trusted: below anything the article says itself.
ROW_CONFIDENCE = 0.4


def with_row(harvest: Harvest, seed: Seed) -> Harvest:
    """The harvest, with the list row's title and date where the page has none, or a date only in its address."""
    evidence = list(harvest.evidence)
    doubts = list(harvest.doubts)
    title, day = harvest.title, harvest.published_on
    if not title and seed.listed_title:
        title = seed.listed_title
        evidence.append(("title", Evidence("row", ROW_CONFIDENCE)))
        if title.endswith(("...", "…")):
            doubts.append(Doubt("title", "taken from the list, which shortens it"))
    if (listed := _day(seed.listed_date)) and _below_row(harvest):
        day = listed
        evidence = [(name, one) for name, one in evidence if name != "published_on"]
        evidence.append(("published_on", Evidence("row", ROW_CONFIDENCE)))
        doubts = [doubt for doubt in doubts if doubt.field != "published_on"]
    if tuple(evidence) == harvest.evidence:
        return harvest
    return replace(harvest, title=title, published_on=day, evidence=tuple(evidence), doubts=tuple(doubts))


def _below_row(harvest: Harvest) -> bool:
    known = dict(harvest.evidence).get("published_on")
    return harvest.published_on is None or (known is not None and known.confidence < ROW_CONFIDENCE)


def file_harvest(seed: Seed, capture: Capture) -> Harvest:
    """A list entry that leads to a file and no page: the file is the bulletin, the row says what it is called."""
    kind = capture.header("Content-Type").partition(";")[0].strip().lower()
    name = unquote(urlsplit(capture.url).path.rpartition("/")[2]) or seed.listed_title
    file = Attachment(name, capture.url, kind, len(capture.body), digest(capture.body))
    bare = Harvest(
        attachments=(file,),
        doubts=(Doubt("text", "the list leads to a file, not to a page"),),
        read_by="file/1",
    )
    return with_row(bare, seed)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
