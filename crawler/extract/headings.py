"""What makes a line a heading: its number, or that it stands alone, short, between long paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulletin.text.numerals import number_of
from crawler.extract.lines import Line, matching

_HAN_NUMBER: Final = "[〇零一二三四五六七八九十百]{1,5}"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED_HAN: Final = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED: Final = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
#: Styles of numbers, from the widest rank to the narrowest (GB/T 9704: 一、 (一) 1. (1); laws: 编 章 节 条).
_STYLES: Final = tuple(
    re.compile(form)
    for form in (
        rf"第(?P<n>{_HAN_NUMBER}|\d{{1,3}})(?:编|篇|部分|編)(?!文|报道)",
        rf"第(?P<n>{_HAN_NUMBER}|\d{{1,3}})章",
        rf"第(?P<n>{_HAN_NUMBER}|\d{{1,3}})[节節]",
        rf"第(?P<n>{_HAN_NUMBER}|\d{{1,4}})[条條](?=\s|[^款项規规例线線路])",
        rf"(?P<n>{_HAN_NUMBER})\s?(?:[、．]|[.,，](?!\d))|(?P<n2>{_HAN_NUMBER})\s(?=[\u4e00-\u9fff])",
        rf"[(（]\s?(?P<n>{_HAN_NUMBER})\s?[)）][、.．]?|(?P<g>[{_BRACKETED_HAN}])",
        rf"(?P<n>\d{{1,3}})\s?(?:[、．]|[.](?!\d)|[,，](?=[\u4e00-\u9fff]))|(?P<g>[{_DOTTED}])",
        rf"[(（]\s?(?P<n>\d{{1,3}})\s?[)）][、.．]?|(?P<g>[{_BRACKETED}])|(?P<n2>\d{{1,2}})[)）]",
        rf"(?P<g>[{_CIRCLED}])",
    )
)
ARTICLE_OF_LAW: Final = 3
_GLYPHS: Final = {g: i % 20 + 1 for run in (_CIRCLED, _BRACKETED, _DOTTED) for i, g in enumerate(run)} | {
    g: i + 1 for i, g in enumerate(_BRACKETED_HAN)
}
#: What a number begins with, decimal digits apart.
_FIRST: Final = frozenset("第〇零一二三四五六七八九十百(（" + _CIRCLED + _BRACKETED_HAN + _BRACKETED + _DOTTED)
#: Characters a number and what follows it directly take.
_REACH: Final = 16
#: The longest heading (characters): official headings stay within two printed lines.
_LONGEST: Final = 60
LONGEST_BARE: Final = 32
_STOP: Final = re.compile(r"[。;；!！?？]|[:：](?=.)")
_MARK: Final = re.compile(r"[。;；!！?？:：“‘《「『(（\[【〔”’》」』)）\]】〕]")
_END: Final = re.compile(r"[。;；,，、!！…]$")
_OPEN_QUOTE: Final = re.compile(r"[“‘《「『(（\[【〔]")
_CLOSE_QUOTE: Final = re.compile(r"[”’》」』)）\]】〕]")


@dataclass(frozen=True, slots=True)
class Number:
    """The number before a heading: `rank` 0 (编) to 8 (①), its value, and where the words begin."""

    rank: int
    value: int
    end: int


def number_before(text: str) -> Number | None:
    """The heading number a paragraph begins with."""
    first = text[:1]
    return _number(text[:_REACH]) if first in _FIRST or first.isdecimal() else None


@lru_cache(maxsize=8192)
def _number(start: str) -> Number | None:
    for rank, style in enumerate(_STYLES):
        match = style.match(start)
        if match is None:
            continue
        groups = match.groupdict()
        glyph = groups.get("g")
        value = _GLYPHS[glyph] if glyph else number_of(groups.get("n") or groups.get("n2") or "")
        if value is not None and not _is_a_quantity(start, match.end(), rank):
            return Number(rank, value, match.end())
    return None


_QUANTITY: Final = re.compile(
    r"[一二三四五六七八九十\d]+(?:[、，,][一二三四五六七八九十\d]+)*(?:月份?|季度|期|年级|等奖|批|号|是)"
)


def _is_a_quantity(text: str, end: int, rank: int) -> bool:
    """一、二月份 and 3、5个 are no headings."""
    return rank in (4, 6) and bool(_QUANTITY.match(text[end : end + 6]))


def split_heading(text: str, number: Number) -> tuple[str, str]:
    """The heading of a numbered paragraph and the text run in after it.

    A short numbered line is a heading as a whole. In a long one the heading ends at the first full stop; a numbered
    paragraph that is one sentence is an item, not a heading: ("", text).
    """
    if number.rank == ARTICLE_OF_LAW:
        return text[: number.end].strip(), text[number.end :].strip()
    stop = _first_stop(text, number.end)
    if stop is None:
        return (text, "") if len(text) <= _LONGEST and not _END.search(text) else ("", text)
    heading, rest = text[:stop], text[stop + 1 :].strip()
    if len(heading) > _LONGEST or text[stop] not in "。:：":
        return "", text
    if text[stop] in ":：" and (rest and "。" not in heading) and len(heading) - number.end > 16:
        return "", text
    if not rest and (number.rank > 5 or len(heading) > 40):
        return "", text
    return heading.strip(), rest


def _first_stop(text: str, start: int) -> int | None:
    """The first sentence end outside quotation marks and brackets, within the reach of a heading."""
    depth = 0
    for mark in _MARK.finditer(text, start, start + _LONGEST + 2):
        if _OPEN_QUOTE.match(mark[0]):
            depth += 1
        elif _CLOSE_QUOTE.match(mark[0]):
            depth = max(0, depth - 1)
        elif not depth and _STOP.match(text, mark.start()):
            return mark.start()
    return None


_CAPTION: Final = re.compile(
    r"^(?:图为|图\d|图[一二三四五六七八九十]|图片|上图|下图|左图|右图|[▲△↑↓◇]|资料图)|(?:[^拍]摄|摄影|"
    r"供图|资料图片?)[)）】]?$|图[)）】]$|^表\d"
)
_NO_HEADING: Final = re.compile(
    r"^(?:附件?|附表|附录|注|备注|抄送|主题词|联系人|联系电话|电话|地址|时间|地点|来源|作者|编辑)(?:[:\d]|$)|^[(（]此件"
)


def is_caption(text: str) -> bool:
    return len(text) <= 80 and bool(_CAPTION.search(matching(text)))


def stands_alone(line: Line, before: Line | None, after: Line | None) -> bool:
    """Whether a line without number is a heading: short, no sentence, a long paragraph or a numbered one below it."""
    text = line.text
    if line.tag == "figcaption":
        return False
    if line.level:
        return len(text) <= _LONGEST
    if not 3 <= len(text) <= LONGEST_BARE or _END.search(text) or text[-1] in ":：" or "。" in text:
        return False
    if (
        after is None
        or is_caption(text)
        or _NO_HEADING.match(matching(text))
        or not re.search(r"[\u4e00-\u9fff]{2}", text)
    ):
        return False
    if before is not None and (before.text[-1] in ",，、:：" and not is_long(after)):
        return False
    return is_long(after) or number_before(after.text) is not None


_ENDS_SENTENCE: Final = re.compile(r"[。！!?？;；:：][”’\"')）\s]*(?:[(（【][^()（）]{2,40}[)）】])?[\s)）]*$")


def is_long(line: Line) -> bool:
    """A paragraph: longer than a printed line, or a sentence, with or without a byline behind it."""
    text = line.text
    return len(text) >= 60 or (
        len(text) >= 24 and bool(_ENDS_SENTENCE.search(text, len(text) - 60 if len(text) > 60 else 0))
    )
