"""The forms in which offices and numbers are compared, so that script, width, space and bracket do not matter."""

from __future__ import annotations

from typing import Final

from bulletin.text.clean import squeeze
from bulletin.text.script import fold

# One spelling for the brackets around a year and the dashes in a number; all of them are typed for one another.
_SPELLINGS: Final = str.maketrans(
    dict.fromkeys("〔【（(［「﹝", "[") | dict.fromkeys("〕】）)］」﹞", "]") | dict.fromkeys("—–－―‐−", "-")
)


def office_key(office: str) -> str:
    return fold(squeeze(office))


def number_form(number: str) -> str:
    """A document or index number, or a fragment of one, as it is compared."""
    return fold(squeeze(number)).translate(_SPELLINGS)


def number_key(*numbers: str | None) -> str:
    """All spellings of a paper's numbers, a line each; a fragment is looked for within the whole."""
    return "\n".join(dict.fromkeys(number_form(number) for number in numbers if number))
