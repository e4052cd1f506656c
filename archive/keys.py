"""The forms in which offices, numbers and regions are compared, so that script, width, space and brackets do not
matter. Searching compares them in the same way."""

from __future__ import annotations

import re
from typing import Final

from bulletin.errors import UsageError
from bulletin.text.docnumber import parse_docnumber
from bulletin.text.script import fold

# Letters, digits and Chinese characters; radicals and the ideographic planes are spelt out, because Python's Unicode
# tables are older than some extensions.
_OTHER: Final = re.compile("(?:[^\\w\u2e80-\u2fdf\U00020000-\U0003fffd]|_)+")


def letters(text: str) -> str:
    """Letters, digits and Chinese characters of `text`, folded."""
    return _OTHER.sub("", fold(text))


def asked_letters(text: str, name: str) -> str:
    """The same of what somebody asks for; UsageError if nothing is left."""
    found = letters(text)
    if not found:
        raise UsageError(
            f"The {name} {text!r} holds no letter, digit or Chinese character.", f"Give a part of the {name}."
        )
    return found


def number_key(*numbers: str | None) -> str:
    """All spellings of a paper's numbers, a line each; what is asked for is looked for within."""
    return "\n".join(dict.fromkeys(letters(number) for number in numbers if number))


def number_needles(text: str) -> tuple[str, ...]:
    """The forms in which a number, or a piece of one, is looked for: as typed, and as it would be printed."""
    parsed = parse_docnumber(text)
    forms = (asked_letters(text, "number"), letters(parsed.canonical) if parsed else "")
    return tuple(dict.fromkeys(form for form in forms if form))


def region_prefix(code: str) -> str:
    """The digits that all places within a division share: 610000 is every 61…, 610700 every 6107…"""
    code = code.strip()
    if len(code) == 6:
        return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code
