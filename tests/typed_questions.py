"""Questions as archivists type them, and odder bulletins than `searchables` makes, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from searchables import a_cut, a_text, other_script, some_entries

from search.entry import Entry

_FIELDS = "标题 標題 文号 索引号 机构 來源 主题 title number index office source 原字形 发文机关 文件编号".split()
_REGIONS = ("619901", "６１９９", "61", "619900", "陕西", "云岫县", "(619901 | 619902)", "")
_BETWEEN = (" ", " ", " ", "\u3000", " OR ", "|", " 或 ", " or ", " AND ", " and ")


def odd_entries(seed: int, count: int) -> list[Entry]:
    """Every other one lacks what bulletins have, or has it in a form of its own."""
    rng = random.Random(seed)
    odd: list[Callable[[Entry], Entry]] = [
        lambda entry: replace(entry, region=""),
        lambda entry: replace(entry, region="619900"),
        lambda entry: replace(entry, title="", text=""),
        lambda entry: replace(entry, office="《》", number="第十四号令", number_raw="云岫县人民政府令第十四号"),
        lambda entry: replace(entry, published_on=rng.choice([date.min, date.max])),
        lambda entry: replace(entry, attachments=(("表.xls", a_text(rng, 30) + "\f" + a_text(rng, 30)), ("", ""))),
        lambda entry: replace(entry, topic=("水利", "水 利", "，"), kind="issue", imprint=("编辑：王小云", "第12期")),
        lambda entry: replace(entry, text=f"{entry.text} Covid-19 naïve ﬁle ½ Ⅳ 〇零 ＡＢＣ abc 𠮷𠮷"),
        lambda entry: replace(entry, number="云政办发[2019] 12 号", index_number="61990１/２０１９－00012"),
    ]
    return [odd[at // 2 % len(odd)](entry) if at % 2 else entry for at, entry in enumerate(some_entries(seed, count))]


def a_typed_question(rng: random.Random, entries: list[Entry], depth: int = 2) -> str:
    typed = _a_term(rng, entries, depth)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        typed += rng.choice(_BETWEEN) + _a_term(rng, entries, depth)
    return typed


def _a_term(rng: random.Random, entries: list[Entry], depth: int) -> str:
    cut, another = (a_cut(rng, rng.choice(entries), 1, 7) for _ in range(2))
    if rng.random() < 0.3:
        cut = other_script(rng, cut)
    match rng.randrange(14):
        case 0:
            return f'"{cut} {another}"' + rng.choice(["", f"~{rng.randrange(30)}", " ～９"])
        case 1:
            return rng.choice("“「『‘＂的，*?😀") + cut
        case 2 | 3:
            value = rng.choice([cut, f'"{cut}"', f"({cut} | {another})", f'"{cut} {another}"~{rng.randrange(9)}'])
            return rng.choice(_FIELDS) + rng.choice([":", "：", " :", ": "]) + value
        case 4:
            return cut + rng.choice("*＊")
        case 5:
            return rng.choice(["县:", "縣：", "region:"]) + rng.choice(_REGIONS)
        case 6:
            return _a_date(rng)
        case 7:
            return _a_number(rng)
        case 8:
            return rng.choice(["-", "－", "﹣", "NOT "]) + cut
        case 9 if depth:
            inner = a_typed_question(rng, entries, depth - 1)
            return rng.choice(["(", "-(", "（"]) + inner + rng.choice([")", "）", ""])
        case 10:
            return "source:" + rng.choice(["619901_web", "620000_web", "无"])
        case _:
            return cut


def _a_date(rng: random.Random) -> str:
    one, other = rng.randrange(2016, 2022), rng.randrange(2016, 2022)
    forms = (
        f"{one}..{other}",
        f"{one}-03 .. {other}-06",
        f"{one}年",
        f"{one}年1月至6月",
        f"日期:{one}-03～{other}-04",
        f"成文日期:{one}年",
        f"dated:{one}..{other}",
        f"..{other}-05",
        f"{one}-03-18",
        f"{one}-13..{other}",
    )
    return rng.choice(forms)


def _a_number(rng: random.Random) -> str:
    year, serial = rng.randrange(2017, 2022), rng.randrange(1, 31)
    forms = (
        f"〔{year}〕{serial}号",
        f"[{year}]{serial}",
        f"{year}年{serial}号",
        f"第{serial}号",
        f"云政发({year})第{serial}号",
        f"〔{year}〕 {serial} 号",
        f"文号:第{serial}号",
        f"number:{serial}",
    )
    return rng.choice(forms)
