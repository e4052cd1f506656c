"""The head line and the editor's line: who wrote it, who published it, when, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletin.harvest import BlockEntry, Doubt
from bulletin.text.dates import FoundDate
from crawler.extract.disclosure import Block, fields_of, read_block
from crawler.extract.lines import Line

__all__ = ["Block", "Imprint", "fields_of", "read_block", "read_headline"]


@dataclass(frozen=True, slots=True)
class Imprint:
    """What head and tail lines say. `used` are the indexes of the given lines that are nothing but imprint."""

    author: str | None = None
    source_name: str | None = None
    editor: str | None = None
    reviewer: str | None = None
    published: FoundDate | None = None
    updated: FoundDate | None = None
    office: str | None = None
    entries: tuple[BlockEntry, ...] = ()
    used: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_headline(lines: Sequence[Line | str], position: str = "head") -> Imprint:
    """The imprint in these lines, labels in any order; `position` is "head" or "tail" (fewer labels count there)."""
    raise NotImplementedError
