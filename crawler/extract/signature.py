"""The office and date under a text (落款): who signed it, and when.

Office above the date, beside it, several offices, the date in figures, in Chinese numerals, or with its marks lost on
the way (2019228); the seal's line between them; the signature at the end, or before an attachment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bulletin.harvest import Doubt
from bulletin.text.dates import find_dates
from crawler.extract.lines import Line, as_lines, matching

_OFFICE: Final = re.compile(
    r"(?:政府|办公室|办公厅|办|委员会|委|局|厅|部|处|科|股|院|所|站|中心|领导小组|小组|指挥部|"
    r"总队|支队|大队|队|公司|银行|学校|大学|中学|"
    r"小学|医院|协会|学会|联合会|联|总工会|工会|共青团|法院|检察院|公安局|分局|党组|党委|总支|"
    r"支部|镇|乡|街道|村|社区|会|团委|县|市|区|社|馆|园|场|厂|"
    r"专班|联席会议|管委会|基金会|人大|政协|集团)(?:\([^()]{1,16}\))?(?:\(?(?:盖?章|公章|代章|印)\)?)?$"
)
#: What may follow the date of a signature.
_AFTER_DATE: Final = " 印发)）制"
_SEAL: Final = re.compile(r"\(?(?:盖章|公章|印章|章|此处盖章|印)\)?")
_SIGNER: Final = re.compile(r"(?:代?(?:省|州|市|县|区|镇|乡)长|主任|局长|书记|主席)[\u4e00-\u9fff]{2,4}")
_LOST: Final = re.compile(r"(?:19|20)\d{4,6}")
_NO_OFFICE: Final = re.compile(r"[。，,;；!！?？:]|关于|^附件|^抄送|^\d|通知$|方案$|意见$")
#: Lines between the office and its date: a second office, the seal.
_REACH: Final = 6


@dataclass(frozen=True, slots=True)
class Signature:
    """`used` are the indexes of the lines it stands in; they stay in the text."""

    offices: tuple[str, ...] = ()
    day: date | None = None
    used: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_signature(lines: Sequence[Line | str]) -> Signature | None:
    """The first signature in a body: a date on a line of its own, or behind an office, after at least one paragraph.

    A date that lost its marks is read when only one day can be meant, and always doubted.
    """
    given = as_lines(lines)
    for index, line in enumerate(given):
        if len(line.text) > 80 or not index:
            continue
        day, before, doubts = _signed(line.text)
        if day is None and not doubts:
            continue
        offices, used = _offices(given, index, before)
        if offices or used or (day is not None and _stands_at_the_end(given, index)):
            return Signature(offices, day, (*used, index), doubts)
    return None


def _signed(text: str) -> tuple[date | None, str, tuple[Doubt, ...]]:
    """The date a line ends with, what stands before it, and what is doubtful about it."""
    bare = text.strip().rstrip("。.")
    found = find_dates(bare)
    if found and found[-1].precision == "day" and not bare[found[-1].end :].strip(_AFTER_DATE):
        before = bare[: found[-1].start].strip(" \u3000(（")
        return (found[-1].day, before, ()) if len(found) == 1 and not bare.startswith(("(", "（")) else (None, "", ())
    lost = _LOST.fullmatch(matching(bare).replace("年", "").replace("月", "").replace("日", ""))
    if not lost:
        return None, "", ()
    return _unmarked(lost.group())


def _unmarked(digits: str) -> tuple[date | None, str, tuple[Doubt, ...]]:
    """The days that digits without marks can mean: 2019228 is one day, 2019111 is two."""
    rest = digits[4:]
    days: list[date] = []
    for cut in range(1, len(rest)):
        month, day = rest[:cut], rest[cut:]
        if (len(rest) < 4 and "0" in (month[0], day[0])) or len(month) > 2 or len(day) > 2:
            continue
        try:
            days.append(date(int(digits[:4]), int(month), int(day)))
        except ValueError:
            continue
    if len(days) == 1:
        return days[0], "", (Doubt("signed_on", f"{digits} was read as {days[0]}: its marks are lost"),)
    if days:
        either = " or ".join(map(str, days))
        return None, "", (Doubt("signed_on", f"{digits} may be {either}: its marks are lost"),)
    return None, "", ()


def _offices(given: Sequence[Line], index: int, before: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The offices in the date's own line or in the lines just above it."""
    if before:
        return (tuple(before.split()) if is_office(before) else ()), ()
    offices: list[str] = []
    used: list[int] = []
    for above in range(index - 1, max(0, index - _REACH) - 1, -1):
        text = given[above].text
        if _SEAL.fullmatch(matching(text)) or _SIGNER.fullmatch(matching(text)):
            used.append(above)
        elif is_office(text):
            offices.append(text)
            used.append(above)
        else:
            break
    return tuple(offices[::-1]), tuple(used[::-1])


def is_office(text: str) -> bool:
    """Whether a short line is the name of an office and nothing else."""
    key = matching(text)
    return 2 <= len(key) <= 60 and not _NO_OFFICE.search(key) and bool(_OFFICE.search(key))


def _stands_at_the_end(given: Sequence[Line], index: int) -> bool:
    """A date alone is a signature at the end of the text, or set to the right."""
    rest = given[index + 1 :]
    return given[index].centered or not rest or matching(rest[0].text).startswith(("附件", "附:", "(此件", "抄送"))
