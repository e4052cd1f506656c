"""The forms in which things are compared: URLs by key; offices, numbers and regions so that script, width, space and
brackets do not matter. Searching compares these in the same way."""

from __future__ import annotations

import re
from typing import Final

from bulletin.errors import UsageError
from bulletin.ids import canonical_url, digest, document_id
from bulletin.text.script import fold

# Letters, digits and Chinese characters; radicals and the ideographic planes are spelt out, because Python's Unicode
# tables are older than some extensions.
_OTHER: Final = re.compile("(?:[^\\w\u2e80-\u2fdf\U00020000-\U0003fffd]|_)+")


# NUL and lone surrogates: neither UTF-8 nor PostgreSQL has a place for them.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable_text(text: str) -> str:
    """The text with U+FFFD for what no database takes."""
    return _UNSTORABLE.sub("\ufffd", text)


def plain_url(url: str) -> str:
    """The canonical form of a URL, as it is kept; of what is no URL, the text itself."""
    text = storable_text(url)
    try:
        return canonical_url(text)
    except ValueError:
        return text


def url_key(source_id: str, url: str) -> str:
    """By which a URL of a source is looked up: the id it would give a document."""
    try:
        return document_id(source_id, storable_text(url))
    except ValueError:
        return digest(f"{source_id}\n{storable_text(url)}".encode())


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
    from bulletin.text.docnumber import parse_docnumber  # large, and of no use to who only wants keys of URLs

    parsed = parse_docnumber(text)
    forms = (asked_letters(text, "number"), letters(parsed.canonical) if parsed else "")
    return tuple(dict.fromkeys(form for form in forms if form))


def region_prefix(code: str) -> str:
    """The digits that all places within a division share: 610000 is every 61…, 610700 every 6107…"""
    code = code.strip()
    if len(code) == 6:
        return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code
