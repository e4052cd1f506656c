"""Something that is not as it should be in a home, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The gravest last. A fault is a loss, or a danger of one; a warning asks for something; a note is good to know.
SEVERITIES: Final = ("note", "warning", "fault")


@dataclass(frozen=True, slots=True)
class Complaint:
    """`code` names the kind, `item` what it is about. `fix` says what `--fix` would do, "" where only a person can do
    something; `advice` says what."""

    code: str
    item: str
    words: str
    severity: str
    fix: str = ""
    advice: str = ""
    fixed: bool = False
