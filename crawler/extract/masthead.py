"""The masthead of a numbered bulletin: its name, its number, who publishes it, its contents, and its articles.

第N期(总第N期), office and date, 导读 or 目录, then articles: an article begins where a line of the contents is
repeated; without contents, where a heading stands between the end of one text (its byline) and the first paragraph of
the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from bulletin.text.dates import find_dates
from bulletin.text.issues import IssueLabel, parse_issue
from crawler.extract.chrome import role_of
from crawler.extract.headings import is_caption, is_long, number_before
from crawler.extract.imprint import entries_of
from crawler.extract.lines import Line, as_lines, matching
from crawler.extract.signature import is_office

#: How far down a masthead may begin, and how long its lines are.
_DEPTH: Final = 30
_LONGEST: Final = 80
#: Entries of a list of contents, at most.
_MOST: Final = 60
_CONTENTS: Final = re.compile(
    r"[◆●■★☆【\[(《〈<—\-]*(?:本期)?(?:导读|目录|要目|要览|内容提要|提要|内容导读|目次|导航|内容|"
    r"看点|重点|摘要|主要内容|要闻|信息目录|导语|索引)"
    r"(?:提示)?[◆●■★☆】\])》〉>—\-]*:?"
)
_ISSUE_LINE: Final = re.compile(r"第?[0-9〇零一二三四五六七八九十百千]{1,8}(?:期|号)|增刊|专刊|特刊")
_NAME: Final = re.compile(
    r"(?:快报|简报|信息|动态|公报|通讯|专报|专刊|通报|快讯|要情|月报|周报|旬报|日报|参考|政报|"
    r"内参|摘报|摘编|专辑|导刊|简讯|情况|"
    r"通告|要报|工作交流|工作情况|报告)$"
)
_LEADER: Final = re.compile(r"[.…·。\-_—\s]*[(（]?\d{0,3}[)）]?$")
_BULLET: Final = re.compile(
    r"^(?:[◆●■★☆▲△◇○•·*>\-—\s▶►▷◎※✦☞➤▪◈♦➢√]+|[(（]?\d{1,2}[)）.、．]\s*|[一二三四五六七八九十]{1,3}、\s*|[①-⑳]\s*)+"
)
_BYLINE: Final = re.compile(r"[(（【][^()（）【】。]{2,40}[)）】]\s*$")
_EDITORIAL: Final = re.compile(r"(?:编发|编印|主办|编辑|编|印发|编制|主编)$")
_RULE: Final = re.compile(r"[—\-_=*·\s]+")


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the head of an issue says.

    `used` are the indexes of the lines that became fields or contents; `articles` those of the articles' heading lines,
    `body` the first line after the masthead.
    """

    label: IssueLabel
    name: str | None = None
    office: str | None = None
    day: date | None = None
    contents: tuple[str, ...] = ()
    used: tuple[int, ...] = ()
    articles: tuple[int, ...] = ()
    body: int = 0


def read_masthead(lines: Sequence[Line | str]) -> Masthead | None:
    """The masthead among the first lines of a bulletin, None where there is none.

    Every line that is nothing but issue number, office or date is looked at; the number of a line that names the year
    is preferred to one inside a title.
    """
    given = as_lines(lines)
    found = list(_issue_lines(given))
    if not found:
        return None
    at, label = max(found, key=lambda item: _weight(given[item[0]].text, item[1]))
    alone = [index for index, _ in found if _is_label_line(given[index].text)]
    office, day, signed = _office_and_date(given, at)
    contents, body, listed = _contents(given, max([at, *signed, *alone]) + 1)
    name, _ = _name(given, [index for index, _ in found], at)
    used = sorted({*alone, *signed, *listed})
    articles = _repeats(given, contents, body) or _by_bylines(given, body)
    return Masthead(label, name, office, day, contents, tuple(used), tuple(articles), body)


def _issue_lines(given: Sequence[Line]) -> Iterator[tuple[int, IssueLabel]]:
    for index, line in enumerate(given[:_DEPTH]):
        if is_long(line) and len(line.text) > _LONGEST:
            return
        if len(line.text) > _LONGEST or not _ISSUE_LINE.search(matching(line.text)):
            continue
        if role_of(line, "head") or line.text.rstrip()[-1] in "。，,；;":
            continue
        label = parse_issue(line.text)
        if label is not None and (_is_label_line(line.text) or _names_an_issue(line.text, label)):
            yield index, label


def _names_an_issue(text: str, label: IssueLabel) -> bool:
    """脱贫攻坚快报(第3期) is the name of an issue; a training course has a 第3期 too."""
    before = matching(text[: max(0, text.find(label.raw))]).rstrip("([《〈【〔」》〉—-·:")
    return bool(_NAME.search(before))


def _weight(text: str, label: IssueLabel) -> tuple[bool, bool, int]:
    return label.year is not None, label.total is not None and label.first is not None, -len(text)


