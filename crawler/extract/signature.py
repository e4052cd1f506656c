"""The office and date under a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bulletin.harvest import Doubt
from crawler.extract.lines import Line


@dataclass(frozen=True, slots=True)
class Signature:
    """`used` are the indexes of the lines it stands in; they stay in the text."""

    offices: tuple[str, ...] = ()
    day: date | None = None
    used: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_signature(lines: Sequence[Line | str]) -> Signature | None:
    """The first signature in a body: office above, before or after a date, in the shapes offices sign."""
    raise NotImplementedError
