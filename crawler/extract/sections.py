"""Headings and what stands under them."""

from __future__ import annotations

from collections.abc import Sequence

from bulletin.harvest import Section
from crawler.extract.lines import Line


def sections_of(lines: Sequence[Line | str]) -> tuple[Section, ...]:
    """The sections of a body, nested by the rank of their headings; text before the first heading is in none."""
    raise NotImplementedError
