"""Document numbers (发文字号): agency code, year in 〔〕, serial, 号 (GB/T 9704-2012, 7.2.5), however they are printed.

Reading follows the standards sheet 3.2. A number is unique only together with its issuer: 政办发 may be anybody's, and
two places may share a code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bulletin.text.agency_code import agency_code, issuing_body
from bulletin.text.numerals import ZEROS, by_place, number_of
from bulletin.text.script import fold, to_simplified

_OPEN = "〔［\\[【「『〖（(〈<＜﹝｛{❲〘⟨"
_CLOSE = "〕］\\]】」』〗）)〉>＞﹞｝}❳〙⟩"
_ROUND = "（(〈<＜⟨"
_B = r"[ \t\u00a0\u2002-\u200b\u3000]{0,3}"
_D = "[0-9０-９]"
_YEAR = rf"(?:[1１][9９]|[2２][0０]){_D}{{2}}|[一二][{ZEROS}一二三四五六七八九]{{3}}"
_SERIAL = rf"(?:{_D}{{1,5}}(?!{_D})|[{ZEROS}一二三四五六七八九十百千]{{1,7}})"
_SIGN = "[号號]"

_BRACKETED = re.compile(
    rf"(?P<open>[{_OPEN}]){_B}第?{_B}"
    rf"(?:(?P<year>{_YEAR}){_B}年?{_B}(?P<close>[{_CLOSE}])?|(?P<short>{_D}{{2}}){_B}年?{_B}(?P<shut>[{_CLOSE}]))"
    rf"{_B}(?:字{_B})?第?{_B}(?P<serial>{_SERIAL})(?:{_B}(?P<sign>{_SIGN}))?"
)
_BARE = re.compile(
    rf"(?<=[发發字函办辦规規令告]){_B}(?P<year>{_YEAR})"
    rf"(?P<middle>{_B}[{_CLOSE}]{_B}第?|{_B}年{_B}第|{_B}第|{_B}[-－]|){_B}(?P<serial>{_SERIAL}){_B}{_SIGN}"
)
_ORDER = re.compile(rf"(?<=令){_B}第{_B}(?P<serial>{_SERIAL}){_B}{_SIGN}")
_ORDER_LAST = re.compile(rf"第{_B}(?P<serial>{_SERIAL}){_B}{_SIGN}{_B}令")
_TAIWAN = re.compile(rf"(?<=字)第{_B}(?P<serial>{_D}{{10,11}}){_B}{_SIGN}")
_USUAL_END = re.compile(r"[发字函办规令文任电告议通呈批复综审法保党]$")
_LONGEST = 300
_LONGEST_CODE = 12


@dataclass(frozen=True, slots=True)
class DocNumber:
    """`code` is the agency code in simplified characters, `raw` the number as printed, `canonical` its normal form.

    `kind` is document, order (令), announcement (公告, 通告) or taiwan (字第…號, its year in three digits).
    `year` is None for orders counted through. `sure` is False where brackets were lost, the year has two digits, or the
    code may have swallowed a word.
    """

    code: str
    year: int | None
    serial: int
    kind: str
    canonical: str
    raw: str
    sure: bool


def parse_docnumber(text: str) -> DocNumber | None:
    """The number `text` begins with, blanks anywhere; words behind its 号 are cut off (`raw` ends there)."""
    if len(text) > _LONGEST:
        return None
    kept = [at for at, char in enumerate(text) if not char.isspace() and char not in "\u200b\ufeff"]
    dense = "".join(text[at] for at in kept)
    lead = len(dense) - len(dense.lstrip("(（“\"'‘:："))
    for start, end, number in _found(dense, (), whole=True):
        if start != lead:
            return None
        raw = text[kept[start] : kept[end - 1] + 1]
        return DocNumber(number.code, number.year, number.serial, number.kind, number.canonical, raw, number.sure)
    return None


def find_docnumbers(text: str, codes: Collection[str] = ()) -> list[tuple[int, int, DocNumber]]:
    """Every document number in running text with its start and end, in order.

    `codes` are agency codes known for this publisher: the longest that fits decides where the code begins. Court
    numbers, （2019）川01民终123号, put the year first and are not found.
    """
    return list(_found(text, codes, whole=False))


def match_key(text: str) -> tuple[str, int | None, int] | None:
    """What two spellings of one number have in common: folded code, year, serial. None where `text` is no number."""
    number = parse_docnumber(text)
    return (fold(number.code), number.year, number.serial) if number else None


def _found(text: str, codes: Collection[str], *, whole: bool) -> Iterator[tuple[int, int, DocNumber]]:
    last_end = 0
    for shape in sorted(_shapes(text), key=lambda found: (found.start(), -found.end())):
        if shape.start() < last_end:
            continue
        read = _read(text, shape, last_end, codes, whole=whole)
        if read:
            last_end = read[1]
            yield read


def _shapes(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_BRACKETED, _BARE, _ORDER, _ORDER_LAST, _TAIWAN):
        yield from pattern.finditer(text)


def _read(
    text: str, shape: re.Match[str], floor: int, codes: Collection[str], *, whole: bool
) -> tuple[int, int, DocNumber] | None:
    serial = number_of(shape["serial"])
    if not serial:
        return None
    if shape.re is _BRACKETED and not (shape["sign"] or _can_stand_unsigned(text, shape)):
        return None
    if shape.re in (_ORDER, _ORDER_LAST) or _is_order_with_year(text, shape):
        start, end = issuing_body(text, shape.start(), floor)
    else:
        start, end = agency_code(text, shape.start(), floor, codes, whole=whole)
    code = "".join(to_simplified(text[start:end]).split())
    if not code or (shape.re in (_BARE, _TAIWAN) and len(code) < 2):
        return None
    if shape.re is _ORDER_LAST:
        code += "令"
    number = _number(code, shape, serial, text[start : shape.end()])
    return (start, shape.end(), number) if number else None


def _is_order_with_year(text: str, shape: re.Match[str]) -> bool:
    return shape.re in (_BRACKETED, _BARE) and text[max(0, shape.start() - 6) : shape.start()].rstrip().endswith(
        ("令", "公告", "通告")
    )


def _can_stand_unsigned(text: str, shape: re.Match[str]) -> bool:
    """Without 号 only square kinds of brackets and an end of text or sentence make a document number."""
    behind = text[shape.end() : shape.end() + 1]
    return (
        shape["open"] not in _ROUND and shape["short"] is None and not (behind.isalnum() or behind in tuple("-/.．－"))
    )


def _number(code: str, shape: re.Match[str], serial: int, raw: str) -> DocNumber | None:
    if shape.re is _TAIWAN:
        digits = str(serial).zfill(len(shape["serial"]))
        return DocNumber(code, int(digits[:3]) + 1911, serial, "taiwan", f"{code}第{digits}号", raw, True)
    kind = "order" if code.endswith("令") else "announcement" if code.endswith(("公告", "通告")) else "document"
    sure = len(code) <= _LONGEST_CODE or kind != "document"
    if shape.re in (_ORDER, _ORDER_LAST):
        return DocNumber(code, None, serial, kind, f"{code}第{serial}号", raw, sure)
    year, certain = _year_of(shape, kind)
    if shape.re is _BRACKETED and shape["open"] in _ROUND:
        sure = sure and _USUAL_END.search(code) is not None
    if year is None or not 1949 <= year <= 2099:
        return None
    return DocNumber(code, year, serial, kind, f"{code}〔{year}〕{serial}号", raw, sure and certain)


def _year_of(shape: re.Match[str], kind: str) -> tuple[int | None, bool]:
    """The year, and whether it stands there whole and in its brackets."""
    if shape.re is _BARE:
        return by_place(shape["year"]), kind != "document" and "年" in shape["middle"]
    if shape["short"]:
        short = int(shape["short"])
        return (1900 if short > 48 else 2000) + short, False
    return by_place(shape["year"]), bool(shape["close"])
