"""What changed between two revisions of a bulletin, in an archivist's words. Pure.

Text is compared by paragraph, sentence and character; fields and attachments are told apart from it. A change of text
is labelled by what it touches: `date`, `number` (and amounts), `office`, `name`, else `wording`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from archive.aligning import align, label_of, pieces, sentences
from bulletin.harvest import Attachment, Harvest
from bulletin.text.clean import clean, squeeze
from bulletin.text.dates import find_dates
from bulletin.text.numerals import number_of

DATE: Final = "date"
NUMBER: Final = "number"
OFFICE: Final = "office"
NAME: Final = "name"
WORDING: Final = "wording"

_FIELDS: Final = (
    "kind title kicker subtitle issue issue_number number index_number office topic genre disclosure validity dated_on "
    "signed_on published_on published_at effective_on expires_on author source_name editor reviewer"
).split()
_DIGITS: Final = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*")
_HAN_NUMBER: Final = re.compile(
    r"[〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]{2,}"
    r"|[〇零一二三四五六七八九十百千万亿两](?=[个名人元亩米吨户次年月日天条项家处所台辆届期批成倍])"
)
_OFFICE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,20}?(?:人民政府|政府办|委员会|办公室|领导小组|指挥部|管理局|[^布格结当全大]局|[^大客餐展]厅|法院|检察院"
    r"|服务中心|中心|大队|支队|街道办事处|党委|党组|公司)"
)
_NAME: Final = re.compile(
    r"(?:联系人|签发人|责任人|负责人|法定代表人|组\s?长|副?局长|副?县长|副?市长|副?区长|副?主任|副?书记|副?镇长|副?乡长|审核|编辑)"
    r"[：: 　]{0,2}([\u4e00-\u9fff]{2,4})|([\u4e00-\u9fff]{2,4})同志"
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """`what` is added, removed, swapped (another content under the same link or name) or renamed."""

    what: str
    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class TextChange:
    """A sentence, or a whole paragraph, that changed; `was` or `now` is "" where it was put in or taken out. `under` is
    what numbers the place (第三条, 二、), `paragraph` its place in the newer text (in the older one where it is gone),
    counted from 1. `pieces` lead from one to the other: (same | taken | put, text)."""

    labels: tuple[str, ...]
    under: str
    paragraph: int
    was: str
    now: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two revisions."""

    fields: tuple[FieldChange, ...]
    files: tuple[FileChange, ...]
    text: tuple[TextChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.files or self.text)


def compare(before: Harvest, after: Harvest) -> Difference:
    """What became of one reading in another. Blanks and marks that `clean` takes off do not count."""
    return Difference(
        tuple(_fields(before, after)),
        tuple(_files(before.attachments, after.attachments)),
        tuple(_text(clean(before.text).split("\n"), clean(after.text).split("\n"))),
    )


def _fields(before: Harvest, after: Harvest) -> Iterator[FieldChange]:
    for name in _FIELDS:
        was, now = _shown(getattr(before, name)), _shown(getattr(after, name))
        if squeeze(was or "") != squeeze(now or ""):
            yield FieldChange(name, was, now)


def _shown(value: Any) -> str | None:
    if value in (None, "", ()):
        return None
    if isinstance(value, tuple):
        return "、".join(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _files(before: Sequence[Attachment], after: Sequence[Attachment]) -> Iterator[FileChange]:
    """Files are the same by their link, else by their content, else by their name."""
    left = list(after)
    for was in before:
        now = _match(was, left)
        if now is None:
            yield FileChange("removed", was.name, was.url, "")
            continue
        left.remove(now)
        if was.digest and now.digest and was.digest != now.digest:
            yield FileChange("swapped", now.name, was.digest, now.digest)
        if clean(was.name) != clean(now.name):
            yield FileChange("renamed", now.name, was.name, now.name)
    for now in left:
        yield FileChange("added", now.name, "", now.url)


def _match(was: Attachment, there: Sequence[Attachment]) -> Attachment | None:
    for name in ("url", "digest", "name"):
        known = getattr(was, name)
        found = next((now for now in there if known and getattr(now, name) == known), None)
        if found:
            return found
    return None


def _text(before: Sequence[str], after: Sequence[str]) -> Iterator[TextChange]:
    under = ""
    for i, j in align(before, after):
        was, now = before[i] if i is not None else "", after[j] if j is not None else ""
        under = label_of(now or was) or under
        if was == now:
            continue
        place = (j if j is not None else i or 0) + 1
        if not was or not now:
            yield _change(under, place, was, now)
            continue
        olds, news = sentences(was), sentences(now)
        for a, b in align(olds, news):
            old, new = olds[a] if a is not None else "", news[b] if b is not None else ""
            if old != new:
                yield _change(under, place, old, new)


def _change(under: str, place: int, was: str, now: str) -> TextChange:
    return TextChange(_labels(was, now), under, place, was, now, tuple(pieces(was, now)))


def _labels(was: str, now: str) -> tuple[str, ...]:
    """What a change touches. A part that only came or went is `wording`, whatever stands in it."""
    if not was or not now:
        return (WORDING,)
    found = []
    (old_dates, old_rest), (new_dates, new_rest) = _dates(was), _dates(now)
    if old_dates != new_dates:
        found.append(DATE)
    if _numbers(old_rest) != _numbers(new_rest):
        found.append(NUMBER)
    if _all(_OFFICE, was) != _all(_OFFICE, now):
        found.append(OFFICE)
    if _all(_NAME, was) != _all(_NAME, now):
        found.append(NAME)
    return tuple(found) or (WORDING,)


def _dates(text: str) -> tuple[list[date], str]:
    """The days a text names, and the text without them."""
    found = find_dates(text)
    rest = list(text)
    for one in found:
        rest[one.start : one.end] = " " * (one.end - one.start)
    return [one.day for one in found], "".join(rest)


def _numbers(text: str) -> Counter[str]:
    """The numbers of a text by value; what numbers the part itself is none."""
    text = text[len(label_of(text)) :]
    found = [*_DIGITS.findall(text), *_HAN_NUMBER.findall(text)]
    return Counter(str(number_of(number) or squeeze(number).replace(",", "")) for number in found)


def _all(shape: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in shape.finditer(text)]
