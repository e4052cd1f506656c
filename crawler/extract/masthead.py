"""The masthead of a numbered bulletin: its name, its number, who publishes it, its contents, and its articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bulletin.text.issues import IssueLabel
from crawler.extract.lines import Line


@dataclass(frozen=True, slots=True)
class Masthead:
    """`used`: indexes of the lines that became fields or contents; `articles`: indexes of the articles' heading lines."""

    label: IssueLabel
    name: str | None = None
    office: str | None = None
    day: date | None = None
    contents: tuple[str, ...] = ()
    used: tuple[int, ...] = ()
    articles: tuple[int, ...] = ()


def read_masthead(lines: Sequence[Line | str]) -> Masthead | None:
    """The masthead among the first lines of a bulletin, None where there is none."""
    raise NotImplementedError
