"""The disclosure box (政府信息公开): labels and values, however they are laid out.

Labels are known by name, not by mark-up: blanks in them and the colon after them do not count, a value may be missing,
and the next label is never taken for a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from bulletin.harvest import BlockEntry, Doubt
from bulletin.text.clean import squeeze
from bulletin.text.dates import FoundDate, find_dates
from bulletin.text.docnumber import parse_docnumber
from crawler.extract.labels import BOX, FREE, STRONG, WEAK, Mark, box_labels, is_box_label, label_name, marks_in
from crawler.extract.lines import Key, Line, collapse, key_of, matching, texts_of

#: The box stands at the head of a page; farther down, "label: value" is part of the text.
_DEPTH: Final = 80
_LONGEST: Final = 600
_DATES: Final = ("dated_on", "published_on", "effective_on", "expires_on")
_NOTHING: Final = frozenset("- -- --- — —— ——— / \\ 无 暂无 null none 空 . 。 、 〔〕号 []号 〔〕".split()) | {""}
_TITLE: Final = re.compile(
    r"关于|(?:通知|公告|通告|意见|方案|办法|规定|决定|报告|批复|公示|要点|计划|总结|细则|纪要|"
    r"通报|简报|条例|公报|说明|解读|的函)"
    r"(?:\([^()]{0,12}\))?$"
)
_VALIDITY: Final = re.compile("效|废|止|现行|试行|暂行|执行|修[改订]|^[是否]$")
_INDEX: Final = re.compile(r"[0-9a-z\u4e00-\u9fff〔〕\[\]()（）/\\_\-—–.·,:]{4,60}$")
_TOPIC_CUT: Final = re.compile(r"\s*[;；>＞»›|｜/\\,，]+\s*")
_EDGE: Final = " \t\u3000|｜【】[]·•;；,，"


@dataclass(frozen=True, slots=True)
class Block:
    """The box as printed. `start` to `end` (half open) are the given lines or pairs it was read from."""

    entries: tuple[BlockEntry, ...] = ()
    start: int = 0
    end: int = 0

    def __bool__(self) -> bool:
        return bool(self.entries)


def read_block(given: Sequence[tuple[str, str]] | Sequence[Line | str]) -> Block:
    """The disclosure box in pairs of label and value, or among the first lines of a page.

    Lines may hold a label each and a value each in turn, several labels with their values, or a run-on text. Of several
    labels for one field the one named first in the catalogue rules is read into it; the others keep an empty field.
    """
    if given and isinstance(given[0], tuple):
        pairs = [(collapse(label), collapse(value)) for label, value in cast("Sequence[tuple[str, str]]", given)]
        entries = [BlockEntry(label.rstrip(" :："), value, _field(label)) for label, value in pairs if label]
        return Block(_chosen(entries), 0, len(pairs))
    texts = texts_of(cast("Sequence[Line | str]", given))
    return next(_boxes(texts), Block())


def _boxes(texts: Sequence[str]) -> Iterator[Block]:
    """The boxes among the first lines: runs of labels and values in which one label can be nothing else."""
    index, depth = 0, min(len(texts), _DEPTH)
    while index < depth:
        entries, end = _run(texts, index)
        labels = {label_name(entry.label) for entry in entries}
        if len(labels) >= 2 and labels & STRONG:
            yield Block(_chosen(entries), index, end)
        index = max(end, index + 1)


def _run(texts: Sequence[str], start: int) -> tuple[list[BlockEntry], int]:
    """Labels and values from line `start` on, as far as they follow each other, and the line after them."""
    entries = _columns(texts, start)
    waiting = ""
    end = start + 2 * len(entries)
    for index in range(end, min(len(texts), start + _DEPTH)):
        cells = _cells(texts[index])
        if cells:
            entries += [BlockEntry(waiting, "", _field(waiting))] if waiting else []
            entries += [BlockEntry(label, value, _field(label)) for label, value in cells[:-1]]
            label, value = cells[-1]
            waiting = "" if value else label
            entries += [BlockEntry(label, value, _field(label))] if value else []
        elif waiting and _plausible(waiting, texts[index], texts[index + 1 :]):
            entries.append(BlockEntry(waiting, texts[index], _field(waiting)))
            waiting = ""
        else:
            break
        end = index + 1
    entries += [BlockEntry(waiting, "", _field(waiting))] if waiting else []
    return entries, end


def _columns(texts: Sequence[str], start: int) -> list[BlockEntry]:
    """A box turned on its side: three labels or more, each on its line, then as many lines of their values."""
    labels: list[str] = []
    for text in texts[start : start + _DEPTH // 2]:
        if not is_box_label(text):
            break
        labels.append(text)
    values = texts[start + len(labels) : start + 2 * len(labels)]
    pairs = list(zip(labels, values, strict=False))
    if len(pairs) < 3 or len(values) < len(labels) or not all(_plausible(label, value, ()) for label, value in pairs):
        return []
    if not any(_field(label) in (*_DATES, "index_number", "number") for label in labels):
        return []
    return [BlockEntry(label.rstrip(" :："), value, _field(label)) for label, value in pairs]


def _cells(text: str) -> list[tuple[str, str]]:
    """The labels of a line with their values, () when the line does not begin with a label."""
    if len(text) > _LONGEST:
        return []
    if label_name(text) in box_labels() and (label_name(text) not in WEAK or text.rstrip()[-1] in ":："):
        return [(text.rstrip(" :："), "")]
    key = key_of(text)
    marks = marks_in(key, box=True)
    if not marks or key.text[: marks[0].start].strip("·•*●■◆|【[(") or not _is_box_line(key, marks):
        marks = _unmarked(key)
    if not marks:
        return []
    ends = [mark.start for mark in marks[1:]] + [len(key.text)]
    return [
        (key.cut(mark.start, mark.end).strip(_EDGE + ":："), key.cut(mark.end, end).strip(_EDGE))
        for mark, end in zip(marks, ends, strict=True)
    ]


def _is_box_line(key: Key, marks: Sequence[Mark]) -> bool:
    """A head line (来源: … 时间: …) has weak labels only; a sentence goes on long after its label."""
    if not any(mark.name in STRONG for mark in marks) and all(mark.name in WEAK for mark in marks):
        return len(marks) == 1 and len(key.text) <= 60
    return True


def _unmarked(key: Key) -> list[Mark]:
    """Labels without colons: at the line's beginning, and after blanks, or anywhere when three say it is a box."""
    found = [
        Mark(match.start(), match.end(), match.group(), box_labels()[match.group()], colon=False)
        for match in _STRONG_LABEL.finditer(key.text)
    ]
    if not found or key.text[: found[0].start].strip("·•*●■◆|【["):
        return []
    if sum(mark.name in STRONG for mark in found) >= 3 and "|" not in key.text:
        return found
    apart = [mark for mark in found if _blank_around(key, mark)]
    return apart if found[0] in apart else []


