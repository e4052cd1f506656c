"""The disclosure box (政府信息公开 block): labels and values, however they are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.harvest import BlockEntry, Doubt
from crawler.extract.lines import Line


@dataclass(frozen=True, slots=True)
class Block:
    """The box as printed. `start` to `end` (half open) are the given lines or pairs it was read from."""

    entries: tuple[BlockEntry, ...] = ()
    start: int = 0
    end: int = 0

    def __bool__(self) -> bool:
        return bool(self.entries)


def read_block(given: Sequence[tuple[str, str]] | Sequence[Line | str]) -> Block:
    """The disclosure box in pairs of label and value, or in lines (alternating, one a line, or run together)."""
    raise NotImplementedError


def fields_of(block: Block) -> tuple[dict[str, Any], tuple[Doubt, ...]]:
    """The block's values as Harvest fields (dates parsed, topic split), and what was doubtful in them."""
    raise NotImplementedError
