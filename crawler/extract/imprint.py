"""The head line and the editor's line: who wrote it, who published it, when, who answers for it.

来源, 作者, 时间, 编辑, 审核 and their many other names stand in one line or in several, in any order, run together, in
brackets, with empty values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bulletin.harvest import BlockEntry, Doubt
from bulletin.text.dates import FoundDate, find_dates, impossible_dates
from bulletin.text.script import fold
from crawler.extract.disclosure import Block, fields_of, read_block
from crawler.extract.labels import NUMBER, Mark, head_labels, label_name, marks_in
from crawler.extract.lines import Key, Line, key_of, texts_of

__all__ = ["Block", "Imprint", "fields_of", "read_block", "read_headline"]

_LONGEST: Final = 320
#: Without a colon a head line is short.
_LONGEST_BARE: Final = 80
_LONGEST_VALUE: Final = 60
_EDGE: Final = " \t\u3000\u00a0|｜【】[]()（）〔〕{}·•;；,，、/"
#: Fields by which a line in the tail is known; a date there needs a label that says more than 时间.
_TAIL: Final = frozenset({"author", "source_name", "editor", "reviewer", "views", "", "office"})
_PUBLISHING: Final = re.compile("发布|发表|录入|上传|添加|发稿")
_CUT: Final = re.compile(r"[【\[]|\s[|｜]\s|\s{2,}")
_CHIEF: Final = re.compile("责任|责编")
#: Matched against the folded text, which is as long as the printed one.
_REPORTER: Final = re.compile(
    r"(?:本报|本台|本网|县融媒体中心|融媒体)?(?:全媒体|特约|见习|实习)?(?:记者|通讯员)\s*:?\s*"
    r"[\u4e00-\u9fff·]{2,4}(?:[\s、,]+(?:(?:记者|通讯员)\s*)?[\u4e00-\u9fff·]{2,4}){0,5}\s*(?:报道|文/?图|摄影报道|摄)?"
)
_WROTE: Final = re.compile(r"(?:图文|文图|文)\s*[/:]\s*(?P<name>[\u4e00-\u9fff·、 ]{2,20}?)(?=\s*(?:图\s*/|$|[,;]))")
_REPORTING: Final = re.compile(
    r"(?:本报|本台|本网|县融媒体中心|融媒体)?(?:全媒体|特约|见习|实习)?(?:记者|通讯员)\s*:?|报道$|摄影报道$|摄$"
)
#: Buttons that stand on the line behind the last value.
_BUTTONS: Final = re.compile(
    r"(?:[\s|｜【\[]+(?:打印|收藏|关闭|分享|纠错|朗读|语音播报|播放)(?:本页)?[】\]]?)+[\s|｜]*$"
)
_COUNT: Final = re.compile(r"(?<=[\u4e00-\u9fff])\s*\d{1,7}$")  # of readers, behind the name of a source
_CLOCK: Final = re.compile(r"\d{1,2}[:：]\d{2}([:：]\d{2})?")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What head and tail lines say. `used` are the indexes of the given lines that are nothing but imprint.

    `entries` keep every label and value as printed, those without a field too.
    """

    author: str | None = None
    source_name: str | None = None
    editor: str | None = None
    reviewer: str | None = None
    published: FoundDate | None = None
    updated: FoundDate | None = None
    office: str | None = None
    entries: tuple[BlockEntry, ...] = ()
    used: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_headline(lines: Sequence[Line | str], position: str = "head") -> Imprint:
    """The imprint in these lines, labels in any order; `position` is "head" or "tail" (fewer labels count there).

    An empty value stays empty: it takes nothing from the label after it. 更新时间 and 归档时间 are no publication.
    """
    found = imprint_lines(lines, position)
    return _imprint([entry for entries in found.values() for entry in entries], tuple(found))


def imprint_lines(lines: Sequence[Line | str], position: str = "head") -> dict[int, list[BlockEntry]]:
    """The imprint lines among these by index, with their labels and values; a value may stand on the line below.

    Labels alone on their lines, without colons, count only when two of them are met: 作者 may be a heading.
    """
    texts = texts_of(lines)
    found: dict[int, list[BlockEntry]] = {}
    alone = {index: field for index, text in enumerate(texts) if (field := _label_alone(text, position)) is not None}
    for index, text in enumerate(texts):
        if index in found:
            continue
        field = alone.get(index)
        if field is not None and (len(alone) >= 2 or text[-1] in ":："):
            below = texts[index + 1] if index + 1 < len(texts) and index + 1 not in alone else ""
            taken = below if _is_value(field, below) else ""
            found[index] = [BlockEntry(text.rstrip(" :："), taken, field)]
            if taken:
                found[index + 1] = []
        elif entries := entries_of(text, position):
            found[index] = entries
    return found


