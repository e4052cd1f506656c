"""What single characters are: their readings, their simplified form, whether a converter made them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

#: Letters of a reading; GBK's own ɑ and ɡ stand for a and g.
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_LETTERS = f"a-züêɑɡ{_TONED}"
#: Readings without a tone mark that a traditional character has: those of 們, 麼, 嗎.
_NEUTRAL = "men|me|ma"
_READ = rf"((?=[{_LETTERS}]*[{_TONED}])[{_LETTERS}]{{1,6}}|{_NEUTRAL})\s?\)"
#: A reading in brackets as it is inserted after a character, sometimes with a space.
READING = re.compile(rf"\({_READ}")
#: The same, its opening bracket swallowed by a `?`.
SWALLOWED = re.compile(rf"\?{_READ}")
#: What is left of one, whatever stands before it.
REMNANT = re.compile(rf"(?<![{_LETTERS}A-Z0-9])[(?]?{_READ}")

#: Simplified forms that are also good traditional characters, or that converters leave as they are.
_BOTH = frozenset(
    "辟采厂吃丑党淀斗范丰干广恒后划伙几价荐杰据夸厘里霉仆朴确尸虱台涂万咸凶熏岩叶佣涌游于余郁吁愿岳云皂占征种筑准腌跖"
    "冲群床唇秘面系复制只凈凉减么"
)
#: Traditional characters that are in use although a converter takes another one for the same simplified character.
_SECOND = frozenset(
    "佈併傢儘冑凈剋卹唸喎噁噹嚐嚮囌姦崑崙廕彆彙彫慾懞扞捨捲昇曆朮桿樑檯歎沖洩滙瀰為燬癒癥盃盪矇硃穀簷籤糰紮絃綉綵緻"
    "繫罈翫臟舖乾菴蒐蔔薑衊裡製複覈託註誌譭讚谿踰迴逕週醜釐鉅錶鍊鎌鐘閑隻霑韆顔颱餵餬饑髮鬆鬍鬚鬨麪麵鼕羣"
)


def plain(reading: str) -> str:
    return reading.replace("ɑ", "a").replace("ɡ", "g")


@cache
def readings_of(character: str) -> frozenset[str]:
    """Every reading the character has, with tone marks, whatever the context."""
    return frozenset(_readings().get(ord(character), "").split(","))


@cache
def _readings() -> Mapping[int, str]:
    """pypinyin's readings of single characters, from the file that holds them.

    The package itself also reads those of 47,000 phrases, which takes half a second and 60 MB.
    """
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'pypinyin'", name="pypinyin")
    loader = SourceFileLoader("pinyin_dict", str(Path(package.origin).with_name("pinyin_dict.py")))
    module = ModuleType(loader.name)
    module.__file__ = loader.path
    loader.exec_module(module)
    table: Mapping[int, str] = module.pinyin_dict
    return table


def is_cjk(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or character == "〇"


@cache
def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """Character -> simplified form and character -> traditional form, where they differ, for all characters of GBK."""
    pairs = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    characters = [c for c in (p.decode("gbk", "ignore") for p in pairs) if len(c) == 1 and is_cjk(c)]
    lines = "\n".join(characters)
    from opencc import OpenCC

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


def may_be_simplified(character: str) -> bool:
    """Whether a converter would write another form for the character, although it is a good traditional one too."""
    return character in _BOTH and character in _forms()[1] and character not in _forms()[0]


def is_uncommon_form(character: str) -> bool:
    """Whether no converter writes the character for one of simplified script (説, 砲)."""
    simple, full = _forms()
    form = simple.get(character)
    if form is None:
        return len(character.encode("gb2312", "ignore")) == 0
    return full.get(form, form) != character and character not in _SECOND
