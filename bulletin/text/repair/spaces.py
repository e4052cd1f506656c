"""Stray spaces inside words of running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.text.repair.offsets import Edit
from bulletin.text.repair.readings import simplified
from bulletin.text.repair.scale import Scale, total
from bulletin.text.repair.words import words

_HAN = "\u4e00-\u9fff〇"
_BLANK = " \u00a0\u3000"
_GAP = re.compile(rf"[{_BLANK}](?<=[{_HAN}][{_BLANK}])(?=[{_HAN}])")
_AFTER_MARK = re.compile(rf" (?<=[{_HAN}][,，;；、。] )(?=[{_HAN}])")
#: Spaces after marks are stray where so few stand beside so many marks without one.
_FEW, _MANY = 3, 200
#: A page where spaces stand between so many of its characters uses them on purpose.
_RARE = 1 / 60
#: The words must be this much likelier (natural logarithms) without the space.
_GAIN = 6.0
_SIDE = 6
#: What a heading counts: 第六章 法律責任 is set so, whatever word 章法 may be.
_COUNTED = re.compile(r"第[〇零一二三四五六七八九十百千\d]{1,6}[编編章节節条條款项項部篇期次号號]$")
#: A line of fewer characters is a heading set wide.
_LINE = 10


def stray_spaces(text: str) -> Iterator[Edit]:
    """Spaces within a word; separators in titles and headings, which stand between words, stay."""
    gaps = list(_GAP.finditer(text))
    if gaps and len(gaps) < _RARE * len(text):
        scale = Scale(words())
        for gap in gaps:
            if _alone(text, gap.start()) and _splits_word(text, gap.start(), gap.end(), scale):
                yield Edit(gap.start(), gap.end(), "", "space")
    after = list(_AFTER_MARK.finditer(text))
    if 0 < len(after) <= _FEW and sum(text.count(mark) for mark in ",，;；、。") >= _MANY:
        for gap in after:
            yield Edit(gap.start(), gap.end(), "", "space")


def _alone(text: str, at: int) -> bool:
    """Whether no other space stands close, and the line is more than a word: spaced-out words (導 讀) are set so."""
    line = text[text.rfind("\n", 0, at) + 1 : (text + "\n").find("\n", at)].strip()
    if not text[text.rfind("\n", 0, at) + 1 : at - 1].strip():
        return False  # 附 件： is a label set wide
    near = text[max(0, at - 3) : at] + text[at + 1 : at + 4]
    return len(line) >= _LINE and not re.search("[ \u00a0\u3000\t]", near)


def _splits_word(text: str, start: int, end: int, scale: Scale) -> bool:
    left = re.split(f"[^{_HAN}]", text[max(0, start - _SIDE) : start])[-1]
    right = re.split(f"[^{_HAN}]", text[end : end + _SIDE])[0]
    if len(right) == 1 and text[end + 1 : end + 2] in (":", "："):
        return False  # so is 科 長：
    if _COUNTED.search(text, max(0, start - 9), start):
        return False
    if simplified(left[-1]) + simplified(right[0]) not in scale.of:
        return False
    return total(scale.run(left + right)) - total(scale.run(left)) - total(scale.run(right)) >= _GAIN