def _label_alone(text: str, position: str) -> str | None:
    """The field of a line that is a label and nothing else."""
    field = head_labels().get(label_name(text)) if len(text) <= 12 else None
    if field in (None, "tools", "") or (position == "tail" and field not in _TAIL):
        return None
    return field


def _is_value(field: str, text: str) -> bool:
    if field in ("published", "updated", "archived"):
        return bool(find_dates(text)) and len(text) <= 40
    if field == "views":
        return text.isdigit()
    return _is_name(text) and not find_dates(text) and not entries_of(text, "head")


def entries_of(text: str, position: str) -> list[BlockEntry]:
    """The labels and values of one line, [] when it is no imprint line. Fields are those of `Imprint`."""
    if not text or len(text) > _LONGEST:
        return []
    return list(_entries(text, position))


@lru_cache(maxsize=8192)
def _entries(text: str, position: str) -> tuple[BlockEntry, ...]:
    return tuple(_read_line(text, position))


def _read_line(text: str, position: str) -> list[BlockEntry]:
    if len(text) > _LONGEST_BARE and ":" not in text and "：" not in text:
        return []
    key = key_of(text)
    marks = [mark for mark in marks_in(key) if position != "tail" or _in_tail(mark)]
    if marks and _begins(key, marks, position):
        return _labelled(key, marks)
    return _bare(text, key, position)


def _in_tail(mark: Mark) -> bool:
    return mark.field in _TAIL or bool(_PUBLISHING.search(mark.name)) or mark.field in ("updated", "tools")


def _begins(key: Key, marks: Sequence[Mark], position: str) -> bool:
    """Whether nothing but brackets, a date or a short name stands before the first label."""
    first = marks[0]
    before = key.text[: first.start].strip(_EDGE)
    fields = {mark.field for mark in marks} - {"tools", ""}
    if position == "head" and (NUMBER.search(before) or (before and len(fields) >= 2 and find_dates(key.printed))):
        return True
    if before and position == "head" and first.start:
        dated = find_dates(key.cut(0, first.start))
        if not dated and not (len(before) <= 20 and key.printed[key.at[first.start] - 1].isspace()):
            return False
    elif before:
        return False
    return not key.text.endswith(("。", "；", ";")) or key.text.count("。") == 0


def _labelled(key: Key, marks: Sequence[Mark]) -> list[BlockEntry]:
    if all(mark.field == "tools" for mark in marks):
        return []
    entries = _loose(key.cut(0, marks[0].start))
    ends = [mark.start for mark in marks[1:]] + [len(key.text)]
    for mark, end in zip(marks, ends, strict=True):
        printed = key.cut(mark.end, end).strip(_EDGE)
        if len(printed) > _LONGEST_VALUE and mark.field != "tools":
            return []
        label = key.cut(mark.start, mark.end).strip(_EDGE + ":：")
        entries += _valued(label, mark.field, printed)
    return entries


def _valued(label: str, field: str, printed: str) -> list[BlockEntry]:
    """A label with its value; a date that follows a name without a label of its own is the date of publication."""
    dates = find_dates(printed) if label_name(label)[-2:] not in ("日期", "时间") else []
    if field in ("published", "updated", "archived", "tools", "views") or not dates:
        value = _BUTTONS.sub("", _CUT.split(printed)[0]).strip(_EDGE) if field not in ("", "tools") else printed
        return [BlockEntry(label, value, field)]
    rest = printed[: dates[0].start].strip(_EDGE)
    return [BlockEntry(label, rest, field), BlockEntry("", printed[dates[0].start :].strip(_EDGE), "published")]


def _loose(text: str) -> list[BlockEntry]:
    """What stands before the first label of a head line: a date, the name of a source."""
    dates = find_dates(text)
    if dates:
        rest = (text[: dates[0].start] + " " + text[dates[0].end :]).strip(_EDGE)
        rest = _COUNT.sub("", _CLOCK.sub("", rest)).strip(_EDGE)
        day = text[dates[0].start : dates[0].end]
        return [BlockEntry("", day, "published"), *([BlockEntry("", rest, "source_name")] if _is_source(rest) else [])]
    rest = text.strip(_EDGE)
    field = "number" if NUMBER.search(rest) else "source_name"
    return [BlockEntry("", rest, field)] if field == "number" or _is_source(rest) else []


def _is_source(text: str) -> bool:
    """A name that may be that of a publisher. Several words none of which ends like one are the names of people."""
    words = text.split()
    return _is_name(text) and not NUMBER.search(text) and (len(words) < 2 or any(_is_publisher(word) for word in words))