def _blank_around(key: Key, mark: Mark) -> bool:
    start, end = key.at[mark.start], key.at[mark.end - 1] + 1
    return (start == 0 or not key.printed[start - 1].isalnum()) and key.printed[end : end + 1] in ("", " ", "|", "\t")


_STRONG_LABEL: Final = re.compile("|".join(sorted(map(re.escape, FREE), key=len, reverse=True)))


def _field(label: str) -> str:
    return box_labels().get(label_name(label), "")


def _plausible(label: str, text: str, rest: Sequence[str]) -> bool:
    """Whether a line can be the value of the label above it, and is not the title that follows an empty value."""
    field, value = _field(label), matching(text)
    if value in _NOTHING:
        return True
    if field in _DATES:
        return (bool(find_dates(text)) and len(value) <= 40) or ("有效期" in label_name(label) and len(value) <= 12)
    if field == "number":
        return len(value) <= 40 and (parse_docnumber(text) is not None or value.endswith("号")) and "关于" not in value
    if field == "index_number":
        return bool(_INDEX.fullmatch(value)) and any(c.isdigit() or "a" <= c <= "z" for c in value)
    if field == "title" or (not field and text in rest):
        return len(value) <= 200
    if field == "validity":
        return len(value) <= 12 and bool(_VALIDITY.search(value))
    longest = {"disclosure": 24, "office": 60, "genre": 20, "source_name": 40}.get(field, 120)
    return len(value) <= longest and not _TITLE.search(value) and not value.endswith(("。", ":"))


def _chosen(entries: Sequence[BlockEntry]) -> tuple[BlockEntry, ...]:
    """The same entries, with every field named by one value at most: the one whose label ranks first."""
    best: dict[str, tuple[int, int]] = {}
    for index, entry in enumerate(entries):
        if entry.field and matching(entry.value) not in _NOTHING:
            rank = BOX[entry.field].split().index(label_name(entry.label))
            best[entry.field] = min(best.get(entry.field, (rank, index)), (rank, index))
    return tuple(
        replace(entry, field="") if entry.field in best and entry.value and best[entry.field][1] != index else entry
        for index, entry in enumerate(entries)
    )


def fields_of(block: Block) -> tuple[dict[str, Any], tuple[Doubt, ...]]:
    """The block's values as Harvest fields (dates parsed, topic split), and what was doubtful in them.

    Empty values and the signs for nothing (-, 无) give no field and no doubt.
    """
    fields: dict[str, Any] = {}
    doubts: list[Doubt] = []
    for entry in block.entries:
        if not entry.field or matching(entry.value) in _NOTHING:
            continue
        if entry.field in _DATES:
            fields |= _dates(entry, doubts)
        elif entry.field == "number":
            fields |= _number(entry, doubts)
        elif entry.field == "topic":
            fields["topic"] = tuple(part for part in _TOPIC_CUT.split(entry.value) if part)
        elif entry.field == "index_number":
            fields["index_number"] = squeeze(entry.value)
        else:
            fields[entry.field] = entry.value
    return fields, tuple(doubts)


def _dates(entry: BlockEntry, doubts: list[Doubt]) -> dict[str, Any]:
    found: list[FoundDate] = find_dates(entry.value)
    if not found:
        if "有效期" not in label_name(entry.label):
            doubts.append(Doubt(entry.field, f"{entry.label}: {entry.value} is no date that exists"))
        return {}
    first = found[-1] if entry.field == "expires_on" else found[0]
    if entry.field == "published_on":
        return {"published_on": first.day, "published_at": first.moment}
    return {entry.field: first.day}


def _number(entry: BlockEntry, doubts: list[Doubt]) -> dict[str, Any]:
    number = parse_docnumber(entry.value)
    if number is None:
        doubts.append(Doubt("number", f"{entry.value} has not the form of a document number"))
        return {"number": squeeze(entry.value), "number_raw": entry.value}
    if not number.sure:
        doubts.append(Doubt("number", f"{entry.value} was read as {number.canonical}, which is not certain"))
    return {"number": number.canonical, "number_raw": entry.value}
