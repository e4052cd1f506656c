"""Index numbers (索引号) of the disclosure catalogue, and the check characters within them.

A site changes their shape with its CMS, repeats and mistypes them, so that an index number is a field to show and to
search, never a key; shapes are those of the standards sheet 2.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulletin.text.clean import squeeze
from bulletin.text.regions import region

_DATED = re.compile(r"(?P<date>(?:19|20)[0-9]{6})-(?P<serial>[0-9]{1,10})")
_MONTHLY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?:0[1-9]|1[0-2])-(?P<serial>[0-9]{3,10})")
_SHAPE = re.compile(
    r"(?P<left>[0-9A-Z]{2,25})-?[/\-_](?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])?[-_/](?P<serial>[0-9]{1,8})"
)
_DASHES = str.maketrans("‐‑‒–—―−－", "--------")

_ORG_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """`normal` is upper case and half width without blanks, leading zeros kept; `left` stands before the year.

    `kind` says what `left` is: org (organisation code, GB 11714), uscc (unified social credit code, GB 32100), site
    (division code and four digits), date (the day of an article, `left` empty), opaque (unknown, or a check character
    that does not fit).
    """

    raw: str
    normal: str
    left: str
    year: int | None
    serial: str
    kind: str


def parse_indexnumber(text: str) -> IndexNumber:
    """`text` taken apart as far as its shape is known. Nothing is an error: what is unknown is opaque."""
    raw = text.strip()
    normal = squeeze(raw).translate(_DASHES).upper()
    if dated := _DATED.fullmatch(normal):
        return IndexNumber(raw, normal, "", int(dated["date"][:4]), dated["serial"], "date")
    if shape := _SHAPE.fullmatch(normal):
        return IndexNumber(raw, normal, shape["left"], int(shape["year"]), shape["serial"], _kind(shape["left"]))
    if monthly := _MONTHLY.fullmatch(normal):
        return IndexNumber(raw, normal, "", int(monthly["year"]), monthly["serial"], "opaque")
    return IndexNumber(raw, normal, "", None, "", "opaque")


def _kind(left: str) -> str:
    if len(left) == 18 and is_credit_code(left):
        return "uscc"
    if len(left) == 9 and is_organisation_code(left):
        return "org"
    if len(left) == 10 and left.isdecimal() and region(left[:6]):
        return "site"
    return "opaque"


def organisation_check(body: str) -> str:
    """The check character of the eight characters of an organisation code (GB 11714); "" for characters it has not."""
    if len(body) != 8 or any(char not in _ORG_VALUES for char in body):
        return ""
    rest = 11 - sum(_ORG_VALUES[char] * weight for char, weight in zip(body, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def is_organisation_code(text: str) -> bool:
    """Whether `text`, XXXXXXXX-X or run together, is an organisation code whose check character fits."""
    code = text.upper()
    if len(code) == 10 and code[8] == "-":
        code = code[:8] + code[9]
    return len(code) == 9 and organisation_check(code[:8]) == code[8]


def credit_check(body: str) -> str:
    """The check character of the seventeen characters of a credit code (GB 32100); "" for characters it has not."""
    if len(body) != 17 or any(char not in _USCC_VALUES for char in body):
        return ""
    total = sum(_USCC_VALUES[char] * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """Whether `text` is a unified social credit code whose own check character and inner one (GB 11714) both fit."""
    code = text.upper()
    return len(code) == 18 and credit_check(code[:17]) == code[17] and is_organisation_code(code[8:17])


def is_site_code(text: str) -> bool:
    """Whether `text` has the shape of a site identification code (网站标识码): ten digits, of which six are those of a
    division, or `bm` and eight digits for a department of the State Council. Whether the division is one is not asked;
    a site keeps the code it was once given."""
    return re.fullmatch(r"(?:bm[0-9]{8}|[0-9]{10})", text.strip(), re.I) is not None
