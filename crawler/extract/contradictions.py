"""What a reading says against itself: both values are kept, an archivist is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bulletin.harvest import Doubt, Harvest
from bulletin.text.docnumber import parse_docnumber

_DATES: Final = ("dated_on", "signed_on", "published_on")


def contradictions_of(harvest: Harvest, *, today: date | None = None) -> tuple[Doubt, ...]:
    """Doubts about fields that do not agree: publication before signing, a number of another year, a future date.

    Without `today` no date is in the future. A document of December published in January is no contradiction.
    """
    return (*_order(harvest), *_years(harvest), *(_future(harvest, today) if today else ()))


def _order(harvest: Harvest) -> Iterator[Doubt]:
    published = harvest.published_on
    for name in ("dated_on", "signed_on"):
        written: date | None = getattr(harvest, name)
        if published and written and published < written:
            yield Doubt("published_on", f"published {published}, before {name} {written}")
    if harvest.effective_on and harvest.expires_on and harvest.expires_on < harvest.effective_on:
        yield Doubt("expires_on", f"expires {harvest.expires_on}, before it takes effect {harvest.effective_on}")
    if harvest.dated_on and harvest.signed_on and harvest.dated_on < harvest.signed_on:
        yield Doubt("dated_on", f"dated {harvest.dated_on}, before it was signed {harvest.signed_on}")


def _years(harvest: Harvest) -> Iterator[Doubt]:
    number = parse_docnumber(harvest.number) if harvest.number else None
    written = harvest.signed_on or harvest.dated_on
    if number and number.year and written and abs(number.year - written.year) >= 1:
        yield Doubt("number", f"{harvest.number} is of {number.year}, the paper of {written}")


def _future(harvest: Harvest, today: date) -> Iterator[Doubt]:
    for name in _DATES:
        day: date | None = getattr(harvest, name)
        if day and day > today:
            yield Doubt(name, f"{day} lies in the future (read on {today})")
