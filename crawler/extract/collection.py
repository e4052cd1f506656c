"""A page that gathers texts from elsewhere: sample-text sites put reports of several places under one address.

Told by the site's own preamble (为您整理了…篇范文), by part headings (篇一), and by numbering that begins anew while
the places named change. What is found is split, and doubted: it is not the county's own publication.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.harvest import Doubt
from crawler.extract.chrome import role_of
from crawler.extract.headings import Number, number_before
from crawler.extract.lines import Line, as_lines, matching

_PART: Final = re.compile(
    r"[【\[(（《]?(?:(?:范文|例文|样本|文章)?[篇第](?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:篇|"
    r"部分)?|(?:范文|例文|样本|参考)[篇第]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}))"
    r"[】\])）》]?(?:[:：、.\s].{0,60}|$)"
)
_SAMPLES: Final = re.compile(
    r"范文|例文|(?:总结|报告|方案|讲话稿|材料|心得|计划)(?:模板|样本|大全)|(?:精选|通用|最新|推荐|"
    r"优秀).{0,10}\d{1,3}篇|\d{1,3}篇$"
)
_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{2}(?:自治县|县|镇|乡|街道|村|市|区|旗)")
#: Characters that are no part of a place's name, and those that make 农村, 城镇, 社区 when they stand last.
_NO_PLACE: Final = frozenset(
    "全各我本该每等驻进到下出入离由及和与在为对的个是贫困行政重点少多数两非们所有老新丽示范县市区街道级百千万第这那其某整抓向"
    "从把被将以设建强镇乡村动改"
)
_NO_PLACE_LAST: Final = frozenset("农城集社山自然辖片地景园小校郊边")
_LEAD: Final = re.compile(r"(?:如下|总结|汇报|报告|情况)(?:如下)?[:。]?$|[:：]$")
#: Paragraphs without number that may open a text before its 一、.
_LONGEST_LEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Collection:
    """`parts` are half-open ranges of lines, one for each text; `preamble` the lines of the site's own words."""

    parts: tuple[tuple[int, int], ...]
    preamble: tuple[int, ...] = ()
    places: tuple[tuple[str, ...], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_collection(lines: Sequence[Line | str], *, body: int = 0) -> Collection | None:
    """The texts of a collection, None for a page with one text (whose annexes may number anew).

    A preamble or a title of the kind is enough with one boundary; without it, numbering must begin anew twice and the
    places must differ from text to text.
    """
    given = as_lines(lines)
    preamble = [index for index, line in enumerate(given[:12]) if role_of(line, "head") == "preamble"]
    preamble += [i for i in range(max(0, len(given) - 4), len(given)) if role_of(given[i], "tail") == "preamble"]
    announced = bool(preamble) or any(
        _SAMPLES.search(matching(line.text)) for line in given[:3] if len(line.text) <= 60
    )
    start = max([body, *(index + 1 for index in preamble if index < len(given) // 2)], default=body)
    cuts = _part_headings(given, start) if announced else []
    cuts = cuts if len(cuts) >= 2 else _restarts(given, start, announced)
    parts = tuple(zip([start, *cuts], [*cuts, len(given)], strict=True))
    parts = tuple((first, end) for first, end in parts if end > first)
    places = tuple(tuple(_places(given[first:end])) for first, end in parts)
    if len(parts) < (2 if announced else 3) or not (announced or _differ(places)):
        return Collection(parts[:1], tuple(preamble), places[:1], _doubts(places, preamble)) if preamble else None
    return Collection(parts, tuple(sorted(set(preamble))), places, _doubts(places, preamble))


def _part_headings(given: Sequence[Line], start: int) -> list[int]:
    return [index for index in range(start, len(given)) if is_part_heading(given[index].text)]


def offers_samples(text: str) -> bool:
    """Whether a short line is the title of a page of sample texts."""
    return len(text) <= 60 and bool(_SAMPLES.search(matching(text)))


def is_part_heading(text: str) -> bool:
    """篇一, 第一篇, 范文2 and the like, with or without a title."""
    return len(text) <= 70 and bool(_PART.fullmatch(text)) and text[-1] not in "。；"


def _restarts(given: Sequence[Line], start: int, announced: bool) -> list[int]:
    """Where a new text begins: numbering of the widest style anew at one, with the paragraphs that lead up to it."""
    numbers = {index: number for index in range(start, len(given)) if (number := number_before(given[index].text))}
    if not numbers:
        return []
    widest = min(number.rank for number in numbers.values())
    cuts: list[int] = []
    last: Number | None = None
    for index, number in numbers.items():
        if number.rank != widest:
            continue
        if number.value == 1 and (last is not None or announced):
            cut = _with_lead(given, numbers, index, cuts[-1] if cuts else start)
            if last is not None or (cut > start and _another_place(given, start, cut, index)):
                cuts.append(cut)
        last = number
    return cuts


def _with_lead(given: Sequence[Line], numbers: dict[int, Number], index: int, floor: int) -> int:
    """The beginning of a text whose 一、 stands at `index`: a lead that ends with a colon or 如下, a short title."""
    cut = index
    for _ in range(_LONGEST_LEAD):
        above = cut - 1
        if above <= floor or above in numbers:
            break
        text = given[above].text
        if _LEAD.search(matching(text)) or (len(text) <= 30 and text[-1] not in "。；;！!"):
            cut = above
        else:
            break
    return cut


def _another_place(given: Sequence[Line], start: int, cut: int, index: int) -> bool:
    """Whether the paragraphs before the first 一、 speak of places the text after it does not know."""
    following = next((i for i in range(index + 1, len(given)) if _is_first(given[i].text)), len(given))
    before, after = set(_places(given[start:cut])), set(_places(given[cut:following]))
    return cut - start > 1 and bool(before) and bool(after) and not before & after


def _is_first(text: str) -> bool:
    number = number_before(text)
    return number is not None and number.value == 1 and number.rank <= 4


def _places(lines: Sequence[Line]) -> list[str]:
    """Names of places in these lines, the commonest first (the two characters before 县, 镇, 村 with it)."""
    found: Counter[str] = Counter()
    for line in lines:
        for match in _PLACE.finditer(matching(line.text)):
            if not _NO_PLACE & set(match.group()[:2]) and match.group()[1] not in _NO_PLACE_LAST:
                found[match.group()] += 1
    return [name for name, _ in found.most_common(6)]


def _differ(places: Sequence[Sequence[str]]) -> bool:
    """Whether the texts name places, and hardly two of them a common one."""
    named = [set(names) for names in places if names]
    shared = sum(bool(one & other) for i, one in enumerate(named) for other in named[i + 1 : i + 6])
    return len(named) >= 3 and shared == 0


def _doubts(places: Sequence[Sequence[str]], preamble: Sequence[int]) -> tuple[Doubt, ...]:
    named = [names[0] for names in places if names]
    reasons = [f"{len(places)} texts put together on one page: not the publisher's own"]
    if preamble:
        reasons.append("the page offers sample texts")
    if len(set(named)) > 1:
        reasons.append("they speak of different places: " + "、".join(dict.fromkeys(named)))
    return tuple(Doubt("kind", reason) for reason in reasons)
