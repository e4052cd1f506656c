"""Which lines of a rendered page are its head, its body and its tail.

The head ends at the first prose; the tail begins at the first chrome or editor's line after the last. What lies between
is kept whole: only what can be nothing but chrome is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bulletin.harvest import BlockEntry
from bulletin.text.docnumber import parse_docnumber
from crawler.extract.chrome import role_of
from crawler.extract.disclosure import Block, read_block
from crawler.extract.headings import is_caption, is_long, number_before
from crawler.extract.imprint import entries_of, imprint_lines
from crawler.extract.lines import Line, matching

_IMAGE: Final = re.compile(r".*\.(?:jpe?g|png|gif|bmp|webp)")
_SALUTATION: Final = re.compile(
    r"(?:各|县|市|区|州|省|镇|乡|局|委|办|院|校|司|村|社区|全体|广大|尊敬|有关|你|贵|同志|"
    r"亲爱).{0,110}:|.{1,40}(?:政府|局|委|公司|单位|部门|同志|办公室|村民?|居民|家长|学校|社区|"
    r"会):"
)
#: Lines among which labels may stand alone above their values.
_HEAD_LINES: Final = 120
_ANNEX: Final = re.compile(r"附(?:件|表|图)?[一二三四五六七八九十\d]{0,2}(?:[::.、].{0,120})?|相关附件.{0,80}")
#: A line that ends in a colon and is longer than this is a sentence that leads on, not an address.
_SENTENCE_LENGTH: Final = 24
#: Titles are shorter; with none of these marks a line may still be one.
_LONGEST_TITLE: Final = 120
_MARK: Final = re.compile(r"[。；;，,！!？?]|[:：]$")
_STRONG_FOOTER: Final = re.compile(r"icp备|公网安备|网站标识码|版权所有|copyright|技术支持:|承办单位?:")
_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|rar|zip|7z|txt)(?:\(.{1,12}\))?$")
_CLOSING: Final = frozenset({"editor", "reviewer"})
#: Share of the prose before it up to which prose after an editor's line is somebody else's text.
_AFTERMATH: Final = 0.25


@dataclass(slots=True)
class Layout:
    """Indexes of lines: `candidates` for the headline deck in groups, head and tail imprint, the body, and chrome."""

    block: Block = field(default_factory=Block)
    groups: list[list[int]] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    captions: set[int] = field(default_factory=set)
    chrome: dict[int, str] = field(default_factory=dict)


def lay_out(lines: Sequence[Line], *, start: int = 0, several: bool = False) -> Layout:
    """Every line in exactly one part. `start` is the first line after a masthead; `several`: more than one article."""
    layout = Layout(block=read_block(lines))
    first = _lay_head(lines, layout, start)
    if first == len(lines):
        first = _without_prose(lines, layout, start)
    last = _last_of_body(lines, first, several)
    for index in range(first, last):
        role = role_of(lines[index], "body")
        if role:
            layout.chrome[index] = role
            if _IMAGE.fullmatch(matching(lines[index].text)) and index + 1 < last and not is_prose(lines[index + 1]):
                layout.captions.add(index + 1)
        else:
            layout.body.append(index)
    _lay_tail(lines, layout, last)
    return layout


def _lay_head(lines: Sequence[Line], layout: Layout, start: int) -> int:
    """Sort the lines of the head; the index of the body's first line."""
    group: list[int] = []
    groups = [group]
    imprint = imprint_lines(lines[:_HEAD_LINES])
    headline = max((i for i, entries in imprint.items() if _is_headline(entries)), default=0)
    for index, line in enumerate(lines):
        if layout.block.start <= index < layout.block.end:
            group = _next(groups)
            continue
        told = _is_headline(imprint.get(index, ()))
        role = None if told else role_of(line, "head")
        if role == "code" and index >= start and any(groups) and _IMAGE.fullmatch(matching(line.text)):
            break
        if role == "breadcrumb":
            _discard(layout, groups)
        if role:
            layout.chrome[index] = role
        elif index in imprint or entries_of(line.text, "head"):
            layout.head.append(index)
        elif index >= start and is_prose(line) and not (index < headline and _may_be_title(line)):
            break
        elif parse_docnumber(line.text.strip(" ()（）")) is not None:
            layout.numbers.append(index)
            continue
        else:
            group.append(index)
            continue
        group = _next(groups)
    else:
        index = len(lines)
    layout.groups = [found for found in groups if found]
    return index


