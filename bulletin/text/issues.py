"""Issue labels of bulletins: 2019年第1期(三百四十九), 总第349期, 第1、2期合刊, 增刊, 第3卷第2期, 第一季度."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulletin.text.numerals import ZEROS, number_of

_N = f"[0-9０-９一二三四五六七八九十百千两兩廿卅{ZEROS}]{{1,9}}"
_B = r"[ \t\u00a0\u3000]{0,4}"
_SIGN = "[期号號]"
_YEAR = re.compile(
    f"((?:1[89]|20)[0-9]{{2}}|[１２][０-９]{{3}}|[一二][{ZEROS}一二三四五六七八九]{{3}}){_B}(?:年度?)?{_B}$"
)
_ANY_YEAR = re.compile(
    f"(?<![0-9０-９])((?:1[89]|20)[0-9]{{2}}|[１２][０-９]{{3}}|[一二][{ZEROS}一二三四五六七八九]{{3}}){_B}年"
)
_ISSUE = re.compile(
    rf"第{_B}(?P<first>{_N}){_B}(?:(?:{_SIGN}{_B})?(?:[、,，\-－—–~～至和]{{1,2}}){_B}第?{_B}(?P<last>{_N}){_B})?(?P<unit>{_SIGN})(?:{_B}合刊)?"
)
_QUARTER = re.compile(rf"第?{_B}(?P<first>[一二三四1-4１-４]){_B}(?P<unit>季)度?(?:刊|号|號|合刊)?")
_TOTAL = re.compile(
    rf"[总總]{_B}(?:期数?|期數|号|號)?{_B}[:：]?{_B}第?{_B}({_N})(?:[、\-－—~～至]{{1,2}}({_N}))?{_B}{_SIGN}?"
)
_TOTAL_BEHIND = re.compile(rf"{_B}[（(]{_B}第?{_B}({_N}){_B}{_SIGN}?{_B}[)）]")
_VOLUME = re.compile(rf"第{_B}({_N}){_B}卷{_B}$")
_SUPPLEMENT = re.compile(
    rf"(?:增刊|特刊|号外|號外)(?:{_B}[（(]?{_B}第?{_B}(?P<first>{_N}){_B}(?P<unit>{_SIGN})?{_B}[)）]?)?"
)
#: What numbers its issues; works, courses and loans are numbered in the same words (排水工程第二期, 第3期培训班).
_SERIAL = r"[报報刊讯訊]|信息|資訊|动态|動態|参考|參考|汇编|彙編|摘要|文摘|要情"
_SERIAL_BEFORE = re.compile(rf"(?:{_SERIAL})[^\w]{{0,6}}$")
_LABEL_ENDS = re.compile(rf"{_B}(?:$|[^\w]|[总總]|合刊|增刊|特刊|目录|目錄|[^\n\d]{{0,6}}[报報])")
_NOTHING_MORE = re.compile(r"[\W_]*")
_NUMBERED_PAPER = re.compile(rf"(?:公告|通告|令|通报|通報|决定|決定|第){_B}$")
_HINT = re.compile("[期号號季刊总總]")
_LONGEST_LINE = 150
#: A bulletin of a week is the most frequent of those that begin anew each year and print no year.
_MOST_IN_A_YEAR = 53


@dataclass(frozen=True, slots=True)
class IssueLabel:
    """`first` to `last` are the numbers within the year or volume, `total` counts from the bulletin's beginning.

    `unit` is 期, 号 or 季 ("" where none is printed); `raw` is the label as printed, cut out of the line. Consecutive
    issues must raise `total` by the number of issues.
    """

    raw: str
    year: int | None = None
    first: int | None = None
    last: int | None = None
    total: int | None = None
    supplement: bool = False
    unit: str = ""
    volume: int | None = None


@dataclass(slots=True)
class _Label:
    """A label being put together; `start` and `end` mark what belongs to it in the line."""

    line: str
    start: int
    end: int
    year: int | None = None
    first: int | None = None
    last: int | None = None
    total: int | None = None
    supplement: bool = False
    unit: str = ""
    volume: int | None = None

    def cover(self, start: int, end: int) -> None:
        self.start, self.end = min(self.start, start), max(self.end, end)

    def done(self) -> IssueLabel:
        if self.year is None and self.volume is None and self.first and self.first > _MOST_IN_A_YEAR and not self.total:
            self.total = self.first
        last = self.last if self.last is not None else self.first
        raw = self.line[self.start : self.end].strip()
        return IssueLabel(raw, self.year, self.first, last, self.total, self.supplement, self.unit, self.volume)


def parse_issue(text: str) -> IssueLabel | None:
    """The issue label `text` is or contains; `text` is one line of a masthead or a title.

    A number above 53 without a year is read as the running total, too. 第3期培训班 and 公告第3号 are no labels.
    """
    line = text.strip()
    if len(line) > _LONGEST_LINE or "\n" in line or not _HINT.search(line):
        return None
    label = _numbered(line) or _supplement(line) or _total_only(line)
    return label.done() if label else None


def _numbered(line: str) -> _Label | None:
    for pattern in (_ISSUE, _QUARTER):
        for found in pattern.finditer(line):
            if _inside_total(line, found.start()):
                continue
            label = _from_number(line, found)
            if label:
                _add_total(label)
                return label
    return None


def _inside_total(line: str, start: int) -> bool:
    return line[:start].rstrip(" \t\u00a0\u3000").endswith(("总", "總", "总期", "總期"))


def _from_number(line: str, found: re.Match[str]) -> _Label | None:
    first = number_of(found["first"])
    last = number_of(found["last"]) if "last" in found.re.groupindex and found["last"] else None
    if first is None or (last is not None and last < first):
        return None
    before, after = line[: found.start()], line[found.end() :]
    label = _Label(line, found.start(), found.end(), first=first, last=last, unit=found["unit"].replace("號", "号"))
    year, volume = _YEAR.search(before), _VOLUME.search(before)
    if volume:
        label.volume, label.start = number_of(volume[1]), volume.start()
        year = _YEAR.search(line[: volume.start()])
    if year:
        label.year, label.start = number_of(year[1]), year.start()
    if not _LABEL_ENDS.match(after) or (label.unit == "号" and _NUMBERED_PAPER.search(line[: label.start])):
        return None
    if not (year or volume) and not _numbers_a_serial(label):
        return None
    _look_round(label)
    return label


def _numbers_a_serial(label: _Label) -> bool:
    """Whether 第N期 without a year stands alone, beside a total, or behind the name of something that has issues."""
    before, after = _ANY_YEAR.sub("", label.line[: label.start]), _ANY_YEAR.sub("", label.line[label.end :])
    if _TOTAL.search(label.line):
        return True
    if label.unit == "号":
        return False
    if _NOTHING_MORE.fullmatch(before):
        return _NOTHING_MORE.fullmatch(after) is not None or _SUPPLEMENT.search(after) is not None
    return _SERIAL_BEFORE.search(before) is not None


def _look_round(label: _Label) -> None:
    """A year and a supplement mark elsewhere in the line belong to the label; its extent grows only over neighbours."""
    if label.year is None and (year := _ANY_YEAR.search(label.line)):
        label.year = number_of(year[1])
    if mark := _SUPPLEMENT.search(label.line):
        label.supplement = True
        if mark.start() <= label.end + 2 and mark.end() >= label.start - 2:
            label.cover(mark.start(), mark.end())


def _add_total(label: _Label) -> None:
    if behind := _TOTAL_BEHIND.match(label.line, label.end):
        label.total = number_of(behind[1])
        label.end = behind.end()
        return
    if total := _TOTAL.search(label.line):
        label.total = number_of(total[2] or total[1])
        start, end = total.span()
        if re.search(rf"[（(]{_B}$", label.line[:start]) and (close := re.match(rf"{_B}[)）]", label.line[end:])):
            start, end = max(label.line.rfind("(", 0, start), label.line.rfind("（", 0, start)), end + close.end()
        label.cover(start, end)


def _supplement(line: str) -> _Label | None:
    found = _SUPPLEMENT.search(line)
    if not found or not _LABEL_ENDS.match(line, found.end()):
        return None
    label = _Label(line, *found.span(), supplement=True)
    if found["first"]:
        label.first, label.unit = number_of(found["first"]), (found["unit"] or "").replace("號", "号")
    if year := _YEAR.search(line[: found.start()]):
        label.year, label.start = number_of(year[1]), year.start()
    _add_total(label)
    return label


def _total_only(line: str) -> _Label | None:
    found = _TOTAL.search(line)
    if not found or not re.search(rf"第|{_SIGN}", found[0]):
        return None
    label = _Label(line, *found.span(), total=number_of(found[2] or found[1]), unit="期")
    if year := _ANY_YEAR.search(line):
        label.year = number_of(year[1])
    return label
