"""Traditional and simplified characters: a search form that keeps every offset, and whole-text conversion for readers.

OpenCC converts by phrases, so that a cut-out of a converted text is not the converted cut-out (清乾隆 keeps 乾, 清乾
becomes 清干). Search therefore folds code point by code point with a table made from OpenCC's answers to single
characters, and brings together what OpenCC exchanges by phrase; only the reading side converts whole texts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

import opencc

#: Blocks of ideographs, which have neither case nor width; U+2E80 to U+2FDF are radicals and have compatible forms.
_IDEOGRAPHS = (range(0x3400, 0xA000), range(0x20000, 0x2F800), range(0x30000, 0x323B0))
#: Where something else has a plainer form: letters, signs and widths of every kind, and compatibility ideographs.
_OTHERS = (
    range(0x20, 0x3400),
    range(0xA640, 0xAC00),
    range(0xF900, 0x10600),
    range(0x1D400, 0x1F300),
    range(0x2F800, 0x2FA20),
)
_TO_SIMPLIFIED = {"t2s": _IDEOGRAPHS, "tw2s": _IDEOGRAPHS[:1], "hk2s": _IDEOGRAPHS[:1]}
#: What OpenCC's phrases exchange for each other (答复 and 答覆, 计划 and 計畫, 了解 and 瞭解), so that no table of
#: single characters joins them. The first of a group stands for all: a text and its conversion fold to the same.
_EXCHANGED = (
    "么幺 了瞭 里哩 面麺 开𫔭 当𪠽 战𢧐 果菓 线缐 具俱 象像 复覆 划画㓰 夫伕 余馀 尽侭 苏甦 座坐 拿拏 待呆 背揹 愿𫖸 "
    "宁甯 曲麹 矿鑛 买𧹒 沉沈渖 钟锺 彩䌽 枪鎗 恶𫫇 托讬 巨钜 借藉 坏坯 径迳 摆䙓 豆荳 雕𫛲 斤觔 旋镟 闲𫔮 仿彷 "
    "链炼𫔀 仇雠 糊𫗫 柏栢 堤隄 咨谘 弥㳽 账𧹔 戚𬭭 喂𫗭 焰燄 捣𢭏 仑𪨧 藤籐 庐𪪏 谏𫍝 苹𬞟 颖颕 澄澂 彝彜 鳌鼇 "
    "熏薰 琅瑯 穗𰬸 浚濬 昵暱 锄耡 鲇鲶 妍姸 颚腭 啮𫜩 斫斲 腼䩄 骢𩨂 镢䦆 檗蘗 鞲𫖕 筱筿 吣唚 糇𫗯 谫𫍿 緪縆 耈耇 "
    "穞稆"
)


@cache
def _converter(name: str) -> Any:
    return opencc.OpenCC(name)


def to_simplified(text: str) -> str:
    """`text` in simplified characters, by phrases, for readers; its length may change."""
    return _converted(text, "t2s")


def to_traditional(text: str) -> str:
    """`text` in traditional characters, by phrases, for readers; its length may change."""
    return _converted(text, "s2t")


def _converted(text: str, name: str) -> str:
    """A lone surrogate, which OpenCC refuses, becomes U+FFFD."""
    try:
        return str(_converter(name).convert(text))
    except UnicodeEncodeError:
        return str(_converter(name).convert(re.sub("[\ud800-\udfff]", "\ufffd", text)))


def _one_by_one(codes: list[int], name: str) -> dict[int, int]:
    """What OpenCC makes of each character alone, where that is one other character."""
    answers = _converter(name).convert("\n".join(map(chr, codes))).split("\n")
    return {code: ord(answer) for code, answer in zip(codes, answers, strict=True) if len(answer) == 1}


@cache
def _folding() -> list[int]:
    """Code point -> code point, as far as the last ideograph; `str.translate` leaves what lies beyond as it is.

    What `_folding_of_script` gives, and then the standard character for other forms of it (淸 and 清, 靣 and 面).
    """
    lines = resources.files("bulletin.text").joinpath("variants.txt").read_text("utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    standard = {ord(pair[0]): ord(pair[1]) for pair in pairs}
    return [standard.get(code, code) for code in _folding_of_script()]


@cache
def _folding_of_script() -> list[int]:
    """Width and compatibility forms, then case, then script, each only where one character gives one."""
    table = list(range(_IDEOGRAPHS[-1].stop))
    for code in (code for block in _OTHERS for code in block):
        table[code] = _plain(code)
    simpler = _simpler()
    for code in [*simpler, *(code for block in _OTHERS for code in block)]:
        for _ in range(3):  # 薴 becomes 苧, and that 苎
            table[code] = simpler.get(table[code], table[code])
    return table


def _simpler() -> dict[int, int]:
    """What OpenCC makes of single characters, and of those that it exchanges, by way of the first of their group."""
    first = {ord(char): ord(group[0]) for group in _EXCHANGED.split() for char in group}
    simpler: dict[int, int] = {}
    for name, blocks in _TO_SIMPLIFIED.items():
        for code, answer in _one_by_one([code for block in blocks for code in block], name).items():
            if answer != code:
                simpler.setdefault(code, answer)
    return {code: first.get(answer, answer) for code, answer in simpler.items()} | first


def _plain(code: int) -> int:
    """Half width, plain form and small letter of what is no ideograph; done twice, for one may open way to another."""
    for _ in range(2):
        code = _one(unicodedata.normalize("NFKC", chr(code)), code)
        code = _one(chr(code).casefold(), code)
        code = _one(chr(code).lower(), code)
    return code


def _one(form: str, otherwise: int) -> int:
    return ord(form) if len(form) == 1 else otherwise


def fold(text: str) -> str:
    """The search form of `text`, of the same length; each character depends on the one in its place only.

    Traditional and variant characters become simplified, full-width ASCII and other compatibility characters their
    plain forms, capitals small letters, U+3000 a blank: all where one character gives one. Folding twice changes
    nothing more.
    """
    return text.translate(_folding())


def fold_without_variants(text: str) -> str:
    """`fold` without the table of other forms, which is made with it."""
    return text.translate(_folding_of_script())


@cache
def _unfolding() -> dict[int, frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for code, folded in enumerate(_folding()):
        if code != folded:
            groups.setdefault(folded, {chr(folded)}).add(chr(code))
    return {code: frozenset(group) for code, group in groups.items()}


@cache
def other_forms() -> frozenset[str]:
    """All characters that fold to another."""
    return frozenset(chr(code) for code, folded in enumerate(_folding()) if code != folded)


def variants(char: str) -> frozenset[str]:
    """All characters that fold to what `char` folds to, `char` among them."""
    folded = fold(char)
    return _unfolding().get(ord(folded), frozenset((folded,))) | {char}


@cache
def _one_sided() -> tuple[frozenset[str], frozenset[str]]:
    """Characters met only in simplified, and only in traditional texts.

    GB 2312 and Big5 decide what the other script also uses (乾, 著 and 於 are in both, 后 and 里 too).
    """
    codes = list(range(0x4E00, 0xA000))
    simpler, fuller = _one_by_one(codes, "t2s"), _one_by_one(codes, "s2t")
    traditional = {chr(c) for c, s in simpler.items() if c != s and not _is_in(chr(c), "gb2312")}
    simplified = {chr(c) for c, t in fuller.items() if c != t and not _is_in(chr(c), "big5")}
    return frozenset(simplified), frozenset(traditional - simplified)


def _is_in(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_READING = re.compile(r"[（(]([a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ][a-zü]*) ?[)）]")
_LEAST = 3


def script_of(text: str) -> str | None:
    """`simplified`, `traditional`, `mixed`, `converted`, or None where fewer than three characters tell.

    `converted` is the bad converter's work: readings with tones behind at least four different characters that the
    scripts write differently, and (nearly) behind no other. `mixed` needs three characters and a tenth of both.
    """
    few, many = (sum(map(len, run.findall(text))) for run in _one_sided_runs())
    if _is_converted(text):
        return "converted"
    if few + many < _LEAST:
        return None
    if min(few, many) >= max(_LEAST, (few + many) / 10):
        return "mixed"
    return "simplified" if few > many else "traditional"


@cache
def _one_sided_runs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds runs of characters of one script alone; far quicker over a text than a look at every character."""
    simplified, traditional = (re.compile(f"[{''.join(sorted(chars))}]+") for chars in _one_sided())
    return simplified, traditional


def _is_converted(text: str) -> bool:
    simplified, traditional = _one_sided()
    read = [char for found in _READING.finditer(text) if (char := text[found.start() - 1 : found.start()]).strip("\n")]
    hits = [char for char in read if char in simplified or char in traditional]
    return len(hits) >= 5 and len(set(hits)) >= 4 and len(hits) >= 0.93 * len(read)
