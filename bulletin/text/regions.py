"""Division codes (GB/T 2260) and names, with their history.

A code changes when a county becomes a city or a district (旬阳县 610928, since 2021 旬阳市 610981), and a site keeps
codes allotted before that, so that a lookup must know former ones. The table is `divisions.tsv`; it begins in 1984.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bulletin.text.script import fold

_SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|林区|特区|新区|[省市县区旗盟])$")
_PEOPLES = (
    "维吾尔 哈萨克 柯尔克孜 塔吉克 锡伯 蒙古 鄂温克 鄂伦春 达斡尔 朝鲜 满 回 藏 羌 苗 彝 壮 布依 侗 瑶 白 "
    "土家 哈尼 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 土 仫佬 撒拉 毛南 仡佬 布朗 普米 怒 德昂 保安 裕固 独龙 "
    "门巴 珞巴 基诺 各"
).split()
_PEOPLE = re.compile(
    rf"(?:(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})族|维吾尔|哈萨克|柯尔克孜|塔吉克|蒙古|锡伯)+$"
)


@dataclass(frozen=True, slots=True)
class Region:
    """A division as it was or is. `level` is province, prefecture or county.

    `valid_from` and `valid_to` are the years of the changes that began and ended it, None for before 1984 and for
    until now. `successor` is the code that came after, the same one where only the name changed, "" where none did.
    """

    code: str
    name: str
    level: str
    valid_from: int | None = None
    valid_to: int | None = None
    successor: str = ""

    @property
    def is_current(self) -> bool:
        return self.valid_to is None


def region(code: str, year: int | None = None) -> Region | None:
    """What `code` stands for now or stood for last; with `year`, what it stood for then. None for an unknown code.

    Two digits mean a province, four a prefecture, six anything. Codes that are not in the register (619901) are none.
    """
    code = code.strip()
    if not code.isdecimal() or len(code) not in (2, 4, 6):
        return None
    spells = _by_code().get(code.ljust(6, "0"), ())
    if year is None:
        return spells[-1] if spells else None
    for spell in reversed(spells):
        if (spell.valid_from or 0) <= year <= (spell.valid_to or 9999):
            return spell
    return None


def regions_named(name: str) -> list[Region]:
    """All divisions called `name` now or formerly, in either script; those of today first, then the latest.

    The name may lack its last part (旬阳, 长阳), or carry those above it (陕西省镇巴县, 汉中市镇巴县).
    """
    wanted = fold("".join(name.split()))
    if len(wanted) < 2:
        return []
    found = _by_name().get(wanted) or _below(wanted)
    return sorted(found, key=lambda spell: (not spell.is_current, -(spell.valid_to or 0), spell.code))


def full_name(code: str) -> str:
    """陕西省汉中市镇巴县 for 610728; "" for an unknown code."""
    here = region(code)
    if here is None:
        return ""
    above = [region(here.code[:digits]) for digits in (2, 4)]
    names = [place.name for place in above if place and place.code != here.code]
    return "".join([*names, here.name])


def _below(wanted: str) -> list[Region]:
    """Divisions whose name ends `wanted` while the rest names what they lie in."""
    for cut in range(2, len(wanted) - 1):
        fitting = [spell for spell in _by_name().get(wanted[cut:], ()) if _lies_in(spell, wanted[:cut])]
        if fitting:
            return fitting
    return []


def _lies_in(spell: Region, above: str) -> bool:
    names = [fold(place.name) for digits in (2, 4) for place in _by_code().get(spell.code[:digits].ljust(6, "0"), ())]
    return any(above in (name, short_name(name)) or above.endswith(name) for name in names)


def short_name(name: str) -> str:
    """镇巴 for 镇巴县, 长阳 for 长阳土家族自治县; the name itself where fewer than two characters would be left."""
    bare = _SUFFIX.sub("", name)
    bare = _PEOPLE.sub("", bare) if "自治" in name and len(_PEOPLE.sub("", bare)) > 1 else bare
    return bare if len(bare) > 1 else name


@cache
def _spells() -> tuple[Region, ...]:
    table = resources.files("bulletin.text").joinpath("divisions.tsv").read_text("utf-8")
    lines = [line for line in table.splitlines() if not line.startswith(("#", "code\t"))]
    return tuple(_spell(*line.split("\t")) for line in lines)


def _spell(code: str, name: str, level: str, first: str, last: str, successor: str) -> Region:
    return Region(code, name, level, int(first) if first else None, int(last) if last else None, successor)


@cache
def _by_code() -> dict[str, tuple[Region, ...]]:
    """Code -> its holders, the one of today or else the latest last."""
    holders: dict[str, list[Region]] = defaultdict(list)
    for spell in _spells():
        holders[spell.code].append(spell)
    return {code: tuple(sorted(spells, key=lambda s: s.valid_to or 9999)) for code, spells in holders.items()}


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    named: dict[str, list[Region]] = defaultdict(list)
    for spell in _spells():
        for name in {fold(spell.name), short_name(fold(spell.name))}:
            named[name].append(spell)
    return {name: tuple(spells) for name, spells in named.items()}
