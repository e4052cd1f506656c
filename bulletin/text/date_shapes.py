"""The shapes of a printed date (standards sheet 3.4), as patterns whose every repetition has a limit.

Each pattern looks at no more than some sixty characters from where it begins, so that a scan is linear in the text.
"""

from __future__ import annotations

import re

from bulletin.text.numerals import ZEROS

_B = r"[ \t\u00a0\u2002-\u200b\u3000]{0,4}"
_D = "[0-9０-９]"
_N = f"[0-9０-９{ZEROS}一二三四五六七八九]"
_TENS = f"[{ZEROS}一二三四五六七八九十廿卅]"
_SEPARATOR = "[-/.－／．‐‑]"
_ROC = rf"(?:中[華华])?民[國国]{_B}(?P<roc>{_D}{{1,3}}|元|[{ZEROS}一二三四五六七八九十百廿卅]{{1,6}})"
_YEAR = rf"(?P<year>[12１２一二]{_B}{_N}{_B}{_N}{_B}{_N})"
_MONTH = rf"(?P<month>{_D}{{1,2}}|元|[{ZEROS}一二三四五六七八九十](?:{_B}[{ZEROS}一二三四五六七八九])?)"
_DAY = rf"(?P<day>{_D}{{1,2}}|{_TENS}(?:{_B}{_TENS}){{0,2}})"
# 2019年3月18、19日 and 2019年3月18-20日 name 日 once, at the end.
_DAY_END = rf"(?:[日号號]|(?=[-—–~～至、和]{{1,2}}{_N}{{1,2}}[日号號]))"
_HAN = rf"(?:{_ROC}|{_YEAR}){_B}年(?:{_B}{_MONTH}{_B}月(?:份|{_B}{_DAY}{_B}{_DAY_END})?)?"
# A blank lost between day and time (2019-03-1816:40) leaves four digits before the colon.
_MARKED_DAY = rf"(?P<d>{_D}{{2}}(?={_D}{{2}}[:：时時]{_D}{{2}})|{_D}{{1,2}}(?!{_D}))"
_MARKED = (
    rf"(?P<y>[12１２]{_D}{{3}}){_B}(?P<sep>{_SEPARATOR})"
    rf"(?:{_B}(?P<m>{_D}{{1,2}}){_B}(?P=sep){_B}{_MARKED_DAY}|(?P<mm>[0０][1-9１-９]|[1１][0-2０-２])(?!{_D}))"
)

MARKS = re.compile(_MARKED)
#: `run` swallows long runs of digits whole; `han` and `marks` are the two great shapes.
CANDIDATE = re.compile(rf"(?P<run>{_D}{{9,}})|(?P<han>{_HAN})|(?P<marks>{_MARKED})")
LUNAR = re.compile(rf"(?:[农農夏阴陰][历曆]){_B}[:：]?{_B}$")
#: 第2019-03号 is a number, 2019-20 a pair of years.
NUMBERED = re.compile(rf"{_B}[）)〕\]]?{_B}(?:[号號期次批]|学年|學年|年度|赛季)|[A-Za-z_]")

_WEEKDAY = rf"(?:{_B}[（(]?{_B}(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]{_B}[)）]?)?"
WEEKDAY = re.compile(_WEEKDAY)
_HALF = "上午|下午|晚上|晚|凌晨|早上|早|中午|[AaPp][Mm]"
_CLOCK = rf"{_B}[:：]{_B}(?P<mi>{_D}{{2}})(?:[:：](?P<s>{_D}{{2}})(?:[.,](?P<f>[0-9]{{1,9}}))?)?(?!{_D})"
_HOUR = rf"{_B}(?:[时時]|[点點](?={_B}{_D}{{1,2}}{_B}分|半|整|钟|鐘))"
_MINUTES = rf"{_B}(?P<mi2>{_D}{{1,2}}){_B}分(?:{_B}(?P<s2>{_D}{{1,2}}){_B}秒)?"
_SPOKEN = rf"{_HOUR}(?:{_MINUTES}|(?P<halfpast>半)|整|[钟鐘])?"
# 9:00-11:30 is a span of time: only behind seconds is a minus an offset.
_OFFSET = r"(?:\+|(?<=:[0-9]{2}:[0-9]{2})-)(?:0[0-9]|1[0-4]):?[0-9]{2}(?![0-9])"
_ZONE = rf"(?P<zone>[Zz](?![A-Za-z])|(?:UTC|GMT)?{_OFFSET}|UTC|GMT)"
TIME = re.compile(
    rf"{_WEEKDAY}{_B}[Tt,，]?{_B}(?P<half>{_HALF})?{_B}(?P<h>{_D}{{1,2}})(?:{_CLOCK}|{_SPOKEN})"
    rf"(?:{_B}(?P<half2>[AaPp][Mm])(?![A-Za-z]))?(?:{_B}{_ZONE})?"
)
#: What is a date only where nothing else stands beside it.
COMPACT = re.compile(
    r"(?P<epoch>1[0-9]{12}|[4-9][0-9]{11})"
    r"|(?P<year>(?:1[89]|20)[0-9]{2})(?:[-/.](?P<month2>[0-9]{1,2})"
    r"|(?P<month>[0-9]{2})(?:(?P<day>[0-9]{2})(?:T?(?P<h>[0-9]{2})(?P<mi>[0-9]{2})(?P<s>[0-9]{2})?)?)?)?"
)
