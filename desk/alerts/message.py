"""What people are told, in Chinese and English. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bulletin.alert import NEWS, Alert, Delivery
from bulletin.record import CHINA, moment_record
from desk.health.words import SPOKEN

_KINDS: Final[dict[str, tuple[str, str]]] = {
    "runs": ("连续采集失败", "crawls keep failing"),
    "worker": ("工作进程停止", "the worker has stopped"),
    "disk": ("磁盘空间不足", "the disk is nearly full"),
    "fixity": ("校验发现错误", "verification found faults"),
    "backup": ("备份过期", "the backup is old"),
    "missed": ("有任务错过", "runs were missed"),
    "chore": ("维护任务失败", "a chore failed"),
    "saved": ("保存的检索", "saved search"),
    "test": ("测试消息", "a test message"),
}
_HEADS: Final[dict[str, tuple[str, str]]] = {
    "opened": ("新问题", "New"),
    "found": ("新公报", "New bulletins"),
    "repeated": ("仍未解决", "Still open"),
    "recovered": ("已恢复", "Recovered"),
}
_REASON: Final = 300  # characters; reasons may hold words of a site
_CONTROLS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one channel. `text` is what people read, `records` the same for programs."""

    subject: str
    text: str
    records: tuple[Mapping[str, Any], ...]
    at: datetime


def compose(
    deliveries: Sequence[Delivery], now: datetime, *, home: str, language: str = "both", longest: int = 0
) -> Message:
    """All these deliveries in one message, cut at a line's end to `longest` bytes (0: no limit); what was left out is
    counted. An alert that began and ended before it could be told is told once, as over."""
    told = _folded(deliveries)
    say = _Says(language)
    counts = {event: sum(one == event for _, one in told) for event in _HEADS}
    counted = " · ".join(f"{say(_HEADS[event])} {count}" for event, count in counts.items() if count)
    title = f"公报 Gongbao {clean(home)}: {counted}"
    lines = [title, f"{now.astimezone(CHINA):%Y-%m-%d %H:%M} (Asia/Shanghai)"]
    for event, head in _HEADS.items():
        if counts[event]:
            lines += ["", f"【{say(head)}】"]
            lines += [line for alert, one in told if one == event for line in _lines(alert, event, say)]
    lines += ["", f"{say(('详情', 'Details'))}: gongbao status · gongbao alerts list"]
    records = tuple(_record(alert, event) for alert, event in told)
    return Message(title, fitted(lines, longest), records, now)


def fitted(lines: Sequence[str], longest: int) -> str:
    """The lines as a text of at most so many bytes of UTF-8; a remark says how many lines are missing."""
    text = "\n".join(lines)
    if not longest or len(text.encode()) <= longest:
        return text
    room = longest - 80
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, f"… 另有 {len(lines) - len(kept)} 行 more lines: gongbao alerts list"])


def clean(text: str) -> str:
    """One line without control characters."""
    return _CONTROLS.sub(" ", text).strip()


def named(alert: Alert, language: str = "both") -> str:
    """An alert in one line: what is wrong, and where."""
    return f"{_place(alert)}{_what(alert, _Says(language))}"


class _Says:
    """A pair of Chinese and English, in the language that is wanted."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, pair: tuple[str, str]) -> str:
        return {"zh": pair[0], "en": pair[1]}.get(self._language, f"{pair[0]} {pair[1]}")


def _folded(deliveries: Sequence[Delivery]) -> list[tuple[Alert, str]]:
    """Each alert once, with the last that is to be said of it; the gravest first."""
    last: dict[int, tuple[Alert, str]] = {}
    for delivery in deliveries:
        event = "found" if delivery.alert.matter.kind in NEWS else delivery.event
        last[delivery.alert.id] = (delivery.alert, event)
    return sorted(last.values(), key=lambda told: (not told[0].matter.grave, told[0].id))


def _lines(alert: Alert, event: str, say: _Says) -> list[str]:
    if event != "found":
        return [_line(alert, event, say)]
    counted, *found = alert.matter.reason.splitlines() or [""]
    return [f"- {_what(alert, say)}: {clean(counted)}", *(f"  {clean(line)[:_REASON]}" for line in found)]


def _line(alert: Alert, event: str, say: _Says) -> str:
    began = f"{alert.opened_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if event == "recovered":
        ended = f" – {alert.closed_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if alert.closed_at else ""
        return f"- {_place(alert)}{_what(alert, say)} ({began}{ended})"
    reason = clean(alert.matter.reason)[:_REASON]
    return f"- {_place(alert)}{_what(alert, say)}, {say(('自', 'since'))} {began}" + (f": {reason}" if reason else "")


def _place(alert: Alert) -> str:
    matter = alert.matter
    if not matter.source_id:
        return ""
    return f"{clean(matter.name)} ({matter.source_id}): " if matter.name else f"{matter.source_id}: "


def _what(alert: Alert, say: _Says) -> str:
    matter = alert.matter
    if matter.kind in NEWS:
        return f"{say(_KINDS[matter.kind])} {clean(matter.word)}"
    return say(SPOKEN.get(matter.word) or _KINDS.get(matter.kind) or (matter.word, matter.kind))


def _record(alert: Alert, event: str) -> dict[str, Any]:
    matter = alert.matter
    return {
        "event": event,
        "alert": alert.id,
        "source_id": matter.source_id,
        "source_name": clean(matter.name),
        "kind": matter.kind,
        "word": matter.word,
        "reason": clean(matter.reason),
        "grave": matter.grave,
        "opened_at": moment_record(alert.opened_at),
        "closed_at": moment_record(alert.closed_at),
    }
