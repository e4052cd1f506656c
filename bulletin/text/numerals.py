"""Whole numbers as official texts write them: 三百四十九, 三四九, 廿三, 二○一九, 349, ３４９."""

from __future__ import annotations

import re
import unicodedata

#: What stands for 〇 between Chinese digits (standards sheet 3.4): typists take whatever round sign is at hand.
ZEROS = "〇○◯⚪⭕ＯｏOo0０零ΟО"

_DIGITS = {
    c: n
    for n, cs in enumerate((ZEROS, "一壹弌", "二贰貳弍", "三叁參弎", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for c in cs
}
_DIGITS |= {"两": 2, "兩": 2, "元": 1}
_TENS = {"廿": 20, "卄": 20, "卅": 30, "丗": 30, "卌": 40}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_ASCII = re.compile(r"[0-9]{1,18}", re.ASCII)
_LETTER_O = set("OoＯｏΟО")
_LONGEST = 40


def number_of(text: str) -> int | None:
    """The number `text` is, written in digits of any width, in Chinese by place (三四九) or by unit (三百四十九).

    None when it is no number, or one of more than eighteen digits. 三百五 is 350, as it is spoken.
    """
    text = "".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text)
    if _ASCII.fullmatch(plain):
        return int(plain)
    if all(c in _DIGITS for c in text):
        return by_place(text) if set(text) - _LETTER_O else None
    return _by_unit(text)


def by_place(text: str) -> int | None:
    """The number digit for digit, blanks ignored: 二O一九, 2O19, ２０１９ -> 2019. None beyond eighteen digits."""
    digits = [_DIGITS.get(c, -1) if not c.isdecimal() else int(c) for c in "".join(text.split())]
    if not digits or len(digits) > 18 or -1 in digits:
        return None
    return int("".join(map(str, digits)))


def _by_unit(text: str) -> int | None:
    """Units must fall within a myriad, and myriads within the number; anything else is not a number."""
    total, last_myriad = 0, 10**12
    part: list[str] = []
    for c in [*text, ""]:
        if c and c not in _MYRIADS:
            part.append(c)
            continue
        value = _below_myriad(part)
        if value is None:
            if c or not total or part:
                return None
            value = 0
        if not c:
            return total + value
        if _MYRIADS[c] >= last_myriad or not value:
            return None
        last_myriad = _MYRIADS[c]
        total, part = total + value * last_myriad, []
    return None


def _below_myriad(part: list[str]) -> int | None:
    """十二, 二百〇三, 廿三, 一千零五 -> its value; None for anything else."""
    total, digit, last, zero = 0, None, 10**4, False
    for c in part:
        if c in _UNITS:
            unit = _UNITS[c]
            if unit >= last or digit == 0:
                return None
            if digit is None and (unit != 10 or zero):
                return None
            total, digit, last, zero = total + (1 if digit is None else digit) * unit, None, unit, False
        elif c in _TENS:
            if last <= 10 or digit is not None:
                return None
            total, last, zero = total + _TENS[c], 10, False
        elif c in ZEROS:
            if digit is not None or zero or not part:
                return None
            zero = True
        elif c in _DIGITS:
            if digit is not None or last == 1:
                return None
            digit = _DIGITS[c]
        else:
            return None
    return _with_rest(total, digit, last, zero, part)


def _with_rest(total: int, digit: int | None, last: int, zero: bool, part: list[str]) -> int | None:
    if not part or (zero and digit is None):
        return None
    if digit is None:
        return total
    if last == 10**4:
        return digit
    return total + (digit if zero or last == 10 else digit * last // 10)
