"""Where the agency code (机关代字) in front of a document number begins.

In running text words stand right before the code (按照云政发〔2019〕7号, 通知和云政办发〔2019〕8号). Nothing marks the
border, so the code begins behind the last mark or word that no code contains.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_HAN = "·\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TAIL = re.compile(f"[{_HAN}]+$")
_LONGEST_CODE = 20
_LONGEST_BODY = 30
_BLANKS = " \t\u00a0\u3000\u200b"

#: Words that end before a code or an issuing body begins.
_WORDS = (
    "以及 依据 依據 根据 根據 按照 参照 參照 依照 遵照 对照 關於 关于 印发 印發 转发 轉發 下发 下發 发布 發布 "
    "公布 颁布 頒布 贯彻 貫徹 落实 落實 执行 執行 实施 實施 制定 修订 修訂 修改 废止 廢止 通过 通過 结合 結合 "
    "通知 文件 文号 文號 发文字号 發文字號 意见 意見 精神 规定 規定 办法 辦法 方案 决定 決定 批复 批復 出台 "
    "要求 其中 同时 同時 即将 现将 現將 作出 以下简称 以下簡稱 我院 我局 我省 我市 我县 我縣 我区 本府 号 號"
).split()
#: Characters that no code contains, though 等 or 了 may stand in the name of a body.
_PARTICLES = "等与與及按了的在是由对對或被把其该該此见見已以为為"
#: A body written out in full before the code: 云岫县人民政府云政发〔2019〕7号.
_BODIES = "政府 国务院 國務院 办公厅 辦公廳 办公室 辦公室 委员会 委員會".split()
#: What 和 joins a number to, besides marks: 《…》和, 7号和, 通知和.
_JOINED = tuple("》）)号號") + tuple("通知 文件 意见 意見 精神 规定 規定 办法 辦法 方案 决定 決定 批复 批復 等".split())
_CUT_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_CUT = re.compile(f"{_CUT_WORD.pattern}|[{_PARTICLES}]")
_SPACED = re.compile(f"(?<![{_HAN}])(?:[{_HAN}][{_BLANKS}]{{1,2}}){{1,12}}[{_HAN}]$")
#: 法（研）发〔1987〕32号 carries a character in brackets.
_INSET = re.compile(f"(?<![{_HAN}])[{_HAN}]{{1,4}}[（(][{_HAN}][）)][{_HAN}]{{1,6}}$")
#: The old name of a body that is no more: 原国家工商行政管理局令第1号.
_FORMER = re.compile("原(?=国家|國家|中华|中華)")
_LIKELY = re.compile(r"[^\W\d_](?:政|府|委|党|黨)[办辦农農人发發函字规規任党黨文教综綜]{1,4}$")


def agency_code(text: str, end: int, floor: int, codes: Collection[str] = (), *, whole: bool) -> tuple[int, int]:
    """Start and end of the code before `end`, not reaching back over `floor`; equal where there is none.

    `whole` says that `text` is a document number and nothing else, so that no word can stand before the code.
    """
    start, end = _run(text, end, floor, _LONGEST_CODE if whole else 2 * _LONGEST_CODE)
    run = text[start:end]
    known = max((code for code in codes if code and run.endswith(code)), key=len, default="")
    if known:
        return end - len(known), end
    start = _behind(run, _CUT_WORD if whole else _CUT, start)
    if whole:
        return start, end
    start = _behind_body(text, start, end)
    start = _behind_and(text, start, end)
    if end - start > _LONGEST_CODE:
        likely = _LIKELY.search(text, end - 6, end)
        start = likely.start() if likely else end
    return start, end


def issuing_body(text: str, end: int, floor: int) -> tuple[int, int]:
    """Start and end of the body before 令 or 公告, these included: 云岫县人民政府令."""
    start, end = _run(text, end, floor, 2 * _LONGEST_BODY)
    start = _behind(text[start:end], _CUT_WORD, start)
    if text[start:end].startswith(("和", "与", "與", "及")) and start and text[start - 1] in "号號》":
        start += 1
    if _FORMER.match(text, start, end):
        start += 1
    return (start, end) if 0 < end - start <= _LONGEST_BODY else (end, end)


def _run(text: str, end: int, floor: int, most: int) -> tuple[int, int]:
    """The run of Chinese characters before `end`, unbroken or spaced out one by one; no 第 at its end."""
    while end > floor and text[end - 1] in _BLANKS:
        end -= 1
    if end > floor and text[end - 1] == "第":
        end -= 1
    before = text[max(floor, end - most) : end]
    found = _TAIL.search(before)
    if found and len(found[0]) == 1:
        found = _SPACED.search(before) or found
    found = _INSET.search(before) or found
    start = end - len(found[0]) if found else end
    if 0 < start < end and text[start] in "年月日" and text[start - 1].isdecimal():
        start += 1
    return start, end


def _behind(run: str, words: re.Pattern[str], start: int) -> int:
    last = 0
    for found in words.finditer(run):
        last = found.end()
    return start + last


def _behind_body(text: str, start: int, end: int) -> int:
    """Behind a body written out, if something is left that can be a code."""
    for body in _BODIES:
        at = text.rfind(body, start, end)
        if at >= 0 and end - at - len(body) >= 2:
            start = at + len(body)
    return start


def _behind_and(text: str, start: int, end: int) -> int:
    """Behind 和, unless it begins the code (和政发): it does where it joins nothing, as behind 按照."""
    at = text.rfind("和", start, end)
    if at > start and text[at - 1] == "和":
        return at
    if at < 0 or end - at <= 2:
        return start
    if at > start:
        return at + 1
    return at + 1 if text.endswith(_JOINED, 0, at) else start
