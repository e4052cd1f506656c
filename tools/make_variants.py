"""Make bulletin/text/variants.txt: characters that are other forms of a mainland standard character.

Sources: the Unicode Consortium's Unihan database 15.0 (Unicode licence), of which Debian's package unicode-data has the
files, the Japanese forms in OpenCC's dictionaries (Apache-2.0), and the pairs below, which Unihan does not state.

    python tools/make_variants.py SOMEWHERE/usr/share/unicode bulletin/text/variants.txt

A character is taken if it is no standard character itself (通用规范汉字表 of 2013, Unihan's kTGH), if nothing else
folds it, and if exactly one standard character is given as its other form. So names keep their own characters (喆, 哲;
堃, 坤), and no two standard characters are made one.
"""

from __future__ import annotations

import bz2
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import opencc

from bulletin.text.script import fold_without_variants

HEADER = """\
# Other forms of standard characters: a form, and the character it folds to. Made by tools/make_variants.py from the
# Unihan database 15.0 (Unicode licence), OpenCC's Japanese forms (Apache-2.0) and pairs supplied there.
"""
#: Old forms of printing houses and common abbreviations, each before the standard character.
SUPPLIED = (
    "淸清 靑青 尙尚 喩喻 屛屏 愼慎 桒桑 獘弊 甁瓶 舎舍 顚颠 仭仞 凖准 剏创 勑敕 叄叁 寜宁 岺岭 嵒岩 巗岩 幚帮 庻庶 "
    "廏厩 弌一 弍二 弎三 悞误 挙举 擕携 桺柳 栞刊 楳梅 氷冰 渕渊 渋涩 濳潜 濵滨 潅灌 礮炮 焔焰 牎窗 畞亩 疂叠 皐皋 "
    "眡视 睂眉 矦侯 秊年 筞策 筴策 篭笼 籢奁 絏绁 緐繁 罸罚 翆翠 聨联 聫联 聡聪 聼听 胷胸 艣橹 葠参 薀蕴 蔕蒂 虵蛇 "
    "蠧蠹 衘衔 羇羁 讃赞 貟员 躰体 逈迥 逺远 鐡铁 閒间 闘斗 阯址 陜陕 霛灵 靣面 飈飙 飮饮 駄驮 駈驱 驎麟 鬰郁 鷰燕 "
    "麁粗 囻国 戸户 緖绪 敎教 郞郎 吿告 塡填 硏研 囬回 鬪斗"
)


def unihan(folder: Path, name: str, wanted: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """(character, property, value) of one file."""
    with bz2.open(folder / f"{name}.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, prop, value = line.rstrip("\n").split("\t")
                if prop in wanted:
                    yield chr(int(code[2:], 16)), prop, value


def forms(folder: Path) -> list[dict[str, set[str]]]:
    """For each source, surest first: character -> its other forms, in both directions."""
    japanese = opencc.OpenCC("jp2t")
    found: list[dict[str, set[str]]] = [{pair[0]: {pair[1]} for pair in SUPPLIED.split()}, {}]
    for char in map(chr, range(0x4E00, 0xA000)):
        full = japanese.convert(char)
        if full != char and len(full) == 1:
            found[1][char] = {full}
    for prop in ("kZVariant", "kSemanticVariant"):
        other: dict[str, set[str]] = defaultdict(set)
        for char, _, value in unihan(folder, "Unihan_Variants", frozenset((prop,))):
            for target in value.split():
                one = chr(int(target.partition("<")[0][2:], 16))
                other[char].add(one)
                other[one].add(char)
        found.append(other)
    return found


def variants(folder: Path) -> Iterator[str]:
    fold = fold_without_variants
    standard = {char for char, _, _ in unihan(folder, "Unihan_OtherMappings", frozenset(("kTGH",)))}
    sources = forms(folder)
    for char in sorted(set().union(*sources)):
        if char in standard or fold(char) != char:
            continue
        for source in sources:
            if targets := {fold(one) for one in source.get(char, ())} & standard:
                if len(targets) == 1:
                    yield char + targets.pop()
                break


def main() -> None:
    folder, place = map(Path, sys.argv[1:])
    pairs = list(variants(folder))
    lines = (" ".join(pairs[at : at + 30]) for at in range(0, len(pairs), 30))
    place.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
