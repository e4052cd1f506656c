"""Papers whose disclosure box names the day of their repeal (废止时间) and leaves it to the reader what that means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bulletin.harvest import Evidence, Harvest
from bulletin.record import CHINA

Today = Callable[[], date]

#: A conclusion from a printed date, not a printed word.
_CONFIDENCE: Final = 0.7


def today_in_shanghai() -> date:
    return datetime.now(UTC).astimezone(CHINA).date()


def with_repeal(harvest: Harvest, today: date) -> Harvest:
    """The harvest with 废止 for its validity, where the day of repeal has come and the page says nothing else."""
    repealed = any(entry.field == "expires_on" and "废止" in entry.label for entry in harvest.block)
    if harvest.validity or not repealed or harvest.expires_on is None or harvest.expires_on > today:
        return harvest
    evidence = (*harvest.evidence, ("validity", Evidence("block", _CONFIDENCE)))
    return replace(harvest, validity="废止", evidence=evidence)
