"""What single characters are: their readings, their simplified form, whether a converter to traditional script made them."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC
from pypinyin.constants import PINYIN_DICT

#: Letters of a reading; GBK's own ɑ and ɡ stand for a and g.
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LETTERS = f"a-züêɑɡ{_TONED}"
#: A reading in brackets as it is inserted after a character, sometimes with a space.
READING = re.compile(rf"\((?=[{_LETTERS}]*[{_TONED}])([{_LETTERS}]{{1,6}})\s?\)")
#: The same, its opening bracket swallowed by a `?`.
SWALLOWED = re.compile(rf"\?(?=[{_LETTERS}]*[{_TONED}])([{_LETTERS}]{{1,6}})\s?\)")

#: Simplified forms that are also good traditional characters.
_BOTH = frozenset(
    "后里台云干么于只面系复冲丑斗谷几价姜借克困了漆千秋舍松万向余郁御愿岳曲胡回朴仆丰范伙杰征致制准术周志注"
    "苏沈党出卷夸累帘霉蒙辟签涂吁佣芸赞杆表采吃床唇凶并群峰够布占才托游占升晒症痴咨修仙钩秘凈凉减"
)


def plain(reading: str) -> str:
    return reading.replace("ɑ", "a").replace("ɡ", "g")


@cache
def readings_of(character: str) -> frozenset[str]:
    """Every reading the character has, with tone marks, whatever the context."""
    return frozenset(PINYIN_DICT.get(ord(character), "").split(","))


def is_cjk(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or character == "〇"


@cache
def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """Character -> simplified form and character -> traditional form, where they differ, for all characters of GBK."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    characters = [c for c in (p.decode("gbk", "ignore") for p in pairs) if len(c) == 1 and is_cjk(c)]
    lines = "\n".join(characters)
    simplified = OpenCC("t2s").convert(lines).split("\n")
    traditional = OpenCC("s2t").convert(lines).split("\n")
    return (
        {c: s for c, s in zip(characters, simplified, strict=True) if c != s},
        {c: t for c, t in zip(characters, traditional, strict=True) if c != t},
    )


def simplified(character: str) -> str:
    return _forms()[0].get(character, character)


def traditional(character: str) -> str:
    return _forms()[1].get(character, character)


def is_converted(character: str) -> bool:
    """Whether this is a traditional form that simplified script writes otherwise."""
    return character in _forms()[0]


def only_simplified(character: str) -> bool:
    """Whether a text in traditional script would not use the character."""
    return character in _forms()[1] and character not in _forms()[0] and character not in _BOTH