def _bare(text: str, key: Key, position: str) -> list[BlockEntry]:
    """A head line without colons: a date alone, a date and a source, 记者 and a name, labels parted by blanks."""
    printed = text.strip(_EDGE)
    folded = fold(printed)
    if len(text) <= 80 and _REPORTER.fullmatch(folded) and (position == "head" or text[0] not in "(（"):
        blanked = _REPORTING.sub(lambda match: " " * len(match.group()), folded)  # the words around the names
        names = [printed[m.start() : m.end()] for m in re.finditer(r"[^\s、,，:：/]+", blanked)]
        return [BlockEntry("记者", "、".join(names), "author")]
    wrote = _WROTE.match(folded)
    if wrote and len(text) <= 40:
        return [BlockEntry("文", printed[wrote.start("name") : wrote.end("name")].strip(), "author")]
    if position != "head" or len(text) > 80:
        return []
    words = text.split()
    if len(words) >= 2 and head_labels().get(label_name(words[0]), "tools") != "tools":
        return _spaced(words)
    dates = find_dates(text)
    if len(dates) == 1 and dates[0].precision == "day" and text[:1] not in "(（〔[":
        rest = _CLOCK.sub("", text[: dates[0].start] + " " + text[dates[0].end :]).strip(_EDGE)
        clock = dates[0].moment is not None and len(rest) <= 16
        if not rest or (_is_name(rest) and (clock or _is_publisher(rest))):
            return _loose(text)
    return []


def _spaced(words: Sequence[str]) -> list[BlockEntry]:
    """来源 云岫日报 时间 2019-03-04: every label a word of its own."""
    entries: list[BlockEntry] = []
    label, field, value = "", "", ""
    for word in [*words, ""]:
        known = head_labels().get(label_name(word)) if word else ""
        if known is None:
            value = f"{value} {word}".strip()
            continue
        entries += _valued(label, field, value) if label else []
        label, field, value = word, known, ""
    filled = [entry for entry in entries if entry.value and entry.field not in ("tools", "")]
    named = {entry.field for entry in filled}
    dated = any(find_dates(entry.value) for entry in filled)
    return entries if dated or len(named) >= 2 else []


_PUBLISHER: Final = re.compile(
    r"(?:网|報|报|台|中心|办|办公室|局|委|部|社|政府|站|客户端|微信|日报|新闻|发布|科|股|院|会)$"
)


def _is_publisher(text: str) -> bool:
    return bool(_PUBLISHER.search(key_of(text).text))


def _is_name(text: str) -> bool:
    return (
        2 <= len(text) <= 24
        and not re.search(r"[。!?！？;；《》>»]|第.{1,6}[号號]|通[过過]|施行|批准", text)
        and any("\u4e00" <= c <= "\u9fff" for c in text)
    )


def _imprint(entries: Sequence[BlockEntry], used: tuple[int, ...]) -> Imprint:
    values: dict[str, list[BlockEntry]] = {}
    for entry in entries:
        if entry.value.strip(_EDGE + "-—"):
            values.setdefault(entry.field, []).append(entry)
    editors = values.get("editor", [])
    editors = [entry for entry in editors if _CHIEF.search(label_name(entry.label))] or editors
    reviewers = list(dict.fromkeys(entry.value for entry in values.get("reviewer", [])))
    published, doubts = _day(values.get("published", []))
    return Imprint(
        author=_first(values.get("author", [])),
        source_name=_first(values.get("source_name", [])),
        editor=_first(editors),
        reviewer="、".join(reviewers) or None,
        published=published,
        updated=_day(values.get("updated", []))[0],
        office=_first(values.get("office", [])),
        entries=tuple(entries),
        used=used,
        doubts=doubts,
    )


def _first(entries: Sequence[BlockEntry]) -> str | None:
    return entries[0].value if entries else None


def _day(entries: Sequence[BlockEntry]) -> tuple[FoundDate | None, tuple[Doubt, ...]]:
    """The first date of these values, one with a label that names publishing before a bare 时间."""
    ranked = sorted(entries, key=lambda entry: not _PUBLISHING.search(label_name(entry.label)))
    for entry in ranked:
        if found := find_dates(entry.value):
            return found[0], ()
    wrong = [text for entry in ranked for text in impossible_dates(entry.value)]
    doubts = [f"{text} is no date that exists" for text in wrong] or [
        f"{entry.value} was not understood as a date" for entry in ranked[:1]
    ]
    return None, tuple(Doubt("published_on", reason) for reason in doubts)
