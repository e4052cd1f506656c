"""Papers whose box names the day of their repeal (废止时间) and leaves it to the reader what that means. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from bulletin.harvest import Evidence, Harvest

#: A conclusion from a printed date, not a printed word.
_CONFIDENCE: Final = 0.7


def with_repeal(harvest: Harvest, seen_on: date) -> Harvest:
    """The harvest with 废止 for its validity, where the day of repeal had come when the page was fetched and the page
    says nothing else. `seen_on` is the capture's day, so that the same capture always reads the same."""
    repealed = any(entry.field == "expires_on" and "废止" in entry.label for entry in harvest.block)
    if harvest.validity or not repealed or harvest.expires_on is None or harvest.expires_on > seen_on:
        return harvest
    evidence = (*harvest.evidence, ("validity", Evidence("block", _CONFIDENCE)))
    return replace(harvest, validity="废止", evidence=evidence)
