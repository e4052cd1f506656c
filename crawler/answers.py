"""From an answer to a bulletin, or to the reason why it is none. Pure."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Final

from bulletin.capture import Capture
from bulletin.errors import ReadingError
from bulletin.harvest import Doubt, Harvest
from bulletin.record import CHINA
from bulletin.source import Column, Seed, Source
from crawler.contents import with_foreign_documents
from crawler.disappearing import excuse, strayed
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page, open_page
from crawler.families import families
from crawler.families.family import Ask, Family, Listing
from crawler.gleaning import file_harvest, with_row
from crawler.repeal import with_repeal
from crawler.troubles import Trouble, capture_is_html, identity_trouble, trouble_of

log: Final = logging.getLogger(__name__)

#: Characters of text without which, and without a file, a page is taken for an empty frame.
LEAST_TEXT: Final = 5


class UnfitError(Exception):
    """A page that will not become a bulletin."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.words)
        self.trouble = trouble


def page_of(capture: Capture) -> Page:
    return open_page(capture.body, url=capture.url, content_type=capture.header("Content-Type"))


def family_of(source: Source, column: Column | None) -> Family:
    """The family that reads a column: its own, or the source's."""
    return families()[(column.family if column else "") or source.family]


def listing_in(source: Source, column: Column, page: Page, ask: Ask) -> Listing:
    """What a list's answer holds, as the column's family reads it. A family whose system the site does not speak finds
    nothing; a column that is empty says so."""
    listing = family_of(source, column).listing(page, column, ask)
    nothing = not (listing.rows or listing.further or listing.trouble or listing.total == 0)
    if nothing and ask.url == column.url and not says_empty(outline_of(page.root)):
        return replace(listing, silent=True)
    return listing


def harvest_in(source: Source, seed: Seed, capture: Capture) -> Harvest:
    """What an article's answer says. Raises UnfitError for a block, an error page, a page of another site, or one that
    cannot be read."""
    trouble = trouble_of(capture)
    trouble = trouble or strayed(source, seed.url, capture)
    if trouble:
        raise UnfitError(trouble)
    if not capture_is_html(capture):
        return carried_in(source, seed, capture) or file_harvest(seed, capture)
    page = page_of(capture)
    if capture.truncated:
        broken = Doubt("text", "the compressed page breaks off; what came of it was read")
        page = replace(page, doubts=(*page.doubts, broken))
    if foreign := identity_trouble(page.meta, source):
        raise UnfitError(foreign)
    try:
        read = with_row(family_of(source, source.column(seed.column)).read(page, source), seed)
        return with_repeal(with_foreign_documents(read, source), capture.fetched_at.astimezone(CHINA).date())
    except ReadingError as error:
        raise UnfitError(Trouble("unreadable", error.message)) from error
    except Exception as error:
        log.exception("article %s cannot be read", capture.url)
        raise UnfitError(Trouble("unreadable", "the page could not be read; see the log")) from error


def carried_in(source: Source, seed: Seed, capture: Capture) -> Harvest | None:
    """The article as the answer of a list carries it whole; None for any other answer."""
    family = family_of(source, source.column(seed.column))
    try:
        found = family.carried(page_of(capture), seed.url, source) if _is_json(capture) else None
    except Exception:
        log.exception("the answer of %s cannot be read for %s", capture.url, seed.url)
        return None
    return with_repeal(with_row(found, seed), capture.fetched_at.astimezone(CHINA).date()) if found else None


def _is_json(capture: Capture) -> bool:
    return capture.body.lstrip()[:1] == b"{"


def fit(harvest: Harvest) -> Harvest:
    """The harvest, if there is anything in it; UnfitError otherwise."""
    if len(harvest.text.strip()) < LEAST_TEXT and not harvest.attachments:
        raise UnfitError(Trouble("empty", "there is neither text nor a file on the page"))
    if said := excuse(harvest):
        raise UnfitError(said)
    return harvest