def _is_label_line(text: str) -> bool:
    """Whether a line holds nothing but the issue's number, and perhaps its office and date."""
    label = parse_issue(text)
    if label is None:
        return False
    rest = text.replace(label.raw, " ", 1)
    for found in reversed(find_dates(rest)):
        rest = rest[: found.start] + " " + rest[found.end :]
    words = [word for word in re.split(r"[\s()（）〔〕|｜]+", _RULE.sub(" ", rest)) if word]
    return all(_is_publisher(word) or len(word) <= 1 for word in words) and len(words) <= 3


def _is_publisher(text: str) -> bool:
    bare = _EDITORIAL.sub("", text.strip()) or text
    return is_office(bare)


def _office_and_date(given: Sequence[Line], at: int) -> tuple[str | None, date | None, list[int]]:
    """The office and date of an issue: in the label's line, just below it, or just above."""
    office: str | None = None
    day: date | None = None
    used: list[int] = []
    label = parse_issue(given[at].text)
    around = [at, at + 1, at + 2, at + 3, at - 1, at - 2]
    for index in around:
        if not 0 <= index < len(given) or (office and day):
            continue
        text = given[index].text.replace(label.raw, " ", 1) if label and index == at else given[index].text
        if len(text) > _LONGEST or (index != at and (entries_of(text, "head") and ":" in matching(text))):
            continue
        dates = [found for found in find_dates(text) if found.precision == "day"]
        rest = text
        for found in reversed(find_dates(text)):
            rest = rest[: found.start] + " " + rest[found.end :]
        rest = _RULE.sub(" ", rest).strip(" ()（）|｜")
        publisher = rest if rest and _is_publisher(rest) else None
        if rest and publisher is None:
            if index > at:
                break
            continue
        if (dates and day is None) or (publisher and office is None):
            day = day or (dates[0].day if dates else None)
            office = office or (_EDITORIAL.sub("", publisher).strip() if publisher else None)
            used += [index] if index != at else []
    return office, day, used


def _contents(given: Sequence[Line], start: int) -> tuple[tuple[str, ...], int, list[int]]:
    """The list of contents, the first line after it, and the lines it takes: entries are repeated farther down."""
    heads = [i for i in range(start, min(len(given), start + 8)) if _CONTENTS.fullmatch(matching(given[i].text))]
    first = heads[0] + 1 if heads else start
    keys = [_entry(line.text) if len(line.text) <= 2 * _LONGEST else "" for line in given]
    last = {key: index for index, key in enumerate(keys)}
    index = first
    while index < min(len(given), first + _MOST) and keys[index] and not _ends_sentence(given[index].text):
        if index > first and keys[index] == keys[first]:
            break
        near = heads and any(_alike(keys[index], key) for key in keys[index + 1 : index + 400])
        if last[keys[index]] <= index and not near:
            break
        index += 1
    if index == first or (not heads and index - first < 2):
        return (), first if heads else start, heads[:1]
    return tuple(line.text for line in given[first:index]), index, [*heads[:1], *range(first, index)]


def _ends_sentence(text: str) -> bool:
    return text.rstrip()[-1] in "。；;"


def _entry(text: str) -> str:
    """A line of contents, or a heading, as they are compared: no bullet, no number, no leader, no page."""
    return _LEADER.sub("", matching(_BULLET.sub("", text)))


def _alike(one: str, other: str) -> bool:
    """Equal but for a slip: headings are sometimes mended in one of the two places."""
    return len(one) >= 8 and one[:2] == other[:2] and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.9


def _repeats(given: Sequence[Line], contents: Sequence[str], body: int) -> list[int]:
    """Where the articles begin: each entry of the contents, repeated, in order."""
    keys = [_entry(line.text) if len(line.text) <= 2 * _LONGEST else "" for line in given]
    found: list[int] = []
    position = body
    for entry in map(_entry, contents):
        later = range(position, len(given))
        same = next((index for index in later if keys[index] == entry), None)
        if same is None:
            same = next((index for index in later if _alike(keys[index], entry)), None)
        if same is not None:
            found.append(same)
            position = same + 1
    return found


def _by_bylines(given: Sequence[Line], body: int) -> list[int]:
    """Articles of an issue without contents: a short line before a paragraph, first of all or after a byline."""
    found: list[int] = []
    for index in range(body, len(given) - 1):
        line = given[index]
        if len(line.text) > 60 or _ends_sentence(line.text) or line.text[-1] in ":：" or not is_long(given[index + 1]):
            continue
        if number_before(line.text) or is_caption(line.text) or _BYLINE.fullmatch(line.text):
            continue
        if index == body or _BYLINE.search(given[index - 1].text):
            found.append(index)
    return found


def _name(given: Sequence[Line], issues: Sequence[int], at: int) -> tuple[str | None, int | None]:
    """The bulletin's name: the line with a number that is not the label's own, or the line above the label."""
    for index in issues:
        if not _is_label_line(given[index].text):
            return given[index].text, index
    for index in range(at - 1, max(-1, at - 4), -1):
        text = given[index].text
        if entries_of(text, "head") or role_of(text, "head"):
            continue
        if _NAME.search(matching(text)) and len(text) <= 40:
            return text, index
    return None, None
