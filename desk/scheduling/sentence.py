"""A cron line as a sentence, in Chinese and in English, so that whoever wrote it sees what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from desk.scheduling.cron import fields_of

_WEEKDAYS: Final = "日一二三四五六日"
_NAMED_DAYS: Final = "SUN MON TUE WED THU FRI SAT".split()
_NAMED_MONTHS: Final = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


def in_english(line: str, zone: str) -> str:
    """Such as `At 03:00, only on Monday (Asia/Shanghai)`."""
    from cron_descriptor import Options, get_description

    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"
    return f"{get_description(' '.join(fields_of(line)), options).strip()} ({zone})"


def in_chinese(line: str, zone: str) -> str:
    """Such as `每周一 03:00（Asia/Shanghai）`."""
    minute, hour, day, month, weekday = fields_of(line)
    days = _days(day, weekday)
    months = "" if month == "*" else _listed(month, _month, "月", every="每{}个月")
    clock = _clock(minute, hour)
    if days == "每天" and months:
        days = "每天" if month.startswith("*/") else "的每天"
    elif months and not month.startswith("*/"):
        days = days.removeprefix("每月").removeprefix("每")
    elif days == "每天" and not _fixed(minute, hour):
        days = ""
    return f"{months}{days}{' ' if days + months and clock[0].isdigit() else ''}{clock}（{zone}）"


def _fixed(minute: str, hour: str) -> bool:
    """Whether the line names times of the day."""
    return all(part.isdigit() for part in (*minute.split(","), *hour.split(",")))


def _clock(minute: str, hour: str) -> str:
    if _fixed(minute, hour):
        return "、".join(f"{int(h):02}:{int(m):02}" for h in hour.split(",") for m in minute.split(","))
    minutes = "每分钟" if minute == "*" else _listed(minute, str, "分", every="每{}分钟")
    if minute == "0":
        minutes = "整点"
    if hour == "*":
        return minutes if minute.startswith("*") else f"每小时{minutes}"
    hours = _listed(hour, str, "时", every="每{}小时")
    return f"{hours}{minutes}" if hour.startswith("*/") else f"{hours}之间{minutes}" if "-" in hour else hours + minutes


def _days(day: str, weekday: str) -> str:
    by_day = "" if day == "*" else _of_month(day)
    by_week = "" if weekday == "*" else _listed(weekday, _weekday, "", every="每{}天", before="每周")
    if not by_day or not by_week:
        return by_day or by_week or "每天"
    both = day.startswith("*") or weekday.startswith("*")
    return f"{by_day}{'且' if both else '或'}{by_week}"


def _of_month(day: str) -> str:
    if day.startswith("*/"):
        return f"每月从1日起每{day[2:]}天"
    named = {"L": "最后一天", "LW": "最后一个工作日（周一至周五）"}
    parts = [named.get(part) or _listed(part, str, "日", every="") for part in day.split(",")]
    return "每月" + "、".join(parts)


def _listed(field: str, name: Callable[[str], str], unit: str, *, every: str, before: str = "") -> str:
    """A field's terms, one after the other: `1月至3月`, `周一、周三`, `0时至23时每2小时`."""
    if field.startswith("*/"):
        return every.format(field[2:])
    return before + "、".join(_term(part, name, unit) for part in field.split(","))


def _term(part: str, name: Callable[[str], str], unit: str) -> str:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    said = f"{name(first)}{unit}至{name(last)}{unit}" if last else f"{name(first)}{unit}{'起' if step else ''}"
    return f"{said}每隔{step}" if step else said


def _month(text: str) -> str:
    return str(_NAMED_MONTHS.index(text) + 1) if text in _NAMED_MONTHS else text


def _weekday(text: str) -> str:
    found = re.fullmatch(r"([A-Z]{3}|\d)(L|#(\d))?", text)
    if found is None:
        return text
    day = _WEEKDAYS[_NAMED_DAYS.index(found[1]) if found[1] in _NAMED_DAYS else int(found[1])]
    which = "（当月最后一个）" if found[2] == "L" else f"（当月第{found[3]}个）" if found[3] else ""
    return day + which


def sentences(line: str, zone: str) -> Sequence[str]:
    """The line in Chinese and in English."""
    return in_chinese(line, zone), in_english(line, zone)