def _without_prose(lines: Sequence[Line], layout: Layout, start: int) -> int:
    """A page of short lines has its body below the head line, or else below its first line."""
    dated = [index for index in layout.head if index >= start]
    candidates = [index for group in layout.groups for index in group if index >= start]
    above = [index for index in dated if any(candidate < index for candidate in candidates)]
    cut = (above[0] if above else candidates[0] if candidates else len(lines) - 1) + 1
    first = max(cut, layout.block.end)
    layout.groups = [kept for group in layout.groups if (kept := [index for index in group if index < cut])]
    layout.head = [index for index in layout.head if index < first]
    layout.numbers = [index for index in layout.numbers if index < first]
    layout.chrome = {index: role for index, role in layout.chrome.items() if index < first}
    layout.body = [index for index in candidates if cut <= index < first]  # above a box that stands lower
    return first


def _is_headline(entries: Sequence[BlockEntry]) -> bool:
    """A head line proper: it dates the publication, or says where the text comes from."""
    return any(entry.field in ("published", "source_name") and entry.value for entry in entries)


def _may_be_title(line: Line) -> bool:
    """Titles exclaim and ask; above a head line only a full stop makes a short line prose."""
    text = line.text
    return len(text) <= 80 and "。" not in text and number_before(text) is None and not text.endswith((":", "："))


def _discard(layout: Layout, groups: list[list[int]]) -> None:
    """What stands above the breadcrumb is the site's: menus, other headlines and their dates."""
    layout.chrome |= {index: "navigation" for group in groups for index in group}
    layout.chrome |= dict.fromkeys(layout.head, "navigation")
    layout.head.clear()
    for group in groups:
        group.clear()


def _next(groups: list[list[int]]) -> list[int]:
    groups.append([])
    return groups[-1]


def is_prose(line: Line) -> bool:
    """Whether a line can only be text: a paragraph, a salutation, a numbered heading, a caption."""
    text = line.text
    if number_before(text) is not None or is_caption(text):
        return True
    if text[-1] in ":：" and len(text) < _SENTENCE_LENGTH:
        return bool(_SALUTATION.fullmatch(matching(text)))
    return is_long(line) and (len(text) > _LONGEST_TITLE or bool(_MARK.search(text)))


def _last_of_body(lines: Sequence[Line], first: int, several: bool) -> int:
    """The index after the body's last line."""
    end = _footer(lines, first)
    last = next((i for i in range(end - 1, first - 1, -1) if _is_text(lines[i])), first - 1)
    if not several:
        last = _before_aftermath(lines, first, last)
    for index in range(last + 1, len(lines)):
        if role_of(lines[index], "tail") or entries_of(lines[index].text, "tail"):
            return index
    return len(lines)


def _footer(lines: Sequence[Line], first: int) -> int:
    """Where the site's footer begins at the latest: a line with its register numbers, and hardly prose after it."""
    for index in range(first, len(lines)):
        if len(lines[index].text) <= 300 and _STRONG_FOOTER.search(matching(lines[index].text)):
            after = sum(_is_text(line) and "。" in line.text for line in lines[index + 1 : index + 40])
            if after < 2 and role_of(lines[index], "tail") == "footer":
                return index
    return len(lines)


def _is_text(line: Line) -> bool:
    if role_of(line, "tail") or entries_of(line.text, "tail"):
        return False
    return is_prose(line) or bool(_ANNEX.fullmatch(matching(line.text)))


def _before_aftermath(lines: Sequence[Line], first: int, last: int) -> int:
    """The last line before an editor's line, or 上一篇, when what comes after is but a little prose of other texts."""
    before = 0
    total = sum(len(line.text) for line in lines[first : last + 1])
    for index in range(first, last + 1):
        text = lines[index].text
        if len(text) <= 200 and before > (1 - _AFTERMATH) * total:
            fields = {entry.field for entry in entries_of(text, "tail") if entry.value}
            if fields & _CLOSING or role_of(text, "tail") == "related":
                return index - 1
        before += len(text)
    return last


def _is_annex(text: str, role: str) -> bool:
    """The name of a file, or 附件 and a name where it does not belong to another article."""
    key = matching(text)
    return bool(_FILE.search(key)) or (role != "related" and bool(_ANNEX.fullmatch(key)))


def _lay_tail(lines: Sequence[Line], layout: Layout, start: int) -> None:
    """Editor's lines, annexes that stand below them, and chrome; an unknown line has the role of the one above it."""
    role = ""
    for index in range(start, len(lines)):
        line = lines[index]
        own = role_of(line, "tail")
        if not own and entries_of(line.text, "tail"):
            layout.tail.append(index)
            continue
        if not own and role != "footer" and _is_annex(line.text, role):
            layout.body.append(index)
            continue
        role = own or role or "tools"
        layout.chrome[index] = role
